"""How cells look; each look is made once and shared, for sheets of many rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline.tracker.book_columns import CUT_MARK

#: Excel's own limit on a cell's text, less the words that say that it was cut.
LONGEST = 32000
#: Excel's own limit on a row's height, nearly.
HIGHEST = 400.0
#: Kinds of columns whose cells stand in the middle.
CENTRED = frozenset({"date", "whole", "number", "choice", "percent"})
_FORMATS = {"date": "yyyy-mm-dd", "number": "General", "whole": "0", "percent": "0%"}
#: Sizes of letters: usual, of what is said again in every row, of texts that make a row higher than a row can be.
SIZES = {"": 10.0, "note": 8.0, "small": 7.0}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def cell_text(text: str) -> str:
    """A text as a cell can hold it."""
    text = _CONTROL.sub("", text)
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT_MARK


def height_of(cells: Iterable[tuple[Any, float]], size: float = 10) -> float | None:
    """How high a row has to be for its texts, in letters of a size and columns of these widths; None: one line does."""
    most = max(lines_in(value, width * 10 / size) for value, width in cells)
    return most * size * 1.35 + 3 if most > 1 else None


def set_height(sheet: Any, row: int, cells: Iterable[tuple[Any, float]], size: float = 10) -> None:
    """Makes a row as high as its texts need."""
    if height := height_of(cells, size):
        sheet.row_dimensions[row].height = min(height, HIGHEST)


def lines_in(value: Any, width: float) -> int:
    """How many lines of a column's width a text needs."""
    if not isinstance(value, str) or not value:
        return 1
    room = max(int(width * 1.06) - 1, 2)
    # A Chinese character takes two places; what doesn't fit wholly goes to the next line.
    return sum(max(1, -(-len(part.encode("gbk", "replace")) // room)) for part in value.split("\n"))


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
        made._style = self._look(sheet, look or (kind if kind in CENTRED else "text"))
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
            self._looks[name] = styled(sheet, name)._style
        return self._looks[name]


def styled(sheet: Any, name: str) -> Any:
    """A cell with a look: a kind of column, ``title``, ``label``, ``head`` and its like, ``note`` and ``small``."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = WriteOnlyCell(sheet)
    thin = Side("thin", color="808080")
    if name not in ("title", "label"):
        cell.border = Border(thin, thin, thin, thin)
    cell.alignment = Alignment(
        horizontal="left" if name in ("text", "note", "small", "label") else "center",
        vertical="center",
        wrap_text=name != "label",
    )
    cell.font = Font(name="宋体", size=10)
    if name in SIZES:
        cell.font = Font(name="宋体", size=SIZES[name])
    if name == "title":
        cell.font = Font(name="黑体", size=18, bold=True)
    if name == "label":
        cell.font = Font(name="宋体", size=11)
    if name in ("head", "filled_head", "asked_head"):
        cell.font = Font(name="黑体", size=10, bold=True)
        cell.fill = PatternFill("solid", start_color="D9E1F2" if name == "head" else "FFF2CC")
    if name == "doubtful":
        cell.fill = PatternFill("solid", start_color="FCE4D6")
    cell.number_format = _FORMATS.get(name, "@")
    return cell
