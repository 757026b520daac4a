"""Assessment schemes: their criteria, what the ledger's figures propose, and the sheets that a person confirms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from extractors import extract
from pipeline.store import Arrival, Store
from pipeline.tracker.entries import Entry
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.score_book import HEADS, Confirmed, book, read
from pipeline.tracker.scores import Scheme, schemes, sheet
from pipeline.tracker.scoring import take_sheets, write_sheets
from pipeline.tracker.types import Item, LedgerError, Occurrence, Party

DAY = date(2023, 12, 31)


def scheme(path: Path) -> Scheme:
    (record,) = extract(path)
    (found,) = schemes(record)
    return found


def written(tmp_path: Path, *rows: tuple[str, str, str], total: str = "满分100分。") -> Scheme:
    """A scheme from a text with a table of its own: title, standard, rule."""
    from docx import Document

    document = Document()
    for words in ("关于印发考核细则的通知", "各科室：", "现印发给你们，请认真执行。", "某局", "2023年1月5日", "信息工作考核细则",
                  f"一、考核办法　{total}", "二、评分标准"):  # fmt: skip
        document.add_paragraph(words)
    table = document.add_table(rows=0, cols=3)
    for row in (("考核内容", "考核标准", "评分细则"), *rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(tmp_path / "细则.docx"))
    return scheme(tmp_path / "细则.docx")


@pytest.fixture(scope="module")
def chengdu(root: Path) -> Scheme:
    return scheme(root / "samples" / "chengdu-environment-assessment.docx")


def test_a_scheme_is_read_with_its_rules(chengdu: Scheme) -> None:
    assert (len(chengdu.criteria), chengdu.full, chengdu.warnings) == (8, 100, ())
    rules = {each.title: [(rule.kind, rule.points, rule.unit) for rule in each.rules] for each in chengdu.criteria}
    assert rules["信息报送（10分）"] == [("short", 1, "篇")]
    assert rules["垃圾收运（20分）"] == [("other", 2, ""), ("short", 0.5, "%")]
    assert rules["问题整改（10分）"] == [("late", 2, "")]
    extra = chengdu.criteria[-1]
    assert extra.bonus and extra.full is None and extra.most == 6


def entry(*ones: Occurrence, key: str = "k-other", unit: str = "街道办") -> Entry:
    item = Item(1, "notice", "filed", "working", "报送", "原文", key=key, parties=(Party(unit, "lead"),))
    return Entry(item, ones)


def month(number: int, actual: float | None, **more: object) -> Occurrence:
    values: dict[str, object] = {"target": 4, "actual": actual, "unit": "篇", "subject": "工作信息"}
    day = date(2023, number, 28)
    return Occurrence(number, 1, f"2023-{number:02}", day, **{**values, **more})  # type: ignore[arg-type]


def proposed(found: Scheme, title: str, *entries: Entry, day: date = DAY) -> tuple[float | None, str]:
    made = sheet(found, "街道办", entries, day)
    row = next(row for row in made.rows if (row.criterion.title or row.criterion.text).startswith(title))
    return row.deduction, row.reason


def test_missing_ones_cost_points_up_to_the_full_marks(chengdu: Scheme) -> None:
    assert proposed(chengdu, "信息报送", entry(month(7, 4), month(8, 1), month(9, 5)))[0] == 3
    deduction, reason = proposed(chengdu, "信息报送", entry(*(month(n, 0) for n in range(7, 13))))
    assert deduction == 10 and reason.endswith("以10分为限")
    assert proposed(chengdu, "信息报送", entry(month(7, 0), month(12, 0)), day=date(2023, 8, 1))[0] == 4
    assert proposed(chengdu, "信息报送", entry(month(7, 0, before_issue=True)))[0] is None
    assert proposed(chengdu, "信息报送", entry(month(7, 0, unit="次")))[0] is None
    assert proposed(chengdu, "信息报送", entry(month(7, 0), unit="别的单位"))[0] is None


def test_a_share_costs_by_the_point(chengdu: Scheme) -> None:
    one = month(9, 82.5, target=85, unit="%", subject="分类投放准确率")
    deduction, reason = proposed(chengdu, "垃圾收运", entry(one))
    assert deduction == 1 and "少2.5%" in reason and "另需人工核定：未日产日清的每次扣2分" in reason


def test_what_the_ledger_can_not_tell_is_left_to_a_person(chengdu: Scheme) -> None:
    made = sheet(chengdu, "街道办", [], DAY)
    assert [row.deduction for row in made.rows] == [None] * 8
    assert (made.full, made.proposed, made.open) == (100, 100, 8)
    assert proposed(chengdu, "创新工作")[1].startswith("加分项")


def test_late_ones_of_the_same_item_cost_points(root: Path) -> None:
    (record,) = extract(root / "samples" / "chengdu-environment-assessment.docx")
    task = next(each for each in record.tasks if each.title == "问题整改（10分）")
    (found,) = schemes(record, {task.id: "k-1"})
    ones = (Occurrence(1, 1, "2023-08-01", date(2023, 8, 1), status="done", done_on=date(2023, 8, 3)),
            Occurrence(2, 1, "2023-09-01", date(2023, 9, 1), status="done", done_on=date(2023, 8, 30)),
            Occurrence(3, 1, "2023-10-01", date(2023, 10, 1)))  # fmt: skip
    assert proposed(found, "问题整改", entry(*ones, key="k-1"))[0] == 4


def test_each_rule_of_a_sentence_has_its_own_points(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        ("约稿报送（60分）", "按要求报送约稿。", "未及时报送扣0.5分，每少一篇扣1分，最多扣20分。"),
        ("微博报送（40分）", "每月报送微博不少于2条。", "每少2条扣1分，5分封顶。"),
    )
    first, second = found.criteria
    assert [(rule.kind, rule.text, rule.points) for rule in first.rules] == [
        ("late", "未及时报送扣0.5分", 0.5), ("short", "每少一篇扣1分", 1),
    ]  # fmt: skip
    assert (first.most, second.most, second.rules[0].step) == (20, 5, 2)
    assert (found.full, found.stated, found.warnings) == (100, 100, ())


def test_a_figure_is_known_by_a_word_that_tells_something(tmp_path: Path) -> None:
    found = written(tmp_path, ("微博报送（100分）", "按要求报送。", "每少1条扣1分。"), total="")
    assert proposed(found, "微博", entry(month(5, 3, unit="条", subject="微博（报送数）")))[0] == 1
    assert proposed(found, "微博", entry(month(5, 3, unit="条", subject="信息（报送数）")))[0] is None


def test_information_at_large_is_a_figure_of_its_own(tmp_path: Path) -> None:
    found = written(tmp_path, ("信息报送（100分）", "按要求报送。", "每少1篇扣1分。"), total="")
    assert proposed(found, "信息", entry(month(5, 3, subject="信息")))[0] == 1
    assert proposed(found, "信息", entry(month(5, 3, subject="微博信息")))[0] is None


def test_marks_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    rows = (("信息报送（50分）", "按要求报送。", "每少1篇扣1分。"), ("约稿（40分）", "按要求报送。", "每少1篇扣1分。"))
    found = written(tmp_path, *rows)
    assert found.warnings == ("各项满分合计90分，与写明的总分100分不符，请核对原文",)
    assert written(tmp_path, *rows, total="本办法实行百分制。").stated == 100
    assert written(tmp_path, *rows, total="考核按季进行。").warnings == ()


def test_a_person_confirms_in_the_workbook(chengdu: Scheme, tmp_path: Path) -> None:
    sheets = [sheet(chengdu, unit, [entry(month(7, 1))], DAY) for unit in ("街道办", "环卫中心")]
    made = load_workbook(BytesIO(book(chengdu, sheets, DAY)))
    assert made.sheetnames == ["街道办", "环卫中心"]
    page = made["街道办"]
    row = next(line for line in page.iter_rows() if line[1].value == "信息报送（10分）")
    assert (row[3].value, row[5].value) == (10, 3)
    page.cell(row[0].row, HEADS.index("确认扣分") + 1, "2分")
    page.cell(row[0].row, HEADS.index("说明") + 1, "补报1篇")
    page.cell(row[0].row + 1, HEADS.index("确认扣分") + 1, "两分")
    page.cell(row[0].row - 1, HEADS.index("确认扣分") + 1, 21)
    page.cell(row[0].row + 2, HEADS.index("确认加分") + 1, 4)
    made.save(tmp_path / "评分.xlsx")
    confirmed, _, refused = read(tmp_path / "评分.xlsx")
    task = next(each.task for each in chengdu.criteria if each.title == "信息报送（10分）")
    assert confirmed == [Confirmed("街道办", task, 10, 2, None, "补报1篇"),
                         Confirmed("街道办", chengdu.criteria[-1].task, 0, None, 4, "")]  # fmt: skip
    assert [each.score for each in confirmed] == [8, 4]
    assert len(refused) == 2 and "超过满分20分" in refused[0] and "“两分”不是分数" in refused[1]


def test_what_is_no_score_book(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(LedgerError, match="没有找到评分表"):
        read(tmp_path / "空.xlsx")
    for name in ("坏.xlsx", "旧.xls"):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(LedgerError, match="不是能读的"):
            read(tmp_path / name)


def test_sheets_of_a_ledger_and_back(
    root: Path, tmp_path: Path, store: Store, open_ledger: Callable[..., Ledger]
) -> None:
    path = root / "samples" / "chengdu-environment-assessment.docx"
    now = datetime(2024, 1, 2, tzinfo=UTC)
    (saved,) = store.save(extract(path), Arrival("通知.docx", "docx", "0" * 64, 1), by="张三", at=now)
    ledger = open_ledger(DAY)
    ledger.propose()
    with pytest.raises(LedgerError, match="不知道给哪些单位评分"):
        write_sheets(ledger, saved.notice_id, tmp_path / "评分.xlsx", DAY)
    (made,) = write_sheets(ledger, saved.notice_id, tmp_path / "评分.xlsx", DAY, units=["街道办"], period="2023")
    assert made.sheets[0].open == 8
    filled = load_workbook(made.path)
    filled["街道办"].cell(5, HEADS.index("确认扣分") + 1, 3)
    filled.save(made.path)
    taken = take_sheets(ledger, made.path)
    assert (taken.saved, taken.refused, taken.confirmed, taken.period) == (1, (), 1, "2023")
    assert [(each.unit, each.confirmed) for each in ledger.scores("2023")] == [("街道办", 17)]
    assert take_sheets(ledger, made.path, period="2023").saved == 0
