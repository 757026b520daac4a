"""Word tables as full grids, and tables that only lay text out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.docx_tables import Cell, Lines, Row, build, lays_out, without_repeats
from tests.extractors.readers.docx_build import BORDERS, document, p, r, span, tbl, tc, texts

START, GO = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
RED = '<w:color w:val="FF0000"/><w:sz w:val="72"/>'


def test_grid_with_merges() -> None:
    table = tbl(
        tc("任务") + tc("完成情况", span(2)),
        tc("甲", START) + tc("一期") + tc("3月"),
        tc("", GO) + tc("二期") + tc("9月"),
    )
    doc = document(table)
    assert [b.type for b in doc.blocks] == ["table"]
    assert doc.tables[0].cells == [["任务", "完成情况", "完成情况"], ["甲", "一期", "3月"], ["甲", "二期", "9月"]]
    assert doc.tables[0].merges == [(0, 1, 1, 2), (1, 0, 2, 1)]
    assert doc.warnings == []


def test_block_merge() -> None:
    table = tbl(tc("合", span(2) + START) + tc("甲"), tc("", span(2) + GO) + tc("乙"), tc("1") + tc("2") + tc("3"))
    assert document(table).tables[0].merges == [(0, 0, 2, 2)]


def test_paragraphs_of_a_cell() -> None:
    cell = tc(p("第一段") + p("  ") + p(f"{r('第二')}<w:r><w:br/></w:r>{r('段')}"))
    assert document(tbl(cell + tc("乙"))).tables[0].cells == [["第一段\n第二\n段", "乙"]]


def test_gaps_before_and_after() -> None:
    rows = [
        tc("甲") + tc("乙") + tc("丙"),
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>{tc("中")}</w:tr>',
    ]
    doc = document(tbl(*rows))
    assert doc.tables[0].cells == [["甲", "乙", "丙"], ["", "中", ""]]
    assert doc.warnings == []


def test_ragged_rows_are_filled_and_told() -> None:
    doc = document(tbl(tc("甲") + tc("乙"), tc("丙")))
    assert doc.tables[0].cells == [["甲", "乙"], ["丙", ""]]
    assert [(w.code, w.span.row if w.span else None) for w in doc.warnings] == [("table.ragged_row", 1)]


def test_horizontal_merge_of_old_files() -> None:
    row = tc("合", '<w:hMerge w:val="restart"/>') + tc("", "<w:hMerge/>") + tc("乙")
    table = document(tbl(row, tc("1") + tc("2") + tc("3"))).tables[0]
    assert table.cells[0] == ["合", "合", "乙"]
    assert table.merges == [(0, 0, 1, 2)]


def test_columns_that_no_row_tells_apart_are_one() -> None:
    table = document(tbl(tc("甲", span(2)) + tc("乙"), tc("丙", span(2)) + tc("丁"))).tables[0]
    assert table.cells == [["甲", "乙"], ["丙", "丁"]]
    assert table.merges == []


def test_slivers_of_dragged_borders_are_no_columns() -> None:
    rows = [tc("甲") + tc("乙", span(2)), tc("丙", span(2)) + tc("丁")]
    table = document(tbl(*rows, widths=(3000, 20, 3000))).tables[0]
    assert table.cells == [["甲", "乙"], ["丙", "丁"]]
    assert table.merges == []
    wide = document(tbl(*rows, widths=(3000, 900, 3000))).tables[0]
    assert len(wide.cells[0]) == 3


def test_a_row_inside_merged_cells_is_not_seen() -> None:
    table = tbl(tc("甲", START) + tc("乙", START), tc("", GO) + tc("", GO), tc("丙") + tc("丁"))
    assert document(table).tables[0].cells == [["甲", "乙"], ["丙", "丁"]]


def test_a_merge_with_other_columns_stands_for_itself() -> None:
    table = document(tbl(tc("甲", span(2) + START) + tc("乙"), tc("", GO) + tc("丙") + tc("丁"))).tables[0]
    assert table.cells == [["甲", "甲", "乙"], ["甲", "丙", "丁"]]
    assert table.merges == [(0, 0, 1, 2)]


def test_text_in_the_covered_part_of_a_merged_cell() -> None:
    covered = tbl(tc("甲", START) + tc("乙"), tc("甲的重复", GO) + tc("丙"))
    assert document(covered).tables[0].cells == [["甲", "乙"], ["甲", "丙"]]
    alone = tbl(tc("甲", span(2)) + tc("乙"), tc("不相干", GO) + tc("丙") + tc("丁"))
    assert document(alone).tables[0].cells[1] == ["不相干", "丙", "丁"]


def test_content_controls_around_rows_and_cells() -> None:
    cell = f"<w:sdt><w:sdtContent>{tc('乙')}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr>{tc('丙')}{tc('丁')}</w:tr></w:sdtContent></w:sdt>"
    assert document(tbl(tc("甲") + cell, row)).tables[0].cells == [["甲", "乙"], ["丙", "丁"]]


def test_deleted_rows_are_not_read() -> None:
    gone = f'<w:tr><w:trPr><w:del w:id="1" w:author="x"/></w:trPr>{tc("旧")}{tc("旧")}</w:tr>'
    hidden = f"<w:tr><w:trPr><w:hidden/></w:trPr>{tc('密')}{tc('密')}</w:tr>"
    assert document(tbl(tc("甲") + tc("乙"), gone, hidden)).tables[0].cells == [["甲", "乙"]]


def test_nested_tables() -> None:
    inner = tbl(tc("内一") + tc("内二"))
    doc = document(tbl(tc("外一") + tc(p("前") + inner + p("后")), tc("外二") + tc("外三")) + p("文末"))
    assert [b.type for b in doc.blocks] == ["table", "table", "paragraph"]
    assert doc.tables[0].cells == [["外一", "前\n内一\n内二\n后"], ["外二", "外三"]]
    assert doc.tables[1].cells == [["内一", "内二"]]
    assert [w.code for w in doc.warnings] == ["table.nested"]
    span_ = doc.warnings[0].span
    assert span_ is not None and doc.text_at(span_) == "前\n内一\n内二\n后"


def test_a_frame_around_a_table_is_no_table() -> None:
    doc = document(tbl(tc(p("题目") + tbl(tc("甲") + tc("乙"), tc("丙") + tc("丁")) + p())))
    assert [b.type for b in doc.blocks] == ["paragraph", "table"]
    assert doc.warnings == []


def test_heads_typed_again_on_the_next_page() -> None:
    head = tc("序号") + tc("责任单位")
    rows = [
        head,
        tc("1") + tc("办公室", START),
        tc("2") + tc("", GO),
        head,
        tc("3") + tc("办公室", START),
        tc("4") + tc("", GO),
    ]
    table = document(tbl(*rows)).tables[0]
    assert [row[0] for row in table.cells] == ["序号", "1", "2", "3", "4"]
    assert table.merges == [(1, 1, 4, 1)]


def test_rows_of_a_form_are_not_taken_for_heads() -> None:
    row = tc("姓名") + tc("") + tc("电话") + tc("")
    assert len(document(tbl(row, row, row)).tables[0].cells) == 3


def test_letterhead_in_a_table_without_lines() -> None:
    table = tbl(tc(p(r("某某市水务局文件", RED)), START) + tc("签发人：王某"), borders=False)
    doc = document(table + p("关于某事的通知"))
    assert [b.type for b in doc.blocks] == ["paragraph"] * 3
    assert doc.blocks[0].layout.colour == "#ff0000"
    assert doc.blocks[0].layout.size == 36.0
    assert doc.tables == []


def test_joint_letterhead_in_reading_order() -> None:
    one = tc(p(r("某某市水务局", RED))) + tc(p(r("文件", RED)), START)
    two = tc(p(r("某某市财政局", RED))) + tc("", GO)
    assert texts(document(tbl(one, two, borders=False))) == ["某某市水务局", "文件", "某某市财政局"]


def test_imprint_in_a_table_is_text() -> None:
    rows = [tc("抄送：市委办公室。", span(2)), tc("某某市水务局办公室") + tc("2024年3月5日印发")]
    assert texts(document(tbl(*rows))) == ["抄送：市委办公室。", "某某市水务局办公室", "2024年3月5日印发"]


def test_tables_without_lines_may_still_be_tables() -> None:
    rows = [[f"第{i}行", "内容", "单位"] for i in range(4)]
    assert not lays_out(rows, Lines(), red=False, size=12, nested=False)
    assert lays_out([["", "内容"], ["某局", ""], ["", "日期"]], Lines(), red=False, size=12, nested=False)
    assert not lays_out([["专栏 重点工程"]], Lines(True, True), red=False, size=12, nested=False)
    assert lays_out([["\n".join("全文" for _ in range(40))]], Lines(True, True), red=False, size=16, nested=False)
    assert lays_out([["甲局", "乙局"], ["3月1日", "3月2日"]], Lines(), red=False, size=16, nested=False)


def test_table_style_gives_the_lines() -> None:
    styles = (
        '<w:style w:type="table" w:styleId="T"><w:name w:val="T"/><w:tblPr><w:tblBorders>'
        '<w:insideV w:val="single"/></w:tblBorders></w:tblPr></w:style>'
    )
    table = tbl(tc("甲") + tc("乙"), borders=False, props='<w:tblStyle w:val="T"/>')
    assert [b.type for b in document(table, {"styles": styles}).blocks] == ["table"]
    assert [b.type for b in document(table).blocks] == ["paragraph", "paragraph"]
    row = f"<w:tr><w:tblPrEx><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPrEx>{tc('甲')}{tc('乙')}</w:tr>"
    assert [b.type for b in document(tbl(row, borders=False)).blocks] == ["table"]


@st.composite
def _rows(draw: st.DrawFn) -> list[Row]:
    rows, index = [], 0
    for _ in range(draw(st.integers(1, 5))):
        column, cells = draw(st.integers(0, 2)), []
        for _ in range(draw(st.integers(0, 4))):
            wide = draw(st.integers(1, 3))
            cells.append(Cell(column, wide, f"格{index}", draw(st.booleans()), index))
            column, index = column + wide, index + 1
        rows.append(Row(cells, column + draw(st.integers(0, 1))))
    return rows


@given(_rows(), st.lists(st.floats(0, 200), max_size=20))
def test_every_grid_is_whole(rows: list[Row], widths: list[float]) -> None:
    written = {cell.text for row in rows for cell in row.cells if not cell.continues}
    grid = build(rows, widths)
    assert len({len(row) for row in grid.cells}) <= 1
    covered: set[tuple[int, int]] = set()
    for top, left, high, wide in grid.merges:
        area = {(r, c) for r in range(top, top + high) for c in range(left, left + wide)}
        assert not covered & area
        covered |= area
        assert {grid.cells[r][c] for r, c in area} == {grid.cells[top][left]}
    shown = {text for row in grid.cells for text in row}
    assert written <= shown
    assert len(without_repeats(grid).cells) <= len(grid.cells)
