"""An empty workbook for items that come from no notice, which ``add_book`` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.tracker.book_styles import Styles, set_height
from pipeline.tracker.ledger_book import print_set_up, save

_ROWS = 200
#: Heads, widths, and what the two examples say.
_COLUMNS: tuple[tuple[str, float, str, str], ...] = (
    ("序号", 5, "1", "2"),
    ("工作任务", 28, "（示例）整治城北农贸市场周边占道经营", "（示例）报送垃圾分类进展"),
    ("具体要求", 34, "取缔占道摊点，划定停车区，报送整治前后照片", "各街道每月5日前报送上月进展"),
    ("量化目标", 14, "取缔摊点不少于30个", ""),
    ("责任领导", 10, "王副局长", ""),
    ("牵头单位", 14, "执法大队", "各街道"),
    ("配合单位", 16, "市容科、环卫处", ""),
    ("责任人", 10, "张三", ""),
    ("交办日期", 12, "2026-03-05", "3月8日"),
    ("完成时限", 14, "2026-04-30", "每月5日前"),
    ("事项来源", 22, "李局长批示（2026年3月5日）", "局长办公会（第3次）"),
    ("办理情况", 22, "", ""),
)
_NOTES = (
    "一行一个事项；“工作任务”或“具体要求”必须填写，其余可以空着。以（示例）开头的行不会收入，可以删去。",
    "完成时限写日期（2026-04-30、4月30日、4月底），或写 每月5日前、每季度末、长期。",
    "几个单位用顿号分开。责任单位是“各街道”这样的集合时，立项后按单位名册拆给各单位。",
    "事项来源里写有 批示、会议、电话 的，据此认定来源；都没有的，算原有台账（可用 --origin 另定）。",
    "各列可以增减、换序；表头照写或用近似的说法（如 主办单位、办理时限）都认得。",
)


def write_template(path: Path) -> None:
    """Writes the workbook.

    Raises:
        LedgerError: ``ledger.unwritable``.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book, styles = Workbook(write_only=True), Styles()
    sheet = book.create_sheet("事项")
    for number, (_, width, *_rest) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C3"
    print_set_up(sheet, "A4", (2, 2))
    for row, height in ((1, 30), (2, 24)):
        sheet.row_dimensions[row].height = height
    sheet.merged_cells.add(f"A1:{get_column_letter(len(_COLUMNS))}1")
    sheet.append([styles.title(sheet, "督办事项登记表")])
    sheet.append([styles.head(sheet, head, head in ("工作任务", "具体要求")) for head, *_ in _COLUMNS])
    for place in (2, 3):
        set_height(sheet, place + 1, [(column[place], column[1]) for column in _COLUMNS])
        sheet.append([styles.cell(sheet, column[place]) for column in _COLUMNS])
    for _ in range(_ROWS):
        sheet.append([styles.cell(sheet, None) for _ in _COLUMNS])
    _notes(book.create_sheet("填写说明"), styles)
    save(book, path)


def _notes(sheet: Any, styles: Styles) -> None:
    sheet.column_dimensions["A"].width = 90
    print_set_up(sheet, "A4", (1, 1))
    sheet.row_dimensions[1].height = 30
    sheet.append([styles.title(sheet, "填写说明")])
    for number, note in enumerate(_NOTES, 2):
        set_height(sheet, number, [(note, 90)])
        sheet.append([styles.cell(sheet, note)])
