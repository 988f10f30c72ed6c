"""What a bureau puts on its site: a document of the city, or of one of its small bodies, in a format and an edition."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from threading import Lock

from demo.city import Document, load_city
from demo.files import media_type, render
from demo.schools import school_document, school_file

REVISION_YUAN_WAN = Decimal("10.00")
"""By how much, in 万元, each further edition of a document raises its first project."""

_CACHED_FILES = 128
# The typesetter's fonts are shared: one file is made at a time.
_PRESS = Lock()


@dataclass(frozen=True)
class Publication:
    """A file of bytes that are made when they are asked for, the same every time."""

    name: str
    """`<document key>.<extension>`."""
    school: int | None = None
    edition: int = 1

    @property
    def extension(self) -> str:
        """Without a dot, in lower case."""
        return self.name.rpartition(".")[2]

    @property
    def media_type(self) -> str:
        """What an honest server says of it."""
        return media_type(self.name)

    def document(self) -> Document:
        """What is printed in it."""
        if self.school is not None:
            return school_document(self.school, self.edition)
        key = self.name.rpartition(".")[0]
        [document] = [document for document in load_city().documents if document.document_key == key]
        return _revised(document, self.edition)

    def content(self) -> bytes:
        """Its bytes."""
        with _PRESS:
            return _content(self)


def of_city(name: str) -> Publication:
    """A file of the city's documents, by its name."""
    return Publication(name)


def of_school(number: int) -> Publication:
    """The file of the n-th small body."""
    return Publication(school_file(number), school=number)


@lru_cache(maxsize=_CACHED_FILES)
def _content(publication: Publication) -> bytes:
    return render(publication.document(), publication.extension, load_city())


def _revised(document: Document, edition: int) -> Document:
    """The document with more money for its first project, whose sums follow."""
    if edition == 1:
        return document
    first, *others = document.units
    project, *projects = first.projects
    source = next(iter(project.funds))
    funds = {**project.funds, source: project.funds[source] + REVISION_YUAN_WAN * (edition - 1)}
    unit = replace(first, projects=(replace(project, funds=funds), *projects))
    return replace(document, units=(unit, *others))
