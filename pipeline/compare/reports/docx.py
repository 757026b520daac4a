"""A report as a Word document on landscape pages; numbers in brackets lead to the words in the appendix."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pipeline.compare.reports.model import Cell, Content, Section, Table, capped
from pipeline.compare.reports.wording import sheet_name

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_COLUMNS, _ROWS, _LINKS = 9, 40, 3


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
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(16)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Times New Roman"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "宋体" if name == "Normal" else "黑体")
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(content.title, 0)
    used: set[int] = set()
    for section in content.sections:
        _section(document, content, section, used)
    document.add_heading(content.words["evidence"], 1)
    for number, words in enumerate(content.evidence, 1):
        if number in used:
            paragraph = document.add_paragraph()
            _bookmark(paragraph, f"w{number}", number)
            place = content.places[words.party]
            paragraph.add_run(_clean(f"[{number}] {place}：{words.around[: words.start]}"))
            paragraph.add_run(_clean(words.around[words.start : words.end])).bold = True
            paragraph.add_run(_clean(words.around[words.end :]))
    document.save(str(path))


def _section(document: Any, content: Content, section: Section, used: set[int]) -> None:
    document.add_heading(section.title, 1)
    for line in section.prose:
        document.add_paragraph(_clean(line))
    w, sheet = content.words, sheet_name(section.title)
    tables, left = capped(content, section)
    for table, _ in tables:
        if table.title:
            document.add_heading(_clean(table.title), 2)
        if not table.rows:
            document.add_paragraph(w["none"])
            continue
        # A matrix with more columns than a page holds goes on in a further table, each with its first column.
        for first in range(1, len(table.columns), _COLUMNS - 1) if len(table.columns) > 12 else (0,):
            places = (0, *range(first, min(first + _COLUMNS - 1, len(table.columns)))) if first else tuple(
                range(len(table.columns))
            )  # fmt: skip
            _table(document, content, table, places, used)
        rows_left = len(table.rows) - min(table.cap, _ROWS)
        if rows_left > 0:
            document.add_paragraph(w["left_out"].format(n=rows_left, sheet=sheet))
    if left:
        document.add_paragraph(w["tables_out"].format(n=left, sheet=sheet))


def _table(document: Any, content: Content, table: Table, places: tuple[int, ...], used: set[int]) -> None:
    from docx.shared import Pt

    rows = table.rows[: min(table.cap, _ROWS)]
    made = document.add_table(rows=len(rows) + 1, cols=len(places))
    made.style = "Table Grid"
    cells = made._cells
    for column, place in enumerate(places):
        run = cells[column].paragraphs[0].add_run(table.columns[place])
        run.bold, run.font.size = True, Pt(8)
    for number, row in enumerate(rows, 1):
        for column, place in enumerate(places):
            _cell(content, cells[number * len(places) + column].paragraphs[0], row[place], used)
    document.add_paragraph()


def _cell(content: Content, paragraph: Any, cell: Cell, used: set[int]) -> None:
    from docx.enum.text import WD_COLOR_INDEX
    from docx.shared import Pt

    for part, marked in cell.parts():
        if part:
            run = paragraph.add_run(_clean(part))
            run.font.size = Pt(8)
            if marked:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    for words in cell.words[:_LINKS]:
        number = content.number(words)
        used.add(number)
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
