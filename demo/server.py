"""The city over HTTP: each of its sites on a port of its own of 127.0.0.1, every request written down."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from demo.answers import Answer, Asked, answer, pieces
from demo.site import Site, load_sites

HOST = "127.0.0.1"
SLOW_SECONDS = 1.5
"""How long the slow host thinks before each answer."""


@dataclass(frozen=True)
class Hit:
    """A request and what came of it: ``sent_bytes`` counts the body's bytes that left."""

    site: str
    day: int
    method: str
    host: str
    path: str
    user_agent: str | None
    if_none_match: str | None
    if_modified_since: str | None
    status: int
    sent_bytes: int


class CityServer:
    """The running city. ``day`` may be set at any time; ``hits`` grows with every request."""

    def __init__(self, sites: tuple[Site, ...], port: int, day: int, slow_seconds: float, log: Path | None) -> None:
        """Takes the ports: free ones for port 0, else that one and those after it. A port in use raises OSError."""
        self.day = day
        self.hits: list[Hit] = []
        self.slow_seconds = slow_seconds
        self._log = log
        self._lock = threading.Lock()
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._servers: dict[str, _SiteServer] = {}
        self.sites = {site.key: site for site in sites}
        try:
            for offset, site in enumerate(sites):
                self._servers[site.key] = _SiteServer(self, site, port + offset if port else 0)
        except OSError as error:
            self._close()
            raise OSError(f"port {port + len(self._servers)} of {HOST} cannot be had: {error.strerror}") from error

    def url(self, key: str, path: str | None = None) -> str:
        """The address of a path of a site, by default of the page to start from."""
        return f"http://{HOST}:{self._servers[key].server_port}{path or self.sites[key].start}"

    def attempt(self, key: str, path: str) -> int:
        """Count a request; how many there were for that path with it."""
        with self._lock:
            self._attempts[key, path] += 1
            return self._attempts[key, path]

    def note(self, hit: Hit) -> None:
        """Write a request down."""
        with self._lock:
            self.hits.append(hit)
            if self._log is not None:
                with self._log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(hit), ensure_ascii=False) + "\n")

    def start(self) -> None:
        """Answer from now on, in threads that end with ``stop``."""
        for key, server in self._servers.items():
            threading.Thread(target=server.serve_forever, args=(0.05,), name=f"city-{key}", daemon=True).start()

    def stop(self) -> None:
        """Answer no more, and give the ports back."""
        for server in self._servers.values():
            server.shutdown()
        self._close()

    def _close(self) -> None:
        for server in self._servers.values():
            server.server_close()


@contextmanager
def serving(
    documents: int = 0,
    *,
    port: int = 0,
    day: int = 1,
    slow_seconds: float = SLOW_SECONDS,
    log: Path | None = None,
) -> Iterator[CityServer]:
    """The city, answering for as long as the block runs; its small bodies have as many documents as asked for."""
    city = CityServer(load_sites(documents), port, day, slow_seconds, log)
    city.start()
    try:
        yield city
    finally:
        city.stop()


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, city: CityServer, site: Site, port: int) -> None:
        self.city, self.site = city, site
        super().__init__((HOST, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the city's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "City"
    sys_version = ""
    server: _SiteServer

    def do_GET(self) -> None:
        """Answer, and write down what was answered."""
        city, site = self.server.city, self.server.site
        day = city.day
        split = urlsplit(self.path)
        path = f"{split.path}?{split.query}" if split.query else split.path
        if site.is_slow:
            time.sleep(city.slow_seconds)
        given = answer(site, Asked(path, day, city.attempt(site.key, path), self.server.server_port))
        status = 304 if given.status == 200 and self._knows(given) else given.status
        hit = Hit(
            site=site.key,
            day=day,
            method=self.command,
            host=self.headers.get("Host", ""),
            path=path,
            user_agent=self.headers.get("User-Agent"),
            if_none_match=self.headers.get("If-None-Match"),
            if_modified_since=self.headers.get("If-Modified-Since"),
            status=status,
            sent_bytes=0,
        )
        self._send(given, hit)

    def do_HEAD(self) -> None:
        """The same without a body."""
        self.do_GET()

    def _knows(self, given: Answer) -> bool:
        """Whether the client has this version; an ETag counts before a time (RFC 9110, 13.2.2)."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            return given.etag is not None and given.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None or given.modified is None:
            return False
        try:
            return given.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def _send(self, given: Answer, hit: Hit) -> None:
        self.send_response(hit.status)
        for name, value in (("ETag", given.etag), ("Last-Modified", given.last_modified), *given.headers):
            if value is not None:
                self.send_header(name, value)
        if hit.status == 304:
            self.server.city.note(hit)
            self.end_headers()
            return
        self.send_header("Content-Type", given.media_type)
        if given.huge_bytes is not None:
            self.server.city.note(replace(hit, sent_bytes=self._stream(given.huge_bytes, given.is_announced)))
            return
        content = given.content()
        self.send_header("Content-Length", str(len(content)))
        sent = b"" if self.command == "HEAD" else content[: int(len(content) * given.sends_share)]
        self.close_connection = self.close_connection or given.sends_share < 1
        # Noted before it leaves: who has the answer finds the request noted.
        self.server.city.note(replace(hit, sent_bytes=len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _stream(self, total: int, is_announced: bool) -> int:
        """Send so many bytes in pieces, none of which is kept; how many the client took before it hung up."""
        name, value = ("Content-Length", str(total)) if is_announced else ("Transfer-Encoding", "chunked")
        self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        sent = 0
        try:
            for piece in pieces(0 if self.command == "HEAD" else total):
                self.wfile.write(piece if is_announced else b"%x\r\n%b\r\n" % (len(piece), piece))
                sent += len(piece)
            if not is_announced:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
        return sent

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are noted in the city's hits."""
