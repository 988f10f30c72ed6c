"""hanweb (大汉 JCMS): articles ``/art/2026/…``, columns ``/col/colN/``, whose lists stand as XML in the page.

A list is a ``datastore`` of records, each a piece of HTML in CDATA, and a ``nextgroup`` with the address of the
``dataproxy.jsp`` that gives the next records in the same form. Newer sites (jpaas) let a script fetch the list.
"""

from __future__ import annotations

import re
from html import unescape

from extract.sites.markup import Markup
from extract.sites.reading import System

NAME = "hanweb"

_HREF = re.compile(r"""href\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)


def _unfolded(text: str) -> str:
    """The page with the records of its datastore as HTML behind it."""
    if "<datastore>" not in text:
        return text
    records = "".join(_pieces(text, "<record>"))
    groups = [_HREF.search(piece) for piece in _pieces(text, "<nextgroup>")]
    further = "".join(f'<a rel="next" href="{group[1]}"></a>' for group in groups if group)
    head = text if "<html" in text.lower() else ""
    return f"{head}<div>{records}{further}</div>"


def _pieces(text: str, opening: str) -> list[str]:
    """What stands behind each opening, in CDATA or escaped, up to where that element ends."""
    closing = opening.replace("<", "</")
    found = []
    for piece in text.split(opening)[1:]:
        inner = piece.split(closing, 1)[0].strip()
        is_cdata = inner.startswith("<![CDATA[")
        found.append(inner.removeprefix("<![CDATA[").removesuffix("]]>") if is_cdata else unescape(inner))
    return found


def _mark(page: Markup) -> str | None:
    if "jpaas-publish-server" in page.text or "unitbuild.js" in page.text:
        return "units of jpaas"
    return "a dataproxy without records" if "dataproxy.jsp" in page.text else None


SYSTEM = System(articles=re.compile(r"/art/20\d\d/|/art_[\w-]+\.html?"), script_mark=_mark, unfolded=_unfolded)
