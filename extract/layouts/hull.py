"""Boxes of one page → the box around them."""

from __future__ import annotations

from collections.abc import Sequence

from extract.records import BBox


def hull(boxes: Sequence[BBox]) -> BBox:
    """The smallest box that holds all boxes, at least one."""
    if len(boxes) == 1:
        return boxes[0]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
