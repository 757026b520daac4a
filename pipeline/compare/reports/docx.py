"""A report as a Word document on landscape pages; numbers in brackets lead to the words in the appendix."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline.columns import width
from pipeline.compare.reports import charts
from pipeline.compare.reports.layout import naturals, shared_out, weights
from pipeline.compare.reports.model import Cell, Content, Section, Table, capped, sheet_for

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: A table of more columns goes on in a further one; of a long table so many rows are shown; so many links of a cell.
_COLUMNS, _ROWS, _LINKS = 9, 40, 3
#: Millimetres: between the margins, of half a Chinese character in a cell, of a cell's own margins.
_WIDE, _CHARACTER, _PADDING = 265.0, 1.5, 5.0
#: Charts are cut in size, not in number; so many open a report.
_CHARTS = 12
_HEAD, _GROUP = "F3EEEA", "E9E1DB"


def write_docx(content: Content, path: Path) -> None:
    """Writes the document; long tables are cut, and say how many rows stand in the workbook.

    Raises:
        OSError: the file can't be written.
    """
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(16)
    page.top_margin = page.bottom_margin = Mm(16)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Times New Roman"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "宋体" if name == "Normal" else "黑体")
    normal = document.styles["Normal"]
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(2)
    document.add_heading(content.title, 0)
    writing = _Writing(document, content, sheet_for(content))
    for section in content.sections:
        _section(writing, section)
    document.add_heading(content.words["evidence"], 1)
    for number, words in enumerate(content.evidence, 1):
        if number in writing.used:
            paragraph = document.add_paragraph()
            _bookmark(paragraph, f"w{number}", number)
            place = content.places[words.party]
            runs = [
                paragraph.add_run(_clean(part))
                for part in (
                    f"[{number}] {place}：{words.around[: words.start]}",
                    words.around[words.start : words.end],
                    words.around[words.end :],
                )
            ]
            runs[1].bold = True
            for run in runs:
                run.font.size = Pt(8)
    document.save(str(path))


@dataclass
class _Writing:
    """A document in the making: the words that are linked to, and how many charts stand in it."""

    document: Any
    content: Content
    sheets: Mapping[tuple[str, tuple[str, ...]], str]
    used: set[int] = field(default_factory=set)
    charts: int = 0


def _section(writing: _Writing, section: Section) -> None:
    document, w = writing.document, writing.content.words
    document.add_heading(section.title, 1)
    for line in section.prose:
        document.add_paragraph(_clean(line))
    tables, left = capped(section)
    for table, _ in tables:
        sheet = writing.sheets[section.key, table.columns]
        if table.title:
            document.add_heading(_clean(table.title), 2)
        for line in table.notes:
            _note(document, line, above=True)
        if not table.rows:
            _note(document, w["none"])
            continue
        if table.chart is not None and writing.charts < _CHARTS:
            writing.charts += 1
            charts.add_to_document(document, table.chart, writing.charts)
        for places in _portions(_told(table)):
            _table(writing, table, places)
        rows_left = len(table.rows) - min(table.cap, _ROWS)
        if rows_left > 0:
            _note(document, w["left_out"].format(n=rows_left, sheet=sheet))
    if left:
        _note(document, w["tables_out"].format(n=left, sheet=writing.sheets[section.key, section.tables[-1].columns]))


def _told(table: Table) -> list[int]:
    """Columns in which something stands; each of a matrix."""
    return [
        place
        for place in range(len(table.columns))
        if table.heads or place == 0 or any(row[place].text for row in table.rows)
    ]


def _portions(columns: Sequence[int]) -> list[tuple[int, ...]]:
    """Columns of a table that is broader than a page in portions, each with the first column."""
    if len(columns) <= 12:
        return [tuple(columns)]
    step = _COLUMNS - 1
    return [(columns[0], *columns[first : first + step]) for first in range(1, len(columns), step)]


def _note(document: Any, text: str, *, above: bool = False) -> None:
    """A line in grey; ``above`` stays on the page of what follows."""
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = above
    run = paragraph.add_run(_clean(text))
    run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x66, 0x66, 0x66)


def _table(writing: _Writing, table: Table, places: tuple[int, ...]) -> None:
    """A table with broad columns for long texts, and its head on each page."""
    from docx.shared import Mm

    rows = table.rows[: min(table.cap, _ROWS)]
    groups = {place: name for place, name in table.groups if place < len(rows)}
    heads = _heads(table, places)
    count = len(rows) + len(groups) + 1 + bool(heads)
    made = writing.document.add_table(rows=count, cols=len(places))
    made.style, made.autofit = "Table Grid", False
    seen = [[row[place].brief() for place in places] for row in rows]
    columns = [table.columns[place] for place in places]
    wanted = [_PADDING + _CHARACTER * one for one in naturals(columns, seen, widest=90)]
    widths = shared_out(wanted, weights(columns, seen), _WIDE)
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = Mm(wide)
    cells, n = made._cells, len(places)
    for place, cell in enumerate(cells):
        cell.width = Mm(widths[place % n])
    row = 0
    if heads:
        _over(made, heads)
        row = 1
    for column, place in enumerate(places):
        _bold(cells[row * n + column], table.columns[place], _HEAD)
    for head in range(row + 1):
        _row_property(made.rows[head], "w:tblHeader")
    for number, brief in enumerate(seen):
        row += 1
        if number in groups:
            _bold(cells[row * n].merge(cells[row * n + n - 1]), groups[number], _GROUP)
            row += 1
        for column, cell in enumerate(brief):
            _cell(writing, cells[row * n + column].paragraphs[0], cell)
        if max(width(cell.text) for cell in brief) < 400:
            _row_property(made.rows[row], "w:cantSplit")
    writing.document.add_paragraph()


def _heads(table: Table, places: tuple[int, ...]) -> list[tuple[str, int]]:
    """The heads over those of a table's columns that are shown."""
    names = [name for name, span in table.heads for _ in range(span)]
    shown = [names[place] for place in places] if names else []
    return [(name, len(list(group))) for name, group in groupby(shown)]


def _over(made: Any, heads: Sequence[tuple[str, int]]) -> None:
    at = 0
    for name, span in heads:
        _bold(made.cell(0, at).merge(made.cell(0, at + span - 1)), name, _HEAD)
        at += span


def _bold(cell: Any, text: str, fill: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    # No head and no heading stands alone at the foot of a page.
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = True, Pt(8)
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _row_property(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _cell(writing: _Writing, paragraph: Any, cell: Cell) -> None:
    from docx.enum.text import WD_COLOR_INDEX
    from docx.shared import Pt

    for part, marked in cell.parts():
        if part:
            run = paragraph.add_run(_clean(part))
            run.font.size = Pt(8)
            if marked:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    for words in cell.words[:_LINKS]:
        number = writing.content.number(words)
        writing.used.add(number)
        _link(paragraph, f"w{number}", f"[{number}]")
    if len(cell.words) > _LINKS:
        paragraph.add_run("…").font.size = Pt(7)


def _link(paragraph: Any, anchor: str, text: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(7), RGBColor(0x1F, 0x5F, 0x99)
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    paragraph._p.append(link)
    link.append(run._r)


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag.endswith("Start"):
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
