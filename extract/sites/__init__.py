"""Sites: a fetched page of a publisher → the documents it offers and the pages to look at next.

Pure: nothing here fetches. A *site system* is what many publishers' sites have in common: a module with ``NAME`` and
``SYSTEM``, which says only what is particular to it; a new one is one more module in ``SITES``. What all have in common
is read in ``reading``; the words of it stand in ``vocabularies/sites.yml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.sites import gd, hanweb, plain, trs
from extract.sites.reading import read
from extract.sites.records import Found, Link, Page, Trouble, TroubleCode

if TYPE_CHECKING:  # a source names its system, so sources import sites
    from extract.sources import Source

__all__ = ["SITES", "Found", "Link", "Page", "Trouble", "TroubleCode", "read_page"]

SITES = {module.NAME: module.SYSTEM for module in (plain, trs, gd, hanweb)}
"""The site systems by name."""


def read_page(source: Source, page: Page, by: Link | None = None) -> Found:
    """What a page of a source offers, whatever its bytes are; ``by`` is the link that led to it, if one did.

    Raises:
        KeyError: the source's system has no module.
    """
    return read(SITES[source.system], source, page, by)
