"""Two readings of a document, or of it and one that it replaced, side by side: what each says, and what differs.

From the schema ``history`` of the published file: as it was read, before reviewers decided anything. What is the same
thing in both is told by what it says (a line by its table, body and name), then by its place; places alone make no
difference.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import duckdb

from extract.settings import House
from extract.view.facts import PERIODS, answers, component_text, plain, published
from extract.view.words import word

_SHORT = 24  # characters of a text, such as an amount, that differs as a whole

Mark = Literal["same", "changed", "added", "gone"]
Segments = list[tuple[bool, str]]
"""A text in pieces, and of each whether the other side has it otherwise."""


@dataclass(frozen=True, slots=True)
class Item:
    """What one reading says of the document, a line, an amount, an indicator or an issue, by the names of what it says.

    ``key`` tells it from all others of its reading; ``alike`` holds what makes it the same as one of another reading,
    the surest first; ``parts`` are its places as its locator has them.
    """

    key: str
    kind: str
    title: str
    said: dict[str, str]
    alike: tuple[object, ...]
    parts: list[dict[str, Any]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def known_by(self, sureness: int) -> tuple[str, object]:
        """What makes it the same as another: of what there is, the n-th."""
        return self.kind, self.alike[min(sureness, len(self.alike) - 1)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One name of what an item says, as the two sides say it."""

    name: str
    earlier: Segments
    current: Segments


@dataclass(frozen=True, slots=True)
class Pair:
    """The same thing on both sides, or what one of them lacks."""

    earlier: Item | None
    current: Item | None

    @property
    def item(self) -> Item:
        """The current one, or the one that is gone."""
        item = self.current or self.earlier
        assert item is not None
        return item

    @property
    def key(self) -> str:
        """What tells it from all other pairs."""
        return self.item.key if self.current else f"gone:{self.item.key}"

    @property
    def mark(self) -> Mark:
        """What became of it."""
        if self.earlier is None:
            return "added"
        if self.current is None:
            return "gone"
        return "same" if self.earlier.said == self.current.said else "changed"

    @property
    def differences(self) -> Iterator[Difference]:
        """What is said otherwise; of what one side lacks, everything that the other says."""
        earlier, current = (item.said if item else {} for item in (self.earlier, self.current))
        for name in {**current, **earlier}:
            if earlier.get(name) != current.get(name):
                yield Difference(name, *_marked(earlier.get(name, ""), current.get(name, "")))


def earlier_readings(house: House, document_id: str) -> list[dict[str, Any]]:
    """Readings of the document by earlier versions, and of those it replaced, one after another: the newest first."""
    with published(house) as connection:
        return list(
            answers(
                connection,
                """
                WITH RECURSIVE replaced AS (
                    SELECT $document_id AS document_id
                    UNION
                    SELECT d.document_id
                    FROM marts.dim_documents AS d INNER JOIN replaced AS r ON d.superseded_by = r.document_id
                )
                SELECT * FROM history.readings INNER JOIN replaced USING (document_id)
                WHERE NOT (document_id = $document_id AND is_newest)
                ORDER BY document_id = $document_id DESC, valid_from DESC, document_id, reader_version DESC
                """,
                {"document_id": document_id},
            )
        )


def newest_reading(house: House, document_id: str) -> dict[str, Any]:
    """The reading of a published document that stands in the marts."""
    with published(house) as connection:
        sql = "FROM history.readings WHERE document_id = $document_id AND is_newest"
        return next(answers(connection, sql, {"document_id": document_id}))


def pairs(house: House, earlier: dict[str, Any], current: dict[str, Any]) -> list[Pair]:
    """Everything that two readings say, in the order of the current one."""
    with published(house) as connection:
        return list(_paired(_items(connection, earlier), _items(connection, current)))


def _paired(earlier: Sequence[Item], current: Sequence[Item]) -> Iterator[Pair]:
    """Each item with the one that is most surely the same; then what belongs to it, in the same way."""
    partners: dict[int, int] = {}
    for sureness in range(max((len(item.alike) for item in current), default=0)):
        places: defaultdict[object, list[int]] = defaultdict(list)
        taken = set(partners.values())
        for place, item in enumerate(earlier):
            if place not in taken:
                places[item.known_by(sureness)].append(place)
        for place, item in enumerate(current):
            if place not in partners and places[item.known_by(sureness)]:
                partners[place] = places[item.known_by(sureness)].pop(0)
    taken = set(partners.values())
    found = [(place, Pair(item, None)) for place, item in enumerate(earlier) if place not in taken]
    for place, item in enumerate(current):
        found.append((place, Pair(earlier[partners[place]] if place in partners else None, item)))
    for _, pair in sorted(found, key=lambda one: one[0]):
        yield pair
        yield from _paired(*(item.items if item else [] for item in (pair.earlier, pair.current)))


def _items(connection: duckdb.DuckDBPyConnection, reading: dict[str, Any]) -> list[Item]:
    which = {"document_id": reading["document_id"], "reader_version": reading["reader_version"]}

    def rows(table: str, order: str) -> Iterator[dict[str, Any]]:
        sql = f"FROM history.{table} WHERE document_id = $document_id AND reader_version = $reader_version"
        return answers(connection, f"{sql} ORDER BY {order}", which)

    of_lines: defaultdict[str, list[Item]] = defaultdict(list)
    for fund in rows("reading_funds", "project_line_id, fund_source, period"):
        of_lines[fund["project_line_id"]].append(_fund(fund))
    targets: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for target in rows("reading_targets", "project_line_id, indicator_position, period, component_number"):
        targets[target["project_line_id"], target["indicator_position"]].append(target)
    for indicator in rows("reading_indicators", "project_line_id, indicator_position"):
        line_id = indicator["project_line_id"]
        of_lines[line_id].append(_indicator(indicator, targets[line_id, indicator["indicator_position"]]))
    lines = [
        _line(line, of_lines[line["project_line_id"]]) for line in rows("reading_lines", "table_number, line_number")
    ]
    return [_document(reading), *lines, *map(_issue, rows("reading_issues", "page_number, issue_number"))]


def _document(reading: dict[str, Any]) -> Item:
    said = {
        "标题": reading["title"],
        "单位": reading["publisher_name"],
        "年度": reading["fiscal_year"],
        "页数": reading["page_count"],
        "结论": word("document_status", reading["status"]),
    }
    return Item("document", "document", "标题与结论", _texts(said), ("document",))


def _line(line: dict[str, Any], items: list[Item]) -> Item:
    said = {
        "名称": line["name"],
        "单位": line["organization_name"],
        "层级": _LEVELS.get(line["level"], line["level"]),
        "金额": line["total_text"],
        "金额（元）": _yuan(line["total_yuan"]),
        "项目总额": line["project_total_text"],
        "项目总额（元）": _yuan(line["project_total_yuan"]),
        "绩效目标": line["goal_text"],
        "总体绩效目标": line["project_goal_text"],
    }
    name = (line["view"], line["level"], line["organization_name"], line["name"])
    return Item(
        key=f"line:{line['project_line_id']}",
        kind="line",
        title=line["name"],
        said=_texts(said),
        # the id is a hash of document and place: two documents have none in common
        alike=((*name, line["total_yuan"]), name, line["project_line_id"]),
        parts=json.loads(line["locator"]),
        items=items,
    )


def _fund(fund: dict[str, Any]) -> Item:
    allocation = None if fund["allocation"] == "printed" else fund["allocation"]
    said = {"金额": fund["amount_text"], "金额（元）": _yuan(fund["amount_yuan"]), "归属": allocation}
    return Item(
        key=f"fund:{fund['project_line_id']}:{fund['fund_source']}:{fund['period']}",
        kind="fund",
        title=f"{fund['fund_source']}（{PERIODS[fund['period']]}）",
        said=_texts(said),
        alike=((fund["fund_source"], fund["period"]),),
        parts=json.loads(fund["locator"]),
    )


def _indicator(indicator: dict[str, Any], targets: list[dict[str, Any]]) -> Item:
    said = {
        "一级指标": indicator["level_1_name"],
        "二级指标": indicator["level_2_name"],
        "名称": indicator["name"],
        "权重": indicator["weight"],
        "性质": indicator["nature_text"],
        "计量单位": indicator["unit_text"],
        "说明": indicator["explanation_text"],
        "上年值": indicator["prior_value_text"],
    }
    for period, period_name in PERIODS.items():
        components = [target for target in targets if target["period"] == period]
        if components:
            said[f"{period_name}指标值"] = components[0]["target_text"]
            said[f"{period_name}指标值（解析）"] = "；".join(map(component_text, components))
    position = indicator["indicator_position"]
    name = (indicator["level_2_name"], indicator["name"])
    return Item(
        key=f"indicator:{indicator['project_line_id']}:{position}",
        kind="indicator",
        title=" · ".join(filter(None, name)),
        said=_texts(said),
        alike=((*name, *(target["target_text"] for target in targets)), name, position),
        parts=json.loads(indicator["locator"]),
    )


def _issue(issue: dict[str, Any]) -> Item:
    said = {
        "程度": word("severity", issue["severity"]),
        "说明": issue["message"],
        "处理": issue["what_to_do"],
    }
    box = issue["bbox"]
    part = {"page_number": issue["page_number"]}
    if box and box["x0"] is not None:
        part["bbox"] = [box["x0"], box["top"], box["x1"], box["bottom"]]
    return Item(
        key=f"issue:{issue['issue_number']}",
        kind="issue",
        title=word("issue_code", issue["code"]),
        said=_texts(said),
        alike=((issue["code"], issue["message"], issue["page_number"]), (issue["code"], issue["message"])),
        parts=[part] if issue["page_number"] else [],
    )


_LEVELS = {"total": "合计", "department": "部门", "unit": "单位", "project": "项目"}


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:,}"


def _texts(said: dict[str, Any]) -> dict[str, str]:
    """What is said, as text, without what is not."""
    return {name: plain(value) for name, value in said.items() if value not in (None, "")}


def _marked(earlier: str, current: str) -> tuple[Segments, Segments]:
    """Both texts in pieces: how they begin and end alike, and, marked, what lies between."""
    start = end = 0
    if min(len(earlier), len(current)) > _SHORT:
        start = _alike(earlier, current)
        end = _alike(earlier[start:][::-1], current[start:][::-1])
    return _pieces(earlier, start, end), _pieces(current, start, end)


def _alike(one: str, other: str) -> int:
    """With how many characters two texts begin alike."""
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def _pieces(text: str, start: int, end: int) -> Segments:
    stop = len(text) - end
    return [piece for piece in ((False, text[:start]), (True, text[start:stop]), (False, text[stop:])) if piece[1]]


def counted(some: Sequence[Pair]) -> Counter[tuple[str, Mark]]:
    """How many things of each kind are the same, changed, added and gone."""
    return Counter((pair.item.kind, pair.mark) for pair in some)
