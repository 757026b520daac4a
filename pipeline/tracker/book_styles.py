"""How cells look; each look is made once and shared, for sheets of many rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pipeline.tracker.book_columns import CUT_MARK

#: Excel's own limit on a cell's text, less the words that say that it was cut.
LONGEST = 32000
#: Kinds of columns whose cells stand in the middle.
_CENTRED = frozenset({"date", "whole", "number", "choice", "percent"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def cell_text(text: str) -> str:
    """A text as a cell can hold it."""
    text = _CONTROL.sub("", text)
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT_MARK


def set_height(sheet: Any, row: int, cells: Iterable[tuple[Any, float]], size: float = 10) -> None:
    """Makes a row as high as its texts, in letters of a size, need in columns of these widths."""
    from openpyxl.worksheet.dimensions import RowDimension

    most = max(_lines(value, width * 10 / size) for value, width in cells)
    if most > 1:
        sheet.row_dimensions[row] = made = RowDimension(sheet, index=row)
        made.height = min(most * size * 1.35 + 3, 400)


def _lines(value: Any, width: float) -> int:
    if not isinstance(value, str) or not value:
        return 1
    room = max(int(width * 1.06) - 1, 2)
    # A Chinese character takes two places; what doesn't fit wholly goes to the next line.
    return sum(max(1, -(-len(part.encode("gbk", "replace")) // room)) for part in value.split("\n"))


def quicken(sheet: Any) -> None:
    """Lets a write-only sheet take rows of made cells as they are.

    openpyxl asks of each whether it is a plain value, by an exception, which takes most of the time of long sheets.
    Should it no longer look here, rows are written as before.
    """

    def cells(values: Iterable[Any], row: int) -> Iterator[Any]:
        for column, cell in enumerate(values, 1):
            if cell is not None:
                cell.column, cell.row = column, row
                yield cell

    sheet._values_to_row = cells


class Styles:
    """Makes cells of write-only sheets."""

    def __init__(self) -> None:
        self._looks: dict[str, Any] = {}

    def cell(self, sheet: Any, value: Any, kind: str = "text", look: str = "") -> Any:
        """A cell of the table. Texts are texts: nothing that they say is reckoned as a formula."""
        from openpyxl.cell import WriteOnlyCell

        made = WriteOnlyCell(sheet)
        if isinstance(value, str):
            if value:
                made._value, made.data_type = cell_text(value), "s"
        elif isinstance(value, date):
            # Excel counts days from 1900.
            made.value = value if value.year >= 1901 else value.isoformat()
        elif value is not None:
            made._value, made.data_type = value, "n"
        made._style = self._look(sheet, look or (kind if kind in _CENTRED else "text"))
        return made

    def title(self, sheet: Any, text: str) -> Any:
        return self.cell(sheet, text, look="title")

    def label(self, sheet: Any, text: str) -> Any:
        return self.cell(sheet, text, look="label")

    def head(self, sheet: Any, text: str | None, returned: bool = False) -> Any:
        """A head; those over columns to be filled in look different."""
        return self.cell(sheet, text, look="filled_head" if returned else "head")

    def _look(self, sheet: Any, name: str) -> Any:
        if name not in self._looks:
            self._looks[name] = _made(sheet, name)
        return self._looks[name]


def _made(sheet: Any, name: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = WriteOnlyCell(sheet)
    thin = Side("thin", color="808080")
    if name not in ("title", "label"):
        cell.border = Border(thin, thin, thin, thin)
    cell.alignment = Alignment(
        horizontal="left" if name in ("text", "label") else "center",
        vertical="center",
        wrap_text=name != "label",
    )
    cell.font = Font(name="宋体", size=10)
    if name == "title":
        cell.font = Font(name="黑体", size=18, bold=True)
    if name == "label":
        cell.font = Font(name="宋体", size=11)
    if name in ("head", "filled_head", "asked_head"):
        cell.font = Font(name="黑体", size=10, bold=True)
        cell.fill = PatternFill("solid", start_color="D9E1F2" if name == "head" else "FFF2CC")
    if name == "doubtful":
        cell.fill = PatternFill("solid", start_color="FCE4D6")
    cell.number_format = {"date": "yyyy-mm-dd", "number": "General", "whole": "0", "percent": "0%"}.get(name, "@")
    return cell._style
