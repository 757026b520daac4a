"""A report as an Excel workbook: what it says and what is where, a sheet a kind of table with all rows, and the words.

Each sheet has one head, which stays in sight and filters; cells lead to the words that they rest on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.columns import width
from pipeline.compare.reports import charts
from pipeline.compare.reports.layout import naturals
from pipeline.compare.reports.model import Cell, Content, Sheet, bare, sheets_of

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: What a cell of Excel holds is 32,767 characters.
_MOST = 32_000
#: Columns in half Chinese characters, rows in points: a line, and the most that Excel gives a row.
_WIDEST, _LINE, _TALLEST = 60, 15, 409
#: Excel opens no sheet with more links than 65,530.
_MOST_LINKS = 65_000
#: Longer words carry no link themselves.
_LINKED = 60
_EVIDENCE = (6, 24, 40, 90, 6)
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")


def write_xlsx(content: Content, path: Path) -> None:
    """Writes the workbook.

    Raises:
        OSError: the file can't be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    first.title = bare(content.words["contents"])
    evidence = bare(content.words["evidence"])
    sheets = sheets_of(content)
    for sheet in sheets:
        _sheet(content, book.create_sheet(sheet.name), sheet, evidence)
    charts.add_sheet(book, content, bare(content.words["charts"]))
    _evidence(content, book.create_sheet(evidence))
    _contents(content, first, sheets, evidence)
    book.save(path)


def _contents(content: Content, at: Any, sheets: Sequence[Sheet], evidence: str) -> None:
    """The first sheet: the report's prose, and which sheet holds what."""
    from openpyxl.styles import Font

    w = content.words
    at.column_dimensions["A"].width, at.column_dimensions["B"].width, at.column_dimensions["C"].width = 28, 90, 12
    row = 1
    _put(at, row, 1, content.title, wrap=False)
    at.cell(row=row, column=1).font = Font(bold=True, size=16)
    for section in content.sections:
        row += 2
        _put(at, row, 1, section.title, bold=True, wrap=False)
        for line in section.prose:
            row += 1
            _put(at, row, 2, line, most=w["cut"])
            at.row_dimensions[row].height = _height([line], [88])
        for sheet in (one for one in sheets if one.section is section):
            row += 1
            _lead(at.cell(row=row, column=1), sheet.name, f"'{sheet.name}'!A1")
            _put(at, row, 2, "；".join(filter(None, (table.title for table in sheet.tables[:1] if not sheet.told))))
            _put(at, row, 3, w["count_line"].format(n=sum(len(table.rows) for table in sheet.tables)), wrap=False)
    row += 2
    _lead(at.cell(row=row, column=1), evidence, f"'{evidence}'!A1")
    _put(at, row, 3, w["count_line"].format(n=len(content.evidence)), wrap=False)
    _page(at)


def _sheet(content: Content, at: Any, sheet: Sheet, evidence: str) -> None:
    """A sheet's head and rows; where it holds several tables, the first column says which a row is of."""
    from openpyxl.utils import get_column_letter

    w = content.words
    heads = sheet.tables[0].heads
    # A matrix holds no long words, and its heads stand over its columns.
    apart = set() if heads else _apart(sheet)
    columns = (
        *((w["of"],) if sheet.told else ()),
        *(head for n, name in enumerate(sheet.tables[0].columns) for head in (name, w["basis"])[: 1 + (n in apart)]),
    )
    head = 1
    if heads:
        _heads(at, heads)
        head = 2
    for column, name in enumerate(columns, 1):
        _put(at, head, column, name, bold=True, fill=True)
    shown = _rows(content, at, sheet, apart, head, evidence)
    if not shown:
        _put(at, head + 1, 1, w["none"], wrap=False)
    widths = naturals(columns, list(shown.values()), widest=_WIDEST)
    for column, wide in enumerate(widths, 1):
        at.column_dimensions[get_column_letter(column)].width = wide + 2
    for row, cells in shown.items():
        at.row_dimensions[row].height = _height([cell.text for cell in cells], widths)
    at.freeze_panes = at.cell(row=head + 1, column=2)
    at.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{max(shown, default=head + 1)}"
    at.print_title_rows = f"1:{head}"
    _page(at)


def _rows(content: Content, at: Any, sheet: Sheet, apart: set[int], head: int, evidence: str) -> dict[int, list[Cell]]:
    """Writes the rows of a sheet's tables; gives what stands in which."""
    shown: dict[int, list[Cell]] = {}
    row = head
    links = 0
    for table in sheet.tables:
        before = [Cell("\n".join((table.title, *table.notes[:1])))] if sheet.told else []
        groups = {} if sheet.told else dict(table.groups)
        for number, cells in enumerate(table.rows):
            row += 1
            if number in groups:
                _put(at, row, 1, groups[number], bold=True, fill=True, wrap=False)
                row += 1
            shown[row] = [*before, *_with_links(content, cells, apart)]
            for column, cell in enumerate(shown[row], 1):
                links += bool(cell.words)
                linked = links <= _MOST_LINKS
                _cell(content, at.cell(row=row, column=column), cell if linked else replace(cell, words=()), evidence)
    return shown


def _apart(sheet: Sheet) -> set[int]:
    """Columns of long texts, whose links stand in a column of their own: LibreOffice doesn't wrap words with a link."""
    return {
        place
        for table in sheet.tables
        for cells in table.rows
        for place, cell in enumerate(cells)
        if cell.words and len(cell.text) > _LINKED
    }


def _with_links(content: Content, cells: Sequence[Cell], apart: set[int]) -> list[Cell]:
    made = []
    for place, cell in enumerate(cells):
        if place not in apart:
            made.append(cell)
            continue
        made.append(replace(cell, words=()))
        made.append(Cell(str(content.number(cell.words[0])) if cell.words else "", cell.words))
    return made


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """A row's height, for programs that don't find it out: what its longest cell takes."""
    lines = [
        sum(max(1, -(-width(line) // wide)) for line in text.split("\n"))
        for text, wide in zip(texts, widths, strict=True)
    ]
    return min(_TALLEST, _LINE * max(lines) + 2)


def _heads(at: Any, heads: Sequence[tuple[str, int]]) -> None:
    column = 1
    for name, span in heads:
        _put(at, 1, column, name, bold=True, fill=True)
        if span > 1:
            at.merge_cells(start_row=1, start_column=column, end_row=1, end_column=column + span - 1)
        column += span


def _evidence(content: Content, at: Any) -> None:
    w = content.words
    for column, name in enumerate(("No.", w["city"], w["words"], w["around"], w["page_head"]), 1):
        _put(at, 1, column, name, bold=True, fill=True)
    for number, words in enumerate(content.evidence, 1):
        values = (str(number), content.places[words.party], words.text, words.around, str(words.page or ""))
        for column, value in enumerate(values, 1):
            _put(at, number + 1, column, value, most=w["cut"])
        at.row_dimensions[number + 1].height = _height(values, _EVIDENCE)
    for letter, wide in zip("ABCDE", _EVIDENCE, strict=True):
        at.column_dimensions[letter].width = wide + 2
    at.freeze_panes = "A2"
    at.auto_filter.ref = f"A1:E{len(content.evidence) + 1}"
    at.print_title_rows = "1:1"
    _page(at)


def _page(at: Any) -> None:
    """Landscape pages, as broad as the sheet, with lines between the cells."""
    at.print_options.gridLines = True
    at.page_setup.orientation, at.page_setup.paperSize = "landscape", at.PAPERSIZE_A4
    at.page_setup.fitToWidth, at.page_setup.fitToHeight = 1, 0
    at.sheet_properties.pageSetUpPr.fitToPage = True


def _cell(content: Content, at: Any, cell: Cell, evidence: str) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Alignment

    at.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    if cell.marks and len(cell.text) <= _MOST:
        red = InlineFont(color="FFB03020")
        parts = [
            TextBlock(red, _FORBIDDEN.sub("", part)) if marked else _FORBIDDEN.sub("", part)
            for part, marked in cell.parts() if part
        ]  # fmt: skip
        at.value = CellRichText(*parts)
    else:
        _value(at, cell.text, content.words["cut"])
    if cell.words:
        _link(at, f"'{evidence}'!A{content.number(cell.words[0]) + 1}")


def _link(at: Any, location: str) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    at.hyperlink = Hyperlink(ref=at.coordinate, location=location)


def _lead(at: Any, text: str, location: str) -> None:
    from openpyxl.styles import Font

    _value(at, text, "")
    _link(at, location)
    at.font = Font(color="FF1F5F99")


def _value(at: Any, text: str, most: str) -> None:
    """Numbers as numbers; all else as text, so that nothing from a notice becomes a formula.

    Longer texts than a cell holds are cut, and ``most`` says by how much.
    """
    if _NUMBER.fullmatch(text) and not (text.startswith("0") and text[1:2].isdigit()):
        at.value = float(text) if "." in text else int(text)
        return
    text = _FORBIDDEN.sub("", text)
    left = len(text) - _MOST
    at.value = text if left <= 0 else text[:_MOST] + most.format(n=left)
    at.data_type = "s"


def _put(
    sheet: Any, row: int, column: int, text: str, *, bold: bool = False, fill: bool = False, wrap: bool = True,
    most: str = "",
) -> None:  # fmt: skip
    from openpyxl.styles import Alignment, Font, PatternFill

    at = sheet.cell(row=row, column=column)
    _value(at, text, most)
    if bold:
        at.font = Font(bold=True)
    if fill:
        at.fill = PatternFill("solid", fgColor="FFF3EEEA")
    at.alignment = Alignment(wrap_text=wrap, vertical="top", horizontal="left")
