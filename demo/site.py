"""Reads `sites/*.yml`: what the city's sites offer at which address on which day. No page and no file is made here.

A *day* is a state of the city. Between day 1 and day 2 nothing is published; on day 3 some files are replaced in place,
one article is gone and one is new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, TypeVar

import yaml

from demo.publications import Publication, of_city, of_school
from demo.schools import school_document

SITES = Path(__file__).parent / "sites"
DAYS = (1, 2, 3)

REVISED_AFTER = timedelta(days=35)
"""How long after its publication a file is replaced."""

_Made = TypeVar("_Made")

FORBIDDEN, MOVED, BUSY_ONCE = "forbidden", "moved", "busy_once"
"""Troubles of files that exist: robots.txt forbids them, their address has moved, the first request meets a 503."""


@dataclass(frozen=True)
class Member:
    """A file inside a zip; its name is written in GBK."""

    name: str
    publication: Publication


@dataclass(frozen=True)
class Attachment:
    """A file that an article offers, at one address. Where it has neither publication nor members, it is a trouble."""

    path: str
    """With its query, from the root of its site."""
    title: str
    publication: Publication | None
    members: tuple[Member, ...]
    trouble: str | None
    revised_on: int | None
    fails_on: tuple[int, ...]
    is_again: bool
    """Whether another address of the site offers the same bytes."""
    validators: tuple[str, ...]

    def edition(self, day: int) -> int:
        """1 until the file is replaced."""
        return 2 if self.revised_on is not None and day >= self.revised_on else 1

    def publication_on(self, day: int) -> Publication | None:
        """The file of that day."""
        if self.publication is None:
            return None
        return Publication(self.publication.name, self.publication.school, self.edition(day))


@dataclass(frozen=True)
class Article:
    """A page that offers files, or carries a table itself. Once it is reissued it bears another date."""

    path: str
    title: str
    body: str
    published_date: date
    first_day: int
    last_day: int
    reissued_on: int | None
    attachments: tuple[Attachment, ...]
    page: Publication | None
    """What the article's own text prints, where it offers no file."""
    trouble: str | None
    is_wanted: bool
    names_files_in_script: bool
    """Whether its files stand in a script only, not in links."""

    def stands_on(self, day: int) -> bool:
        """Whether the article is published on that day."""
        return self.first_day <= day <= self.last_day

    def date_on(self, day: int) -> date:
        """The date of publication that it bears on that day."""
        is_reissued = self.reissued_on is not None and day >= self.reissued_on
        return self.published_date + REVISED_AFTER if is_reissued else self.published_date


@dataclass(frozen=True, eq=False)
class Site:
    """A site of the city, on a port of its own. It is compared by identity: it may hold thousands of articles."""

    key: str
    name: str
    system: str
    region_id: str
    folder: str
    start: str
    column: str
    per_page: int
    validators: tuple[str, ...]
    robots: str | None
    page_trouble: str | None
    is_slow: bool
    shows_revisions: bool
    """Whether its list shows what is replaced: then its source need not ask for everything at every run."""
    articles: tuple[Article, ...]

    def articles_on(self, day: int) -> tuple[Article, ...]:
        """What the list names on that day, in its order."""
        return tuple(article for article in self.articles if article.stands_on(day))

    def page_count(self, day: int) -> int:
        """How many pages the list has."""
        return max(1, -(-len(self.articles_on(day)) // self.per_page))

    def list_path(self, number: int) -> str:
        """The address of a page of the list, from 1."""
        return LIST_PATHS[self.system](self.folder, number)


LIST_PATHS: Mapping[str, Callable[[str, int], str]] = {
    "trs": lambda folder, number: f"{folder}index{f'_{number - 1}' if number > 1 else ''}.html",
    "gd": lambda folder, number: f"{folder}index{f'_{number}' if number > 1 else ''}.html",
    "plain": lambda folder, number: f"{folder}list.shtml{f'?page={number}' if number > 1 else ''}",
    "hanweb": lambda folder, number: (
        f"{folder}index.html"
        if number == 1
        else f"/module/web/jpage/dataproxy.jsp?page={number}&columnid={folder.strip('/').rpartition('col')[2]}"
    ),
}


@cache
def load_sites(documents: int = 0) -> tuple[Site, ...]:
    """The city's sites by their names; that of the small bodies with as many documents as asked for, left out for none.

    An unknown key raises KeyError.
    """
    sites = (_site(path, documents) for path in sorted(SITES.glob("*.yml")))
    return tuple(site for site in sites if site.articles)


def _site(path: Path, documents: int) -> Site:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    system, folder = data.pop("system"), data.pop("folder")
    validators = tuple(data.pop("validators"))
    entries = data.pop("articles")
    if schools := data.pop("schools", None):
        entries = list(_school_articles(schools, documents))
    site = Site(
        key=path.stem,
        name=data.pop("name"),
        system=system,
        region_id=str(data.pop("region")),
        folder=folder,
        start=data.pop("start", LIST_PATHS[system](folder, 1)),
        column=data.pop("column"),
        per_page=data.pop("per_page"),
        validators=validators,
        robots=data.pop("robots", None),
        page_trouble=data.pop("page_trouble", None),
        is_slow=data.pop("is_slow", False),
        shows_revisions=data.pop("shows_revisions", False),
        articles=tuple(_article(dict(entry), system, folder, validators) for entry in entries),
    )
    return _whole(site, data)


def _school_articles(told: Mapping[str, Any], documents: int) -> Iterator[dict[str, Any]]:
    per_article, every = told["per_article"], told["revised_every"]
    for index, first in enumerate(range(1, documents + 1, per_article)):
        numbers = range(first, min(first + per_article, documents + 1))
        files = [{"school": number, **({"revised": 3} if number % every == every // 2 else {})} for number in numbers]
        yield {
            "id": told["first_id"] + index,
            "title": Template(told["title"]).substitute(number=index + 1),
            "body": told["body"],
            "published": told["published"],
            "reissued": 3 if any("revised" in file for file in files) else None,
            "files": files,
        }


def _article(data: dict[str, Any], system: str, folder: str, validators: tuple[str, ...]) -> Article:
    number, published = str(data.pop("id")), data.pop("published")
    folder = data.pop("folder", folder)
    path = _article_path(system, folder, number, published)
    files, page = data.pop("files", []), data.pop("page", None)
    body = data.pop("body", None) or _school_of(page, files)
    title, trouble = data.pop("title", None) or f"{body}2026年单位预算公开", data.pop("trouble", None)
    style = data.pop("files_like", system)
    base = path.rpartition("/")[0]
    attachments = tuple(
        _attachment(
            {"trouble": trouble, "validators": validators, **entry},
            title,
            _file_path(style, base, number, published),
            index,
        )
        for index, entry in enumerate(files, start=1)
    )
    article = Article(
        path=path,
        title=title,
        body=body,
        published_date=published,
        first_day=data.pop("from", DAYS[0]),
        last_day=data.pop("until", DAYS[-1]),
        reissued_on=data.pop("reissued", None),
        attachments=attachments,
        page=None if page is None else of_school(page),
        trouble=trouble,
        is_wanted=not data.pop("unwanted", False),
        names_files_in_script=style == "hanweb",
    )
    return _whole(article, data)


def _school_of(page: int | None, files: Sequence[Mapping[str, Any]]) -> str:
    """The small body that an article without a title of its own is of."""
    return school_document(page if page is not None else files[0]["school"]).publisher


def _attachment(data: dict[str, Any], article_title: str, path: Template, index: int) -> Attachment:
    publication = None
    if "school" in data:
        publication = of_school(data.pop("school"))
    elif "file" in data:
        publication = of_city(data.pop("file"))
    members = tuple(Member(entry["name"], of_school(entry["school"])) for entry in data.pop("zip", ()))
    extension = publication.extension if publication else "zip" if members else "pdf"
    title = f"{publication.document().title}.{extension}" if publication else f"{article_title}.{extension}"
    attachment = Attachment(
        path=path.substitute(index=index, extension=extension, upper=extension.upper()),
        title=data.pop("title", title),
        publication=publication,
        members=members,
        trouble=data.pop("trouble"),
        revised_on=data.pop("revised", None),
        fails_on=tuple(data.pop("fails_on", ())),
        is_again=data.pop("again", False),
        validators=tuple(data.pop("validators")),
    )
    return _whole(attachment, data)


def _article_path(system: str, folder: str, number: str, published: date) -> str:
    return {
        "trs": f"{folder}{published:%Y%m}/t{published:%Y%m%d}_{number}.html",
        "gd": f"{folder}content/post_{number}.html",
        "hanweb": f"/art/{published.year}/{published.month}/{published.day}/art_1229249208_{number}.html",
        "plain": f"{folder}content/{number}.html",
    }[system]


def _file_path(style: str, base: str, number: str, published: date) -> Template:
    return Template(
        {
            "trs": f"{base}/P0{published:%Y%m%d}{number}000$index.$extension",
            "gd": f"/attachment/7/{number[:4]}/{number}/{number}$index.$extension",
            "hanweb": f"/cms_files/filemanager/1542147/attach/{published:%Y%m}/{number}000$index.$extension",
            "plain": f"{base}/files/{number}-$index.$extension",
            "downfile": f"/module/download/downfile.jsp?classid=0&filename={number}$index.$extension",
            "download": f"/truecms/attachmentController/download.do?id={number}-$index",
            "upper_case": f"/web_files/attachment/{published:%Y%m/%d}/2026_VPQGHJ_{number[-5:]}$index.$upper",
        }[style]
    )


def _whole(made: _Made, rest: Mapping[str, Any]) -> _Made:
    if rest:
        raise KeyError(f"unknown keys: {', '.join(rest)}")
    return made
