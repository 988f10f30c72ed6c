"""Exports for people without SQL: what a spreadsheet opens is what is published, and never a formula."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from extract import export as export_step
from extract.__main__ import main
from extract.export import NotExportedError, export
from extract.settings import House

EVIL = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "＝1+1", '="a","b"']
TAME = ["节能资金", "a=b", "", "第一行\n第二行", '引"号", 逗号']
CONTROL = "垂直\x0b制表"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A published file with what documents may hold."""
    path = tmp_path / "jixiao.duckdb"
    with duckdb.connect(str(path)) as published:
        published.execute("SET TimeZone = 'UTC'")
        published.execute("CREATE SCHEMA marts")
        published.execute(
            """
            CREATE TABLE marts.fct_lines (
                name VARCHAR, amount_yuan DECIMAL(18, 2), fiscal_year INTEGER, is_counted BOOLEAN, day DATE,
                read_at TIMESTAMPTZ, bbox STRUCT(x0 DOUBLE, top DOUBLE), candidates VARCHAR[]
            )
            """
        )
        published.executemany(
            "INSERT INTO marts.fct_lines VALUES (?, -5.25, 2026, true, '2026-01-02', '2026-01-02 03:04:05+00',"
            " {'x0': 1.5, 'top': 2}, ['甲', '乙'])",
            [[name] for name in [*EVIL, *TAME, CONTROL]],
        )
        published.execute("INSERT INTO marts.fct_lines (name, fiscal_year) VALUES (NULL, 2025)")
        published.execute("CREATE TABLE marts.dim_units AS SELECT '元' AS unit")
    return path


COLUMNS = "name amount_yuan fiscal_year is_counted day read_at bbox_x0 bbox_top candidates".split()


def sheet(path: Path) -> tuple[list[Any], list[list[Any]]]:
    heading, *rows = openpyxl.load_workbook(path).active.iter_rows()
    return [cell.value for cell in heading], [list(row) for row in rows]


def test_csv_opens_in_excel_with_chinese_and_without_formulas(file: Path, tmp_path: Path) -> None:
    exported = export(file, "fct_lines", tmp_path / "lines.csv")
    content = (tmp_path / "lines.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "lines.csv").open(encoding="utf-8-sig", newline="") as lines:
        heading, *rows = csv.reader(lines)
    assert heading == COLUMNS
    assert exported.row_count == len(rows) == len(EVIL) + len(TAME) + 2
    assert [row[0] for row in rows] == [*(f"'{name}" for name in EVIL), *TAME, CONTROL, ""]
    assert rows[0][1:] == ["-5.25", "2026", "true", "2026-01-02", "2026-01-02 03:04:05", "1.5", "2.0", "甲、乙"]
    assert rows[-1][1:] == ["", "2025", "", "", "", "", "", ""]


def test_xlsx_holds_texts_numbers_and_days_and_no_formula(file: Path, tmp_path: Path) -> None:
    exported = export(file, "marts.fct_lines", tmp_path / "lines.xlsx")
    heading, rows = sheet(tmp_path / "lines.xlsx")
    assert heading == COLUMNS
    assert exported == export_step.Exported(len(EVIL) + len(TAME) + 2, 0)
    assert {cell.data_type for row in rows[:-1] for cell in row[:1]} == {"s"}
    printed = [row[0].value for row in rows]
    # XML knows one line end
    assert printed[:-1] == [
        name.replace("\r", "\n") for name in [*EVIL, *TAME, CONTROL.replace("\x0b", "\N{REPLACEMENT CHARACTER}")]
    ]
    assert [cell.value for cell in rows[0][1:]] == [
        *(-5.25, 2026, True, datetime(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), 1.5, 2, "甲、乙"),  # noqa: DTZ001
    ]


def test_texts_longer_than_a_cell_are_cut_and_counted(file: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(file)) as published:
        published.execute("CREATE TABLE marts.fct_long AS SELECT repeat('长', 40000) AS name")
    assert export(file, "fct_long", tmp_path / "long.xlsx").cut_count == 1
    [[cell]] = sheet(tmp_path / "long.xlsx")[1]
    assert (len(cell.value), cell.value[-1]) == (32001, "…")
    assert export(file, "fct_long", tmp_path / "long.csv").cut_count == 0
    assert len((tmp_path / "long.csv").read_text(encoding="utf-8-sig").splitlines()[1]) == 40000


def test_one_year_is_exported_where_it_is_asked_for(file: Path, tmp_path: Path) -> None:
    assert export(file, "fct_lines", tmp_path / "lines.csv", 2025).row_count == 1
    with pytest.raises(NotExportedError, match="has no fiscal year"):
        export(file, "dim_units", tmp_path / "units.csv", 2025)


def test_more_rows_than_a_sheet_holds_are_refused_and_nothing_is_left(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(file)) as published:
        published.execute("CREATE TABLE marts.fct_many AS SELECT range AS x FROM range(1048576)")
    with pytest.raises(NotExportedError, match=r"1,048,576 rows, and a sheet of Excel holds 1,048,575.*--fiscal-year"):
        export(file, "fct_many", tmp_path / "many.xlsx")
    assert export(file, "fct_many", tmp_path / "many.csv").row_count == 1_048_576
    assert {path.name for path in tmp_path.iterdir()} == {"jixiao.duckdb", "many.csv"}


@pytest.mark.parametrize(
    ("table", "output", "said"), [("nothing", "a.csv", "there are marts.dim_units"), ("dim_units", "a.txt", ".xlsx")]
)
def test_what_cannot_be_exported_says_why(file: Path, tmp_path: Path, table: str, output: str, said: str) -> None:
    with pytest.raises(NotExportedError, match=said):
        export(file, table, tmp_path / output)


def test_the_command_exports_and_says_what(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House(tmp_path / "house", tmp_path / "inbox")
    monkeypatch.setenv("JIXIAO_DATA", str(house.root))
    assert main(["export", "dim_units"]) == 1
    house.published.parent.mkdir(parents=True)
    file.rename(house.published)
    monkeypatch.chdir(tmp_path)
    assert main(["export", "dim_units"]) == 0
    assert sheet(tmp_path / "dim_units.xlsx")[1][0][0].value == "元"
    assert main(["export", "marts.fct_lines", "--output", "lines.csv", "--fiscal-year", "2026"]) == 0
    assert f"lines.csv: {len(EVIL) + len(TAME) + 1} rows" in capsys.readouterr().out
    assert main(["export", "nothing"]) == 1
    assert "There is no table nothing" in capsys.readouterr().err
