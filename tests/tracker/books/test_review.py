from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.tracker.review_book import COLUMNS, SHEET, write_review
from pipeline.tracker.review_read import apply_review, read_review
from pipeline.tracker.types import LedgerError, Query

DAY = date(2021, 4, 12)
PENDING = Query(DAY, filing=("pending",))
PLACE = {column.name: number for number, column in enumerate(COLUMNS, 1)}


@pytest.fixture
def waiting(at):
    """A ledger with four items that wait for 立项; one of them has nobody to do it."""
    ledger = at()
    owner = [{"name": "市容科", "role": "lead", "type": "department", "unit": None}]
    for title, parties in (("整治占道", owner), ("清运垃圾", owner), ("清运垃圾", owner), ("弘扬精神", [])):
        ledger.add({"title": title, "text": f"{title}的要求。", "parties": parties}, "meeting")
    return ledger


def fill(path, rows):
    book = load_workbook(path)
    sheet = book[SHEET]
    for at, values in rows.items():
        for name, value in values.items():
            sheet.cell(at, PLACE[name]).value = value
    book.save(path)


def titles(path):
    sheet = load_workbook(path)[SHEET]
    return [sheet.cell(row, PLACE["title"]).value for row in range(4, sheet.max_row + 1)]


def test_doubtful_items_come_first(waiting, tmp_path):
    path = tmp_path / "立项.xlsx"
    assert write_review(waiting, PENDING, path, today=DAY) == 4
    assert titles(path) == ["弘扬精神", "整治占道", "清运垃圾", "清运垃圾"]
    sheet = load_workbook(path)[SHEET]
    assert sheet.cell(4, PLACE["doubt"]).value == "没有责任单位、时限和数量"
    assert sheet.cell(5, PLACE["words"]).value == "整治占道的要求。"
    assert "立项,仅存档,并入,待定" in sheet.data_validations.dataValidation[0].formula1


def test_decisions_and_edits_in_bulk(waiting, tmp_path):
    path = tmp_path / "立项.xlsx"
    write_review(waiting, PENDING, path, today=DAY)
    fill(path, {
        4: {"decision": "仅存档", "reason": "口号"},
        5: {"decision": "立项", "title": "整治占道经营", "lead": "执法大队、市容科", "due": "5月1日"},
        6: {"decision": "立项"},
        7: {"decision": "并入", "into": 3},
    })  # fmt: skip
    review = read_review(waiting, path)
    assert review.refused == []
    assert [review.count(code) for code in ("filed", "archived", "merged")] == [2, 1, 1]
    assert waiting.count(Query(DAY)) == 0
    apply_review(waiting, review, assigned_on=DAY)
    first, second = waiting.items(Query(DAY))
    assert (first.title, first.due, first.status) == ("整治占道经营", date(2021, 5, 1), "working")
    assert first.names("lead") == ["执法大队", "市容科"]
    (merged,) = waiting.items(Query(DAY, filing=("merged",)))
    assert merged.merged_into == second.id
    waiting.undo()
    assert waiting.count(PENDING) == 4


def test_a_row_copied_divides_an_item(waiting, tmp_path):
    path = tmp_path / "立项.xlsx"
    write_review(waiting, PENDING, path, today=DAY)
    book = load_workbook(path)
    sheet = book[SHEET]
    sheet.append([cell.value for cell in sheet[5]])
    for row, title in ((5, "整治店外"), (sheet.max_row, "整治流动")):
        sheet.cell(row, PLACE["title"]).value, sheet.cell(row, PLACE["decision"]).value = title, "立项"
    book.save(path)
    apply_review(waiting, read_review(waiting, path))
    parts = [item for item in waiting.items(Query(DAY)) if item.parent]
    assert [part.title for part in parts] == ["整治店外", "整治流动"]
    assert all(part.filing == "filed" and part.number for part in parts)


def test_rows_that_cant_be_taken_are_told(waiting, tmp_path):
    path = tmp_path / "立项.xlsx"
    write_review(waiting, PENDING, path, today=DAY)
    fill(path, {4: {"decision": "仅存档", "reason": None}, 5: {"decision": "可以"}, 6: {"decision": "并入", "into": "99"},
                7: {"decision": "待定"}, 8: {"title": "手工添的"}})  # fmt: skip
    review = read_review(waiting, path)
    assert review.decisions == {}
    assert len(review.refused) == 4


def test_what_is_decided_already_stays(waiting, tmp_path):
    path = tmp_path / "立项.xlsx"
    write_review(waiting, PENDING, path, today=DAY)
    waiting.archive([item.id for item in waiting.items(PENDING)], "不办")
    review = read_review(waiting, path)
    assert review.decisions == {} and len(review.refused) == 4


def test_another_workbook(waiting, tmp_path):
    from openpyxl import Workbook

    Workbook().save(tmp_path / "别的.xlsx")
    with pytest.raises(LedgerError, match="立项审核表"):
        read_review(waiting, tmp_path / "别的.xlsx")
