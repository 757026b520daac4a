"""Made-up tables read back as the same grid with the same merges.

Text tells of a merged cell only that further rows have an empty one; what a merge covers to the right is not there. So
text is asked for grids without merges and blanks alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("reportlab", reason="writing PDFs needs the extra “samples”")
from formats import CLAUSES, HEADS, REPEATABLE, read, sample, sentences, source, squeeze
from reportlab.platypus.doctemplate import LayoutError

COLUMNS = ("重点任务", "责任单位", "完成时限", "目标要求", "配合单位", "责任人", "备注")
short = st.sampled_from([*HEADS, *CLAUSES, "办公室", "3月底前", "95%", "环卫所、绿化所"])
cells = st.one_of(short, short, sentences.filter(lambda words: len(words) < 120))


@st.composite
def grids(draw, plain=False, most=40):
    """Rows of a table: one head row or two, cells merged downwards (^) and to the right (<), blanks."""
    columns = draw(st.integers(2, 8))
    rows = [["序号", *COLUMNS[: columns - 1]]]
    two = not plain and columns >= 4 and draw(st.booleans())
    if two:
        rows = [[*rows[0][:2], "责任分工", "<", *rows[0][4:]], ["^", "^", "牵头单位", "配合单位", *"^" * (columns - 4)]]
    heads = len(rows)
    for number in range(1, draw(st.integers(1, min(most, 40 if columns < 5 else 12))) + 1):
        row = [str(number)]
        for column in range(1, columns):
            kind = 9 if plain else draw(st.integers(0, 9))
            above = rows[-1][column]
            if kind == 0 and number > 1 and above != "<" and (column + 1 == columns or rows[-1][column + 1] != "<"):
                row.append("^")
            elif kind == 1 and column > 1 and row[-1] not in ("^", "<"):
                row.append("<")
            else:
                row.append("" if kind == 2 else draw(cells))
        rows.append(row)
    return heads, rows


def table_of(heads, rows):
    return source._table([("|# " if place < heads else "| ") + " | ".join(row) for place, row in enumerate(rows)])


def filled(rows):
    full = []
    for row in rows:
        full.append([])
        for column, words in enumerate(row):
            full[-1].append({"^": full[-2][column] if len(full) > 1 else "", "<": full[-1][-1] if full[-1] else ""}
                            .get(words, squeeze(words)))  # fmt: skip
    return full


def grid_of(document):
    assert len(document.tables) == 1
    return [[squeeze(words) for words in row] for row in document.tables[0].cells]


def made(table):
    start = [source.Paragraph("title", "某市2023年工作任务表"), source.Paragraph("body", "为做好工作，制定本表。")]
    return sample([*start, table])


@REPEATABLE
@given(grid=grids())
def test_merged_and_blank_cells_from_docx(grid):
    check(grid, "docx")


@REPEATABLE
@given(grid=st.one_of(grids(most=6), grids(plain=True)))
def test_merged_cells_and_tables_over_pages_from_pdf(grid):
    """Long tables are without merges here: a merged cell that goes on over a page's end is not always told right."""
    check(grid, "pdf")


def check(grid, ending):
    table = table_of(*grid)
    try:
        document = read(made(table), ending)
    except LayoutError:  # the samples' writer can't break every tall merged cell over pages
        reject()
    assert grid_of(document) == filled(grid[1])
    found = {tuple(merge) for merge in document.tables[0].merges}
    for merge in table.merges:
        if table.rows[merge.row][merge.column]:
            assert (merge.row, merge.column, merge.rows, merge.columns) in found


@REPEATABLE
@given(grid=grids(plain=True))
def test_plain_cells_from_text(grid):
    assert grid_of(read(made(table_of(*grid)), "txt")) == filled(grid[1])
