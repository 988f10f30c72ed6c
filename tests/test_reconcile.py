"""Sums are held against printed totals, and rounding is told from loss by what printing can hide."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from extract.money import parse_amount
from extract.reconcile import reconcile
from extract.records import Fund, Level, Line, Part

UNIT = "万元"


def line(number: int, level: Level, total: str, **funds: str) -> Line:
    amount = parse_amount(total, UNIT)
    assert amount is not None
    return Line(
        table_number=1,
        line_number=number,
        view="targets",
        layout="guangdong_list",
        level=level,
        name=f"line {number}",
        organization=None,
        total_text=total,
        total_yuan=amount.yuan,
        project_total_text=None,
        project_total_yuan=None,
        amount_unit=UNIT,
        funds=tuple(
            Fund(name, "annual", text, parsed.yuan, "printed", (), ())
            for name, text in funds.items()
            if (parsed := parse_amount(text, UNIT))
        ),
        goal=None,
        project_goal=None,
        indicators=(),
        is_confidential=False,
        locator=(Part(page_number=1),),
    )


def statuses(*lines: Line) -> dict[tuple[str, int, str], str]:
    return {(r.check, r.line_number, r.measure): r.status for r in reconcile(lines)}


def test_exact_sums_balance() -> None:
    found = statuses(
        line(1, "total", "30.00", a="30.00"),
        line(2, "unit", "30.00", a="30.00"),
        line(3, "project", "10.00", a="10.00"),
        line(4, "project", "20.00", a="20.00"),
    )
    assert found["units_to_total", 1, "total"] == "balanced"
    assert found["projects_to_unit", 2, "a"] == "balanced"
    assert found["projects_to_total", 1, "a"] == "balanced"
    assert found["funds_to_line", 4, "total"] == "balanced"
    assert set(found.values()) == {"balanced"}


def test_half_of_every_last_digit_is_rounding_and_no_more() -> None:
    projects = [line(3, "project", "10.00"), line(4, "project", "20.00")]
    assert statuses(line(2, "unit", "30.01"), *projects)["projects_to_unit", 2, "total"] == "rounding"
    assert statuses(line(2, "unit", "30.02"), *projects)["projects_to_unit", 2, "total"] == "unbalanced"


def test_the_tolerance_follows_the_printed_digits() -> None:
    [held] = [
        r for r in reconcile([line(1, "unit", "30"), line(2, "project", "29.6")]) if r.check == "projects_to_unit"
    ]
    assert held.tolerance_yuan == Decimal("5500.00")  # half of 1 and half of 0.1 万元
    assert (held.difference_yuan, held.status) == (Decimal("4000.00"), "rounding")


def test_a_fund_that_only_the_projects_print_is_unbalanced() -> None:
    found = statuses(line(1, "unit", "10.00", a="10.00"), line(2, "project", "10.00", b="10.00"))
    assert found["projects_to_unit", 1, "a"] == found["projects_to_unit", 1, "b"] == "unbalanced"
    assert found["projects_to_unit", 1, "total"] == "balanced"


def test_a_unit_whose_rows_are_all_lost_is_unbalanced() -> None:
    assert statuses(line(1, "unit", "10.00"))["projects_to_unit", 1, "total"] == "unbalanced"


def test_departments_are_sums_of_units_and_the_total_of_departments() -> None:
    found = statuses(
        line(1, "total", "30.00"),
        line(2, "department", "30.00"),
        line(3, "unit", "30.00"),
        line(4, "project", "30.00"),
    )
    assert found["units_to_total", 1, "total"] == "balanced"
    assert found["projects_to_unit", 3, "total"] == "balanced"


def test_the_funds_of_the_whole_period_are_held_against_its_own_total() -> None:
    whole = Fund("a", "project", "90.00", Decimal(900000), "printed", (), ())
    form = replace(
        line(1, "project", "30.00", a="30.00"), project_total_text="100.00", project_total_yuan=Decimal(1000000)
    )
    form = replace(form, funds=(*form.funds, whole))
    assert statuses(form) == {
        ("funds_to_line", 1, "total"): "balanced",
        ("funds_to_line", 1, "project_total"): "unbalanced",
    }
    only_whole = replace(form, funds=(replace(whole, amount_text="100.00", amount_yuan=Decimal(1000000)),))
    assert statuses(only_whole) == {("funds_to_line", 1, "project_total"): "balanced"}


def test_an_amount_in_a_unit_of_its_own_counts_as_what_it_is() -> None:
    mixed = line(1, "project", "30.00", a="30.00")
    in_yuan = Fund("a", "annual", "300000", Decimal(300000), "printed", (), ())  # printed as 300000元 among 万元
    [held] = reconcile([replace(mixed, funds=(in_yuan,))])
    assert (held.status, held.summed_yuan, held.tolerance_yuan) == ("balanced", Decimal(300000), Decimal("50.50"))
