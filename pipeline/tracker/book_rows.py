"""Rows of long sheets, put together as XML here: openpyxl takes most of its time over single cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pipeline.tracker.book_styles import CENTRED, Styles, cell_text, styled

#: Excel counts days from 1900, and takes that year for a leap year.
_FIRST = date(1899, 12, 30)
_Quick = tuple[str, str]


def quick() -> bool:
    """Whether openpyxl is as it has to be for sheets to take made rows: with lxml, and with a writer of rows."""
    from openpyxl import LXML
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet._writer import WorksheetWriter

    return (
        bool(LXML)
        and all(hasattr(WriteOnlyWorksheet, name) for name in ("_get_writer", "_values_to_row"))
        and hasattr(WorksheetWriter, "write_row")
    )


class QuickStyles(Styles):
    """Makes cells for ``rows_of``: what a cell's element says, its look and its content."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, str] = {}

    def cell(self, sheet: Any, value: Any, kind: str = "text", look: str = "") -> Any:
        """A cell of the table. Texts are texts: nothing that they say is reckoned as a formula."""
        look = look or (kind if kind in CENTRED else "text")
        style = self._numbers.get(look)
        if style is None:
            style = self._numbers[look] = f' s="{styled(sheet, look).style_id}"'
        if isinstance(value, date) and value.year < 1901:
            value = value.isoformat()
        if value is None or value == "":
            return style, ""
        if isinstance(value, str):
            text = cell_text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            kept = ' xml:space="preserve"' if text != text.strip() else ""
            return f'{style} t="inlineStr"', f"<is><t{kept}>{text}</t></is>"
        if isinstance(value, date):
            return style, f"<v>{value.toordinal() - _FIRST.toordinal()}</v>"
        return style, f"<v>{value:.16g}</v>" if isinstance(value, float) else f"<v>{value}</v>"


def table_styles() -> Styles:
    """What makes the cells of a book whose sheets' rows go through ``rows_of``."""
    return QuickStyles() if quick() else Styles()


def rows_of(sheet: Any, styles: Styles) -> Callable[[list[Any], float | None], None]:
    """What takes a write-only sheet's rows one by one, each with its height or None; the first call starts the sheet.

    Columns and views have to be set up before.
    """
    if not isinstance(styles, QuickStyles):
        return _Slow(sheet)
    sheet._get_writer()
    sheet._values_to_row = lambda values, number: values
    writer = sheet._writer.write_row = _Quickly()

    def take(row: list[Any], height: float | None) -> None:
        writer.height = height
        sheet.append(row)

    return take


class _Slow:
    """Rows as openpyxl writes them."""

    def __init__(self, sheet: Any) -> None:
        self.sheet, self.number = sheet, 0

    def __call__(self, row: list[Any], height: float | None) -> None:
        self.number += 1
        if height:
            self.sheet.row_dimensions[self.number].height = height
        self.sheet.append(row)


class _Quickly:
    """Writes a row of quick cells into a sheet's file, in the place of openpyxl's ``write_row``."""

    def __init__(self) -> None:
        self.letters = _letters(64)
        self.height: float | None = None

    def __call__(self, xf: Any, row: Sequence[_Quick | None], number: int) -> None:
        from lxml.etree import fromstring

        high = f' ht="{self.height:g}" customHeight="1"' if self.height else ""
        cells = [
            f'<c r="{letter}{number}"{cell[0]}>{cell[1]}</c>'
            for letter, cell in zip(self.letters, row, strict=False)
            if cell is not None
        ]
        xf.write(fromstring(f'<row r="{number}"{high}>{"".join(cells)}</row>'))


def _letters(count: int) -> list[str]:
    from openpyxl.utils import get_column_letter

    return [get_column_letter(number) for number in range(1, count + 1)]
