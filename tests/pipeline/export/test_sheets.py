"""CSV and Excel: nothing is taken for a formula, ids stay text, days are days."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import sheet_csv, sheet_xlsx
from pipeline.export.tables import OWNERS, QUOTAS, TABLES, TASKS, TIMES

HOSTILE = ["=1+1", "+86", "-5度", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "＝1", "正常", "", "甲\n=乙", "\x01坏字符"]


def table_rows(texts):
    empty = {table.name: [] for table in TABLES}
    tasks = [
        {column.name: None for column in TASKS.columns}
        | {"task_key": f"k-{number:012d}", "notice_id": "n-1", "kind": "task", "text": text, "title": text,
           "due": "2024-11-30", "confidence": 0.5, "ordinal": number}
        for number, text in enumerate(texts)
    ]  # fmt: skip
    return empty | {"tasks": tasks}


@given(st.text(max_size=20))
def test_no_csv_cell_is_a_formula(text):
    found = sheet_csv.text(TASKS.columns, [{"task_key": "k", "text": text, "title": text}])
    (_, row) = csv.reader(io.StringIO(found.removeprefix("\ufeff"), newline=""))
    assert not row[8].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_keeps_numbers_and_vocabularies_for_machines():
    found = sheet_csv.text(QUOTAS.columns, [{"quota_key": "k", "value": -1.0, "comparator": "=", "annual": 0.5}])
    row = next(csv.DictReader(io.StringIO(found.removeprefix("\ufeff"))))
    assert (row["value"], row["comparator"], row["annual"]) == ("-1", "=", "0.5")


def test_flags_in_csv_are_json_words():
    found = sheet_csv.text(TIMES.columns, [{"time_key": "k", "due": True}])
    assert next(csv.DictReader(io.StringIO(found.removeprefix("\ufeff"))))["due"] == "true"


def test_excel_reads_back_as_written(tmp_path):
    path = tmp_path / "a.xlsx"
    sheet_xlsx.write_workbook(table_rows(HOSTILE), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [*(table.head for table in TABLES), "_duban"]
    assert book["_duban"].sheet_state == "hidden"
    sheet = book["任务"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [column.head for column in TASKS.columns]
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == f"A1:R{len(HOSTILE) + 1}"
    text = heads.index("任务内容")
    assert sheet.cell(5, text + 1).data_type == "s" and sheet.cell(5, text + 1).alignment.wrap_text
    for cells, words in zip(sheet.iter_rows(min_row=2), HOSTILE, strict=True):
        assert all(cell.data_type != "f" for cell in cells)
        assert (cells[text].value or "") == words.replace("\x01", "")
        due = cells[heads.index("完成时限")]
        assert due.is_date and due.value == datetime.datetime(2024, 11, 30)
        assert cells[heads.index("类别")].value == "任务"
    assert sheet.column_dimensions["I"].width == TASKS.column("text").wide


def test_text_beyond_what_a_cell_holds_is_cut_and_says_so(tmp_path):
    sheet_xlsx.write_workbook(table_rows(["长" * 40000]), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["任务"].cell(2, 9).value.endswith(sheet_xlsx.CUT)


def test_a_digest_is_of_what_is_shown():
    same = [4, 4.0, "4", " 4 "]
    assert len({sheet_xlsx.digest(each) for each in same}) == 1
    assert sheet_xlsx.digest(datetime.date(2024, 1, 2)) == sheet_xlsx.digest("2024-01-02")
    assert sheet_xlsx.digest(None) == sheet_xlsx.digest("")


def test_words_of_vocabularies_are_all_there():
    from typing import get_args

    from pipeline.export.meanings import VOCABULARIES

    for name, (literal, words) in VOCABULARIES.items():
        assert set(get_args(literal)) == set(words), name
        assert len(set(words.values())) == len(words), name
    assert OWNERS.column("role").words == VOCABULARIES["OwnerRole"][1]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice)")
def test_libreoffice_reads_the_workbook(store, tmp_path):
    from pipeline.export.run import export_records

    export_records(store, "xlsx", tmp_path / "a.xlsx")
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", options,
         "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    read = list(csv.DictReader((tmp_path / "out" / "a-任务.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["任务名称"] for row in read] == ["开展河道巡查", "报送信息", "组织培训"]
    assert read[0]["完成时限"].startswith("2024") and read[0]["任务编号"].startswith("k-")
