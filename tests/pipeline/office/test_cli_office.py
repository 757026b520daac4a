"""What the ledger says to others, as a clerk asks for it: reminders, letters, the bulletin, scores."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.office import Office
from pipeline.tracker import roster_book
from pipeline.tracker.score_book import HEADS
from pipeline.tracker.types import Unit

Run = Callable[..., tuple[int, str, str]]
Put = Callable[..., str]
DAY = "2024-04-05"


def close(text: str) -> str:
    """A table's text without the spaces that set its columns."""
    return re.sub(" +", " ", text)


def done(found: tuple[int, str, str]) -> str:
    """What a command printed that must succeed."""
    status, out, said = found
    assert status == 0, said
    return out


@pytest.fixture
def filed(office: Office, put: Put, text: Callable[..., str], run: Run) -> Office:
    """A workspace with a notice of two tasks, of 办公室 by the end of November and of 水资源科 each month, assigned."""
    put(office, text(20))
    done(run("confirm", "--file", "--assigned-on", "2024-03-20", "--yes", "--today", "2024-03-20"))
    return office


def test_a_day_of_reminders(filed: Office, run: Run) -> None:
    looked = run("remind", "--dry-run", "--today", DAY)
    assert looked[1].startswith("【督办提醒】水资源科：截至4月5日") and "没有记为提醒过" in looked[2]
    status, out, said = run("remind", "--today", DAY)
    assert (status, out) == (0, looked[1])
    assert "已记为提醒过" in said
    assert done(run("remind", "--today", DAY)) == "今天没有需要提醒的事项\n"
    assert done(run("remind", "--again", "--today", DAY)) == out
    assert done(run("remind", "--again", "--unit", "办公室", "--today", DAY)) == "今天没有需要提醒的事项\n"
    found = json.loads(done(run("remind", "--again", "--json", "--today", DAY)))
    (digest,) = found["digests"]
    assert (digest["unit"], digest["due"][0]["stage"], found["noted"]) == ("水资源科", "0", 0)
    assert digest["text"] == out.rstrip("\n")


def test_letters_to_those_who_are_late_and_a_calendar(filed: Office, run: Run) -> None:
    folder = filed.workspace.folder
    said = run("remind", "--today", "2024-04-08", "--letters", "催办单", "--ics", "台账.ics", "--todo")[2]
    assert "催办单、督办单写到 催办单：1 份" in said and "日历写到 台账.ics：2 项" in said
    (letter,) = (folder / "催办单").iterdir()
    document = Document(str(letter))
    assert "（代拟稿）" in [each.text for each in document.paragraphs]
    assert b"BEGIN:VTODO" in (folder / "台账.ics").read_bytes()
    assert "没有要写的催办单" in run("remind", "--today", "2024-04-08", "--letters", "催办单")[2]


def test_mail_that_does_not_go_out_is_told(filed: Office, run: Run) -> None:
    status, _, said = run("remind", "--mail", "--today", DAY)
    assert (status, said) == (1, "没有设邮件服务器或发件地址；请在 duban.toml 的 [mail] 里写 server 和 sender\n")
    (filed.workspace.config).write_text('[mail]\nserver = "mail.invalid"\nsender = "ducha@example.com"\n', "utf-8")
    status, out, said = run("remind", "--mail", "--today", DAY)
    assert status == 1 and out.startswith("【督办提醒】水资源科")
    assert "没有发出：水资源科（单位名册里没有它的邮箱）" in said
    assert "已记为提醒过" in run("remind", "--today", DAY)[2], "what didn't go out is told again"


def test_assignments(filed: Office, run: Run) -> None:
    status, out, said = run("letters", "1", "--output", "交办单")
    assert (status, said) == (0, "交办单写到 交办单：1 份\n")
    (path,) = out.splitlines()
    words = [cell.text for table in Document(path).tables for row in table.rows for cell in row.cells]
    assert "2024年3月20日" in words and any("11月底前" in each for each in words)
    assert len(done(run("letters", "--unit", "水资源科", "--output", "交办单")).splitlines()) == 1
    done(run("add", "--text", "还没有立项的事"))
    status, out, said = run("letters", "1", "3", "--output", "交办单")
    assert status == 1 and len(out.splitlines()) == 1 and "没有写（未立项，或不合选项）：3" in said
    assert run("letters", "3", "--output", "交办单")[2].startswith("没有立项的事项可写交办单")


def test_letters_by_the_offices_own_template(filed: Office, run: Run) -> None:
    folder = filed.workspace.folder
    assert len(done(run("letters", "--templates", "templates")).splitlines()) == 3
    assert run("letters", "--templates", "templates")[2] == "模板已经都在，没有改动\n"
    assert "请放到" in run("letters", "--templates", "另外")[2]
    own = Document()
    own.add_paragraph("本单位的交办单：{{工作任务}}")
    own.save(str(folder / "templates" / "交办单.docx"))
    (path,) = done(run("letters", "1", "--output", "交办单")).splitlines()
    assert any(each.text.startswith("本单位的交办单：") for each in Document(path).paragraphs)


def test_the_bulletin_of_a_day(filed: Office, run: Run) -> None:
    folder = filed.workspace.folder
    status, out, said = run("bulletin", "--today", "2024-05-10")
    assert status == 0 and "没有留存" in said
    assert "应办结（件次） 2\n" in close(out) and "有逾期的单位（件次）：水资源科 2" in out
    done(run("report", "2", "--period", "4月", "--actual", "2", "--today", "2024-05-10"))
    out = done(run("bulletin", "--today", "2024-05-10", "--output", "通报.docx", "--output", "通报.html"))
    assert "写出 通报.docx" in out and "写出 通报.html" in out and "逾期（件次） 1\n" in close(out)
    done(run("report", "2", "--period", "5月", "--actual", "2", "--today", "2024-05-10"))
    status, again, said = run("bulletin", "--today", "2024-05-20", "--as-of", "2024-05-10", "--output", "二.html")
    assert again == out.replace("写出 通报.docx\n写出 通报.html", "写出 二.html") and "李科 2024-05-10" in said
    assert (folder / "二.html").read_bytes() == (folder / "通报.html").read_bytes()
    found = json.loads(done(run("bulletin", "--today", "2024-05-20", "--as-of", "2024-05-10", "--again", "--json")))
    assert (found["total"]["due"], found["total"]["reported"], found["total"]["overdue"]) == (2, 2, 0)


def test_a_bulletin_that_is_there_is_asked_for(filed: Office, run: Run) -> None:
    path = filed.workspace.folder / "通报.docx"
    path.write_bytes("改过的稿子".encode())
    status, out, _ = run("bulletin", "--output", "通报.docx", "--today", DAY, answer="n\n")
    assert status == 1 and "没有写" in out and path.read_bytes() == "改过的稿子".encode()
    done(run("bulletin", "--output", "通报.docx", "--today", DAY, "--yes"))
    assert path.read_bytes().startswith(b"PK")


SCHEME = """临江市水务局文件
临水发〔2024〕9号

关于印发《信息工作考核细则》的通知

各科室：
现将《信息工作考核细则》印发给你们，请认真执行。

临江市水务局
2024年3月9日

信息工作考核细则

一、考核办法　满分100分。
二、评分标准
"""


@pytest.fixture
def scheme(filed: Office, run: Run) -> str:
    """The same workspace with an assessment scheme whose items don't add up, and a roster."""
    document = Document()
    for words in SCHEME.splitlines():
        document.add_paragraph(words)
    table = document.add_table(rows=0, cols=3)
    for row in (("考核内容", "考核标准", "评分细则"), ("信息报送（50分）", "按要求报送信息。", "每少1篇扣1分。"),
                ("约稿（40分）", "按要求报送约稿。", "未按时报送的每次扣2分。")):  # fmt: skip
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(filed.workspace.inbox / "细则.docx"))
    done(run("ingest"))
    roster = filed.workspace.folder / "名册.xlsx"
    roster_book.write(roster, [Unit("水资源科", short_names=("水资源",)), Unit("办公室")], [])
    done(run("units", "import", str(roster), "--yes"))
    return "信息工作考核细则"


def test_scores_to_confirm_and_back(scheme: str, filed: Office, run: Run) -> None:
    assert done(run("score", scheme)) == "还没有评分；用 --output 写评分表\n"
    done(run("report", "2", "--period", "4月", "--actual", "1", "--today", "2024-04-05"))
    status, out, said = run("score", scheme, "--output", "评分.xlsx", "--as-of", "2024-04-30", "--unit", "水资源")
    assert status == 0 and "考核期 2024，满分 90" in out and "水资源科" in out
    assert "注意：各项满分合计90分，与写明的总分100分不符，请核对原文" in said
    path = filed.workspace.folder / "评分.xlsx"
    book = load_workbook(path)
    sheet = book["水资源科"]
    row = next(cells for cells in sheet.iter_rows() if str(cells[1].value).startswith("信息报送"))
    assert row[HEADS.index("建议扣分")].value == 1
    row[HEADS.index("确认扣分")].value = 1
    book.save(path)
    status, out, _ = run("score", scheme, "--output", "评分.xlsx", "--unit", "水资源", answer="n\n")
    assert status == 1 and load_workbook(path)["水资源科"].cell(row[0].row, HEADS.index("确认扣分") + 1).value == 1
    assert done(run("score", "--from", "评分.xlsx")) == (
        "收回 1 项确认的得分（考核期 2024），其中新的或改了的 1 项\n"
    )  # fmt: skip
    assert json.loads(done(run("score", scheme, "--json")))[0]["confirmed"] == 49
    assert "2024 水资源科 1 49" in close(done(run("score", scheme)))
    book["水资源科"].cell(row[0].row, HEADS.index("确认扣分") + 1, "很多")
    book.save(path)
    status, _, said = run("score", "--from", "评分.xlsx", "--period", "2024-Q2")
    assert status == 1 and "没有收：“水资源科”" in said and "“很多”不是分数" in said


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("remind", "--dry-run", "--mail"), 2, "--dry-run 不能与 --mail、--again 一起用"),
        (("remind", "--todo"), 2, "--todo 要与 --ics 一起用"),
        (("remind", "--unit", "没有的科"), 1, "都没有“没有的科”这个单位"),
        (("letters",), 2, "缺少 --output"),
        (("letters", "--output", "交办单"), 2, "请写事项"),
        (("letters", "1", "--templates", "x"), 2, "--templates 单独用"),
        (("letters", "99", "--output", "交办单"), 1, "没有事项 99"),
        (("bulletin", "--as-of", "2024-06-01", "--today", "2024-05-01"), 1, "还没有到"),
        (("bulletin", "--output", "通报.pdf"), 1, "请用 .docx 或 .html"),
        (("score",), 2, "缺少公文"),
        (("score", "节水宣传", "--output", "a.xlsx"), 1, "没有读到评分项"),
        (("score", "没有的公文", "--output", "a.xlsx"), 1, "没有“没有的公文”这件公文"),
        (("score", "节水宣传", "--output", "a.docx"), 2, "应是 .xlsx 文件"),
        (("score", "节水宣传", "--from", "duban.toml"), 2, "--from 只能"),
        (("score", "--from", "duban.toml"), 1, "不是能读的 xlsx 文件"),
        (("score", "--from", "没有.xlsx"), 2, "没有“没有.xlsx”"),
    ],
)
def test_what_does_not_work_is_one_line(
    filed: Office, run: Run, arguments: tuple[str, ...], status: int, words: str
) -> None:  # fmt: skip
    found, out, said = run(*arguments)
    assert found == status and words in said and said.count("\n") == 1 and not out
    assert not list(Path(filed.workspace.folder).glob("*.part"))
