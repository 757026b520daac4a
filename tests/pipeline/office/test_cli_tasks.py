"""``duban tasks``, ``duban task``, and what is done to items, as a clerk types them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import clock
from pipeline.office import Office
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.types import Unit, UnitSet

Run = Callable[..., tuple[int, str, str]]
MARCH, APRIL = ("--today", "2024-03-01"), ("--today", "2024-04-10")
STATIONS = ("城北水利站", "城南水利站", "江滨水利站")


@pytest.fixture
def desk(office: Office, put: Callable[..., str], run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A ledger of 27 items, all filed and assigned on 1 March, 各水利站 divided among three."""
    monkeypatch.setenv("COLUMNS", "100")
    put(office, (root / "samples" / "rugao-water-plans.txt").read_text(encoding="utf-8"))
    with closing(office.store()) as store:
        ledger = Ledger(store, today=clock.today(), by="李科", now=clock.now())
        ledger.set_units([Unit(name) for name in (*STATIONS, "办公室", "人事科")])
        ledger.set_unit_sets([UnitSet("各水利站", STATIONS)])
    assert run("confirm", "皋水发〔2024〕18号", "--file", "--yes", *MARCH)[0] == 0
    assert run("assign", "--status", "待交办", "--yes", *MARCH)[0] == 0
    return office


@pytest.fixture
def find(run: Run) -> Callable[[str], str]:
    """An item's 督办编号 by its title."""

    def number(title: str) -> str:
        found = json.loads(run("tasks", "--json", *APRIL)[1])
        return next(str(item["number"]) for item in found if item["title"] == title)

    return number


def one(run: Run, number: str, day: tuple[str, str] = APRIL) -> dict[str, Any]:
    status, out, err = run("task", number, "--json", *day)
    assert status == 0, err
    return dict(json.loads(out))


def test_nothing_is_listed_before_it_is_filed(office: Office, put: Callable[..., str], text: Any, run: Run) -> None:
    put(office, text())
    status, out, err = run("tasks", *MARCH)
    assert (status, out) == (0, "共 0 项；逾期 0 项，7 天内到期 0 项\n")
    assert "项待立项，请用 duban confirm" in err
    assert "序号 1" in run("tasks", "--filing", "待立项", *MARCH)[1]


def test_the_list(run: Run, desk: Office) -> None:
    status, out, _ = run("tasks", *APRIL)
    assert status == 0
    lines = out.splitlines()
    assert lines[0].split() == ["灯", "督办编号", "工作任务", "牵头/责任", "时限", "状态"]
    (station,) = [line for line in lines if "开展节水进校园" in line]
    assert "各水利站" in station and "2024-06-30" in station
    assert "3个单位，已报0" in out and lines[-1].startswith("共 27 项；逾期 ")
    assert "逾期16天" in out
    late = run("tasks", "--overdue", "--sort", "due", *APRIL)[1].splitlines()
    assert all(line[0] in "红 灯共" for line in late)
    assert late[-1].split("；")[0].removeprefix("共 ") == late[-1].split("逾期 ")[1].split("，")[0]
    assert "没有“天亮”" in run("tasks", "--status", "天亮", *APRIL)[2]


def test_the_end_of_a_number_is_this_years(run: Run, desk: Office) -> None:
    """A number with noughts never means the item of that 序号."""
    assert "2024-0001" in run("task", "0001", *APRIL)[1]
    status, out, err = run("task", "0001", "--today", "2025-01-06")
    assert (status, out) == (1, "") and "别的年份有 2024-0001" in err
    assert run("close", "0001", "--reason", "办完", "--today", "2025-01-06")[0] == 1


def test_lists_for_other_programs(run: Run, desk: Office, tmp_path: Path) -> None:
    found = json.loads(run("tasks", "--json", "--overdue", *APRIL)[1])
    assert found and all(item["lamp"] == "red" and item["overdue_days"] > 0 for item in found)
    assert {"number", "status_label", "progress_label", "owners", "next_due"} <= set(found[0])
    status, out, _ = run("tasks", "--csv", str(tmp_path / "台账.csv"), *APRIL)
    assert (status, out) == (0, f"写了 27 项到 {tmp_path / '台账.csv'}\n")
    data = (tmp_path / "台账.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    rows = list(csv.DictReader((tmp_path / "台账.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 27 and {row["状态"] for row in rows} <= {"办理中", "长期坚持"}
    (station,) = [row for row in rows if row["工作任务"] == "开展节水进校园"]
    assert (station["单位数"], station["已报单位数"]) == ("3", "0") and "城北水利站" in station["未报单位"]
    assert run("tasks", "--csv", "-", *APRIL)[1].startswith("督办编号,")
    assert run("tasks", "--json", "--csv", "-", *APRIL)[0] == 2


def test_lists_are_filtered_and_sorted(run: Run, desk: Office) -> None:
    def titles(*wanted: str) -> list[str]:
        return [item["title"] for item in json.loads(run("tasks", *wanted, "--json", *APRIL)[1])]

    assert "开展节水进校园" in titles("--unit", "城北水利站") and "专题研讨" not in titles("--unit", "城北水利站")
    assert len(titles("--parts")) > 27 and titles("--limit", "3") == titles()[:3]
    due = [item["deadline"] or "9999" for item in json.loads(run("tasks", "--json", "--sort", "due", *APRIL)[1])]
    assert due == sorted(due)
    numbers = [item["number"] for item in json.loads(run("tasks", "--json", "--sort", "number", *APRIL)[1])]
    assert numbers == sorted(numbers)
    assert titles("--near") and set(titles("--near")).isdisjoint(titles("--overdue"))
    status, _, err = run("tasks", "--mine", *APRIL)
    assert status == 1 and "不知道本单位是哪个" in err
    config = desk.workspace.config
    config.write_text(config.read_text("utf-8") + '\n[ledger]\nunit = "城北水利站"\n', encoding="utf-8")
    assert titles("--mine") == titles("--unit", "城北水利站")


def test_the_offices_own_words_are_shown(run: Run, desk: Office, find: Callable[[str], str]) -> None:
    config = desk.workspace.config
    labels = '\n[ledger]\nstatus_labels = { working = "推进中" }\n'
    config.write_text(config.read_text("utf-8") + labels, encoding="utf-8")
    assert "推进中" in run("tasks", "--status", "推进中", *APRIL)[1]
    number = find("专题研讨")
    assert "推进中" in run("task", number, *APRIL)[1]
    assert run("set", number, "状态=待交办", *APRIL)[0] == 0
    assert "推进中" in run("set", number, "状态=推进中", *APRIL)[1]


def test_an_item_from_its_beginning_to_its_end(
    run: Run, desk: Office, find: Callable[[str], str], tmp_path: Path
) -> None:  # fmt: skip
    number, paper = find("制作节水公益广告2部"), tmp_path / "播出证明.txt"
    paper.write_text("已播出", encoding="utf-8")
    _, out, _ = run("note", number, "--progress", "完成脚本", "--next", "开拍", "--actual", "1", *APRIL)
    assert out.startswith(number) and "完成 1，目标 2，差 1" in out and "办理中" in out
    _, out, _ = run("report", number, "--progress", "已播出", "--actual", "2", "--evidence", str(paper), *APRIL)
    assert "已反馈待审核" in out
    _, out, _ = run("review", number, "--return", "缺播出时间", *APRIL)
    assert "退回重办" in out
    run("report", number, "--progress", "补齐", *APRIL)
    assert "等 1 项" not in run("review", number, "--accept", *APRIL)[1]
    assert "已完成" in run("tasks", "--text", "公益广告", *APRIL)[1]
    _, out, _ = run("close", number, "--on", "2024-04-09", *APRIL)
    assert "已办结，2024-04-09" in out
    shown = run("task", number, *APRIL)[1]
    for words in (
        "原文",
        "进度表",
        "合计：目标 2，完成 2",
        "播出证明.txt",
        "缺播出时间",
        "办结",
        "交办：交办日期 2024-03-01",
    ):
        assert "".join(words.split()) in "".join(shown.split())
    found = one(run, number)
    assert [note["progress"] for note in found["notes"]] == ["完成脚本", "已播出", "补齐"]
    assert (found["item"]["status"], found["item"]["closed_on"], len(found["evidence"])) == ("closed", "2024-04-09", 1)
    _, out, _ = run("undo", *APRIL)
    assert "撤销了第" in out and "办结" in out and "现在：" in out
    assert one(run, number)["item"]["status"] == "working"
    assert run("close", number, "--reason", "播出", *APRIL)[0] == 0
    assert "办理中" in run("reopen", number, *APRIL)[1]
    assert "中止" in run("stop", number, "--reason", "取消", *APRIL)[1]


def test_fields_by_their_chinese_names(run: Run, desk: Office, find: Callable[[str], str]) -> None:
    number = find("专题研讨")
    status, out, _ = run("set", number, "完成时限=2024.5.31", "责任领导＝陈局长", "配合单位=人事科，办公室", *APRIL)
    assert status == 0 and "时限 2024-05-31" in out
    item = one(run, number)["item"]
    assert (item["due"], item["leader"]) == ("2024-05-31", "陈局长")
    assert [party["name"] for party in item["parties"] if party["role"] == "support"] == ["人事科", "办公室"]
    assert "达序时" in run("set", number, "进度=达序时", *APRIL)[1]
    assert "未启动" in run("set", number, "进度=", *APRIL)[1]
    assert run("set", number, "长期坚持=是", *APRIL)[0] == 0
    run("undo", *APRIL)
    for given, words in (
        ("天气=好", "没有“天气”这一栏"), ("完成时限=月底", "不是日期"), ("年度=二", "不是年度"),
        ("长期坚持=也许", "应写是或否"), ("状态=已办结", "办结请用 duban close"), ("进度=快", "进度没有“快”"),
        ("重复规则=每月", "不是重复规则"),
    ):  # fmt: skip
        status, _, err = run("set", number, given, *APRIL)
        assert status == 1 and words in err, err
    assert one(run, number)["item"]["due"] == "2024-05-31"
    assert run("set", number, *APRIL)[0] == 2 and run("set", "完成时限=2024-05-31", *APRIL)[0] == 2


def test_many_items_are_asked_for(run: Run, desk: Office) -> None:
    status, out, err = run("set", "--plan", "节水宣传", "责任领导=陈局长", *APRIL)
    assert status == 130 and not out and "改成 责任领导=陈局长" in err and "项，" in err
    status, out, _ = run("set", "--plan", "节水宣传", "责任领导=陈局长", "--yes", *APRIL)
    lines = out.splitlines()
    assert status == 0 and len(lines) > 5
    assert run("set", "--plan", "没有的方案", "责任领导=陈局长", "--yes", *APRIL)[0] == 1
    _, out, _ = run("undo", *APRIL)
    assert f"涉及 {len(lines)} 项" in out
    first, second = (line.split()[0] for line in lines[:2])
    assert run("assign", first, second, *APRIL)[0] == 0
    item = one(run, first)["item"]
    status, _, err = run("stop", f"{item['id']}..{item['id'] + 1}", "--reason", "停", *APRIL)
    assert status == 130


def test_many_are_one_step(
    run: Run, desk: Office, find: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    numbers = [find(title) for title in ("制作节水公益广告2部", "评选节水家庭200户", "编印节水案例汇编1册")]
    for number in numbers:
        run("report", number, "--progress", "好", *APRIL)
    for at_once in (200, 2):
        monkeypatch.setattr("pipeline.console_work._AT_ONCE", at_once)
        status, out, _ = run("review", "--status", "已反馈待审核", "--accept", "--yes", *APRIL)
        assert status == 0 and len(out.splitlines()) == 3
        assert "涉及 3 项" in run("undo", *APRIL)[1]
    status, out, _ = run("set", *numbers, "牵头单位=人事科", *APRIL)
    assert status == 0 and len(out.splitlines()) == 3
    roles = {party["role"]: party["name"] for party in one(run, numbers[0])["item"]["parties"]}
    assert roles.get("lead", roles.get("responsible")) == "人事科"
    assert "涉及 3 项" in run("undo", *APRIL)[1]


def test_units_report_and_the_whole_is_told(run: Run, desk: Office, find: Callable[[str], str]) -> None:
    number = find("开展节水进校园")
    status, _, err = run("report", number, "--progress", "好", *APRIL)
    assert status == 1 and f"{number}-01 城北水利站" in err
    schools, lessons = (line["cells"][0]["target"] for line in one(run, f"{number}-01")["grid"])
    figures = ("--actual", f"学校={schools:g}", "--actual", f"课堂={lessons:g}")
    status, out, _ = run("report", f"{number}-01", "--period", "上半年", *figures, *APRIL)
    assert status == 0 and f"学校完成 {schools:g}，目标 {schools:g}；节水课堂完成 {lessons:g}" in out
    status, _, err = run("note", f"{number}-02", "--actual", "3", *APRIL)
    assert status == 1 and "不知道 3 是哪一项" in err and "--actual 学校=3" in err
    assert "没有“广播”这项指标" in run("note", f"{number}-02", "--actual", "广播=3", *APRIL)[2]
    assert "不是数" in run("note", f"{number}-02", "--actual", "学校=三", *APRIL)[2]
    assert "没有“一月”这一期" in run("note", f"{number}-02", "--period", "一月", "--progress", "好", *APRIL)[2]
    assert "时限 2024-12-31" in run("review", f"{number}-01", "--accept", *APRIL)[1]
    shown = run("task", number, *APRIL)[1]
    assert "3个单位，已报1，未报2" in shown and f"{schools * 3:g}" in shown
    run("undo", *APRIL)
    assert "3个单位，已报1" in run("task", number, *APRIL)[1]
    _, out, _ = run("extend", number, "--to", "2024-07-31", "--period", "上半年", "--approved-by", "陈局长", *APRIL)
    assert "时限 2024-07-31" in out and "连同 3 个分项" in out
    assert (
        "2024-07-31延" in run("task", f"{number}-02", *APRIL)[1] or "07-31延" in run("task", f"{number}-02", *APRIL)[1]
    )
    assert run("extend", number, "--to", "2024-07-01", "--period", "上半年", "--approved-by", "陈", *APRIL)[0] == 1
    status, _, err = run("close", number, "--reason", "完", *APRIL)
    assert status == 1 and "还有 3 个单位没有办结" in err


def test_items_are_divided(run: Run, desk: Office, find: Callable[[str], str]) -> None:
    number = find("专题研讨")
    _, out, err = run("split", number, "--units", "办公室,人事科", "--units", "档案室", *APRIL)
    assert [line.split()[0] for line in out.splitlines()] == [number, f"{number}-01", f"{number}-02", f"{number}-03"]
    assert "名册里没有“档案室”" in err
    run("undo", *APRIL)
    _, out, _ = run("split", number, "--units", "各水利站", *APRIL)
    assert len(out.splitlines()) == 4
    run("undo", *APRIL)
    _, out, _ = run("split", number, "--into", "拟定题目", "--into", "组织研讨", *APRIL)
    assert "拟定题目" in out and "组织研讨" in out
    assert run("split", number, *APRIL)[0] == 2
    assert "3个分项" in run("split", number, "--units", "办公室", *APRIL)[1]
    status, _, err = run("split", number, "--units", "人事科,办公室", *APRIL)
    assert status == 1 and "办公室" in err and "已经" in err


def test_a_reissues_changes_are_seen(
    run: Run, desk: Office, put: Callable[..., str], root: Path, find: Callable[[str], str]
) -> None:  # fmt: skip
    assert "没有符合条件的事项" in run("acknowledge", "--changed", "--yes", *APRIL)[2]
    text = (root / "samples" / "rugao-water-plans.txt").read_text(encoding="utf-8")
    assert "200户" in text
    put(desk, text.replace("200户", "300户"), name="通知二.txt")
    status, out, _ = run("tasks", "--changed", *APRIL)
    assert status == 0 and ("改版有变化" in out or "新版已无此项" in out)
    status, out, _ = run("acknowledge", "--changed", "--yes", *APRIL)
    assert status == 0 and out
    assert "共 0 项" in run("tasks", "--changed", *APRIL)[1]


def test_items_are_named_in_short(run: Run, desk: Office) -> None:
    def named(*refs: str) -> list[str]:
        status, out, err = run("set", *refs, "责任领导=陈局长", "--yes", *APRIL)
        return [line.split()[0] for line in out.splitlines()] if not status else [err.strip()]

    assert named("0003") == ["2024-0003"] and named("0003", "2024-0003") == ["2024-0003"]
    assert named("0003..0005") == named("2024-0003..0005") == named("2024-0003..2024-0005") == [
        "2024-0003", "2024-0004", "2024-0005",
    ]  # fmt: skip
    assert named("0005,0003") == ["2024-0005", "2024-0003"]
    assert "台账里没有事项 0900..0910" in named("0900..0910")[0] and "不是编号的范围" in named("0005..0003")[0]
    assert "不是编号的范围" in named("2023-0001..2024-0002")[0]
    assert "台账里没有事项 1000..2000" in named("1000..2000")[0]
    number = one(run, "3")["item"]["number"]
    assert named("3") == [number] and len(named("3..5")) == 3


_WRONG = (
    (("task", "2099-0001"), 1, "台账里没有事项 2099-0001"),
    (("task", "1..3"), 1, "“1..3”是 3 件事项，这里只能写一件"),
    (("close", "1"), 1, "没有佐证材料"),
    (("close", "1", "--evidence", "没有.pdf"), 2, "没有“没有.pdf”"),
    (("stop", "1"), 2, "缺少 --reason"),
    (("review", "1"), 2, "--accept"),
    (("review", "1", "--return", " "), 2, "退回要写明理由"),
    (("review", "1", "--accept"), 1, "不能审核"),
    (("assign",), 2, "请写事项编号"),
    (("note", "1"), 1, "没有写进展"),
    (("note", "1..2", "--progress", "好"), 1, "是 2 件事项"),
    (("extend", "1", "--to", "2024-12-31"), 2, "缺少 --approved-by"),
    (("undo", "999"), 1, "没有可以撤销的第 999 次操作"),
    (("tasks", "--unit", "甲", "--mine"), 1, "只能用一个"),
)


def test_what_goes_wrong_is_one_line(run: Run, desk: Office) -> None:
    for words, status, told in _WRONG:
        found, out, err = run(*words, *APRIL)
        assert (found, out) == (status, ""), words
        assert told in err and len(err.splitlines()) == 1


def test_the_list_costs_nothing_before_it_is_asked_for() -> None:
    program = "import sys, pipeline.cli; sys.exit('sqlalchemy' in sys.modules or 'pipeline.tracker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_nothing_is_written_where_a_file_cannot_be(run: Run, desk: Office, tmp_path: Path) -> None:
    (tmp_path / "占用").write_text("x", encoding="utf-8")
    status, _, err = run("tasks", "--csv", str(tmp_path / "占用" / "台账.csv"), *APRIL)
    assert status == 1 and "写不了" in err
