"""TRS (拓尔思 WCM): lists in folders, articles ``t20260213_12314885.html``; ``index_1.html`` is a second page."""

from __future__ import annotations

import re

from extract.sites.paging import scripted_pages
from extract.sites.reading import System

NAME = "trs"

SYSTEM = System(
    articles=re.compile(r"/t\d{8}_\d+\.s?html?$"),
    other_pages=lambda page: scripted_pages(page, second=1),
)
