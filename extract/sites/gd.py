"""The gd.gov.cn family (NFCMS: 广州, 佛山, 东莞 …): articles ``/content/post_N.html``, pages ``index_2.html``.

Its catalogues of disclosure (``/gkmlpt/``) hold no list: a script fetches it.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlsplit

from extract.sites.markup import Markup
from extract.sites.paging import scripted_pages
from extract.sites.reading import System
from extract.sites.wanted import leads_to_budgets

NAME = "gd"

_NAME = re.compile(r'"name":"((?:[^"\\\x00-\x1f]|\\u[0-9a-f]{4}){1,100})"')


def _mark(page: Markup) -> str | None:
    """A catalogue of disclosure, with those of its columns that say to hold budgets."""
    trees = [script.split("TREE:", 1)[1] for script in page.scripts if "_CONFIG" in script and "TREE:" in script]
    if not trees:
        return None
    names = {json.loads(f'"{name}"') for name in _NAME.findall(trees[0])}
    columns = "、".join(sorted(name for name in names if leads_to_budgets(name) and name.isprintable()))
    return "a catalogue of disclosure, /gkmlpt/" + (f", which has a column {columns}" if columns else "")


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
