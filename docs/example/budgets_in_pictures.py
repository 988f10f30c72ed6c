"""Budgets in pictures: the published file → a folder of pictures."""

# %% [markdown]
# # Budgets in pictures
#
# A notebook in percent format: VS Code, Spyder and jupytext open it as cells, `make example` runs it whole. It reads
# nothing but the published file (JIXIAO_PUBLISHED, else the demo's) and writes its pictures into a folder
# (JIXIAO_PICTURES). It asks the wide tables, so queries need hardly a join; every sum is of counted rows.

# %%
import os
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

PUBLISHED = Path(os.environ.get("JIXIAO_PUBLISHED", "data/demo/published/jixiao.duckdb"))
PICTURES = Path(os.environ.get("JIXIAO_PICTURES", "data/demo/pictures"))
BLUE, ORANGE, GREEN, SKY, SAND, RED, GREY = "#2f6690", "#e08e45", "#5b9279", "#81a4cd", "#d9bf77", "#b23a48", "#7b8794"
COLOURS = (BLUE, ORANGE, GREEN, SKY, SAND, "#6d597a", GREY)
OTHERS = "其余"
PUNCTUATION = "，、（）"

# A bare machine has no Chinese font: the wheel mplfonts carries Noto Sans CJK SC.
package = find_spec("mplfonts")
if package is None or package.origin is None:
    raise SystemExit("make example installs what this draws with (requirements/example.txt)")
FONT = Path(package.origin).parent / "fonts" / "NotoSansCJKsc-Regular.otf"
font_manager.fontManager.addfont(FONT)
plt.rcParams.update(
    {
        "font.family": font_manager.FontProperties(fname=FONT).get_name(),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 13,
        "axes.titlepad": 14,
        "axes.edgecolor": GREY,
        "figure.constrained_layout.use": True,
        "savefig.dpi": 150,
    }
)
PICTURES.mkdir(parents=True, exist_ok=True)
published = duckdb.connect(str(PUBLISHED), read_only=True)


def asked(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of an answer."""
    return published.execute(sql, parameters).fetchall()


def drawn(name: str, title: str, height: float) -> Axes:
    """An empty picture with its title; the file is named after it."""
    axes = plt.figure(name, figsize=(10, height)).add_subplot()
    axes.set_title(title)
    return axes


def kept(source: str) -> None:
    """Say below the picture what it was computed from, and write it."""
    figure = plt.gcf()
    figure.supxlabel(f"数据：{source}", x=0.01, ha="left", fontsize=8, color=GREY)
    figure.savefig(PICTURES / f"{figure.get_label()}.png")


def leading(parts: Counter[str]) -> dict[str, str]:
    """What each part is called in a picture: the largest by their names, all others one."""
    kept_names = {name for name, _ in parts.most_common(len(COLOURS) - (len(parts) > len(COLOURS)))}
    return {name: name if name in kept_names else OTHERS for name, _ in parts.most_common()}


def short(name: str, length: int = 18) -> str:
    """A name that fits beside a bar."""
    return name if len(name) <= length else name[: length - 1].rstrip(PUNCTUATION) + "…"


def money(yuan: float) -> str:
    """As people say it: 3.21亿元, 450万元."""
    return f"{yuan / 1e8:,.2f}亿元" if yuan >= 1e8 else f"{yuan / 1e4:,.1f}万元"


def shares(axes: Axes, labels: Sequence[str], parts: dict[str, list[float]], colours: Sequence[str]) -> None:
    """One bar of a hundred percent for each label, in the parts' order; parts of a tenth and more say their share."""
    lefts = [0.0] * len(labels)
    wholes = [sum(part[row] for part in parts.values()) for row in range(len(labels))]
    for (name, part), colour in zip(parts.items(), colours[: len(parts)], strict=True):
        widths = [100 * value / whole for value, whole in zip(part, wholes, strict=True)]
        axes.barh(labels, widths, left=lefts, color=colour, label=name, height=0.72)
        written = "white" if sum(to_rgb(colour)) < 1.7 else "black"
        for row, (left, width) in enumerate(zip(lefts, widths, strict=True)):
            if width >= 10:
                share = ">99%" if 99.5 <= width < 100 else f"{width:.0f}%"
                axes.text(left + width / 2, row, share, ha="center", va="center", color=written, fontsize=8)
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_formatter("{x:.0f}%")
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=9)


# %% [markdown]
# Of which year do most lines tell? All pictures but that of transfers are of this year.

# %%
years = asked(
    """
    SELECT fiscal_year, count(*) AS lines, count(DISTINCT document_id)
    FROM marts.wide_project_budgets WHERE is_counted AND fiscal_year IS NOT NULL AND total_yuan > 0
    GROUP BY fiscal_year ORDER BY lines DESC, fiscal_year DESC
    """
)
if not years:
    raise SystemExit(f"{PUBLISHED} holds no project with money and a year: there is nothing to draw")
YEAR, LINES, DOCUMENTS = years[0]
SOURCE = f"{DOCUMENTS} 份部门预算及绩效目标文件，{YEAR} 年，{LINES} 个有金额的项目行（每个单位每年只计入一次）"

# %% [markdown]
# ## The largest projects

# %%
projects = asked(
    """
    SELECT project_name, organization_name, sum(total_yuan) AS yuan
    FROM marts.wide_project_budgets WHERE is_counted AND fiscal_year = ? AND total_yuan > 0
    GROUP BY ALL ORDER BY yuan DESC, project_name LIMIT 15
    """,
    YEAR,
)
axes = drawn("largest_projects", f"{YEAR} 年金额最大的 {len(projects)} 个项目", 6)
unit, name_of_unit = (1e8, "亿元") if projects[0][2] >= 1e8 else (1e4, "万元")
widths = [float(yuan) / unit for *_, yuan in projects]
places = range(len(projects))
axes.barh(places, widths, color=BLUE, height=0.72)
axes.set_yticks(places, [short(name) for name, *_ in projects])
for place, width, (_, body, yuan) in zip(places, widths, projects, strict=True):
    axes.text(width + widths[0] / 100, place, money(float(yuan)), va="center", fontsize=9)
    if width > widths[0] / 2:
        axes.text(width - widths[0] / 100, place, short(body), va="center", ha="right", fontsize=8, color="white")
    else:
        axes.text(width + widths[0] * 0.14, place, short(body), va="center", fontsize=8, color=GREY)
axes.set_xlim(0, widths[0] * 1.2)
axes.set_xlabel(name_of_unit)
axes.xaxis.set_major_formatter("{x:,.0f}")
axes.tick_params(axis="y", length=0)
axes.invert_yaxis()
kept(SOURCE)

# %% [markdown]
# ## Where the money comes from
# Funds at the deepest level that each document prints: some print 财政拨款 alone, some its parts.

# %%
funds = asked(
    """
    SELECT organization_name, fund_source_name, sum(amount_yuan) AS yuan
    FROM marts.wide_project_funds WHERE is_counted AND fiscal_year = ? AND period = 'annual'
    GROUP BY ALL HAVING yuan > 0 ORDER BY yuan DESC, organization_name, fund_source_name
    """,
    YEAR,
)
by_body: Counter[str] = Counter()
by_source: Counter[str] = Counter()
for body, source, yuan in funds:
    by_body[body] += yuan
    by_source[source] += yuan
bodies = [body for body, _ in by_body.most_common(12)]
names = leading(by_source)
amounts: Counter[tuple[str, str]] = Counter()
for body, source, yuan in funds:
    amounts[body, names[source]] += yuan
axes = drawn("where_the_money_comes_from", f"{YEAR} 年项目资金从哪里来（金额最大的 {len(bodies)} 个单位）", 5.5)
shares(
    axes,
    [f"{short(body, 16)}  {money(float(by_body[body]))}" for body in bodies],
    {name: [float(amounts[body, name]) for body in bodies] for name in dict.fromkeys(names.values())},
    COLOURS,
)
kept(SOURCE)

# %% [markdown]
# ## Who receives transfers
# Of the year in which most money names a region below the body's own.

# %%
transfers = asked(
    """
    WITH transfers AS (
        SELECT lines.*, regions.name AS region
        FROM marts.wide_project_budgets AS lines
        JOIN marts.dim_regions AS regions ON lines.recipient_region_id = regions.region_id
        WHERE is_counted AND total_yuan > 0
    )
    SELECT region, project_name, sum(total_yuan) AS yuan, fiscal_year, list(DISTINCT organization_name)
    FROM transfers
    WHERE fiscal_year = (
        SELECT fiscal_year FROM transfers GROUP BY fiscal_year ORDER BY sum(total_yuan) DESC, fiscal_year LIMIT 1
    )
    GROUP BY ALL ORDER BY region, project_name
    """
)
if transfers:
    by_region: Counter[str] = Counter()
    by_programme: Counter[str] = Counter()
    for region, programme, yuan, *_ in transfers:
        by_region[region] += yuan
        by_programme[programme] += yuan
    names = leading(by_programme)
    received: Counter[tuple[str, str]] = Counter()
    for region, programme, yuan, *_ in transfers:
        received[region, names[programme]] += yuan
    regions = [region for region, _ in by_region.most_common(20)]
    year = transfers[0][3]
    axes = drawn("who_receives_transfers", f"{year} 年下达各地区的转移支付", 5)
    bottoms = [0.0] * len(regions)
    for name, colour in zip(dict.fromkeys(names.values()), COLOURS, strict=False):
        heights = [float(received[region, name]) / 1e4 for region in regions]
        axes.bar(regions, heights, bottom=bottoms, color=colour, label=short(name, 24))
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]
    for place, height in enumerate(bottoms):
        axes.text(place, height + max(bottoms) / 100, f"{height:,.0f}", ha="center", fontsize=9)
    axes.set_ylim(0, max(bottoms) * 1.08)
    axes.set_ylabel("万元")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.tick_params(axis="x", length=0)
    axes.legend(frameon=False, fontsize=9)
    kept(f"{'、'.join(sorted({giver for *_, givers in transfers for giver in givers}))}，{year} 年")

# %% [markdown]
# ## Whose promises can be checked
# A target is a number, a date, words, or a comparison with what is no number (不低于上年度); some are missing.

# %%
NATURES = ("数值", "期限", "与非数值比较", "定性", "缺失")
natures = asked(
    """
    SELECT organization_name, count(*) AS targets,
        count(target_value),
        count(*) FILTER (WHERE comparator = 'deadline'),
        count(*) FILTER (WHERE target_value IS NULL AND comparator NOT IN ('deadline', 'qualitative', 'missing')),
        count(*) FILTER (WHERE comparator = 'qualitative'),
        count(*) FILTER (WHERE comparator = 'missing')
    FROM marts.wide_indicator_targets WHERE is_counted AND fiscal_year = ? AND period = 'annual'
    GROUP BY ALL ORDER BY targets DESC, organization_name LIMIT 14
    """,
    YEAR,
)
natures.sort(key=lambda row: (row[2] / row[1], row[0]))
axes = drawn(
    "whose_promises_can_be_checked", f"{YEAR} 年哪些单位的指标值可以核查（指标最多的 {len(natures)} 个单位）", 6
)
shares(
    axes,
    [f"{short(body, 18)}  {targets} 个" for body, targets, *_ in natures],
    {name: [float(row[2 + place]) for row in natures] for place, name in enumerate(NATURES)},
    (BLUE, GREEN, SAND, ORANGE, RED),
)
kept(SOURCE)

# %% [markdown]
# ## How much satisfaction is promised

# %%
satisfaction = asked(
    """
    SELECT target_value, count(*) AS targets
    FROM marts.wide_indicator_targets
    WHERE is_counted AND fiscal_year = ? AND period = 'annual' AND level_1_name = '满意度指标'
        AND unit = '%' AND comparator IN ('>=', '>', '=') AND target_value BETWEEN 0 AND 100
    GROUP BY ALL ORDER BY target_value
    """,
    YEAR,
)
promised = {float(value): count for value, count in satisfaction}
axes = drawn("how_much_satisfaction", f"{YEAR} 年满意度指标承诺达到多少（{sum(promised.values())} 个指标值）", 4)
marks = axes.bar([f"{value:g}%" for value in promised], list(promised.values()), color=BLUE, width=0.7)
axes.bar_label(marks, fontsize=9, padding=2)
axes.set_ylabel("指标值个数")
axes.tick_params(axis="x", length=0)
kept(SOURCE)

# %% [markdown]
# ## Can the numbers be trusted
# Every printed total is held against its parts. What does not add up is told, not mended.

# %%
VERDICTS = {"balanced": "相符", "rounding": "四舍五入", "unbalanced": "不符"}
verdicts = asked(
    """
    SELECT coalesce(d.publisher_name, d.title), r.status, count(*)
    FROM quality.qa_reconciliations AS r JOIN marts.dim_documents AS d USING (document_id)
    WHERE d.is_current AND d.same_content_as IS NULL AND r.check_name <> 'table_to_table'
    GROUP BY ALL ORDER BY ALL
    """
)
checked = {(publisher, status): count for publisher, status, count in verdicts}
publishers = sorted(
    {publisher for publisher, *_ in verdicts},
    key=lambda publisher: (
        -checked.get((publisher, "unbalanced"), 0),
        -checked.get((publisher, "balanced"), 0),
        publisher,
    ),
)[:14]
axes = drawn("can_the_numbers_be_trusted", "文件中的合计与各部分之和是否相符", 5.5)
shares(
    axes,
    [
        f"{short(publisher, 18)}  {sum(checked.get((publisher, status), 0) for status in VERDICTS)} 处"
        for publisher in publishers
    ],
    {
        name: [float(checked.get((publisher, status), 0)) for publisher in publishers]
        for status, name in VERDICTS.items()
    },
    (BLUE, SKY, RED),
)
kept("每份现行文件打印的合计、小计和资金合计，不含跨表核对")

# %%
print("\n".join(sorted(str(path) for path in PICTURES.glob("*.png"))))
