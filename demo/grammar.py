"""Turns a project's indicators into the text of its 绩效指标 cell, in the grammar of 2023, 2024 or 2026."""

from collections.abc import Callable, Sequence

from demo.city import City, Indicator


def level_names(indicator: Indicator, city: City) -> tuple[str, str | None]:
    """The names of the indicator's levels 1 and 2; level 2 is None where only level 1 is given."""
    level_2 = city.level_2_names[indicator.code] if len(indicator.code) == 2 else None
    return city.level_1_names[indicator.code[0]], level_2


def indicator_text(indicators: Sequence[Indicator], grammar: str, city: City) -> str:
    """The whole cell; numbers start at 1. An unknown grammar raises KeyError."""
    write = _GRAMMARS[grammar]
    return "".join(write(number, indicator, city) for number, indicator in enumerate(indicators, start=1))


def _of_2023(number: int, indicator: Indicator, city: City) -> str:
    level_1, _ = level_names(indicator, city)
    return f"{number}、{level_1}:{indicator.name},年度指标值:{indicator.annual}。"


def _of_2024(number: int, indicator: Indicator, city: City) -> str:
    level_1, level_2 = level_names(indicator, city)
    return (
        f"{number}、{indicator.code[0]}-{level_1}；{indicator.code}-{level_2}；{indicator.name}；"
        f"实施周期指标值:{indicator.whole_period}；年度指标值:{indicator.annual}。"
    )


def _of_2026(number: int, indicator: Indicator, city: City) -> str:
    level_1, level_2 = level_names(indicator, city)
    return (
        f"{number}.{indicator.code[0]}－{level_1}，{indicator.code}－{level_2}，{indicator.name}；"
        f"实施周期指标值：{indicator.whole_period}，年度指标值：{indicator.annual}；"
    )


_GRAMMARS: dict[str, Callable[[int, Indicator, City], str]] = {"2023": _of_2023, "2024": _of_2024, "2026": _of_2026}
