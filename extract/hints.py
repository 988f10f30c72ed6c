"""What is said about a document from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hints:
    """What is said about a document from outside: the title of its listing and the name of its file."""

    listing_title: str | None = None
    file_name: str | None = None

    def named(self) -> list[tuple[str, str]]:
        """What is said, each with who says it: listing or file_name."""
        said = (("listing", self.listing_title), ("file_name", self.file_name))
        return [(basis, text) for basis, text in said if text]
