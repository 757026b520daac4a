"""Tables of PDF pages: what is one, merged cells, and what a page's end does to them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from extractors.readers.limits import Limits
from extractors.readers.pdf import read
from schemas.document import Document, SourceFile
from tests.extractors.readers.pdf_build import LEFT, RIGHT, Pdf, plain

LIMITS = Limits()
XS = (80.0, 160.0, 360.0, 512.0)
HEAD = ["时间安排", "工作内容", "责任单位"]
BOTTOM = 760.0


def rows(start: int, count: int) -> list[list[str]]:
    return [[f"第{n}周", f"工作事项{n}", f"科室{n}"] for n in range(start, start + count)]


def ys(top: float, count: int, step: float = 30) -> list[float]:
    return [top + step * i for i in range(count + 1)]


def two_pages(
    first: dict[tuple[int, int, int, int], str], second: dict[tuple[int, int, int, int], str],
    second_xs: Sequence[float] = XS,
) -> Document:  # fmt: skip
    """A table that reaches the foot of one page, and one at the head of the next."""
    pdf = Pdf()
    count = max(r + n for r, _, n, _ in first)
    pdf.table(XS, ys(BOTTOM - 30 * count, count), first).page()
    pdf.table(second_xs, ys(90, max(r + n for r, _, n, _ in second)), second).page()
    return read(pdf.source(), LIMITS)


def one_page(draw: Pdf) -> Document:
    return read(draw.page().source(), LIMITS)


def test_merged_cells_fill_the_grid_and_are_told() -> None:
    cells = {
        (0, 0, 1, 3): "年度任务分解总表", (1, 0, 2, 1): "一季度", (1, 1, 1, 1): "任务一", (1, 2, 1, 1): "科室甲",
        (2, 1, 1, 1): "任务二", (2, 2, 1, 1): "科室乙",
    }  # fmt: skip
    table = one_page(Pdf().table(XS, ys(100, 3), cells)).tables[0]
    assert table.cells == [
        ["年度任务分解总表"] * 3, ["一季度", "任务一", "科室甲"], ["一季度", "任务二", "科室乙"],
    ]  # fmt: skip
    assert table.merges == [(0, 0, 1, 3), (1, 0, 2, 1)]


def test_a_line_that_fills_its_cell_is_joined_and_a_short_one_is_not() -> None:
    cells = {
        (0, 0, 1, 1): "时间", (0, 1, 1, 1): "工作内容", (0, 2, 1, 1): "责任单位",
        (1, 0, 1, 1): "全年", (1, 1, 1, 1): "组织开展业务培训和技能比武活动，\n不断提高队伍素质",
        (1, 2, 1, 1): "办公室\n人事科",
    }  # fmt: skip
    table = one_page(Pdf().table(XS, [100, 130, 190], cells)).tables[0]
    assert table.cells[1] == ["全年", "组织开展业务培训和技能比武活动，不断提高队伍素质", "办公室\n人事科"]


def test_a_label_written_downwards_is_one_word() -> None:
    cells = {(0, 0, 2, 1): "基\n础\n指\n标", (0, 1, 1, 1): "学历文化程度", (0, 2, 1, 1): "十分"} | {
        (1, 1, 1, 1): "年龄", (1, 2, 1, 1): "五分",
    }  # fmt: skip
    table = one_page(Pdf().table((80, 100, 300, 512), [100, 140, 180], cells)).tables[0]
    assert table.cells == [["基础指标", "学历文化程度", "十分"], ["基础指标", "年龄", "五分"]]


def test_a_line_that_hangs_over_the_edge_stays_in_its_cell() -> None:
    cells = plain([["时间", "内容"], ["三月", "制定全年工作方案，"]])
    table = one_page(Pdf().table((80, 160, 160 + 4 + 8.3 * 12), [100, 130, 160], cells)).tables[0]
    assert table.cells[1] == ["三月", "制定全年工作方案，"]


def test_thin_filled_rectangles_are_rulings() -> None:
    pdf = Pdf()
    for x in XS:
        pdf.rect(x - 0.25, 100, x + 0.25, 160, fill="black", stroke=False)
    for y in (100, 130, 160):
        pdf.rect(XS[0], y - 0.25, XS[-1], y + 0.25, fill="black", stroke=False)
    for (r, c, _, _), text in plain([HEAD, ["3月", "完成方案", "办公室"]]).items():
        pdf.text(XS[c] + 4, 105 + 30 * r, text, 12)
    assert one_page(pdf).tables[0].cells == [HEAD, ["3月", "完成方案", "办公室"]]


def test_a_table_open_at_its_sides_keeps_its_outer_columns() -> None:
    pdf = Pdf()
    for y in (100, 130, 160):
        pdf.line(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        pdf.line(x, 100, x, 160)
    for (r, c, _, _), text in plain([HEAD, ["3月", "完成方案", "办公室"]]).items():
        pdf.text(XS[c] + 4, 105 + 30 * r, text, 12)
    assert one_page(pdf).tables[0].cells == [HEAD, ["3月", "完成方案", "办公室"]]


def phantom(kind: str) -> Pdf:
    pdf = Pdf()
    lines = ["专栏一  重点工程", "实施一批重点工程，提升服务能力和水平。"]
    for number, line in enumerate(lines):
        pdf.text(100, 110 + 30 * number, line, 12)
    if kind == "frame":
        pdf.rect(90, 100, 500, 170)
    elif kind == "frame of two rows":
        pdf.rect(90, 100, 500, 135).rect(90, 135, 500, 170)
    elif kind == "shading":
        for number in range(2):
            pdf.rect(90, 105 + 30 * number, 500, 130 + 30 * number, fill="white", stroke=False)
            pdf.rect(95, 107 + 30 * number, 495, 128 + 30 * number, fill="white", stroke=False)
        for number, line in enumerate(lines):
            pdf.text(100, 110 + 30 * number, line, 12)
    elif kind == "underlines":
        for number in range(2):
            pdf.line(100, 125 + 30 * number, 400, 125 + 30 * number)
    elif kind == "border of the page":
        pdf.rect(30, 30, 565, 812).rect(34, 34, 561, 808)
    elif kind == "one row":
        pdf.rect(90, 100, 300, 170).rect(300, 100, 500, 170).text(310, 110, "旁注文字", 12)
    elif kind == "rules of a letterhead":
        pdf.line(LEFT, 100, RIGHT, 100, 2).line(LEFT, 104, RIGHT, 104).line(LEFT, 170, RIGHT, 170)
    return pdf


@pytest.mark.parametrize(
    "kind",
    [
        "frame", "frame of two rows", "shading", "underlines", "border of the page", "one row",
        "rules of a letterhead",
    ],
)  # fmt: skip
def test_lines_that_are_no_table(kind: str) -> None:
    document = one_page(phantom(kind))
    text = "".join(block.text or "" for block in document.blocks)
    assert not document.tables
    assert "重点工程" in text and "提升服务能力和水平。" in text


def test_rulings_too_dense_for_a_table_are_told() -> None:
    pdf = Pdf().text(80, 60, "坐标纸上的一行文字")
    for step in range(100):
        pdf.line(50, 100 + step * 5, 545, 100 + step * 5).line(50 + step * 5, 100, 50 + step * 5, 595)
    document = one_page(pdf)
    assert [warning.code for warning in document.warnings] == ["source.dense_page"]
    assert [block.text for block in document.blocks] == ["坐标纸上的一行文字"]


def test_text_of_a_table_is_not_repeated_as_paragraphs() -> None:
    pdf = Pdf().text(80, 80, "任务分解表").table(XS, ys(110, 3), plain([HEAD, *rows(1, 2)])).text(80, 220, "备注文字")
    document = one_page(pdf)
    assert [block.text for block in document.blocks] == ["任务分解表", None, "备注文字"]


def test_parts_on_two_pages_are_one_table() -> None:
    table = two_pages(plain([HEAD, *rows(1, 3)]), plain(rows(4, 2))).tables
    assert len(table) == 1
    assert table[0].cells == [HEAD, *rows(1, 5)]
    assert table[0].row_pages == [1, 1, 1, 1, 2, 2]


def test_a_repeated_head_is_kept_once() -> None:
    tables = two_pages(plain([HEAD, *rows(1, 3)]), plain([HEAD, *rows(4, 2)])).tables
    assert [table.cells for table in tables] == [[HEAD, *rows(1, 5)]]


def test_a_page_with_nothing_but_the_head_again_adds_nothing() -> None:
    tables = two_pages(plain([HEAD, *rows(1, 3)]), plain([HEAD])).tables
    assert [table.cells for table in tables] == [[HEAD, *rows(1, 3)]]


def test_a_single_row_on_the_next_page_belongs_to_the_table() -> None:
    document = two_pages(plain([HEAD, *rows(1, 3)]), plain(rows(4, 1)))
    assert [table.cells for table in document.tables] == [[HEAD, *rows(1, 4)]]


def test_other_columns_make_another_table() -> None:
    second = {(r, c, 1, 1): text for (r, c, _, _), text in plain([HEAD, *rows(1, 3)]).items()}
    tables = two_pages(plain([HEAD, *rows(1, 3)]), second, (80.0, 220.0, 300.0, 512.0)).tables
    assert len(tables) == 2


def test_a_heading_between_makes_another_table() -> None:
    pdf = Pdf()
    pdf.table(XS, ys(BOTTOM - 120, 4), plain([HEAD, *rows(1, 3)])).page()
    pdf.text(80, 80, "表二  其他工作安排").table(XS, ys(110, 4), plain([HEAD, *rows(1, 3)])).page()
    assert len(read(pdf.source(), LIMITS).tables) == 2


def test_a_table_that_ends_long_before_the_page_does_not_go_on() -> None:
    pdf = Pdf()
    pdf.table(XS, ys(100, 4), plain([HEAD, *rows(1, 3)])).page()
    pdf.table(XS, ys(100, 4), plain([HEAD, *rows(5, 3)])).text(80, BOTTOM, "页末的一行文字").page()
    assert len(read(pdf.source(), LIMITS).tables) == 2


def test_a_row_cut_by_the_page_end_is_made_whole() -> None:
    first = plain([HEAD, *rows(1, 2)]) | {
        (3, 0, 1, 1): "第三周", (3, 1, 1, 1): "组织开展业务培训和技能比武活动", (3, 2, 1, 1): "办公室",
    }  # fmt: skip
    second = {(0, 0, 1, 1): "", (0, 1, 1, 1): "并总结推广好的做法", (0, 2, 1, 1): ""} | plain(rows(4, 2), 1)
    table = two_pages(first, second).tables[0]
    assert table.cells == [
        HEAD, *rows(1, 2), ["第三周", "组织开展业务培训和技能比武活动并总结推广好的做法", "办公室"], *rows(4, 2),
    ]  # fmt: skip
    assert table.row_pages == [1, 1, 1, 1, 2, 2]


def test_a_cell_over_rows_keeps_its_value_behind_the_page_end() -> None:
    first = plain([HEAD]) | {
        (1, 0, 3, 1): "上半年", (1, 1, 1, 1): "事项一", (1, 2, 1, 1): "科室甲", (2, 1, 1, 1): "事项二",
        (2, 2, 1, 1): "科室乙", (3, 1, 1, 1): "事项三", (3, 2, 1, 1): "科室丙",
    }  # fmt: skip
    second = {
        (0, 0, 2, 1): "", (0, 1, 1, 1): "事项四", (0, 2, 1, 1): "科室丁", (1, 1, 1, 1): "事项五",
        (1, 2, 1, 1): "科室戊", (2, 0, 1, 1): "下半年", (2, 1, 1, 1): "事项六", (2, 2, 1, 1): "科室己",
    }  # fmt: skip
    table = two_pages(first, second).tables[0]
    assert [row[0] for row in table.cells] == ["时间安排", *["上半年"] * 5, "下半年"]
    assert (1, 0, 5, 1) in table.merges


def test_a_blank_column_stays_blank() -> None:
    first = [["序号事项", "工作内容", "备注说明"], *[[f"第{n}项", f"内容{n}号", ""] for n in range(1, 4)]]
    second = [[f"第{n}项", f"内容{n}号", ""] for n in range(4, 6)]
    table = two_pages(plain(first), plain(second)).tables[0]
    assert [row[2] for row in table.cells] == ["备注说明", *[""] * 5]
    assert not table.merges


def test_a_landscape_page_has_its_table() -> None:
    pdf = Pdf(size=(842.0, 595.0))
    pdf.table(XS, ys(100, 3), plain([HEAD, *rows(1, 2)])).page()
    assert read(pdf.source(), LIMITS).tables[0].cells == [HEAD, *rows(1, 2)]


def relations(cells: Sequence[Sequence[str]]) -> Counter[tuple[str, str, str]]:
    """A table as its neighbour relations, white space aside."""
    grid = [["".join(cell.split()) for cell in row] for row in cells]
    found: Counter[tuple[str, str, str]] = Counter()
    for r, row in enumerate(grid):
        for c, cell in enumerate(row):
            if c + 1 < len(row) and (cell or row[c + 1]):
                found["right", cell, row[c + 1]] += 1
            if r + 1 < len(grid) and (cell or grid[r + 1][c]):
                found["below", cell, grid[r + 1][c]] += 1
    return found


def test_tables_of_a_real_notice_are_as_annotated(shared: Path) -> None:
    name = "rugao-chengguan-2021-15"
    gold = json.loads((shared / "eval" / "gold" / f"{name}.json").read_text(encoding="utf-8"))["tables"]
    path = shared / "notices" / f"{name}.pdf"
    tables = read(SourceFile.of(path.read_bytes(), path.name, "pdf"), LIMITS).tables
    assert len(tables) == len(gold)
    shared_relations = total = 0
    for one, other in zip(gold, tables, strict=True):
        wanted, got = relations(one["cells"]), relations(other.cells)
        shared_relations += 2 * sum((wanted & got).values())
        total += sum(wanted.values()) + sum(got.values())
    assert shared_relations / total >= 0.97
