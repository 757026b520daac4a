"""Paragraphs of PDF pages, and what is left out: page numbers, running heads, a browser's marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractors.readers.docx import read as read_docx
from extractors.readers.limits import Limits
from extractors.readers.pdf import read
from extractors.readers.pdf_lines import squeeze_spaced
from schemas.document import Block, Document, SourceFile
from tests.extractors.readers.pdf_build import LEADING, LEFT, MEASURE, RIGHT, SIZE, TOP, Pdf

LIMITS = Limits()
LONG = (
    "各单位要高度重视此项工作，加强组织领导，细化工作措施，压实工作责任，"
    "确保各项任务按时保质完成，并于每季度末报送进展情况。"
)
FOOT = 780.0


def blocks(pdf: Pdf) -> list[Block]:
    return read(pdf.page().source(), LIMITS).blocks


def texts(pdf: Pdf) -> list[str | None]:
    return [block.text for block in blocks(pdf)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=120), min_size=1, max_size=8))
def test_paragraphs_come_out_as_they_went_in(lengths: list[int]) -> None:
    """Paragraphs of any length, also those that fill their last line, are parted by their first lines' indent.

    One paragraph at least runs over its line: a page of nothing but short ones doesn't show how wide it is, and two
    of them, of 21 to 25 characters and of one or two, are read as one paragraph.
    """
    assume(len(lengths) == 1 or any(length > MEASURE for length in lengths))
    source = "开展好本年度重点工作的督促检查和考核评价并及时通报结果情况推动各项决策部署落地见效" * 4
    paragraphs = [source[i : i + length - 1] + "。" for i, length in enumerate(lengths)]
    pdf = Pdf()
    top, pages = TOP, 1
    for paragraph in paragraphs:
        height = (len(paragraph) // MEASURE + 2) * LEADING
        if top + height > 760:
            pdf.page()
            top, pages = TOP, pages + 1
        top = pdf.body([paragraph], top)
    document = read(pdf.page().source(), LIMITS)
    assert [block.text for block in document.blocks] == paragraphs


def test_a_paragraph_goes_on_behind_the_page_end() -> None:
    pdf = Pdf()
    pdf.text(LEFT + 2 * SIZE, 700, LONG[:25]).text(LEFT, 728, LONG[25:52]).page()
    pdf.text(LEFT, 100, LONG[52:]).body(["下一段的内容。"], 128)
    found = blocks(pdf)
    assert [block.text for block in found] == [LONG, "下一段的内容。"]
    assert found[0].page == 1 and found[0].bbox is not None and found[0].bbox[1] > 690


def test_numbered_items_without_indent_are_parted() -> None:
    pdf = Pdf()
    items = ["一、" + "甲" * 24 + "。", "二、" + "乙" * 24 + "。", "三、" + "丙" * 24 + "。"]
    for number, item in enumerate(items):
        pdf.text(LEFT, TOP + number * LEADING, item[:MEASURE])
    assert texts(pdf) == items


def test_a_title_of_two_centred_lines_is_one() -> None:
    pdf = Pdf().centred(80, "关于印发二〇二一年度重点工作", 22).centred(114, "任务分解方案的通知", 22)
    pdf.body(["各科室：", LONG], 180)
    found = blocks(pdf)
    assert found[0].text == "关于印发二〇二一年度重点工作任务分解方案的通知"
    assert found[0].layout.align == "center" and found[0].layout.size == 22


def test_letterhead_number_and_title_stay_apart() -> None:
    pdf = Pdf().centred(60, "某 市 城 市 管 理 局 文 件", 36, "red")
    pdf.centred(130, "某城管发〔2021〕15号").centred(190, "关于做好某项工作的通知", 22).body([LONG], 250)
    found = blocks(pdf)
    assert [block.text for block in found] == [
        "某市城市管理局文件", "某城管发〔2021〕15号", "关于做好某项工作的通知", LONG,
    ]  # fmt: skip
    assert found[0].layout.colour == "#ff0000" and found[3].layout.colour is None


def test_names_of_a_joint_letterhead_stay_apart() -> None:
    pdf = Pdf()
    for number, name in enumerate(["某市教育局", "某市公安局", "某市财政局", "某市民政局"]):
        pdf.text(150, 80 + number * 40, name, 30, "red")
    pdf.text(330, 130, "文件", 56, "red").body([LONG], 300)
    found = texts(pdf)
    assert sorted(text or "" for text in found[:5]) == ["文件", "某市公安局", "某市教育局", "某市民政局", "某市财政局"]


def test_signature_and_date_stand_alone() -> None:
    pdf = Pdf()
    end = pdf.body([LONG])
    pdf.text(RIGHT - 12 * SIZE, end + 40, "某市城市管理局").text(RIGHT - 11 * SIZE, end + 68, "2021年3月23日")
    pdf.text(LEFT + 2 * SIZE, end + 96, "（此件公开发布）")
    found = blocks(pdf)
    assert [block.text for block in found[1:]] == ["某市城市管理局", "2021年3月23日", "（此件公开发布）"]
    assert found[1].layout.align == "right"


def test_two_signatures_beside_each_other_keep_a_gap() -> None:
    pdf = Pdf()
    pdf.body([LONG])
    pdf.text(120, 300, "某市教育局").text(340, 300, "某市财政局")
    assert (texts(pdf)[-1] or "").split() == ["某市教育局", "某市财政局"]


def test_a_footnote_does_not_part_the_paragraph_that_goes_on() -> None:
    pdf = Pdf()
    pdf.text(LEFT + 2 * SIZE, 672, LONG[:25]).text(LEFT, 700, LONG[25:52])
    pdf.text(LEFT, 740, "①本项含临时性调研报告。", 10).page()
    pdf.text(LEFT, 100, LONG[52:]).body(["下一段的内容。"], 128)
    found = blocks(pdf)
    assert [(block.type, block.text) for block in found] == [
        ("paragraph", LONG), ("footnote", "①本项含临时性调研报告。"), ("paragraph", "下一段的内容。"),
    ]  # fmt: skip


def test_attachments_that_hang_are_whole() -> None:
    pdf = Pdf()
    end = pdf.body([LONG])
    pdf.text(LEFT + 2 * SIZE, end, "附件：1.某市城市管理系统二〇二一年度考核细则和评分")
    pdf.text(LEFT + 6 * SIZE, end + LEADING, "标准")
    pdf.text(LEFT + 5 * SIZE, end + 2 * LEADING, "2.任务分解表")
    assert texts(pdf)[1:] == ["附件：1.某市城市管理系统二〇二一年度考核细则和评分标准", "2.任务分解表"]


def test_a_raised_figure_stays_in_its_line() -> None:
    pdf = Pdf().text(LEFT, 100, "新增绿地面积不少于三万m").text(LEFT + 11 * SIZE + 12.5, 100, "2", 9)
    assert (texts(pdf)[0] or "").replace(" ", "") == "新增绿地面积不少于三万m2"


def test_glyphs_of_the_radicals_block_are_repaired() -> None:
    assert texts(Pdf().text(LEFT, 100, "⼀、⼯作⽬标")) == ["一、工作目标"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("江 苏 省 财 政 厅", "江苏省财政厅"), ("通 知", "通 知"), ("第一章 总 则", "第一章 总 则"),
        ("沙 进   袁 权", "沙 进   袁 权"), ("A B C D", "A B C D"), ("目 录 表", "目录表"),
    ],
)  # fmt: skip
def test_text_set_wide(text: str, expected: str) -> None:
    assert squeeze_spaced(text) == expected


NUMBERS = [
    "— {n} —", "-{n}-", "－ {n} －", "第{n}页", "第{n}页共9页", "第 {n} 页 / 共 9 页", "{n}/9", "{n}", "Page {n} of 9",
    "·{n}·", "第{n}页（共9页）", "- {n} -", "―{n}―",
]  # fmt: skip


@pytest.mark.parametrize("form", NUMBERS)
def test_page_numbers_are_left_out(form: str) -> None:
    pdf = Pdf()
    for number in range(1, 4):
        pdf.body([f"第{'一二三'[number - 1]}部分的内容要点如下。"])
        pdf.text(270, FOOT, form.format(n=number), 14).page()
    assert [block.text for block in read(pdf.source(), LIMITS).blocks] == [
        f"第{number}部分的内容要点如下。" for number in "一二三"
    ]


def test_full_width_and_reversed_page_numbers_are_left_out() -> None:
    pdf = Pdf()
    for number in ("— ９ —", "— ０ １ —", "— １ １ —"):
        pdf.text(LEFT, 200, "正文内容在这里。").text(270, FOOT, number, 14).page()
    assert {block.text for block in read(pdf.source(), LIMITS).blocks} == {"正文内容在这里。"}


def with_heads(head: str, pages: int) -> Document:
    pdf = Pdf()
    for number in range(pages):
        pdf.text(LEFT, 40, head.format(n=number + 1), 9)
        pdf.body([f"第{'一二三四五六'[number]}页上的正文内容。"])
        pdf.page()
    return read(pdf.source(), LIMITS)


@pytest.mark.parametrize("head", ["某市人民政府公报", "某市规划文本  第{n}页", "某省信息公开网"])
def test_running_heads_are_left_out(head: str) -> None:
    assert [block.text for block in with_heads(head, 4).blocks] == [f"第{n}页上的正文内容。" for n in "一二三四"]


@pytest.mark.parametrize(
    "mark",
    [
        "https://www.example.gov.cn/art/2021/3/23/art_1_2.html 1/3", "2024/4/13 10:22 某市教育局网站 政策文件",
        "2024-04-13 10:22:31", "file:///C:/notice.html 1/1",
    ],
)  # fmt: skip
def test_a_browsers_marks_are_left_out(mark: str) -> None:
    assert [block.text for block in with_heads(mark, 1).blocks] == ["第一页上的正文内容。"]


@pytest.mark.parametrize("text", ["2021", "附件1", "某市教育局文件", "内部资料"])
def test_what_stands_once_at_a_pages_head_stays(text: str) -> None:
    assert text in [block.text for block in with_heads(text, 1).blocks]


def test_a_bare_number_that_numbers_no_pages_stays() -> None:
    pdf = Pdf()
    for number in ("300", "17"):
        pdf.body(["正文的内容，合计为"])
        pdf.text(LEFT, FOOT, number).page()
    assert [block.text for block in read(pdf.source(), LIMITS).blocks if (block.text or "").isdigit()] == ["300", "17"]


def test_an_address_at_the_foot_stays() -> None:
    pdf = Pdf().text(LEFT, FOOT, "https://www.example.gov.cn/baosong/")
    assert texts(pdf) == ["https://www.example.gov.cn/baosong/"]


def test_what_is_printed_twice_is_read_once() -> None:
    assert texts(Pdf().text(LEFT, 100, "加粗的标题").text(LEFT + 0.4, 100, "加粗的标题")) == ["加粗的标题"]


def test_what_lies_outside_the_page_is_left_out() -> None:
    assert texts(Pdf().text(LEFT, 100, "页内的文字").text(620, 100, "页外的文字")) == ["页内的文字"]


def test_a_number_in_the_middle_of_a_page_stays() -> None:
    pdf = Pdf()
    for _ in range(3):
        pdf.body(["上文的内容。", "100", "下文的内容。"])
        pdf.page()
    assert [block.text for block in read(pdf.source(), LIMITS).blocks].count("100") == 3


def plain_texts(document: Document) -> list[str]:
    return ["".join(f"{block.label or ''}{block.text or ''}".split()) for block in document.blocks]


def test_paragraphs_of_real_notices_are_those_of_their_word_form(shared: Path) -> None:
    """Paragraphs of the Word file that come out of the PDF of the same notice as exactly one block."""
    hits = total = 0
    for path in sorted((shared / "notices").glob("*.docx")):
        if not path.with_suffix(".pdf").exists():
            continue
        wanted = plain_texts(read_docx(SourceFile.of(path.read_bytes(), path.name, "docx"), LIMITS))
        pdf = path.with_suffix(".pdf")
        got = set(plain_texts(read(SourceFile.of(pdf.read_bytes(), pdf.name, "pdf"), LIMITS)))
        hits += sum(text in got for text in wanted if text)
        total += sum(1 for text in wanted if text)
    assert total and hits / total >= 0.95, (hits, total)
