"""Score sheets as a workbook, a sheet a unit; a person writes what is confirmed, and it is read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.tracker.entries import full_day
from pipeline.tracker.letters import DRAFT
from pipeline.tracker.scores import Scheme, Sheet
from pipeline.tracker.types import LedgerError

HEADS = (
    "序号",
    "考核内容",
    "评分标准",
    "满分",
    "台账数据",
    "建议扣分",
    "依据",
    "确认扣分",
    "确认加分",
    "得分",
    "说明",
    "编号",
)
_UNIT, _PERIOD = "被考核单位：", "考核期："
_WIDTHS = (6, 26, 40, 8, 22, 10, 40, 10, 10, 10, 20, 18)
_DEDUCTION, _BONUS, _SCORE, _NOTE, _ID = (
    HEADS.index(name) for name in ("确认扣分", "确认加分", "得分", "说明", "编号")
)


@dataclass(frozen=True)
class Confirmed:
    """What a person wrote into a row; None where nothing is written. ``task`` is its permanent key, where known."""

    unit: str
    task: str
    full: float
    deduction: float | None
    bonus: float | None
    note: str

    @property
    def score(self) -> float:
        """What is left of the full marks, with what is added."""
        return max(0.0, self.full - (self.deduction or 0)) + (self.bonus or 0)


def book(scheme: Scheme, sheets: Iterable[Sheet], as_of: date, period: str = "") -> bytes:
    """The workbook's bytes. 得分 is reckoned by the workbook from what is confirmed.

    Args:
        period: what the scores are for; read back with them.
    """
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    used: set[str] = set()
    for each in sheets:
        name = base = re.sub(r"[\[\]:*?/\\']", "_", each.unit)[:28] or "单位"
        number = 2
        while name in used:
            name, number = f"{base}{number}", number + 1
        used.add(name)
        _write(made.create_sheet(name), scheme, each, as_of, period)
    if not made.sheetnames:
        made.create_sheet("没有单位")
    data = BytesIO()
    made.save(data)
    return data.getvalue()


def _write(page: Any, scheme: Scheme, sheet: Sheet, as_of: date, period: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    page.append([f"{scheme.title}评分表（{DRAFT}）"])
    told = f"{_PERIOD}{period}" if period else ""
    page.append([f"{_UNIT}{sheet.unit}", "", "", "", f"截至{full_day(as_of)}", "", told])
    page.append(["；".join(scheme.warnings)])
    for head in ("A1", "A2", "G2"):
        page[head].data_type = "s"
    page.append(list(HEADS))
    first = page.max_row + 1
    for number, row in enumerate(sheet.rows, 1):
        at, each = page.max_row + 1, row.criterion
        rules = "；".join(rule.text for rule in each.rules)
        words = "\n".join(dict.fromkeys(filter(None, (each.text, rules))))
        score = f'=IF(H{at}&I{at}="","待确认",MAX(0,N(D{at})-N(H{at}))+N(I{at}))'
        page.row_dimensions[at].height = _height(each.title, words, row.figures, row.reason)
        title = " ".join(each.title.split())
        page.append([number, title, words, each.full, row.figures, row.deduction, row.reason, None, None, score,
                     None, each.key or each.task])  # fmt: skip
        for place in (2, 3, 5, 7):
            # A notice's words are no formula, whatever they begin with.
            page.cell(at, place).data_type = "s"
    last = page.max_row
    total = {column: f"=SUM({column}{first}:{column}{last})" for column in "DFHIJ"}
    waiting = f'COUNTIF(J{first}:J{last},"待确认")'
    page.append(["", "合计", "", total["D"], "", total["F"], "", total["H"], total["I"], total["J"],
                 f'=IF({waiting},{waiting}&"项待确认","")'])  # fmt: skip
    thin = Side(style="thin", color="808080")
    for cells in page.iter_rows(min_row=first - 1, max_row=last + 1, max_col=len(HEADS)):
        for cell in cells:
            wide = cell.column in (2, 3, 5, 7, 11) and cell.row >= first
            cell.alignment = Alignment("left" if wide else "center", "center", wrap_text=True)
            cell.border = Border(thin, thin, thin, thin)
            cell.font = Font(bold=cell.row in (first - 1, last + 1), size=11)
            if cell.column in (_DEDUCTION + 1, _BONUS + 1) and first <= cell.row <= last:
                cell.fill = PatternFill("solid", fgColor="FFF9DB")
    for index, width in enumerate(_WIDTHS, 1):
        page.column_dimensions[get_column_letter(index)].width = width
    page.column_dimensions[get_column_letter(len(HEADS))].hidden = True
    page["A1"].font, page["A1"].alignment = Font(bold=True, size=16), Alignment("center")
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS) - 1)
    page["A3"].font = Font(color="C00000")
    number = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    number.error, number.showErrorMessage = "请填不小于 0 的数", True
    page.add_data_validation(number)
    number.add(f"H{first}:I{last}")
    page.freeze_panes = f"C{first}"
    page.print_title_rows = f"{first - 1}:{first - 1}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _height(title: str, words: str, figures: str, reason: str) -> float:
    """How high a row must be for its longest cell, in points: Excel fits rows to their text, other programs don't."""
    lines = 1
    for text, width in ((title, _WIDTHS[1]), (words, _WIDTHS[2]), (figures, _WIDTHS[4]), (reason, _WIDTHS[6])):
        lines = max(lines, sum(max(1, -(-2 * len(line) // (width - 2))) for line in text.split("\n")))
    return min(400.0, 16.0 * lines + 4)


def read(path: Path) -> tuple[list[Confirmed], str, list[str]]:
    """What persons confirmed in a workbook, for which period, and what of it can't be taken, in words.

    Raises:
        LedgerError: it is no workbook with score sheets.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        made = load_workbook(path)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise LedgerError(
            "ledger.score_book", "不是能读的 xlsx 文件", file=path.name, remedy="请用 Excel 或 WPS 另存为 .xlsx 再试"
        ) from error
    found: list[Confirmed] = []
    refused: list[str] = []
    sheets, period = 0, ""
    for page in made.worksheets:
        lines = list(page.iter_rows(values_only=True))
        unit = _told(lines, _UNIT)
        head = next((n for n, line in enumerate(lines[:10]) if line[: len(HEADS)] == HEADS), None)
        if not unit or head is None:
            continue
        sheets += 1
        period = period or _told(lines, _PERIOD)
        for number, line in enumerate(lines[head + 1 :], head + 2):
            if line[_ID]:
                _row(line, unit, f"“{page.title}”第{number}行", found, refused)
    if not sheets:
        raise LedgerError(
            "ledger.score_book", "没有找到评分表", file=path.name, remedy="请用 duban 生成的评分表填写，表头不要改动"
        )
    return found, period, refused


def _told(lines: Sequence[Sequence[Any]], name: str) -> str:
    """What stands behind a name above the table."""
    cells = (str(cell) for line in lines[:3] for cell in line if cell is not None)
    return next((cell.removeprefix(name).strip() for cell in cells if cell.startswith(name)), "")


def _row(line: Sequence[Any], unit: str, place: str, found: list[Confirmed], refused: list[str]) -> None:
    numbers: list[float | None] = []
    for index in (_DEDUCTION, _BONUS):
        value = line[index]
        text = str(value).strip() if value is not None else ""
        plain = re.fullmatch(r"(\d+(?:\.\d+)?)\s*分?", text)
        if text and not plain:
            refused.append(f"{place}：“{text}”不是分数")
            return
        numbers.append(float(plain[1]) if plain else None)
    full = line[HEADS.index("满分")]
    if numbers[0] is not None and isinstance(full, (int, float)) and numbers[0] > full:
        refused.append(f"{place}：扣{numbers[0]:g}分，超过满分{full:g}分")
        return
    if numbers != [None, None]:
        marks = float(full) if isinstance(full, (int, float)) else 0.0
        found.append(Confirmed(unit, str(line[_ID]), marks, numbers[0], numbers[1], str(line[_NOTE] or "").strip()))
