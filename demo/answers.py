"""What a site of the city answers at a path on a day. Nothing is sent here, and no file is made before it is sent."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import cache, partial

from demo.pages import article_page, list_page, page
from demo.site import BUSY_ONCE, MOVED, REVISED_AFTER, Article, Attachment, Site
from demo.zips import bomb, gbk_zip

HUGE_BYTES = 200_000_000
PIECE_BYTES = 1 << 16
SECRET_PATH = "/neibu/secret.pdf"
"""Where the redirect to a host that no source names would lead."""
PRIVATE_ADDRESS = "http://169.254.169.254/latest/meta-data/"

_LISTED_AT, _LISTED_AGAIN_AT = datetime(2026, 2, 25, 8, tzinfo=UTC), datetime(2026, 3, 12, 8, tzinfo=UTC)
_PUBLISHED_AT = time(1, 30, tzinfo=UTC)
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """A response. What has a ``version`` is answered with 304 to whoever knows it."""

    status: int = 200
    media_type: str = _HTML
    content: Callable[[], bytes] = bytes
    headers: tuple[tuple[str, str], ...] = ()
    version: str | None = None
    modified: datetime | None = None
    huge_bytes: int | None = None
    """So many bytes are sent in pieces instead of the content."""
    is_announced: bool = True
    """Whether its length is; what is not goes out in chunks."""
    sends_share: float = 1.0
    """The connection is cut after this share of the content."""

    @property
    def location(self) -> str | None:
        """Where it redirects to."""
        return dict(self.headers).get("Location")

    @property
    def etag(self) -> str | None:
        """Its ETag, quoted."""
        return None if self.version is None else f'"{hashlib.sha256(self.version.encode()).hexdigest()[:16]}"'

    @property
    def last_modified(self) -> str | None:
        """As HTTP writes times."""
        return None if self.modified is None else format_datetime(self.modified, usegmt=True)


@dataclass(frozen=True)
class Asked:
    """A request: its path with its query, the city's day, and the how manieth request for it, from 1."""

    path: str
    day: int = 1
    attempt: int = 1
    port: int = 80
    """The site's own."""


def answer(site: Site, asked: Asked) -> Answer:
    """What the site answers."""
    if asked.path == "/robots.txt":
        return NOT_FOUND if site.robots is None else Answer(media_type="text/plain", content=site.robots.encode)
    if site.page_trouble is not None:
        return Answer(content=partial(page, site.page_trouble, **_trouble_values(site)))
    if asked.path == site.start != site.list_path(1):
        return Answer(content=partial(page, "refresh", site=site.name, address=site.list_path(1)))
    for number in range(1, site.page_count(asked.day) + 1):
        if asked.path == site.list_path(number):
            return _page(site, list_page(site, number, asked.day), _list_modified(site, asked.day))
    return _offered(site, asked)


def _offered(site: Site, asked: Asked) -> Answer:
    article, attachment = _addresses(site).get(asked.path, (None, None))
    if article is None or not article.stands_on(asked.day):
        return NOT_FOUND
    if attachment is None:
        return _page(site, article_page(site, article, asked.day), _at(article.date_on(asked.day)))
    return _file(article, attachment, asked)


NOT_FOUND = Answer(404, content=partial(page, "error_page"))


def pieces(total: int) -> Iterator[bytes]:
    """The bytes of the huge file: it begins like a PDF."""
    piece = b"%PDF-1.7\n".ljust(PIECE_BYTES, b"0")
    for start in range(0, total, PIECE_BYTES):
        yield piece[: total - start]


def moved_path(path: str) -> str:
    """Where a file whose address has moved is now."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/moved/{name}"


@cache
def _addresses(site: Site) -> Mapping[str, tuple[Article | None, Attachment | None]]:
    found: dict[str, tuple[Article | None, Attachment | None]] = {}
    for article in site.articles:
        found[article.path] = (article, None)
        for attachment in article.attachments:
            found[attachment.path] = (article, attachment)
            if attachment.trouble == MOVED:
                found[moved_path(attachment.path)] = (article, attachment)
            if attachment.trouble == "redirect_loop":
                found[f"{attachment.path}?again=1"] = (article, attachment)
    return found


def _file(article: Article, attachment: Attachment, asked: Asked) -> Answer:
    path, day, trouble = asked.path, asked.day, attachment.trouble
    if day in attachment.fails_on:
        return Answer(500)
    if trouble == BUSY_ONCE and asked.attempt == 1:
        return Answer(503, headers=(("Retry-After", "1"),))
    if trouble == MOVED and path == attachment.path:
        return _redirect(301, moved_path(path))
    if trouble in _TROUBLES:
        return _TROUBLES[trouble](asked)
    edition = attachment.edition(day)
    modified = _at(article.published_date) + REVISED_AFTER * (edition - 1)
    media_type, name = "application/zip", None
    if publication := attachment.publication_on(day):
        media_type, content = publication.media_type, publication.content
    else:
        content = partial(_zipped, attachment)
    if "?" in path:  # a download says the file's name, and not what it is
        name = attachment.title
        media_type = "application/octet-stream"
    return Answer(
        media_type=media_type,
        content=content,
        headers=() if name is None else (("Content-Disposition", _disposition(name)),),
        version=f"{path} {edition}" if "etag" in attachment.validators else None,
        modified=modified if "last_modified" in attachment.validators else None,
    )


def _zipped(attachment: Attachment) -> bytes:
    return gbk_zip((member.name, member.publication.content()) for member in attachment.members)


def _page(site: Site, content: bytes, modified: datetime) -> Answer:
    return Answer(
        content=lambda: content,
        version=hashlib.sha256(content).hexdigest() if "etag" in site.validators else None,
        modified=modified if "last_modified" in site.validators else None,
    )


def _list_modified(site: Site, day: int) -> datetime:
    dates = {article.date_on(day) for article in site.articles} - {article.published_date for article in site.articles}
    return _LISTED_AT if site.articles_on(day) == site.articles_on(1) and not dates else _LISTED_AGAIN_AT


def _at(published: date) -> datetime:
    return datetime.combine(published, _PUBLISHED_AT)


def _disposition(name: str) -> str:
    # As such servers write it: the name's UTF-8 bytes as they are, which a header carries as Latin-1.
    return f'attachment; filename="{name}"'.encode().decode("latin-1")


def _trouble_values(site: Site) -> dict[str, str]:
    return {"site": site.name, "column": site.column} if site.page_trouble == "script_filled" else {}


def _redirect(status: int, address: str) -> Answer:
    return Answer(status, headers=(("Location", address),))


_TROUBLES: dict[str | None, Callable[[Asked], Answer]] = {
    "error_page": lambda _asked: Answer(content=partial(page, "error_page")),
    "redirect_loop": lambda asked: _redirect(
        302, asked.path.removesuffix("?again=1") if asked.path.endswith("?again=1") else f"{asked.path}?again=1"
    ),
    "redirect_private": lambda _asked: _redirect(302, PRIVATE_ADDRESS),
    "redirect_outside": lambda asked: _redirect(302, f"http://localhost:{asked.port}{SECRET_PATH}"),
    "huge": lambda _asked: Answer(media_type="application/pdf", huge_bytes=HUGE_BYTES),
    "huge_unannounced": lambda _asked: Answer(media_type="application/pdf", huge_bytes=HUGE_BYTES, is_announced=False),
    "denied": lambda _asked: Answer(403),
    "missing": lambda _asked: NOT_FOUND,
    "broken_off": lambda _asked: Answer(
        media_type="application/pdf", content=lambda: b"".join(pieces(PIECE_BYTES)), sends_share=0.5
    ),
    "bomb": lambda _asked: Answer(media_type="application/zip", content=bomb),
}
