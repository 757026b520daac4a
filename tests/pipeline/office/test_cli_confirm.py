"""``duban confirm`` and ``duban add``, as a clerk types them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from openpyxl import Workbook, load_workbook

from pipeline import clock, console_confirm_show, console_ledger
from pipeline.office import Office
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.types import Query, Unit, UnitSet

Run = Callable[..., tuple[int, str, str]]
NAME = "皋水发〔2024〕18号"
DAY = ("--today", "2024-02-27")
STATIONS = ("城北水利站", "城南水利站", "江滨水利站")


@pytest.fixture
def folder(office: Office, put: Callable[..., str], root: Path) -> Office:
    """A workspace with a notice of three plans: 27 items, of which 7 are doubtful and one is proposed as 仅存档."""
    put(office, (root / "samples" / "rugao-water-plans.txt").read_text(encoding="utf-8"))
    with ledger(office) as opened:
        opened.set_units([Unit(name) for name in (*STATIONS, "办公室")])
        opened.set_unit_sets([UnitSet("各水利站", STATIONS)])
    return office


class ledger:
    """The workspace's ledger, to look at what a command did."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def __enter__(self) -> Ledger:
        self.closing = closing(self.office.store())
        made = Ledger(self.closing.__enter__(), today=clock.today(), by="李科", now=clock.now())
        made.propose()
        return made

    def __exit__(self, *raised: Any) -> None:
        self.closing.__exit__(*raised)


def waiting(office: Office) -> int:
    with ledger(office) as opened:
        return opened.count(Query(opened.today, filing=("pending",)))


def numbers(run: Run, *wanted: str) -> list[int]:
    return [item["id"] for item in json.loads(run("confirm", *wanted, "--json", *DAY)[1])]


def test_the_whole_way(run: Run, folder: Office) -> None:
    status, out, _ = run("confirm", *DAY)
    assert status == 0
    assert NAME in out and "共 27 项待立项，存疑 7 项" in out
    (row,) = json.loads(run("confirm", "--json", *DAY)[1])
    assert [row[name] for name in ("pending", "filed", "archived", "merged", "doubtful")] == [27, 26, 1, 0, 7]

    out = run("confirm", "18号", *DAY)[1]
    doubtful, _, certain = out.partition("不存疑 20 项")
    assert "【2024年如皋市水务局河道巡查工作方案】" in doubtful and "！把握62%，无责任单位" in doubtful
    assert "按时报送" in certain and "〔各水利站〕〔每月5日前〕" in certain
    assert "按时报送" not in run("confirm", "18号", "--doubtful", *DAY)[1]

    accept = ("confirm", "18号", "--sure", "--accept", "--assigned-on", "2024-02-28", *DAY)
    status, out, _ = run(*accept, answer="n\n")
    assert "立项 20 项（2024-02-28 交办）。确定吗" in out and "没有改动" in out and waiting(folder) == 27
    status, out, err = run(*accept, answer="y\n")
    assert status == 0 and "立项 20 项，其中 3 项拆成 9 项" in out and "还有 7 项待立项" in out
    assert "注意：名册里没有“各单位”的定义" in err
    with ledger(folder) as opened:
        filed = opened.items(Query(opened.today, parts=False))
        assert {item.status for item in filed} == {"working", "standing"}
        assert [part.unit for part in opened.items(Query(opened.today, text="上月巡查报表")) if part.parent] == [
            *STATIONS
        ]

    assert run("confirm", "18号", "--proposal", "仅存档", "--accept", "--yes", *DAY)[1].startswith("仅存档 1 项")
    first, *rest = numbers(run, "18号")
    status, out, _ = run("confirm", "--items", f"{first}", "--archive", "不是任务", *DAY)
    assert out.startswith("仅存档 1 项")
    status, out, _ = run("confirm", "--plan", "学习", "--lead", "人事科", "--file", "--yes", *DAY)
    assert status == 0
    with ledger(folder) as opened:
        found = opened.items(Query(opened.today, plan="学习", text="撰写学习心得"))
        assert [item.names("lead") for item in found] == [["人事科"]]
    assert set(numbers(run, "18号")) < set(rest)


def test_a_limit_counts_what_is_chosen(run: Run, folder: Office) -> None:
    doubtful = numbers(run, NAME, "--doubtful")
    assert numbers(run, NAME, "--doubtful", "--limit", "3") == doubtful[:3]


def test_items_by_number_need_no_answer(run: Run, folder: Office) -> None:
    one, other, third, *_ = numbers(run, NAME, "--plan", "巡查")
    assert "并入 1 项" in run("confirm", "--items", str(one), "--merge", str(other), *DAY)[1]
    status, _, err = run("confirm", "--items", str(one), "--file", *DAY)
    assert status == 1 and "已经决定：并入另一事项" in err and "--reopen" in err
    assert "退回待立项 1 项" in run("confirm", "--items", str(one), "--reopen", *DAY)[1]
    status, out, _ = run("confirm", "--items", str(third), "--split", "各水利站、办公室", *DAY)
    assert status == 0 and "其中 1 项拆成 4 项" in out
    with ledger(folder) as opened:
        assert [part.unit for part in opened.item(third).parts] == [*STATIONS, "办公室"]


def test_source_words(run: Run, folder: Office) -> None:
    out = run("confirm", NAME, "--text", "夜间", "--words", *DAY)[1]
    assert "水政监察大队每月开展夜间巡查4次" in out and "建议：立项" in out and "指标：" in out
    (item,) = json.loads(run("confirm", NAME, "--text", "夜间", "--json", *DAY)[1])
    assert (item["proposal"], item["doubts"], item["parties"][0]["name"]) == ("filed", [], "水政监察大队")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("99号",), 1, "库里没有“99号”"),
        (("--items", "900"), 1, "台账里没有事项 900"),
        (("--items", "9..3"), 1, "不是编号的范围"),
        (("--proposal", "再说"), 1, "可选：立项、仅存档、并入"),
        (("--kind", "再说"), 1, "类别没有“再说”"),
        (("--items", "3", "--archive", " "), 1, "仅存档要写明理由"),
        (("--items", "3", "--split", "办公室"), 1, "不到两个单位"),
        (("--items", "3,4", "--split", "办公室、人事科"), 1, "一次拆分一个事项"),
        (("--items", "3", "--merge", "900"), 1, "台账里没有事项 900"),
        (("--items", "3", "--merge", "3"), 1, "不能并入它自己"),
        (("--reopen",), 1, "要指明事项"),
        (("--accept", "--file"), 2, "--accept、--file 只能用一个"),
        (("--sure", "--doubtful"), 2, "不能一起用"),
        (("--lead", "办公室"), 2, "--lead 和 --accept 或 --file 一起用"),
        (("--from", "没有.xlsx"), 1, "没有这个文件"),
        (("--from", "没有.xlsx", "--plan", "学习"), 2, "不能再写条件"),
    ],
)
def test_errors_are_one_line(run: Run, folder: Office, arguments: tuple[str, ...], status: int, words: str) -> None:
    got, out, err = run("confirm", *arguments, *DAY)
    assert (got, out) == (status, "") and words in err and err.count("\n") == 1
    assert waiting(folder) == 27


def test_nothing_to_do(run: Run, office: Office) -> None:
    assert run("confirm", *DAY) == (0, "没有待立项的事项\n", "")
    assert run("confirm", "--accept", *DAY)[1] == "没有符合条件的待立项事项\n"
    assert run("confirm", "--json", *DAY)[1] == "[]\n"


def test_the_review_workbook(run: Run, folder: Office) -> None:
    out = run("confirm", NAME, "--doubtful", "--book", "立项.xlsx", *DAY)[1]
    assert out.startswith("7 项写到 立项.xlsx")
    assert "没有写" in run("confirm", NAME, "--book", "立项.xlsx", *DAY, answer="n\n")[1]
    book = load_workbook("立项.xlsx")
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[3]}
    rows = {str(sheet.cell(row, heads["工作任务"]).value): row for row in range(4, sheet.max_row + 1)}
    for title, decision, reason in (
        ("巡查范围", "仅存档", "不是任务"),
        ("专题研讨", "并入", None),
        ("个人自学", "可以", None),
    ):
        sheet.cell(rows[title], heads["决定"]).value = decision
        sheet.cell(rows[title], heads["理由"]).value = reason
    sheet.cell(rows["专题研讨"], heads["并入哪一项（序号或编号）"]).value = sheet.cell(rows["巡查范围"], 1).value
    sheet.cell(rows["集中学习"], heads["牵头单位"]).value = "人事科"
    book.save("立项.xlsx")
    status, out, _ = run("confirm", "--from", "立项.xlsx", *DAY, answer="n\n")
    assert "立项 2，仅存档 1，并入 0，待定 2；改动 1 处" in out and "没有改动" in out
    for words in ("要并入的那一项仅存档", "“决定”写的是“可以”"):
        assert words in out
    assert waiting(folder) == 27
    status, out, _ = run("confirm", "--from", "立项.xlsx", "--yes", *DAY)
    assert status == 1 and "立项 2 项，仅存档 1 项" in out and waiting(folder) == 24
    status, out, _ = run("confirm", "--from", "立项.xlsx", *DAY)
    assert "没有改动" in out and waiting(folder) == 24


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Keys that are pressed, one after another; then Ctrl-C."""
    keys: list[str] = []
    monkeypatch.setattr(click, "getchar", lambda: keys.pop(0) if keys else "\x03")
    yield keys


def test_item_by_item(run: Run, folder: Office, press: list[str]) -> None:
    first, second, third, fourth, *_ = numbers(run, NAME, "--doubtful")
    press += ["a", "\r", "x", "s", "b", "l", "q"]
    status, out, _ = run("confirm", NAME, "--doubtful", "--step", *DAY, answer="不是任务\n宣传科\n")
    assert status == 0
    assert "（1/7）" in out and "巡查范围" in out and "理由 [原则性要求]" in out
    assert "立项 2 项，仅存档 1 项" in out and "还有 24 项待立项" in out
    with ledger(folder) as opened:
        items = {item.id: item for item in opened.items(Query(opened.today, filing=(), ids=(first, second, third)))}
    assert (items[first].reason, items[second].filing) == ("不是任务", "filed")
    assert items[third].names("lead") == ["宣传科"]

    # What was decided before Ctrl-C counts; nothing is merged into what is only kept.
    press += ["a", "m", "s"]
    out = run("confirm", "--items", f"{fourth}..27", "--step", *DAY, answer=f"空话\n{first}\n")[1]
    assert "仅存档 1 项" in out
    first_waiting = numbers(run, "--doubtful")[0]
    press += ["m", "m", "m", "q"]
    status, out, err = run("confirm", "--doubtful", "--step", *DAY, answer=f"{first}\n900\n{first_waiting}\n")
    assert f"事项 {first} 没有立项" in err and "没有事项 900" in err and "没有改动" in out


def test_adding_one(run: Run, folder: Office) -> None:
    status, out, _ = run(
        "add", "--title", "整治城北农贸市场", "--lead", "执法大队", "--support", "市容科、环卫处", "--due", "4月底前",
        "--source", "王市长批示", "--leader", "王五", "--person", "张三", *DAY,
    )  # fmt: skip
    assert status == 0 and "（领导批示），待立项" in out
    with ledger(folder) as opened:
        (item,) = opened.items(Query(opened.today, filing=("pending",), origin="instruction"))
        assert (item.due.isoformat() if item.due else None, item.leader) == ("2024-04-30", "王五")
        assert item.names("lead") == ["执法大队"] and item.names("support") == ["市容科", "环卫处"]
        assert item.names("responsible") == ["张三"]
    assert "（不是公文里的）" in run("confirm", *DAY)[1]
    status, out, _ = run("add", "--title", "整治城北农贸市场", *DAY, answer="n\n")
    assert "已有同样的事项" in out and "没有新增" in out
    status, out, _ = run(
        "add", "--text", "报送渣土整治情况", "--owner", "各水利站", "--due", "每月5日前", "--origin", "会议议定", "--file",
        "--assigned-on", "2024-02-20", "--json", *DAY,
    )  # fmt: skip
    made = json.loads(out)
    assert (made["filing"], made["rrule"], made["parts"]) == ("filed", "FREQ=MONTHLY;BYMONTHDAY=5", 3)
    run("add", "--title", "坚持晨会", "--due", "长期", "--file", "--assigned-on", "2024-02-20", *DAY)
    with ledger(folder) as opened:
        (item,) = opened.items(Query(opened.today, text="坚持晨会"))
        assert (item.status, item.time_text, item.number) == ("standing", "长期", "2024-0002")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ((), 1, "没有写事项的内容"),
        (("--title", "甲", "--due", "看情况"), 1, "也可写 11月底前、每月5日前、长期"),
        (("--title", "甲", "--origin", "公文"), 1, "来源没有“公文”"),
        (("--from", "没有.xlsx"), 1, "没有这个文件"),
        (("--from", "没有.xlsx", "--title", "甲"), 2, "不能再写 --title"),
        (("--template", "表.xlsx", "--file"), 2, "--template 单独用"),
        (("--title", "甲", "--assigned-on", "某天"), 2, "应是日期"),
    ],
)
def test_what_cannot_be_added(run: Run, folder: Office, arguments: tuple[str, ...], status: int, words: str) -> None:
    got, out, err = run("add", *arguments, *DAY)
    assert (got, out) == (status, "") and words in err and err.count("\n") == 1
    assert waiting(folder) == 27


def test_the_form_and_an_old_ledger(run: Run, folder: Office) -> None:
    assert run("add", "--template", "登记表.xlsx", *DAY)[0] == 0
    assert "没有写" in run("add", "--template", "登记表.xlsx", *DAY, answer="n\n")[1]
    # The rows that only show how to fill it in are no items.
    assert "新增 0 项，已有 0 项，存疑 0 处" in run("add", "--from", "登记表.xlsx", *DAY)[1]
    book = load_workbook("登记表.xlsx")
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[2]}
    for row, values in enumerate((
        {"工作任务": "整治农贸市场", "牵头单位": "办公室", "交办日期": "2月20日", "完成时限": "4月底", "办理情况": "已摸底"},
        {"工作任务": "清理河面", "牵头单位": "各水利站", "交办日期": "2024-02-20", "完成时限": "每月5日前",
         "事项来源": "局长办公会"},
        {"工作任务": "另行安排", "牵头单位": "办公室", "完成时限": "看情况"},
    ), 5):  # fmt: skip
        for head, value in values.items():
            sheet.cell(row, heads[head]).value = value
    book.save("登记表.xlsx")
    status, out, _ = run("add", "--from", "登记表.xlsx", "--file", *DAY, answer="n\n")
    assert "新增 3 项，已有 0 项，存疑 1 处" in out and "没有新增" in out and waiting(folder) == 27
    status, out, _ = run("add", "--from", "登记表.xlsx", "--file", "--yes", *DAY)
    assert status == 1 and "新增 3 项，已立项" in out
    with ledger(folder) as opened:
        market, river, other = opened.items(Query(opened.today, parts=False))
        assert opened.item(market.id).notes[0].progress == "已摸底" and market.origin == "ledger"
        assert (river.origin, river.parts, river.rrule) == ("meeting", 3, "FREQ=MONTHLY;BYMONTHDAY=5")
        assert other.status == "unassigned"
    assert "新增 0 项，已有 3 项" in run("add", "--from", "登记表.xlsx", *DAY)[1]
    Workbook().save("空.xlsx")
    assert "没有找到台账的表头" in run("add", "--from", "空.xlsx", *DAY)[2]


def test_the_handbook_shows_what_is_printed(
    run: Run, folder: Office, root: Path, press: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every example of docs/ledger.md's section, in their order, at a terminal of 100 columns."""
    stations = (*STATIONS, "开发区水利站")
    units = (*stations, "办公室", "人事科", "宣传科", "水资源科", "供水管理处", "河道管理科", "水政监察大队", "节水办",
             "工程科", "财务科")  # fmt: skip
    with ledger(folder) as opened:
        opened.set_units([Unit(name) for name in units])
        opened.set_unit_sets([UnitSet("各水利站", stations), UnitSet("各单位", units)])
    for module in (console_ledger, console_confirm_show):
        monkeypatch.setattr(module, "WIDE", 100)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_: (100, 24))
    press += ["q"]
    text = (root / "docs" / "ledger.md").read_text(encoding="utf-8")
    section = text[text.index("## 立项") : text.index("\n## ", text.index("## 立项"))]
    blocks = re.findall(r"```console\n(.*?)```", section, re.S)
    examples = [each for block in blocks for each in block.removeprefix("$ duban ").split("$ duban ")]
    assert len(examples) == 8
    for example in examples:
        command, _, shown = example.partition("\n")
        _, out, _ = run(*shlex.split(command), *DAY)
        printed = "\n".join(line.rstrip() for line in out.strip().splitlines())
        assert printed.startswith(shown.strip()), printed
