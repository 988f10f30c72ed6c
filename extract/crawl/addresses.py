"""Addresses: a name → the addresses that may be connected to.

The check stands where names are resolved, and what comes out of it is what is connected to: no second look-up could
give another answer. It holds for every connection alike, be it for a page, a redirect or robots.txt, and for addresses
written as numbers, which the system resolves like names.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.internet.base import ReactorBase

    from extract.sources import Source

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddressError(IgnoreRequest):
    """A name resolves to an address that is not on the open network; the message says which."""


def is_public(address: Address) -> bool:
    """Whether an address is on the open network, the one that an IPv6 address may carry in itself included."""
    carried = _carried(address)
    return address.is_global and not address.is_multicast and all(is_public(inner) for inner in carried)


def _carried(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    teredo = list(address.teredo or ())
    nat64 = [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)] if address in _NAT64 else []
    return [inner for inner in (address.ipv4_mapped, address.sixtofour, *teredo, *nat64) if inner is not None]


class Allowed:
    """Which addresses a source may be fetched from.

    The open network's; where it allows private addresses, also those of loopback and of private networks, on the ports
    of its start pages and under the names that it gives in full.
    """

    def __init__(self, source: Source) -> None:
        starts = [urlsplit(page.url) for page in source.start]
        self._ports = {parts.port or (443 if parts.scheme == "https" else 80) for parts in starts}
        self._names = {parts.hostname for parts in starts} | {name for name in source.hosts if "*" not in name}
        self._may_be_private = source.allow_private_addresses

    def __call__(self, name: str, port: int, address: Address) -> bool:
        """Whether ``address``, to which ``name`` resolves, may be connected to."""
        if is_public(address):
            return True
        is_told = self._may_be_private and name in self._names and port in self._ports
        is_local = address.is_loopback or (address.is_private and not address.is_link_local)
        return is_told and is_local and not (address.is_unspecified or address.is_multicast)


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names as the system does, and gives none of their addresses where one of them is not allowed."""

    def __init__(self, resolver: Any, allowed: Allowed) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self.refused: dict[str, str] = {}
        """Why names were not resolved, by name."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> GuardedResolver:
        """As Scrapy makes it; the setting ``ALLOWED`` says what is allowed."""
        return cls(reactor.nameResolver, crawler.settings["ALLOWED"])

    def install_on_reactor(self) -> None:
        """Let every connection of this process go through here."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """As the interface says; a name that is refused has no addresses."""
        receiver = _Checked(self, resolutionReceiver, hostName, portNumber)
        began: IHostResolution = self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return began

    def checked(self, name: str, port: int, addresses: Sequence[Any]) -> Sequence[Any]:
        """The addresses, none where one of them is not allowed."""
        for address in addresses:
            if not self._allowed(name, port, ipaddress.ip_address(address.host.partition("%")[0])):
                self.refused[name] = (
                    f"{name} is {address.host} here, which is no address on the open network (port {port}); "
                    f"look at who names it, or let the source allow private addresses"
                )
                return ()
        self.refused.pop(name, None)
        return addresses


@implementer(IResolutionReceiver)
class _Checked:
    """Holds the addresses of a name back until all of them are known and checked."""

    def __init__(self, resolver: GuardedResolver, receiver: Any, name: str, port: int) -> None:
        self._resolver = resolver
        self._receiver = receiver
        self._name = name
        self._port = port
        self._addresses: list[IAddress] = []

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        for address in self._resolver.checked(self._name, self._port, self._addresses):
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


class Handler(HTTP11DownloadHandler):
    """Scrapy's HTTP, which says why a name was not resolved, and how long the server took (``meta["seconds"]``)."""

    async def download_request(self, request: Request) -> Response:
        """Download.

        Raises:
            PrivateAddressError: the name resolves to an address that is not allowed.
        """
        from twisted.internet import reactor  # noqa: PLC0415

        began = time.monotonic()
        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            name = urlsplit(request.url).hostname or ""
            if reason := reactor.nameResolver.refused.get(name):
                raise PrivateAddressError(reason) from error
            raise
        finally:
            request.meta["seconds"] = request.meta.get("seconds", 0.0) + time.monotonic() - began
