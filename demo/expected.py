"""What collecting from the city on days 1, 2 and 3, in this order, must find: outcomes, bytes and lines per address."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from demo.answers import Asked, answer
from demo.city import load_city
from demo.files import PublishedFile
from demo.publications import Publication
from demo.server import CityServer
from demo.site import DAYS, FORBIDDEN, Article, Attachment, Member, Site
from demo.sources import source_id
from demo.truth import file_truth

Outcome = Literal["new", "unchanged", "duplicate", "revised", "gone", "blocked", "refused", "failed"]

_TROUBLE_OUTCOMES: dict[str, Outcome] = {
    "error_page": "refused",
    "redirect_loop": "failed",
    "redirect_private": "refused",
    "redirect_outside": "refused",
    "huge": "refused",
    "huge_unannounced": "refused",
    "denied": "blocked",
    "broken_off": "failed",
    "missing": "failed",
    "bomb": "refused",
}
_PAGE_OUTCOMES: dict[str, Outcome] = {"challenge": "blocked", "script_filled": "failed"}


@dataclass(frozen=True)
class Expected:
    """An address of which an attempt must leave a row, with one entry per day: None where there is nothing to ask for.

    Where its site shows what is replaced, nobody asks for what is not due: ``is_asked`` says on which days it is.
    A ``page`` is in trouble itself; a ``container`` is a zip, a ``member`` a file in it; a ``document`` is a file.
    """

    url: str
    source_id: str
    kind: Literal["document", "container", "member", "page"]
    outcomes: tuple[Outcome | None, ...]
    title: str
    publisher: str
    published_date: str
    container_url: str | None = None
    has_validators: bool = True
    site: Site | None = None
    is_asked: tuple[bool, ...] = (True,) * len(DAYS)
    path: str | None = None
    """What its site answers there is the file, where it is no member."""
    publications: tuple[Publication | None, ...] = (None,) * len(DAYS)
    """What can be read in it."""

    def content(self, day: int) -> bytes | None:
        """The bytes that are fetched (of a member: that lie in its container) on that day, None where none are."""
        if self.outcomes[day - 1] not in ("new", "unchanged", "duplicate", "revised"):
            return None
        if self.kind == "member":
            publication = self.publications[day - 1]
            assert publication is not None
            return publication.content()
        assert self.site is not None
        assert self.path is not None
        return answer(self.site, Asked(self.path, day, attempt=2)).content()


def expected(city: CityServer) -> Iterator[Expected]:
    """Every address, site by site, as the running city has them; nothing is made for it."""
    for site in city.sites.values():
        if site.page_trouble is not None:
            yield _page(city, site, _PAGE_OUTCOMES[site.page_trouble])
            continue
        for article in site.articles:
            if article.is_wanted:
                yield from _of_article(city, site, article)


def expected_json(city: CityServer) -> Iterator[str]:
    """One line of JSON per address, with the sha256 of its bytes and, as `truth` has them, its lines, per day.

    Every file is made for it: some 20 ms each.
    """
    for one in expected(city):
        contents = [one.content(day) for day in DAYS]
        entry: dict[str, Any] = {
            "url": one.url,
            "source_id": one.source_id,
            "kind": one.kind,
            "title": one.title,
            "publisher": one.publisher,
            "published_date": one.published_date,
            "container_url": one.container_url,
            "has_validators": one.has_validators,
            "days": [
                {
                    "day": day,
                    "outcome": one.outcomes[day - 1],
                    "is_asked": one.is_asked[day - 1],
                    "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
                    "document": None if content is None else _document(one.publications[day - 1], content),
                }
                for day, content in zip(DAYS, contents, strict=True)
            ],
        }
        yield json.dumps(entry, ensure_ascii=False)


def _of_article(city: CityServer, site: Site, article: Article) -> Iterator[Expected]:
    if article.trouble == FORBIDDEN:  # nobody gets as far as its file
        yield _page(city, site, "blocked", article)
        return
    if article.page is not None:
        yield Expected(
            url=city.url(site.key, article.path),
            source_id=source_id(site.key),
            kind="document",
            outcomes=_seen(article, None),
            title=article.title,
            publisher=article.body,
            published_date=article.published_date.isoformat(),
            site=site,
            path=article.path,
            publications=(article.page,) * len(DAYS),
        )
    for attachment in article.attachments:
        container = _attachment(city, site, article, attachment)
        yield container
        for member in attachment.members:
            yield _member(container, member)


def _attachment(city: CityServer, site: Site, article: Article, attachment: Attachment) -> Expected:
    trouble = _TROUBLE_OUTCOMES.get(attachment.trouble or "")
    path = attachment.path
    return Expected(
        url=city.url(site.key, path),
        source_id=source_id(site.key),
        kind="container" if attachment.members else "document",
        outcomes=_seen(article, attachment) if trouble is None else (trouble,) * len(DAYS),
        title=attachment.title,
        publisher=article.body,
        published_date=article.published_date.isoformat(),
        has_validators=bool(attachment.validators),
        site=site,
        is_asked=tuple(not site.shows_revisions or day in (DAYS[0], article.reissued_on) for day in DAYS),
        path=answer(site, Asked(path, attempt=2)).location or path,
        publications=tuple(attachment.publication_on(day) for day in DAYS),
    )


def _member(container: Expected, member: Member) -> Expected:
    return Expected(
        url=f"{container.url}#{quote(member.name)}",
        source_id=container.source_id,
        kind="member",
        outcomes=container.outcomes,
        title=member.name,
        publisher=container.publisher,
        published_date=container.published_date,
        container_url=container.url,
        publications=(member.publication,) * len(DAYS),
    )


def _page(city: CityServer, site: Site, outcome: Outcome, article: Article | None = None) -> Expected:
    return Expected(
        url=city.url(site.key, article.path if article else site.start),
        source_id=source_id(site.key),
        kind="page",
        outcomes=(outcome,) * len(DAYS),
        title=article.title if article else site.column,
        publisher=article.body if article else site.name,
        published_date=(article or site.articles[0]).published_date.isoformat(),
    )


def _seen(article: Article, attachment: Attachment | None) -> tuple[Outcome | None, ...]:
    """The outcomes of a file that exists, day by day."""
    outcomes: list[Outcome | None] = []
    edition = 0
    for day in DAYS:
        if not article.stands_on(day):
            outcomes.append("gone" if edition else None)
        elif attachment is not None and day in attachment.fails_on:
            outcomes.append("failed")
        else:
            before, edition = edition, 1 if attachment is None else attachment.edition(day)
            first: Outcome = "duplicate" if attachment is not None and attachment.is_again else "new"
            outcomes.append(first if not before else "unchanged" if before == edition else "revised")
    return tuple(outcomes)


def _document(publication: Publication | None, content: bytes) -> dict[str, Any] | None:
    if publication is None:
        return None
    file = PublishedFile(publication.name, publication.media_type, content, publication.document())
    return file_truth(file, load_city())
