"""Interpret tables: pages of grids and lines → project lines. Meaning only: no layout knows what a PDF is.

A layout is a module with ``NAME`` and ``interpret(pages, context)``; it returns None where its headings do not stand.
A new layout is one more module in ``LAYOUTS``.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.layouts import guangdong_list, project_forms
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Page

LAYOUTS = (guangdong_list, project_forms)


def interpret_tables(pages: Sequence[Page], context: Context) -> list[Interpretation]:
    """What every layout that knows itself in these pages makes of them."""
    found = (layout.interpret(pages, context) for layout in LAYOUTS)
    return [interpretation for interpretation in found if interpretation is not None]
