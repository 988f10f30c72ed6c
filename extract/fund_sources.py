"""The kinds of money that layouts know by their printed names, taken together from their vocabularies.

The warehouse knows each of them by a kind of its own (seed ``fund_source_names``); another printed name is kept as it
stands, and is an issue.
"""

from __future__ import annotations

from functools import cache

from extract.vocabularies import vocabulary


@cache
def known_fund_sources() -> frozenset[str]:
    """Every name of a fund source in any layout's vocabulary."""
    forms, rows = vocabulary("project_forms"), vocabulary("indicator_rows")
    lists, budgets = vocabulary("guangdong_list"), vocabulary("guangdong_budget")
    return frozenset(
        [
            *forms["fund_parents"],
            *forms["fund_children"],
            *forms["fund_sources"],
            *rows["fund_sources"],
            *rows["total_sources"].values(),
            *lists["fund_sources"],
            *lists["other_fund_sources"],
            *budgets["fund_sources"],
        ]
    )
