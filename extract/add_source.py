"""A name and an address → a source's YAML file, disabled, and a test that fails until a page of it was looked at."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import yaml

from extract.settings import PROJECT
from extract.sites import SITES
from extract.sources import read_source

_TEST = '''"""The source {name} is held to a page of its own, as it was counted by eye.

1. Save the page as it is fetched, not as a browser shows it:
   curl --location --output tests/pages/{name}.html '{url}'
2. Open it in a browser and count. A document is a file with a department's budget or targets that the page itself
   links to; what leads on are links to articles with such files, to deeper lists and to the list's other pages. Final
   accounts (决算), evaluations and reports of the government are neither. Write below what you counted.
3. Run: pytest tests/test_source_{module}.py. If the reader finds less or more, mend the patterns of
   extract/sources/{name}.yml (docs/add-a-source.md); if no pattern can, the site is of another system.
4. Say in the source under verified what you saw, try it with jixiao check-source {name}, then enable it.
"""

from __future__ import annotations

from pathlib import Path

from extract.sites import Page, read_page
from extract.sources import sources

SAVED = Path(__file__).parent / "pages" / "{name}.html"
URL = "{url}"

DOCUMENTS: int | None = None  # how many documents
LEADS_ON: int | None = None  # how many links lead on
FIRST: tuple[str, str] | None = None  # title and address of the first of them all, as the page has them
LAST: tuple[str, str] | None = None  # ... and of the last that has a title


def test_the_page_offers_what_was_counted() -> None:
    assert SAVED.exists(), f"save the page first: curl --location --output {{SAVED}} '{{URL}}'"
    assert None not in (DOCUMENTS, LEADS_ON, FIRST, LAST), f"count what {{URL}} offers and write it into {{__file__}}"
    found = read_page(sources()["{name}"], Page(URL, SAVED.read_bytes(), "text/html"))
    assert found.trouble is None, f"{{found.trouble.message}}. {{found.trouble.what_to_do}}"
    titled = [(link.title, link.url) for link in (*found.documents, *found.follow) if link.title]
    assert (len(found.documents), len(found.follow)) == (DOCUMENTS, LEADS_ON)
    assert (titled[0], titled[-1]) == (FIRST, LAST)
'''


def add_source(name: str, url: str, system: str, publisher: str | None = None, project: Path = PROJECT) -> list[Path]:
    """Write the two files of a new source; where they are.

    Raises:
        ValueError: the name, the address or the system is none.
        FileExistsError: there is such a source.
    """
    if system not in SITES:
        raise ValueError(f"{system} is no site system; those known are {', '.join(SITES)}")
    said = {
        "source_id": name,
        "system": system,
        "description": f"{publisher or name}: documents of {urlsplit(url).hostname}.",
        "enabled": False,
        "disabled_because": "New: no page of it was looked at yet (see its test).",
        **({"publisher": publisher} if publisher else {}),
        "start": [{"url": url}],
        "rhythm_days": 400,
        "verified": {"offline": None, "online": None},
    }
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=116)
    read_source(f"{name}.yml", text)
    module = name.replace("-", "_")
    files = {
        project / "extract" / "sources" / f"{name}.yml": text,
        project / "tests" / f"test_source_{module}.py": _TEST.format(name=name, module=module, url=url),
    }
    if existing := [file for file in files if file.exists()]:
        raise FileExistsError(f"{existing[0]} exists")
    for file, content in files.items():
        file.write_text(content, encoding="utf-8")
    (project / "tests" / "pages").mkdir(exist_ok=True)
    return list(files)
