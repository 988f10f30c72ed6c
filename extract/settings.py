"""The environment → where a house keeps what, and the few settings a person may change.

A *house* is a data folder with its own Airflow home, archive, landing and warehouse; nothing passes between houses.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upath import UPath

PROJECT = Path(__file__).resolve().parent.parent
"""The folder of the project: DAGs, dbt models and sources lie below it."""


@dataclass(frozen=True, slots=True)
class House:
    """The folders and files of one house, all below ``root`` but the archive, where ``archive_url`` names another."""

    root: Path
    inbox: Path | UPath
    """The folder whose files the source ``inbox`` collects, here or wherever fsspec reaches."""
    archive_url: str | None = None
    """A folder or a URL that fsspec knows; None for the house's own folder."""

    @classmethod
    def from_environment(cls) -> House:
        """The house that ``JIXIAO_DATA`` names (default ``data``), with ``JIXIAO_INBOX`` and ``JIXIAO_ARCHIVE``."""
        root = Path(os.environ.get("JIXIAO_DATA") or PROJECT / "data").resolve()
        return cls(
            root,
            place_at(os.environ.get("JIXIAO_INBOX") or str(root / "inbox")),
            os.environ.get("JIXIAO_ARCHIVE") or None,
        )

    @property
    def archive(self) -> Path | UPath:
        """Content-addressed bytes of every document."""
        if self.archive_url is None:
            return self.root / "archive"
        return place_at(self.archive_url)

    @property
    def landing(self) -> Path:
        """Parquet files on their way to the warehouse; kept, so that raw tables can be rebuilt."""
        return self.root / "landing"

    @property
    def warehouse(self) -> Path:
        """The working warehouse, which only the pipeline opens."""
        return self.root / "warehouse" / "jixiao.duckdb"

    @property
    def published(self) -> Path:
        """The file that readers get."""
        return self.root / "published" / "jixiao.duckdb"

    @property
    def releases(self) -> Path:
        """The folders of releases: the one that readers get, and those they may still be reading."""
        return self.root / "published" / "releases"

    @property
    def current(self) -> Path:
        """The link to the folder of the release that readers get."""
        return self.root / "published" / "current"

    @property
    def pages(self) -> Path:
        """What pages of sources said last, so that they need not be sent again; may be deleted."""
        return self.root / "pages"

    @property
    def dbt(self) -> Path:
        """What dbt writes besides tables: its compiled models, results and logs."""
        return self.root / "dbt"

    @property
    def airflow(self) -> Path:
        """The home of this house's Airflow."""
        return self.root / "airflow"

    @property
    def superset(self) -> Path:
        """The home of this house's Superset."""
        return self.root / "superset"

    @property
    def logs(self) -> Path:
        """What the last run of each DAG printed."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """The file whose lock says that somebody runs this house."""
        return self.root / "run.lock"


def place_at(name: str) -> Path | UPath:
    """The folder that a path or a URL names."""
    if "://" not in name:
        return Path(name).expanduser().resolve()
    from upath import UPath

    place = UPath(name)
    return Path(place.path) if place.protocol in ("file", "local") else place


def ocr_is_on() -> bool:
    """Whether pages that are pictures are to be recognised: ``JIXIAO_OCR``, off if unset."""
    return (os.environ.get("JIXIAO_OCR") or "0").strip().lower() not in ("0", "no", "off", "false")


def failure_threshold() -> float:
    """The share of failures (0 to 1) beyond which a run is red: ``JIXIAO_FAILURE_THRESHOLD``, 0.2 if unset."""
    return float(os.environ.get("JIXIAO_FAILURE_THRESHOLD") or 0.2)


def postgres() -> str | None:
    """The database that gets what is published, too: ``JIXIAO_POSTGRES``, with its password; None if unset."""
    return (os.environ.get("JIXIAO_POSTGRES") or "").strip() or None


def licence() -> str | None:
    """By which licence what is published may be passed on: ``JIXIAO_LICENCE``, a short name (``CC-BY-4.0``) or a URL.

    Raises:
        ValueError: it is neither.
    """
    said = (os.environ.get("JIXIAO_LICENCE") or "").strip()
    if said and not re.fullmatch(r"[-a-zA-Z0-9._]+|https?://\S+", said):
        raise ValueError("JIXIAO_LICENCE: a short name such as CC-BY-4.0, or a URL")
    return said or None


def contact() -> str | None:
    """Where publishers reach who collects: ``JIXIAO_CONTACT``, an address of e-mail or of a page; None if unset.

    Raises:
        ValueError: it cannot stand in a header.
    """
    said = (os.environ.get("JIXIAO_CONTACT") or "").strip()
    if not all(" " <= character <= "~" and character not in "()" for character in said):
        raise ValueError("JIXIAO_CONTACT: an address of e-mail or of a page, in ASCII and without brackets")
    return said or None


def largest_download_bytes() -> int:
    """The most that one download, or one file of an archive, may have: ``JIXIAO_LARGEST_DOWNLOAD_MB``, 100 if unset."""
    return int(float(os.environ.get("JIXIAO_LARGEST_DOWNLOAD_MB") or 100) * 1_000_000)


def download_seconds() -> float:
    """How long one download may take: ``JIXIAO_DOWNLOAD_SECONDS``, 180 if unset."""
    return float(os.environ.get("JIXIAO_DOWNLOAD_SECONDS") or 180)
