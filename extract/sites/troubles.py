"""A page that does not give what it should → which trouble it is, and what to do about it."""

from __future__ import annotations

import re

from extract.sites.markup import LARGEST_BYTES, MOST_LINKS, Markup
from extract.sites.records import Trouble
from extract.sites.words import pattern, tidy

_FEW_CHARACTERS = 400
_COOKIE = re.compile(r"cookie", re.IGNORECASE)
_AGAIN = re.compile(r"location|reload", re.IGNORECASE)
_KNOWN_CHALLENGES = re.compile(r"__jsl_clearance|acw_sc__v2|\$_ts\b|__tst_status|EO_Bot_Ssid|_waf_|cf_chl_")
_REFRESH = re.compile(r"\s*(?:\d{1,2})?[\s;,]*url\s*=\s*[\"']?([^\"'>]+)", re.IGNORECASE)
_ON = re.compile(r"location(?:\.href)?\s*=\s*(?!=)|location\.(?:replace|assign)\(")
_TO = re.compile(r"""location(?:(?:\.href)?\s*=\s*|\.(?:replace|assign)\(\s*)["']([^"'\s]{1,500})["']""")
_EMPTY_APPS = frozenset(["app", "root", "__nuxt", "__next"])


def no_page() -> Trouble:
    """The bytes are no HTML."""
    return Trouble("no_page", "What the address gave is no HTML page", "Open the address in a browser.")


def too_large(size: int) -> Trouble:
    """Only the beginning of a page was looked at."""
    return Trouble(
        "too_large",
        f"The page has {size} bytes; only its first {LARGEST_BYTES}, and {MOST_LINKS} links of them, were looked at",
        "See whether the list has pages, and let the source start from those.",
    )


def challenge(page: Markup) -> Trouble | None:
    """A page without text whose scripts set a cookie and load it again, or are known to test for a browser."""
    scripts = "\n".join(page.scripts)
    sets_cookie = len(page.visible) < 60 and _COOKIE.search(scripts) and _AGAIN.search(scripts)
    if sets_cookie or (len(page.visible) < _FEW_CHARACTERS and _KNOWN_CHALLENGES.search(scripts + page.text[:3000])):
        return _challenge("The site tests by a script whether a browser asks, and gives no page to anything else")
    return None


def refusal(page: Markup) -> Trouble | None:
    """A page of few words that speaks of a check of its visitor, or of a firewall."""
    said = pattern("challenges").search(page.visible) if len(page.visible) < _FEW_CHARACTERS else None
    return _challenge(f"The site refuses or tests its visitors: it says {said[0]!r}") if said else None


def error_page(page: Markup) -> Trouble | None:
    """An error that is served as a page."""
    titles = [tidy("".join(element.itertext())) for element in page.root.iter("title")]
    head = (titles[0] if titles else "") + " " + (page.visible if len(page.visible) < _FEW_CHARACTERS else "")
    if said := pattern("errors").search(head.strip()):
        return Trouble(
            "error_page",
            f"The address gives an error as a page: it says {said[0]!r}",
            "Look for the page's new address in a browser and mend the source; an error of the site passes.",
        )
    return None


def refreshed_to(page: Markup) -> str | None:
    """Where a page sends its reader on by meta refresh."""
    for element in page.root.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            said = _REFRESH.match(element.get("content") or "")
            if said and (url := page.absolute(said[1].strip())) and url != page.url:
                return url
    return None


def scripted_to(page: Markup) -> str | None:
    """Where a page without content sends its reader on by a script that names the address."""
    for script in page.scripts if len(page.visible) < 200 else ():
        if (said := _TO.search(script)) and (url := page.absolute(said[1])) and url != page.url:
            return url
    return None


def unclear_redirect(page: Markup) -> Trouble | None:
    """A page that sends its reader on by a script that works the address out."""
    title = " ".join(tidy("".join(element.itertext())) for element in page.root.iter("title"))
    links = sum(1 for element in page.root.iter("a") if element.get("href"))
    if "跳转" in title or (not links and any(_ON.search(script) for script in page.scripts)):
        return Trouble(
            "unclear_redirect",
            "A script of the page sends its reader on, and it is not said to where",
            "Open the address in a browser and let the source start from the page where it ends.",
        )
    return None


def script_filled(page: Markup, mark: str | None) -> Trouble | None:
    """A page whose list a script fetches; ``mark`` is by what the site's system is known to do so."""
    if mark is None and len(page.visible) < _FEW_CHARACTERS:
        named = (element for element in page.root.iter("div") if (element.get("id") or "").lower() in _EMPTY_APPS)
        empty = [element for element in named if not len(element) and not (element.text or "").strip()]
        mark = f"an empty element {empty[0].get('id')!r}" if empty else None
    if mark is None:
        return None
    return Trouble(
        "script_filled",
        f"A script fetches the list of this page ({mark}); as fetched it holds none",
        "Find in a browser which plain page lists the same documents, and let the source start there.",
    )


def nothing_wanted(is_article: bool) -> Trouble:
    """A page that was understood and offers nothing."""
    if is_article:
        return Trouble(
            "no_document",
            "The article has no file and no table of targets",
            "Open it in a browser: its file may stand behind a click; then add a pattern to attachments.",
        )
    return Trouble(
        "empty_list",
        "No link of this page is wanted",
        "Open it in a browser; if budgets stand on it, mend the patterns titles, unwanted or follow of the source.",
    )


def not_allowed(hosts: set[str]) -> Trouble:
    """All that is wanted lies on other hosts."""
    return Trouble(
        "not_allowed",
        f"What is wanted of this page lies on hosts that the source does not allow: {', '.join(sorted(hosts)[:10])}",
        "Add those of them that are the publisher's to hosts.",
    )


def _challenge(message: str) -> Trouble:
    return Trouble(
        "challenge",
        message,
        "Do not try to get around it: ask the publisher, or drop the documents into the inbox by hand.",
    )
