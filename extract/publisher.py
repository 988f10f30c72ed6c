"""Header lines and titles → the publishing body that they name."""

from __future__ import annotations

import re

from extract.vocabularies import vocabulary
from extract.wording import tidy_name

_WORDS = vocabulary("documents")
_LABELLED = re.compile(rf"^\s*(?:{'|'.join(map(re.escape, _WORDS['publisher_labels']))})\s*[:：]\s*(?P<name>[^\s:：]+)")
_IN_TITLE = re.compile(
    r"^(?:附件|附表|表)?\s*[0-9一二三四五六七八九十]*\s*[-－.．:：、]?\s*(?:关于)?(?P<name>[^\d\s][^\d]*?)\s*20\d\d\s*年"
)

_ANNOUNCES = re.compile(r"^(?:附件|附表)?\d*[.．、：:]?(?:关于)?(?:公开|公布|发布|印发|批复|下达)的?")
_ON_COVER = re.compile(r"^\s*(?:20\d\d年度?)?(?P<name>[^\d，。；]{3,40}?)(?:20\d\d年度?)?(?:部门|单位)(?:综合)?预算")


def labelled_publisher(text: str) -> str | None:
    """The body that a line begins by naming (部门名称：…), without a note of scope; None where it names none."""
    match = _LABELLED.match(text)
    return _bare(match["name"]) if match else None


def titled_publisher(title: str) -> str | None:
    """The body that stands before the year in a title (某局2026年…)."""
    match = _IN_TITLE.match(title)
    return _bare(match["name"]) if match else None


def covered_publisher(cover: str) -> str | None:
    """The body that the text of a budget's cover names (2026年度福州市商务局部门预算)."""
    match = _ON_COVER.match(cover)
    return _bare(match["name"]) if match else None


def _bare(printed: str) -> str | None:
    name = tidy_name(printed).strip("。，；;,")
    for scope in _WORDS["publisher_scopes"]:
        name = name.removesuffix(scope)
    return name or None


def named_body(text: str) -> str | None:
    """The body that a title or a file's name begins with (武汉市信访局2026年部门预算.pdf); None where none does."""
    plain = _ANNOUNCES.sub("", re.sub(r"[\s_]+", "", text))
    name = titled_publisher(plain) or covered_publisher(plain)
    return name if name and name.endswith(tuple(_WORDS["body_endings"])) else None


def may_be_one_body(one: str, other: str) -> bool:
    """Whether two names can be one body's: all characters of the shorter stand in the longer, in their order.

    So 市商务局 and 广州市商务局 are one, 市发改委 and 广州市发展和改革委员会, but not 武汉市信访局 and 国家信访局.
    """
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    return all(character in rest for character in shorter)
