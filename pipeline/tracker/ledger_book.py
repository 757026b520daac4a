"""The ledger as the workbook that offices keep: title, 填报单位, 截至日期, lists to choose from, lamps, ready to print.

A hidden sheet keeps, by the item's number, its revision and a digest of every cell that may come back changed; a hidden
last column keeps the item's number in each row. So rows can be sorted, moved, filtered and inserted before they return.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.tracker import book_columns
from pipeline.tracker.book_columns import COLUMNS, LAMP_LABELS, Shown
from pipeline.tracker.book_rows import rows_of, table_styles
from pipeline.tracker.book_styles import HIGHEST, SIZES, Styles, cell_text, height_of, lines_in
from pipeline.tracker.lines import Line, lines
from pipeline.tracker.types import PROGRESS_LABELS, LedgerError, Query

if TYPE_CHECKING:
    from openpyxl import Workbook

    from pipeline.tracker.ledger import Ledger

KEPT_SHEET = "_duban_ledger"
KEPT_MARK = "duban-ledger"
LAYOUT = 1
ID_HEAD = "_id"
SHEET = "督办台账"
GRID_SHEET = "进度表"
Paper = Literal["A3", "A4"]
_HEAD_ROWS = (3, 4)
_COLOURS = (("red", "FF5050", "FFFFFF"), ("yellow", "FFD93B", "000000"), ("green", "A9D08E", "000000"))
#: Heights of the rows above the table, title first.
_TOP = (30, 18, 20, 20)
#: Items in the sheets beside the ledger's at most; longer ones nobody reads, and Excel takes long to open them.
_MOST_GRIDS = 2000


@dataclass(frozen=True)
class Face:
    """What stands above the table. ``unit`` is 填报单位; empty where the ledger is the whole office's."""

    as_of: date
    title: str = "督办事项台账"
    unit: str = ""
    paper: Paper = "A3"


def export_book(
    ledger: Ledger, wanted: Query, path: Path, as_of: date, *, title: str = "督办事项台账", unit: str = "",
    paper: Paper = "A3",
) -> int:  # fmt: skip
    """Writes the items of a query as a workbook, whole or not at all.

    Args:
        ledger, wanted: which items.
        path: the file; one that is there is overwritten.
        as_of: 截至日期.
        title, unit, paper: of the sheet: its title, 填报单位, A3 or A4.

    Returns:
        How many rows were written.

    Raises:
        LedgerError: ``ledger.unwritable``.
    """
    return write_book(
        lines(ledger, wanted, as_of), path, Face(as_of, title, unit, paper), labels=ledger.settings.progress_labels
    )


def write_book(
    rows: Iterable[Line], path: Path, face: Face, *, labels: Any = None, step: Callable[[], object] | None = None
) -> int:
    """Writes rows as a workbook; see ``export_book``. ``step`` is called after each row."""
    from openpyxl import Workbook

    labels = labels or PROGRESS_LABELS
    book = Workbook(write_only=True)
    sheet, styles, widths = book.create_sheet(SHEET), table_styles(), widths_on(face.paper)
    gridded: list[Line] = []
    several: list[Line] = []
    known: list[list[Any]] = []
    _set_up(sheet, face, widths)
    put = rows_of(sheet, styles)
    _write_top(sheet, face, styles, put)
    count = figured = figures = 0
    for count, line in enumerate(rows, 1):
        values = book_columns.shown(line, count, labels)
        put(*_row(sheet, styles, values, widths, line.item.id))
        known.append([line.item.id, line.item.number, line.item.revision, line.period, book_columns.digests(values)])
        if any(one.target is not None for one in line.series):
            figured += 1
            if len(gridded) < _MOST_GRIDS:
                gridded.append(line)
        if line.figures > 1:
            figures += 1
            if len(several) < _MOST_GRIDS:
                several.append(line)
        if step is not None:
            step()
    _finish(sheet, count, face, list(labels.values()))
    if several:
        from pipeline.tracker.quota_sheet import QUOTA_SHEET, write_quotas

        write_quotas(book.create_sheet(QUOTA_SHEET), several, face, styles, figures - len(several))
    if gridded:
        from pipeline.tracker.grid_sheet import write_grid

        write_grid(book.create_sheet(GRID_SHEET), gridded, face, styles, figured - len(gridded))
    kept = book.create_sheet(KEPT_SHEET)
    kept.sheet_state = "hidden"
    kept.append([KEPT_MARK, LAYOUT, face.as_of.isoformat(), face.unit])
    for each in known:
        kept.append(each)
    save(book, path)
    return count


def save(book: Workbook, path: Path) -> None:
    """Saves a workbook under its name, whole or not at all.

    Raises:
        LedgerError: ``ledger.unwritable``.
    """
    whole = io.BytesIO()
    # In memory first: a write-only workbook that can't be finished leaves its sheets open.
    book.save(whole)
    part = path.parent / f".{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(whole.getbuffer())
        os.replace(part, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> LedgerError:
    """Why a file couldn't be written, in words."""
    return LedgerError(
        "ledger.unwritable", f"写不了（{error.strerror or error}）", file=str(path),
        remedy="如果正用 Excel 或 WPS 打开着，请先关闭；再检查磁盘和权限",
    )  # fmt: skip


def widths_on(paper: Paper) -> tuple[float, ...]:
    """The columns' widths: on A4 texts have less room, so that the letters stay large enough to read."""
    if paper == "A3":
        return tuple(column.width for column in COLUMNS)
    return tuple(column.narrow or column.width for column in COLUMNS)


def _row(
    sheet: Any, styles: Styles, values: Mapping[str, Shown], widths: Sequence[float], number: int
) -> tuple[list[Any], float | None]:
    """A row's cells and its height; texts that ask for more than a row can have are in small letters."""
    looks = [column.look for column in COLUMNS]
    shown = [values[column.name] for column in COLUMNS]
    height = _height(shown, widths, looks)
    if height is not None and height > HIGHEST:
        most = HIGHEST / 13.5
        looks = [
            "small" if not look and column.kind == "text" and lines_in(value, width) > most else look
            for column, value, width, look in zip(COLUMNS, shown, widths, looks, strict=True)
        ]
        height = min(_height(shown, widths, looks) or HIGHEST, HIGHEST)
    cells = [
        styles.cell(sheet, value, column.kind, look) for column, value, look in zip(COLUMNS, shown, looks, strict=True)
    ]
    # As a text: LibreOffice prints the numbers of a hidden column as marks beside the table.
    return [*cells, styles.cell(sheet, str(number))], height


def _height(shown: Sequence[Shown], widths: Sequence[float], looks: Sequence[str]) -> float | None:
    """The height that a row's texts ask for, each in letters of its size."""
    by_size: dict[float, list[tuple[Shown, float]]] = {}
    for value, width, look in zip(shown, widths, looks, strict=True):
        by_size.setdefault(SIZES[look], []).append((value, width))
    return max((height for size, cells in by_size.items() if (height := height_of(cells, size))), default=None)


def _set_up(sheet: Any, face: Face, widths: Sequence[float]) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    hidden = sheet.column_dimensions[get_column_letter(len(COLUMNS) + 1)]
    hidden.hidden, hidden.width = True, 6
    sheet.freeze_panes = f"E{_HEAD_ROWS[1] + 1}"
    print_set_up(sheet, face.paper, _HEAD_ROWS)


def print_set_up(sheet: Any, paper: Paper, heads: tuple[int, int]) -> None:
    """Landscape, as wide as the page, heads on every page, pages numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8 if paper == "A3" else 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{heads[0]}:{heads[1]}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"


def _write_top(sheet: Any, face: Face, styles: Styles, put: Callable[[list[Any], float | None], None]) -> None:
    from openpyxl.worksheet.cell_range import CellRange

    width = len(COLUMNS)
    put([styles.title(sheet, cell_text(face.title))], _TOP[0])
    day = face.as_of
    second: list[Any] = [styles.label(sheet, f"填报单位：{cell_text(face.unit)}")] + [None] * (width - 8)
    second.append(styles.label(sheet, f"截至日期：{day.year}年{day.month}月{day.day}日"))
    put(second, _TOP[1])
    upper, lower, areas, last = [], [], [], ""
    for number, column in enumerate(COLUMNS, 1):
        above, _, below = column.head.partition("/")
        shown = above.replace("（", "\n（") if above != last or not below else None
        upper.append(styles.head(sheet, shown, column.returned))
        lower.append(styles.head(sheet, below or None, column.returned))
        if not below:
            areas.append((number, 3, number, 4))
        elif above == last:
            areas.append((number - 1, 3, number, 3))
        last = above
    put([*upper, styles.head(sheet, ID_HEAD)], _TOP[2])
    put([*lower, None], _TOP[3])
    for area in [(1, 1, width, 1), (1, 2, width - 7, 2), (width - 6, 2, width, 2), *areas]:
        left, top, right, bottom = area
        sheet.merged_cells.add(CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom).coord)


def _finish(sheet: Any, count: int, face: Face, choices: list[str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    first, last = _HEAD_ROWS[1] + 1, max(_HEAD_ROWS[1] + count, _HEAD_ROWS[1] + 1)
    letters = {column.name: get_column_letter(number) for number, column in enumerate(COLUMNS, 1)}
    choice = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False)
    choice.prompt, choice.promptTitle = "、".join(choices), "进度评价"
    choice.add(f"{letters['progress']}{first}:{letters['progress']}{last + 200}")
    sheet.data_validations.append(choice)
    lamp_rules(sheet, letters, first, last)
    sheet.auto_filter.ref = f"A{_HEAD_ROWS[1]}:{letters['remark']}{last}"
    sheet.print_area = f"A1:{letters['remark']}{last}"


def lamp_rules(sheet: Any, letters: dict[str, str], first: int, last: int) -> None:
    """Colours that go with the word in the lamp's column: on the lamp and on the dates."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill

    for name, colour, ink in _COLOURS:
        fill = PatternFill("solid", start_color=colour, end_color=colour)
        formula = [f'${letters["lamp"]}{first}="{LAMP_LABELS[name]}"']
        for column in ("lamp",) if name == "green" else ("lamp", "due"):
            area = f"{letters[column]}{first}:{letters[column]}{last}"
            sheet.conditional_formatting.add(area, FormulaRule(formula=formula, fill=fill, font=Font(color=ink)))
