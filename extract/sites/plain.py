"""Sites of no system that is known: articles, files and pages of lists as most publishers have them."""

from __future__ import annotations

import re

from extract.sites.paging import scripted_pages
from extract.sites.reading import System

NAME = "plain"

_ARTICLES = re.compile(
    r"/t\d{8}_\d+\.s?html?$|/post_\d+\.html|/art/\d{4}/|/art_[\w-]+\.html?"  # TRS, gd.gov.cn, hanweb
    r"|/info/\d+/\d+\.htm|/\d{4}/\d{2}/\d{2}/\d+\.s?html?$|/20\d{4}/[0-9a-f]{8,}\.s?html?$"  # by section, day, month
    r"|/content/[0-9a-f-]{8,}\.html?$|/(?:content|c)_\d+\.s?html?$|/[0-9a-f]{24}\.html?$|/\d{5,}\.(?:s?html?|jhtml)$"
)

SYSTEM = System(articles=_ARTICLES, other_pages=lambda page: scripted_pages(page, second=1))
