"""The roster and the ledger's workbooks, as a clerk has them through the year."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.office import Office
from pipeline.tracker import roster_book
from pipeline.tracker.book_columns import COLUMNS
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.ledger_book import KEPT_SHEET, SHEET
from pipeline.tracker.types import Query, Unit, UnitSet

Run = Callable[..., tuple[int, str, str]]
DAY = "2024-02-26"
AGENCY = "如皋市水务局"
STATIONS = ("城北水利站", "城南水利站", "江滨水利站")
UNITS = (*STATIONS, "办公室", "人事科", "宣传科", "水资源科")
PLACE = {column.name: number for number, column in enumerate(COLUMNS, 1)}


def ledger_of(office: Office, day: str = DAY) -> tuple[Any, Ledger]:
    store = office.store()
    today = date.fromisoformat(day)
    return store, Ledger(store, today=today, by="李科", now=datetime(today.year, today.month, today.day, 9))


@pytest.fixture
def roster(office: Office) -> Path:
    """A roster's workbook in the workspace."""
    path = office.workspace.folder / "名册.xlsx"
    units = [Unit(name, AGENCY, ("水资源",) if name == "水资源科" else (), contact="张三") for name in UNITS]
    roster_book.write(path, units, [UnitSet("各水利站", STATIONS, AGENCY)])
    return path


@pytest.fixture
def filed(office: Office, put: Any, root: Path, run: Run, roster: Path) -> Office:
    """A workspace whose notice is filed and assigned before there was a roster."""
    put(office, (root / "samples/rugao-water-plans.txt").read_text(encoding="utf-8"))
    store, ledger = ledger_of(office)
    with closing(store):
        ledger.propose()
        ledger.confirm([item.id for item in ledger.items(Query(ledger.today, filing=("pending",)))])
        ledger.assign([item.id for item in ledger.items(Query(ledger.today))])
    return office


def put_cell(path: Path, number: str, **values: Any) -> None:
    book = load_workbook(path)
    sheet = book[SHEET]
    row = next(r for r in range(5, sheet.max_row + 1) if sheet.cell(r, PLACE["number"]).value == number)
    for name, value in values.items():
        sheet.cell(row, PLACE[name]).value = value
    book.save(path)


def numbers(path: Path) -> list[str]:
    sheet = load_workbook(path)[SHEET]
    return [sheet.cell(r, PLACE["number"]).value for r in range(5, sheet.max_row + 1)]


def test_the_roster_comes_and_goes(filed: Office, run: Run, roster: Path) -> None:
    assert "还没有单位名册" in run("units", "list")[1]
    status, out, log = run("units", "import", "名册.xlsx", "--today", DAY)
    assert status == 0
    assert (
        "增加单位 7 个：城北水利站、" in out and "增加集合 1 个：各水利站" in out and "已导入 7 个单位，1 个集合" in out
    )
    assert "现在可以分解：duban units divide" in out
    assert "事项里有、名册里没有的单位" in log and "没有定义的统称" in log and "各单位（" in log
    assert "与现有名册相同" in run("units", "import", "名册.xlsx")[1]
    status, out, _ = run("units", "list")
    assert "水资源科" in out and "各水利站（如皋市水务局）＝城北水利站、城南水利站、江滨水利站" in out
    assert len(json.loads(run("units", "list", "--json")[1])["units"]) == 7

    assert run("units", "export", "改.xlsx")[0] == 0
    book = load_workbook("改.xlsx")
    book["单位"].delete_rows(8)
    book["单位"]["E2"].value = "李四"
    book["集合"]["B2"].value = "城北水利站、城南水利站"
    book.save("改.xlsx")
    status, out, _ = run("units", "import", "改.xlsx", answer="n\n")
    assert status == 1 and "没有导入" in out
    for words in ("去掉单位 1 个：水资源科", "城北水利站  联络员：张三 → 李四", "各水利站  去掉成员：江滨水利站"):
        assert words in out
    assert run("units", "import", "改.xlsx", answer="y\n")[0] == 0
    assert len(json.loads(run("units", "list", "--json")[1])["units"]) == 6


def test_rosters_that_cant_be_used(office: Office, run: Run, roster: Path) -> None:
    assert run("units", "template", "空")[0] == 0
    status, _, log = run("units", "import", "空.xlsx")
    assert status == 1 and "“单位”表里没有单位" in log
    assert run("units", "template", "空.xlsx", answer="n\n")[0] == 1
    assert run("units", "template", "空.xls")[0] == 2
    assert "没有“无.xlsx”" in run("units", "import", "无.xlsx")[2]
    book = load_workbook(roster)
    book["单位"]["H2"].value = "某日"
    book.save(roster)
    status, out, log = run("units", "import", "名册.xlsx", answer="n\n")
    assert status == 1 and "第 2 行" in log and "名册有 " in out and "没有导入" in out
    assert json.loads(run("units", "list", "--json")[1])["units"] == []
    assert run("units", "import", "名册.xlsx", "--yes")[0] == 1
    assert len(json.loads(run("units", "list", "--json")[1])["units"]) == 6


def test_what_was_filed_before_is_divided(filed: Office, run: Run, roster: Path) -> None:
    run("units", "import", "名册.xlsx", "--yes", "--today", DAY)
    status, out, _ = run("units", "divide", "--today", DAY, answer="n\n")
    assert status == 1 and "3 个单位" in out and "没有分解" in out
    status, out, _ = run("units", "divide", "--today", DAY, "--yes")
    assert status == 0 and "个子项；duban undo 可撤销" in out
    number = out.split()[0]
    assert run("units", "divide", "--today", DAY)[1] == "没有可按名册分解的事项\n"
    status, _, log = run("units", "divide", number, "--today", DAY)
    assert status == 1 and f"事项 {number} 已经分解过" in log


def test_out_to_a_workbook(filed: Office, run: Run) -> None:
    status, out, _ = run("ledger", "export", "--output", "台账", "--today", "2024-06-10", "--paper", "A4")
    assert status == 0 and "项到 台账.xlsx" in out
    sheet = load_workbook("台账.xlsx")[SHEET]
    assert (int(sheet.page_setup.paperSize), sheet["A2"].value) == (9, "填报单位：")
    assert [c.value for c in sheet[2] if c.value][1] == "截至日期：2024年6月10日"
    everything = sheet.max_row
    assert run("ledger", "export", "--output", "台账.xlsx", answer="n\n")[0] == 1
    status, out, _ = run(
        "ledger", "export", "--output", "台账.xlsx", "--yes", "--unit", "宣传科", "--title", "宣传", "--as-of", "2024.3.31"
    )  # fmt: skip
    sheet = load_workbook("台账.xlsx")[SHEET]
    assert sheet.max_row < everything
    assert (sheet["A1"].value, sheet["A2"].value) == ("宣传", "填报单位：宣传科")
    assert "截至日期：2024年3月31日" in [c.value for c in sheet[2]]
    run("ledger", "export", "--output", "甲.xlsx", "--reporting-unit", "督查室", "--limit", "2")
    sheet = load_workbook("甲.xlsx")[SHEET]
    assert (sheet["A2"].value, sheet.max_row) == ("填报单位：督查室", 6)
    status, _, log = run("ledger", "export", "--output", "乙.xlsx", "--text", "没有这样的字")
    assert status == 1 and "没有符合条件的事项" in log and not Path("乙.xlsx").exists()
    assert run("ledger", "export", "--output", "乙.csv")[0] == 2
    assert run("ledger", "export", "--output", "inbox")[0] == 2
    assert not list(Path().glob(".*.part"))


def test_into_the_offices_own_form(filed: Office, run: Run) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2024年督查台账"])
    sheet.append(["序号", "工作任务", "牵头科室", "完成时限", "天气情况"])
    sheet.append([1, "（示例）任务", "（示例）科", "年底", None])
    book.save("督查室.xlsx")
    status, out, log = run("ledger", "export", "--output", "填好.xlsx", "--template", "督查室.xlsx", "--today", DAY)
    assert status == 0 and "照 督查室.xlsx 的样子写了" in out
    assert "没有认出这些表头，它们的列空着：天气情况" in log and "原有的 1 行" in log
    assert load_workbook("填好.xlsx").active["A1"].value == "2024年督查台账"
    assert run("ledger", "export", "--output", "督查室.xlsx", "--template", "督查室.xlsx")[0] == 2
    assert run("ledger", "export", "--output", "a.xlsx", "--template", "督查室.xlsx", "--paper", "A4")[0] == 2
    Path("文.xlsx").write_text("不是表")
    status, _, log = run("ledger", "export", "--output", "a.xlsx", "--template", "文.xlsx")
    assert status == 1 and "不是能读的 Excel 工作簿" in log


def test_nothing_is_filed(office: Office, run: Run) -> None:
    status, _, log = run("ledger", "split", "--output", "表")
    assert status == 1 and "请先 duban confirm" in log and not Path("表").exists()


@pytest.fixture
def sent(filed: Office, run: Run) -> Path:
    """The units' files, sent out on 10 June."""
    run("units", "import", "名册.xlsx", "--yes", "--today", DAY)
    run("units", "divide", "--yes", "--today", DAY)
    status, out, log = run("ledger", "split", "--output", "反馈", "--today", "2024-06-10")
    assert status == 0 and "填好收回后：duban ledger import 反馈" in out
    assert "名册里没有的，也各写了一个文件" in log
    return Path("反馈")


def test_one_file_a_unit(sent: Path, run: Run) -> None:
    names = {path.stem for path in sent.iterdir()}
    assert set(STATIONS) <= names
    (sent / "城北水利站.xlsx").write_text("填了一半")
    assert run("ledger", "split", "--output", "反馈", answer="n\n")[0] == 1
    assert (sent / "城北水利站.xlsx").read_text() == "填了一半"
    status, _, log = run(
        "ledger", "split", "--output", "别处", "--units", "水资源，城南水利站", "--today", "2024-06-10"
    )
    assert status == 0 and {path.name for path in Path("别处").iterdir()} == {"水资源科.xlsx", "城南水利站.xlsx"}, log
    status, _, log = run("ledger", "split", "--output", "没有", "--units", "无此科")
    assert status == 1 and "没有要无此科填报的事项" in log and not Path("没有").exists()
    assert run("ledger", "split", "--output", "名册.xlsx")[0] == 2


def test_back_from_the_units(sent: Path, run: Run, filed: Office) -> None:
    north, south = sent / "城北水利站.xlsx", sent / "城南水利站.xlsx"
    first, second = numbers(north)[:2]
    put_cell(north, first, progress_text="已按时报送", problems="人手不足")
    put_cell(north, second, progress="差不多")
    put_cell(south, numbers(south)[0], progress_text="已报")
    (sent / "江滨水利站.xlsx").unlink()
    (sent / "坏.xlsx").write_bytes(b"PK")
    status, out, _ = run("ledger", "import", "反馈", "--today", "2024-06-12", answer="n\n")
    assert status == 1 and "没有采纳，台账没有变" in out
    for words in (
        f"{first} 本期进展：（空） → 已按时报送",
        "未反馈的单位（1）：江滨水利站",
        "× 坏.xlsx",
        "“差不多”不在选项里",
    ):
        assert words in out
    assert not Path("反馈（请核对）").exists()
    store, ledger = ledger_of(filed, "2024-06-12")
    with closing(store):
        assert ledger.item(first).notes == ()

    status, out, _ = run("ledger", "import", "反馈", "--today", "2024-06-12", answer="y\n")
    assert status == 1 and "已采纳 3 处改动，2 个事项；duban undo 可撤销" in out
    marked = Path("反馈（请核对）/城北水利站（请核对）.xlsx")
    comments = [c.comment.text for row in load_workbook(marked)[SHEET] for c in row if c.comment]
    assert len(comments) == 1 and "差不多" in comments[0]
    store, ledger = ledger_of(filed, "2024-06-12")
    with closing(store):
        assert [note.problems for note in ledger.item(first).notes] == ["人手不足"]

    (sent / "坏.xlsx").unlink()
    put_cell(north, second, progress=None)
    status, out, _ = run("ledger", "import", "反馈", "--today", "2024-06-13", "--yes")
    assert status == 0 and "没有可采纳的改动，台账没有变" in out


def test_who_returned_is_known_over_several_imports(sent: Path, run: Run) -> None:
    expected = len(list(sent.iterdir())) - 1  # without that of 未明确单位
    status, out, _ = run("ledger", "import", str(sent / "城北水利站.xlsx"), "--today", "2024-06-12", "--yes")
    assert status == 0 and f"未反馈的单位（{expected - 1}）" in out and "城北水利站、" not in out.split("未反馈")[1]
    _, out, _ = run("ledger", "import", str(sent / "城南水利站.xlsx"), "--today", "2024-06-13", "--yes")
    assert f"未反馈的单位（{expected - 2}）" in out
    # Files of another day are another matter: all that have something to report on count.
    run("ledger", "split", "--output", "七月", "--units", "宣传科,城北水利站", "--today", "2024-07-10")
    _, out, _ = run("ledger", "import", "七月/宣传科.xlsx", "--today", "2024-07-11", "--yes")
    assert "未反馈的单位（1）：城北水利站" in out


def test_what_the_office_changed_meanwhile(sent: Path, run: Run, filed: Office) -> None:
    path = sent / "城北水利站.xlsx"
    first = numbers(path)[0]
    put_cell(path, first, progress_text="表里的话")
    store, ledger = ledger_of(filed, "2024-06-11")
    with closing(store):
        ledger.note(ledger.resolve(first), load_workbook(path)[KEPT_SHEET]["D2"].value or "", progress="电话里说的")
    status, out, _ = run("ledger", "import", str(path), "--today", "2024-06-12", "--yes", "--doubts", "退回")
    assert status == 1 and "！冲突" in out and "电话里说的" in out and "没有可采纳的改动" in out
    assert Path("退回/城北水利站（请核对）.xlsx").exists()


def lose_what_tells(path: Path, row: int = 0) -> None:
    """As where somebody copied the cells into a new file and left the number out; ``row``: of that row only."""
    book = load_workbook(path)
    if KEPT_SHEET in book.sheetnames:
        del book[KEPT_SHEET]
    sheet = book[SHEET]
    for each in [row] if row else range(5, sheet.max_row + 1):
        sheet.cell(each, PLACE["number"]).value = None
        sheet.cell(each, len(COLUMNS) + 1).value = None
    book.save(path)


def test_rows_known_by_their_words_are_asked_about(sent: Path, run: Run, filed: Office) -> None:
    path = sent / "城北水利站.xlsx"
    first = numbers(path)[0]
    text = load_workbook(path)[SHEET].cell(5, PLACE["requirement"]).value
    put_cell(path, first, progress_text="已报送", requirement=text.replace("。", "！") + "（略）")
    lose_what_tells(path)
    only = ("ledger", "import", str(path), "--today", "2024-06-12")
    status, out, _ = run(*only, "--yes")
    assert status == 1 and "没有确认的 1 处没有采纳；确认无误可加 --likely" in out
    status, out, _ = run(*only, answer="n\n")
    assert status == 1 and f"按文字认出是 {first}" in out and "台账没有变" in out
    status, out, _ = run(*only, answer="y\ny\n")
    assert status == 0 and "已采纳 1 处改动" in out
    # Which period the row is about, its date tells: the same file says nothing new.
    status, out, _ = run(*only, "--yes", "--likely")
    assert status == 0 and "没有可采纳的改动" in out


def test_ones_own_ledger_in_full(filed: Office, run: Run) -> None:
    run("ledger", "export", "--output", "台账.xlsx", "--today", "2024-06-10", "--reporting-unit", "督查室")
    path = Path("台账.xlsx")
    first = numbers(path)[0]
    put_cell(path, first, title="换个说法", due="2024.12.20")
    status, out, _ = run("ledger", "import", "台账.xlsx", "--today", "2024-06-12", "--yes")
    assert "没有采纳" in out and "没有可采纳的改动" in out
    status, out, _ = run("ledger", "import", "台账.xlsx", "--today", "2024-06-12", "--full", answer="y\n")
    assert status == 0 and "已采纳 2 处改动，1 个事项" in out
    store, ledger = ledger_of(filed)
    with closing(store):
        item = ledger.item(first).item
    assert (item.title, item.due) == ("换个说法", date(2024, 12, 20))
    status, _, log = run("ledger", "import", "inbox")
    assert status == 1 and "没有 xlsx 或 xls 文件" in log


def test_ones_own_unit_reports_on_all(filed: Office, run: Run) -> None:
    config = filed.workspace.config
    config.write_text(config.read_text(encoding="utf-8") + '\n[ledger]\nunit = "督查室"\n', encoding="utf-8")
    run("ledger", "export", "--output", "台账.xlsx", "--today", "2024-06-10")
    sheet = load_workbook("台账.xlsx")[SHEET]
    assert sheet["A2"].value == "填报单位：督查室"
    first = numbers(Path("台账.xlsx"))[0]
    put_cell(Path("台账.xlsx"), first, progress_text="督查室记的")
    status, out, _ = run("ledger", "import", "台账.xlsx", "--today", "2024-06-12", "--yes")
    assert status == 0 and "已采纳 1 处改动" in out


def test_helps_say_what_there_is(run: Run) -> None:
    for words in (
        ("units",),
        ("ledger",),
        ("ledger", "export"),
        ("ledger", "split"),
        ("ledger", "import"),
        ("units", "import"),
    ):
        status, out, _ = run(*words, "--help")
        assert status == 0 and "示例：" in out
