"""The gd.gov.cn family (NFCMS: 广州, 佛山, 东莞 …): articles ``/content/post_N.html``, pages ``index_2.html``.

Its catalogues of disclosure (``/gkmlpt/``) hold no list: a script fetches it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from extract.sites.markup import Markup
from extract.sites.paging import scripted_pages
from extract.sites.reading import System

NAME = "gd"


def _mark(page: Markup) -> str | None:
    is_catalogue = any("_CONFIG" in script and "TREE" in script for script in page.scripts)
    return "a catalogue of disclosure, /gkmlpt/" if is_catalogue else None


def _sends_on(page: Markup) -> str | None:
    """Where the page that all links of 东莞 to its departments lead through sends one on: ?from= names it."""
    name = next((value for key, value in parse_qsl(urlsplit(page.url).query) if key == "from"), None)
    for element in page.root.iter("span") if name else ():
        if element.get("data-from") and (element.text or "").strip() == f"-{name}":
            return page.absolute(element.get("data-from"))
    return None


SYSTEM = System(
    articles=re.compile(r"/post_\d+\.html?$"),
    other_pages=lambda page: scripted_pages(page, second=2),
    script_mark=_mark,
    sends_on=_sends_on,
)
