"""The slip of the office that a paper came to, and what only looks like one."""

from __future__ import annotations

import pytest

from extractors.assemble import extract_document
from extractors.readers.limits import Limits
from extractors.readers.pdf import read
from tests.extractors.readers.pdf_build import Pdf, plain

NOTICE = ["各镇人民政府：", "为做好防汛工作，现将有关事项通知如下。", "一、加强值守。各镇要于5月10日前完成隐患排查。"]
NUMBER, TITLE = "皋政发〔2024〕15号", "关于做好防汛工作的通知"
SLIP = [
    ["来文单位", "皋城市人民政府"],
    ["来文字号", "皋政发〔2024〕15号"],
    ["拟办意见", "请河道科阅办。"],
    ["领导批示", "同意"],
]


def notice(pdf: Pdf) -> Pdf:
    pdf.centred(90, NUMBER).centred(130, TITLE, 22)
    pdf.body(NOTICE, 180)
    return pdf.text(380, 420, "皋城市人民政府").text(400, 445, "2024年3月6日").page()


def form(pdf: Pdf, title: str, cells: list[list[str]]) -> Pdf:
    pdf.centred(70, title, 20).text(80, 110, "2024年3月9日")
    pdf.table([80, 190, 510], [140 + 40 * i for i in range(len(cells) + 1)], plain(cells))
    return pdf.page()


@pytest.mark.parametrize("title", ["皋城市水务局收文处理笺", "文件阅办单", "公文处理签", "收文批办单", "传阅单"])
def test_a_slip_is_no_part_of_the_notice(title: str) -> None:
    document = read(notice(form(Pdf(), title, SLIP)).source(), Limits())
    assert {block.type for block in document.blocks if block.page == 1} == {"slip"}
    assert "source.slip" in {warning.code for warning in document.warnings}
    alone = read(notice(Pdf()).source(), Limits())
    (with_slip,), (without,) = extract_document(document), extract_document(alone)
    assert (with_slip.notice.title, with_slip.notice.issue_date) == (TITLE, "2024-03-06")
    assert with_slip.notice.id == without.notice.id
    assert with_slip.notice.content_hash == without.notice.content_hash
    assert [task.id for task in with_slip.tasks] == [task.id for task in without.tasks]


def test_a_slip_without_its_name_is_told_by_its_labels() -> None:
    cells = [["收文号", "318"], ["来文单位", "市政府"], ["拟办意见", "请阅"], ["领导批示", ""], ["办理结果", ""]]
    document = read(notice(form(Pdf(), "皋城市水务局", cells)).source(), Limits())
    assert document.blocks[0].type == "slip"


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("防汛任务分解表", [["序号", "任务"], ["1", "隐患排查"], ["2", "值班值守"]]),
        ("督办交办单", [["承办单位", "水务局"], ["交办事项", "排查隐患"], ["办理情况", ""], ["领导批示", ""]]),
        ("参会人员登记表", [["单位", "备注"], ["水务局", ""], ["住建局", ""]]),
    ],
)
def test_other_forms_are_no_slips(title: str, cells: list[list[str]]) -> None:
    document = read(notice(form(Pdf(), title, cells)).source(), Limits())
    assert "slip" not in {block.type for block in document.blocks}


def test_a_blank_slip_annexed_to_a_notice_is_its_annex() -> None:
    document = read(form(notice(Pdf()), "附件：收文处理单", [[label, ""] for label, _ in SLIP]).source(), Limits())
    assert "slip" not in {block.type for block in document.blocks}


def test_a_notice_on_the_keeping_of_slips_is_no_slip() -> None:
    pdf = Pdf().centred(90, "关于规范收文处理笺使用的通知", 22)
    pdf.body(["各科室：", "收文处理笺上的拟办意见、领导批示由办公室统一归档。", "办理结果应于3日内反馈。"], 150)
    assert "slip" not in {block.type for block in read(pdf.page().source(), Limits()).blocks}
