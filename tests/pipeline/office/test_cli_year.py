"""A notice's year by the commands that a clerk types, on SQLite and on PostgreSQL: from 立项 to the bulletin in December.

The bulletin stands in ``tests/golden/ledger``; its figures were counted by hand.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.office import Office
from pipeline.tracker import roster_book
from pipeline.tracker.book_columns import COLUMNS
from pipeline.tracker.ledger_book import SHEET
from pipeline.tracker.types import Unit, UnitSet

vobject = pytest.importorskip("vobject")

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "ledger" / "rugao-water-2024-bulletin.html"
AGENCY = "如皋市水务局"
STATIONS = ("城北水利站", "城南水利站", "江滨水利站", "开发区水利站")
UNITS = (*STATIONS, "办公室", "人事科", "宣传科", "水资源科", "供水管理处", "河道管理科", "水政监察大队", "节水办",
         "工程科", "财务科")  # fmt: skip
ISSUED = date(2024, 2, 26)
PLACE = {column.name: number for number, column in enumerate(COLUMNS, 1)}


class Clerk:
    """Somebody at a desk: commands on a day, all of which must succeed."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder

    def __call__(self, day: date, *arguments: object, status: int = 0) -> str:
        found, out, said = self.run(*map(str, arguments), "--today", day.isoformat())
        assert found == status, (arguments, out, said)
        return out

    def json(self, day: date, *arguments: object) -> Any:
        return json.loads(self(day, *arguments, "--json"))

    def number(self, title: str) -> str:
        (found,) = [each for each in self.json(ISSUED, "tasks") if each["title"] == title]
        return str(found["number"])


@pytest.fixture
def clerk(
    office: Office, run: Run, put: Callable[..., str], store_url: str, monkeypatch: pytest.MonkeyPatch
) -> Clerk:  # fmt: skip
    """The clerk on the day of issue: the notice is filed as proposed, divided among the roster's units, assigned."""
    monkeypatch.setenv("DUBAN_STORE", store_url)
    put(Office.open(office.workspace.folder, "李科"), (ROOT / "samples/rugao-water-plans.txt").read_text("utf-8"))
    roster = office.workspace.folder / "名册.xlsx"
    sets = [UnitSet("各水利站", STATIONS, AGENCY), UnitSet("各单位", UNITS, AGENCY)]
    roster_book.write(roster, [Unit(name, AGENCY) for name in UNITS], sets)
    made = Clerk(run, office.workspace.folder)
    made(ISSUED, "units", "import", roster, "--yes")
    told = made(ISSUED, "confirm", "皋水发〔2024〕18号", "--accept", "--assigned-on", ISSUED, "--yes")
    assert "立项 26 项" in told
    return made


def test_a_year_at_the_desk(
    clerk: Clerk, office: Office, put: Callable[..., str], request: pytest.FixtureRequest
) -> None:
    assert clerk.json(ISSUED, "tasks", "--overdue") == []
    every_stage_is_told_once(clerk)
    the_calendar_has_what_is_to_come(clerk)
    stations_report_and_are_chased(clerk)
    units_return_their_workbooks(clerk)
    a_reissue_moves_what_is_to_come(clerk, office, put)
    december(clerk, request)


def every_stage_is_told_once(clerk: Clerk) -> None:
    """Somebody looks every day until the end of March, on one of them twice."""
    told: Counter[tuple[str, str, str, str]] = Counter()
    day = ISSUED
    while day <= date(2024, 3, 29):
        looked = clerk.json(day, "remind", "--dry-run") if day.weekday() == 1 else None
        sent = clerk.json(day, "remind", "--letters", clerk.folder / "催办单")
        assert looked is None or looked["digests"] == sent["digests"]
        assert sent["noted"] == sum(len(each["due"]) for each in sent["digests"])
        for digest in sent["digests"]:
            told.update((one["number"], one["period"], digest["unit"], one["stage"]) for one in digest["due"])
            assert all(one["deadline"] >= ISSUED.isoformat() for one in digest["due"])
        day += timedelta(days=1)
    assert told and set(told.values()) == {1}
    station = Counter(stage for number, _, unit, stage in told if unit == "城北水利站" and number == "2024-0026-01")
    assert station == {"3": 1, "0": 1, "chase-1": 1, "chase-2": 1, "chase-3": 1, "chase-4": 1}
    last = date(2024, 3, 29)
    assert "今天没有需要提醒的事项" in clerk(last, "remind", "--unit", "城北水利站")
    assert clerk.json(last, "remind", "--again")["digests"]
    letters = {path.name.split("-")[0] for path in (clerk.folder / "催办单").iterdir()}
    assert letters == {"催办单", "督办单"}


def the_calendar_has_what_is_to_come(clerk: Clerk) -> None:
    clerk(ISSUED, "remind", "--dry-run", "--ics", clerk.folder / "台账.ics", "--unit", "城北水利站")
    calendar = vobject.readOne((clerk.folder / "台账.ics").read_text("utf-8"))
    events = {event.summary.value: event for event in calendar.vevent_list}
    (monthly,) = [event for name, event in events.items() if "按时报送" in name]
    assert [each.date() for each in monthly.rruleset] == [date(2024, month, 5) for month in range(3, 13)]
    assert len({event.uid.value for event in events.values()}) == len(events)
    assert all(event.valarm_list for event in events.values())


def stations_report_and_are_chased(clerk: Clerk) -> None:
    """Three stations report what was due in March; one of them has to do it again."""
    day, number = date(2024, 4, 1), clerk.number("按时报送")
    for place in (1, 2, 3):
        clerk(day, "report", f"{number}-{place:02}", "--progress", "已报送3月报表")
    clerk(day, "review", f"{number}-01", f"{number}-02", "--accept", "--yes")
    clerk(day, "review", f"{number}-03", "--return", "缺签章")
    (parent,) = [each for each in clerk.json(day, "tasks") if each["number"] == number]
    assert (parent["units"], parent["units_missing"]) == (4, ["江滨水利站", "开发区水利站"])
    late = [each["number"] for each in clerk.json(day, "tasks", "--overdue") if each["parent"] == parent["id"]]
    assert late == []  # parents stand for their parts
    overdue = {each["number"] for each in clerk.json(day, "tasks", "--overdue")}
    assert number in overdue


def units_return_their_workbooks(clerk: Clerk) -> None:
    """14 files with 50 filled cells, five of which were told by telephone meanwhile."""
    day, number = date(2024, 4, 9), clerk.number("加强组织领导")
    folder = clerk.folder / "反馈"
    clerk(day, "ledger", "split", number, "--output", folder)
    files = sorted(folder.glob("*.xlsx"))
    assert len(files) == 14
    for place, path in enumerate(files):
        book = load_workbook(path)
        sheet = book[SHEET]
        row = next(
            r for r in range(1, sheet.max_row + 1)
            if str(sheet.cell(r, PLACE["number"]).value).startswith(f"{number}-")
        )  # fmt: skip
        told = {"progress_text": "名单已报", "problems": "人手不足", "next_steps": "增派人员"}
        told |= {"progress": "达序时"} if place >= 6 else {}
        for name, words in told.items():
            sheet.cell(row, PLACE[name]).value = words
        book.save(path)
        if place < 5:
            part = sheet.cell(row, PLACE["number"]).value
            clerk(date(2024, 4, 10), "note", part, "--progress", "来电说已报")
    shutil.move(files[0], folder / "改了名.xlsx")
    said = clerk(date(2024, 4, 11), "ledger", "import", folder, "--yes", status=1)
    assert "已采纳 45 处改动，14 个事项" in said and said.count("！冲突") == 5
    again = clerk(date(2024, 4, 11), "ledger", "import", folder, "--yes", status=1)
    assert "没有可采纳的改动" in again


def a_reissue_moves_what_is_to_come(clerk: Clerk, office: Office, put: Callable[..., str]) -> None:
    day, number = date(2024, 6, 15), clerk.number("按时报送")
    text = (ROOT / "samples/rugao-water-plans.txt").read_text("utf-8")
    put(
        Office.open(office.workspace.folder, "李科"),
        text.replace("各水利站每月5日前", "各水利站每月10日前"),
        "修订.txt",
    )
    changed = {each["number"] for each in clerk.json(day, "tasks", "--changed")}
    assert number in changed
    after = clerk.json(day, "task", f"{number}-01")
    periods = after["occurrences"]
    assert [each["due"] for each in periods if each["status"] == "done"] == ["2024-03-05"]
    assert {each["due"][8:] for each in periods if each["due"] > "2024-06-15"} == {"10"}


def december(clerk: Clerk, request: pytest.FixtureRequest) -> None:
    """One item put off, one closed; the bulletins of June and December, the second of which compares with the first."""
    clerk(date(2024, 5, 20), "extend", clerk.number("制作节水公益广告2部"), "--to", "2024-09-30", "--reason", "设备未到",
          "--approved-by", "分管领导")  # fmt: skip
    clerk(date(2024, 6, 28), "close", clerk.number("更新公共供水管网宣传栏60块"), "--reason", "已全部更新", "--yes")
    clerk(date(2024, 7, 1), "bulletin", "--as-of", "2024-06-30", "--output", clerk.folder / "六月.docx")
    day, page = date(2024, 12, 15), clerk.folder / "十二月.html"
    clerk(day, "bulletin", "--output", page, "--output", clerk.folder / "十二月.docx")
    text = page.read_text("utf-8")
    if request.config.getoption("--rewrite-golden"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text("utf-8")
    words = "\n".join(each.text for each in Document(str(clerk.folder / "十二月.docx")).paragraphs)
    assert "与上次通报（截至2024年6月30日）相比" in words and "（代拟稿）" in words
    clerk(date(2024, 12, 20), "close", clerk.number("组织“世界水日”宣传"), "--reason", "已办", "--yes")
    clerk(date(2024, 12, 20), "bulletin", "--as-of", day, "--output", clerk.folder / "再编.html")
    assert (clerk.folder / "再编.html").read_text("utf-8") == text


def test_the_handbook_shows_what_is_printed(clerk: Clerk) -> None:
    """The examples of docs/ledger.md on reminders, letters and the bulletin, in their order."""
    text = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    section = text[text.index("## Reminders and letters") : text.index("## Scores by")]
    blocks = re.findall(r"```console\n(.*?)```", section, re.S)
    examples = [each for block in blocks for each in block.removeprefix("$ duban ").split("$ duban ")]
    assert len(examples) == 5
    for example in examples:
        command, _, shown = example.partition("\n")
        words = shlex.split(command)
        _, out, said = clerk.run(*words, *(() if "--today" in words else ("--today", ISSUED.isoformat())))
        if shown:
            assert [line.rstrip() for line in (out + said).splitlines()] == shown.splitlines()
