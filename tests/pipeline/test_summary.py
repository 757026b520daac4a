from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline import summary
from pipeline.batch import Entry, Report
from pipeline.process import Digest, Failure, Outcome

LONG = "关于印发《2024年全市城市精细化管理提升行动实施方案》《城市管理志愿服务工作计划》等文件的通知[试行]"


def shown(report: Report, width: int) -> str:
    out = io.StringIO()
    summary.show(report, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def report(warnings: int = 14) -> Report:
    digest = Digest(
        LONG,
        120,
        34,
        56,
        7,
        tuple(("table.ragged_row", f"第{number}张表有一行少了一格，请核对") for number in range(warnings)),
    )
    fine = Entry(Path("收文/a.docx"), Outcome(("{}",), (digest,)), (Path("outputs/records/a.json"),))
    failure = Failure("source.encrypted", "文件有密码，读不了", "请用原来的软件打开，去掉密码后另存一份再试")
    return Report((fine, Entry(Path("收文/b.pdf"), Outcome(failure=failure))), Path("outputs/records"), 2)


@pytest.mark.parametrize("width", [30, 40, 60, 71, 72, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for line in shown(report(), width).splitlines():
        assert cell_len(line.rstrip()) <= width, line


@pytest.mark.parametrize("width", [30, 80, 160])
def test_nothing_is_cut(width: int) -> None:
    text = "".join(shown(report(), width).split())
    for part in (
        LONG,
        "a.json",
        "b.pdf",
        "文件有密码，读不了；请用原来的软件打开，去掉密码后另存一份再试",
        "outputs/records",
    ):
        if width >= 160 or part != LONG:
            assert part in text, part
    assert "120" in text
    assert "另有2种" in text


def test_counts_stand_in_columns_and_sum_up() -> None:
    lines = shown(report(0), 120).splitlines()
    (total,) = [line for line in lines if "合计" in line]
    assert total.split()[-5:] == ["120", "34", "56", "7", "0"]


def test_equal_warnings_are_one_line() -> None:
    digest = Digest("甲", 0, 0, 0, 0, (("coverage.lead", "是引语"),) * 3 + (("table.head", "表头不全"),) * 2)
    entries = tuple(
        Entry(Path(f"{name}.docx"), Outcome(("{}",), (digest,)), (Path(f"outputs/records/{name}.json"),))
        for name in "ab"
    )
    text = shown(Report(entries, Path("outputs/records")), 100)
    assert "4 × 表头不全（a.json 等 2 件）" in text
    assert text.count("表头不全") == 1
    assert text.index("表头不全") < text.index("6 × 是引语"), "what is amiss goes before what was left out"


def test_a_run_in_which_all_failed_has_no_table() -> None:
    only = Report(report().failed, Path("outputs/records"))
    text = shown(only, 80)
    assert "合计" not in text
    assert "记录在" not in text
    assert "未能读取 1 个" in text
