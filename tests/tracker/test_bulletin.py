"""The bulletin's figures by their definitions, its words, and its files."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store import Store
from pipeline.tracker.bulletin import compose, make
from pipeline.tracker.bulletin_blocks import Chart, Paragraph, Table
from pipeline.tracker.bulletin_files import to_docx, to_html, write
from pipeline.tracker.chart import svg
from pipeline.tracker.entries import Entry
from pipeline.tracker.figures import Count, Figures, Line, Records, measure
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.settings import BulletinSettings
from pipeline.tracker.types import Extension, Item, LedgerError, Note, Occurrence, Party, Query, Reminder

DAY = date(2021, 6, 30)
NONE = Records()


def entry(id: int, unit: str, *ones: Occurrence, status: str = "working", support: str = "", **more: object) -> Entry:
    parties = [Party(unit, "lead"), *([Party(support, "support")] if support else [])]
    item = Item(
        id, "notice", "filed", status, f"事项{id}", "原文", number=f"2021-{id:04}", parties=tuple(parties),  # type: ignore[arg-type]
        issued_on=date(2021, 3, 23), assigned_on=date(2021, 3, 23), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return Entry(item, ones)


def once(id: int, due: date, status: str = "open", done: date | None = None, **more: object) -> Occurrence:
    return Occurrence(id, id, due.isoformat(), due, status=status, done_on=done, **more)  # type: ignore[arg-type]


ENTRIES = [
    entry(1, "甲科", once(1, date(2021, 4, 30), "done", date(2021, 4, 28)), support="丙科"),
    entry(2, "甲科", once(2, date(2021, 5, 31), "done", date(2021, 6, 2))),
    entry(3, "乙科", once(3, date(2021, 5, 31)), support="丙科"),
    entry(4, "乙科", once(4, date(2021, 6, 15), "reported", date(2021, 6, 14))),
    entry(5, "乙科", once(5, DAY)),
    entry(6, "丙科", once(6, date(2021, 3, 2), before_issue=True)),
    entry(7, "丙科", once(7, date(2021, 12, 31))),
    entry(8, "丙科", once(8, date(2021, 4, 30), adjusted_due=date(2021, 7, 20))),
    entry(9, "丙科", once(9, date(2021, 4, 30)), status="stopped"),
    entry(10, "丙科", once(10, date(2021, 4, 30)), status="unassigned"),
    entry(11, "丙科", once(11, date(2021, 4, 30), "waived")),
    entry(12, "丁科", status="standing", standing=True),
    entry(
        13, "丁科", once(13, date(2021, 6, 20), "done", date(2021, 6, 20)), status="closed", closed_on=date(2021, 6, 25)
    ),
]


def test_each_definition_has_its_case() -> None:
    found = measure(ENTRIES, NONE, DAY)
    assert found.total == Count(due=6, done=3, on_time=2, reported=4, waiting=1, overdue=1, extended=1)
    assert (found.items, found.closed, found.standing, found.stopped, found.unassigned) == (13, 1, 1, 1, 1)
    assert (found.not_due, found.before_issue) == (2, 1)
    assert [found.total.rate(each) for each in ("done", "on_time", "reported")] == [50.0, 33.3, 66.7]
    by_unit = {each.unit: each for each in found.units}
    assert by_unit["乙科"].count == Count(due=3, reported=1, waiting=1, overdue=1)
    assert (by_unit["丙科"].supported, by_unit["丙科"].supported_overdue) == (2, 1)
    assert [(line.number, line.days) for line in found.overdue] == [("2021-0003", 30)]
    assert [line.number for line in found.coming] == ["2021-0008"]
    assert [line.number for line in found.finished] == ["2021-0013"]


def test_a_period_with_several_figures_counts_once() -> None:
    def one(id: int, status: str, done: date | None = None, **more: object) -> Occurrence:
        return Occurrence(id, 1, "2021-05", date(2021, 5, 31), status=status, done_on=done, series=id, **more)  # type: ignore[arg-type]

    first, last = date(2021, 5, 20), date(2021, 6, 2)
    both = [entry(1, "甲科", one(1, "done", first), one(2, "done", last))]
    assert measure(both, NONE, DAY).total == Count(due=1, done=1, on_time=0, reported=1)
    assert measure(both, NONE, date(2021, 6, 1)).total == Count(due=1, overdue=1)
    half = [entry(1, "甲科", one(1, "done", first), one(2, "open"))]
    assert measure(half, NONE, DAY).total == Count(due=1, overdue=1)
    told = [entry(1, "甲科", one(1, "done", first), one(2, "reported", first))]
    assert measure(told, NONE, DAY).total == Count(due=1, reported=1, waiting=1)
    spared = [entry(1, "甲科", one(1, "done", first), one(2, "waived"))]
    assert measure(spared, NONE, DAY).total == Count(due=1, done=1, on_time=1, reported=1)
    before = [entry(1, "甲科", one(1, "open", before_issue=True), one(2, "open", before_issue=True))]
    assert (measure(before, NONE, DAY).before_issue, measure(before, NONE, DAY).total) == (1, Count())
    moved = [
        entry(1, "甲科", one(1, "open", adjusted_due=date(2021, 7, 9)), one(2, "open", adjusted_due=date(2021, 7, 9)))
    ]
    assert measure(moved, NONE, DAY).total == Count(extended=1)


def test_what_came_later_does_not_count_on_an_earlier_day() -> None:
    found = measure(ENTRIES, NONE, date(2021, 6, 1))
    assert found.total == Count(due=3, done=1, on_time=1, reported=1, overdue=2, extended=1)
    extended = {8: [Extension(1, 8, date(2021, 6, 10), "缺场地", date(2021, 7, 20), "张局长", "", "")]}
    before = measure(ENTRIES, Records(extensions=extended), date(2021, 6, 1))
    assert (before.total.due, before.total.overdue, before.total.extended) == (4, 3, 0)
    after = measure(ENTRIES, Records(extensions=extended), DAY)
    assert after.total == measure(ENTRIES, NONE, DAY).total
    assert after.extensions[0].remark == "原定2021-04-30；缺场地；批准：张局长"


def test_notes_and_chases_stand_in_the_list_of_what_is_overdue() -> None:
    notes = {3: [Note(1, 3, "", "正在办理", "人手不足", "月底前完成", None, "", "2021-06-05T00:00:00+00:00"),
                 Note(2, 3, "", "后来的", "", "", None, "", "2021-07-05T00:00:00+00:00")]}  # fmt: skip
    sent = {3: [Reminder(1, 3, "2021-05-31", "乙科", "chase-2", date(2021, 6, 8), "", "")]}
    figures = measure(ENTRIES, Records(notes, {}, sent), DAY)
    (line,) = figures.overdue
    assert (line.chases, line.progress, line.problems) == (2, "正在办理", "人手不足")
    words = "\n".join(block.text for block in compose(figures).blocks if isinstance(block, Paragraph))
    assert "1．乙科：应办结3件次，逾期1件次，涉及“事项3" in words
    assert "，最长逾期30天，已催办2次。单位反映：人手不足。" in words


STATES = st.sampled_from(["open", "reported", "done", "waived"])
DAYS = st.dates(date(2021, 1, 1), date(2021, 12, 31))


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    made = []
    for id in range(1, draw(st.integers(1, 8))):
        ones = []
        for due in draw(st.lists(DAYS, max_size=4, unique=True)):
            state = draw(STATES)
            done = draw(DAYS) if state in ("done", "reported") else None
            ones.append(
                Occurrence(id, id, due.isoformat(), due, status=state, done_on=done, before_issue=draw(st.booleans()))
            )  # fmt: skip
        status = draw(st.sampled_from(["working", "closed", "stopped", "unassigned", "standing", "reported"]))
        made.append(entry(id, draw(st.sampled_from("甲乙丙")) + "科", *ones, status=status, support="丁科"))
    return made


@settings(max_examples=60, deadline=None)
@given(ledgers(), DAYS)
def test_units_add_up_and_what_is_due_is_one_of_four(entries: list[Entry], day: date) -> None:
    found = measure(entries, NONE, day)
    for name in ("due", "done", "on_time", "reported", "waiting", "overdue", "extended"):
        assert getattr(found.total, name) == sum(getattr(each.count, name) for each in found.units)
    assert sum(each.items for each in found.units) == found.items
    for each in (found.total, *(one.count for one in found.units)):
        assert each.on_time <= each.done <= each.reported <= each.due
        assert each.reported == each.done + each.waiting
        assert each.done + each.waiting + each.overdue <= each.due
    assert Figures.of(json.loads(json.dumps(found.payload()))) == found
    compose(found, BulletinSettings(ranking=True))


def test_units_are_not_ranked_unless_asked_for() -> None:
    figures = measure(ENTRIES, NONE, DAY, order=["丙科", "甲科"])
    table = next(block for block in compose(figures).appendix if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["丙科", "甲科", "丁科", "乙科"]
    ranked = next(b for b in compose(figures, BulletinSettings(ranking=True)).appendix if isinstance(b, Table))
    assert [row[:2] for row in ranked.rows] == [("1", "丁科"), ("2", "甲科"), ("3", "乙科"), ("—", "丙科")]


def test_the_change_since_the_last_one() -> None:
    first = measure(ENTRIES, NONE, date(2021, 5, 10))
    figures = measure(ENTRIES, NONE, DAY, previous=first)
    words = compose(figures).blocks[2]
    assert isinstance(words, Paragraph)
    assert words.text.startswith("与上次通报（截至2021年5月10日）相比，应办结增加5件次，办结率下降50个百分点")


def test_a_ledger_with_nothing_due_has_a_bulletin() -> None:
    bulletin = compose(measure([], NONE, DAY))
    assert "截至目前没有逾期事项。" in [block.text for block in bulletin.blocks if isinstance(block, Paragraph)]
    to_docx(bulletin), to_html(bulletin)


def test_word_and_web_page_say_the_same_and_escape(tmp_path: Path) -> None:
    odd = entry(3, "乙<b>科", once(3, date(2021, 5, 31)))
    bulletin = compose(measure([*ENTRIES[:2], odd], NONE, DAY), BulletinSettings(office="局督查室"))
    write(bulletin, tmp_path / "通报.docx")
    write(bulletin, tmp_path / "通报.html")
    page, document = (tmp_path / "通报.html").read_text(encoding="utf-8"), Document(str(tmp_path / "通报.docx"))
    assert "乙<b>科" not in page and "乙&lt;b&gt;科" in page
    words = [paragraph.text for paragraph in document.paragraphs]
    for block in (*bulletin.blocks, *bulletin.appendix):
        if isinstance(block, Paragraph):
            assert block.text in words and block.text.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "（代拟稿）" in words and "（代拟稿）" in page
    assert not re.search(r"https?://(?!www\.w3\.org)", page), "the page needs nothing from elsewhere"
    with pytest.raises(LedgerError, match=r"\.docx 或 \.html"):
        write(bulletin, tmp_path / "通报.pdf")


def test_the_chart_is_words_own_with_its_workbook() -> None:
    from openpyxl import load_workbook

    with zipfile.ZipFile(BytesIO(to_docx(compose(measure(ENTRIES, NONE, DAY))))) as parts:
        chart = parts.read("word/charts/chart1.xml").decode()
        book = load_workbook(BytesIO(parts.read("word/embeddings/chart1.xlsx")))
    assert "甲科" in chart and "externalData" in chart
    assert [[cell.value for cell in row] for row in book.active.iter_rows()][1] == ["丁科", 1, 0, 0, 0, 0]
    assert svg(Chart("图", ("甲<科",), (("逾期", "C8504B", (2,)),))).count("<rect") == 2


def test_an_extension_and_a_note_reach_the_bulletin(open_ledger: Callable[..., Ledger]) -> None:
    ledger = open_ledger(DAY)
    party = [{"name": "市容科", "role": "lead"}]
    ids = [ledger.add({"text": f"办理第{n}件", "parties": party, "due": date(2021, 5, 10)}, "phone") for n in range(2)]
    ledger.file(ids, assigned_on=date(2021, 4, 1))
    ledger.extend(ids[0], date(2021, 7, 15), "缺场地", "张局长", applied_on=date(2021, 5, 8))
    ledger.note(ids[1], problems="缺人手")
    _, figures = make(ledger, DAY)
    assert figures.total == Count(due=1, overdue=1, extended=1)
    assert figures.extensions[0].remark == "原定2021-05-10；缺场地；批准：张局长"
    assert [line.problems for line in figures.overdue] == ["缺人手"]


def test_a_snapshot_gives_the_same_figures_later(open_ledger: Callable[..., Ledger]) -> None:
    ledger = open_ledger(DAY)
    for n in range(3):
        parties = [{"name": "市容科", "role": "lead"}]
        ledger.add({"text": f"办理第{n}件", "parties": parties, "due": date(2021, 5, 10 + n)}, "meeting")
    ids = [each.id for each in ledger.items(Query(DAY, filing=("pending",)))]
    ledger.file(ids, assigned_on=date(2021, 4, 1))
    ledger.report(ids[0], progress="已完成")
    first, figures = make(ledger, DAY)
    assert figures.total == Count(due=3, reported=1, waiting=1, overdue=2)
    ledger.accept(ids[0])
    ledger.close(ids[1], "会议已开")
    later, same = make(ledger, DAY)
    assert (later, same) == (first, figures)
    assert len(ledger.snapshots()) == 1
    _, anew = make(ledger, DAY, again=True)
    assert anew.total == Count(due=3, done=2, reported=2, overdue=1)
    with pytest.raises(LedgerError, match="还没有到"):
        make(ledger, date(2021, 7, 1))


def test_parts_that_say_the_same_are_one_line() -> None:
    def line(number: str, unit: str, **more: object) -> Line:
        return Line(number, "报送信息", unit, "2021-05-31", ["2021年5月", "2021年6月"], days=3, **more)  # type: ignore[arg-type]

    figures = Figures("2021-06-30", overdue=[
        line("2021-0007-01", "甲科"), line("2021-0007-02", "乙科"), line("2021-0007-03", "丙科", problems="人手不足"),
        line("2021-0008", "甲科"),
    ])  # fmt: skip
    (table,) = [each for each in compose(figures).appendix if isinstance(each, Table) and "附表2" in each.caption]
    assert [row[1:4] for row in table.rows] == [
        ("2021-0007", "报送信息（2021年5、6月）", "甲科、乙科（2个单位）"),
        ("2021-0007-03", "报送信息（2021年5、6月）", "丙科"), ("2021-0008", "报送信息（2021年5、6月）", "甲科"),
    ]  # fmt: skip


def test_a_bulletin_that_is_only_looked_at_keeps_nothing(store: Store) -> None:
    ledger = Ledger(store, today=DAY, by="张三", now=datetime(2021, 6, 30, 9, tzinfo=UTC))
    assert make(ledger, DAY, keep=False)[1].items == 0
    assert not ledger.snapshots()
    make(ledger, DAY)
    assert len(ledger.snapshots()) == 1
