"""Sources: one YAML file per publisher, disclosure list or folder → what is known of each, read strictly."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from extract.sites import SITES
from extract.vocabularies import LOADER

FOLDER = "folder"
"""The system of a source that is a folder, not a site."""

_HOST = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


def _is_web_address(url: str) -> str:
    parts = urlsplit(url)
    is_host = parts.hostname and _HOST.fullmatch(parts.hostname)
    if parts.scheme not in ("http", "https") or not is_host or re.search(r"[\s\"'<>\\]", url):
        raise ValueError(f"{url!r} is no absolute http or https address")
    if parts.fragment or parts.username or parts.password:
        raise ValueError(f"{url!r}: leave out what follows a # and what stands before an @")
    return url


def _is_host(host: str) -> str:
    if not _HOST.fullmatch(host):
        raise ValueError(f"{host!r} is no host: write www.gz.gov.cn, or *.gz.gov.cn for every host below gz.gov.cn")
    if host.startswith("*.") and host.count(".") < 2:
        raise ValueError(f"{host!r} allows more hosts than any publisher has")
    return host


Pattern = Annotated[str, AfterValidator(_compiles)]
Url = Annotated[str, AfterValidator(_is_web_address)]
Host = Annotated[str, AfterValidator(_is_host)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StartPage(_Strict):
    """A page that a collection begins with; ``fiscal_year`` where all of it belongs to one."""

    url: Url
    fiscal_year: Year | None = None


class Politeness(_Strict):
    """How gently a source is asked: ``max_depth`` counts links from a start page, ``max_pages`` the pages of a run.

    What is known is asked again after a tenth of its content's age, after ``recheck_days`` at the latest; 0 is at every
    run.
    """

    delay_seconds: float = Field(default=2.0, ge=0)
    concurrent_per_host: int = Field(default=1, ge=1, le=8)
    max_pages: int = Field(default=2000, ge=1)
    max_depth: int = Field(default=5, ge=0, le=20)
    recheck_days: float = Field(default=30.0, ge=0, le=366)


class Verified(_Strict):
    """What was seen to work: ``offline`` on saved pages, ``online`` by a run on the open network (with its date)."""

    offline: str | None = None
    online: str | None = None


class Source(_Strict):
    """Where documents come from. ``system`` names the module of ``extract/sites`` that reads its pages, or ``folder``.

    ``hosts`` are those that may be visited besides the start pages' own. The patterns are regular expressions, found
    anywhere in what they are held against:

    - ``follow``: a link whose absolute address or title holds one leads to an article or a deeper list; empty for what
      ``extract/sites`` takes for such by itself;
    - ``attachments``: a link whose absolute address holds one is a file, besides those that show it themselves;
    - ``titles``: a document is wanted where its title holds one, ``unwanted``: and none of these; empty for the
      defaults of ``extract/sites/wanted.py``.

    ``fiscal_years`` are the years wanted (empty: all). ``rhythm_days`` is the silence after which an operator is told.
    """

    source_id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    system: str
    description: str = Field(min_length=1)
    enabled: bool
    disabled_because: str | None = Field(default=None, min_length=1)
    publisher: str | None = Field(default=None, min_length=2)
    region_id: str | None = Field(default=None, pattern=r"^\d{6}$")
    start: tuple[StartPage, ...] = ()
    hosts: tuple[Host, ...] = ()
    follow: tuple[Pattern, ...] = ()
    attachments: tuple[Pattern, ...] = ()
    titles: tuple[Pattern, ...] = ()
    unwanted: tuple[Pattern, ...] = ()
    fiscal_years: tuple[Year, ...] = ()
    politeness: Politeness = Politeness()
    rhythm_days: int | None = Field(default=None, ge=1)
    allow_private_addresses: bool = False
    verified: Verified = Verified()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.enabled == (self.disabled_because is not None):
            raise ValueError("disabled_because stands exactly where enabled is false")
        if self.system not in (FOLDER, *SITES):
            raise ValueError(f"system: {self.system} has no module; there are {', '.join((FOLDER, *SITES))}")
        if self.system == FOLDER and (self.start or self.hosts or self.follow or self.attachments):
            raise ValueError("a folder has no pages: leave out start, hosts, follow and attachments")
        if self.system != FOLDER and not self.start:
            raise ValueError("a site needs a page to start from")
        if self.system != FOLDER and self.enabled and self.rhythm_days is None:
            raise ValueError("an enabled site needs rhythm_days: after how long a silence somebody should look")
        return self

    def may_visit(self, url: str) -> bool:
        """Whether an address lies on a host of this source: a start page's own, or one that ``hosts`` allows."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.scheme not in ("http", "https"):
            return False
        return any(host == urlsplit(page.url).hostname for page in self.start) or any(
            host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed for allowed in self.hosts
        )


def sources() -> dict[str, Source]:
    """Every source by its id: the project's, and those of the folder that ``JIXIAO_SOURCES`` names.

    Raises:
        ValueError: a file is not as the model asks, its name is not its id, or an id stands twice.
        OSError: the folder cannot be read.
    """
    found: dict[str, Source] = {}
    for file in _files():
        source = read_source(file.name, file.read_text(encoding="utf-8"))
        if source.source_id in found:
            raise ValueError(f"{file.name}: there is a source of this id already; choose another")
        found[source.source_id] = source
    return found


def read_source(file_name: str, text: str) -> Source:
    """The source of a YAML file.

    Raises:
        ValueError: it is not as the model asks, or its name is not its id.
    """
    try:
        source = Source.model_validate(yaml.load(text, LOADER))
    except (yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"{file_name}: {error}") from error
    if file_name != f"{source.source_id}.yml":
        raise ValueError(f"{file_name}: source_id is {source.source_id}; name the file after it")
    return source


def _files() -> Iterator[Traversable]:
    folders: list[Traversable] = [resources.files(__name__)]
    if extra := os.environ.get("JIXIAO_SOURCES"):
        folders.append(Path(extra).expanduser())
    for folder in folders:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        yield from (entry for entry in entries if entry.name.endswith(".yml"))
