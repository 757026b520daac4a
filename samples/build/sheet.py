"""A sample's table as a workbook (xlsx) or as text (csv), with its title above it."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.sax.saxutils import escape

from source import Paragraph, Sample, Table

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(sample: Sample) -> bytes:
    """The workbook's bytes, the same at every build."""
    title, table = _table(sample)
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": _sheet(title, table),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.create_system = 0
            package.writestr(entry, (_HEAD + part).encode("utf-8"))
    return out.getvalue()


def csv_text(sample: Sample) -> bytes:
    """The table as Excel saves it in Chinese: GB18030, a merged cell's text in its first place alone."""
    title, table = _table(sample)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title, *[""] * (len(table.rows[0]) - 1)])
    writer.writerows([[cell or "" for cell in row] for row in table.rows])
    return out.getvalue().encode("gb18030")


def _table(sample: Sample) -> tuple[str, Table]:
    table = next(each for each in sample.elements if isinstance(each, Table))
    above = sample.elements[: sample.elements.index(table)]
    titles = [each.text for each in above if isinstance(each, Paragraph) and each.kind in ("title", "caption")]
    return titles[-1], table


def _sheet(title: str, table: Table) -> str:
    width = len(table.rows[0])
    merges = [f"A1:{_name(0, width - 1)}"]
    merges += [f"{_name(m.row + 1, m.column)}:{_name(m.row + m.rows, m.column + m.columns - 1)}" for m in table.merges]
    rows = "".join(
        f'<row r="{r + 1}">'
        + "".join(f'<c r="{_name(r, c)}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' for c, text in cells if text)
        + "</row>"
        for r, cells in enumerate([[(0, title)], *(enumerate(row) for row in table.rows)])
    )
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in merges)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>'
        f'<mergeCells count="{len(merges)}">{merged}</mergeCells></worksheet>'
    )


def _name(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"
