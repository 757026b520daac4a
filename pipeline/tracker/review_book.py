"""The workbook for 立项: what was read, what is proposed, how sure it is; doubtful items first, one decision a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tracker.book_columns import Column, Shown, digest
from pipeline.tracker.book_styles import Styles, set_height
from pipeline.tracker.ledger_book import print_set_up, save
from pipeline.tracker.types import Item, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

SHEET, KEPT_SHEET, KEPT_MARK = "立项审核", "_duban_review", "duban-review"
DECISIONS = {"filed": "立项", "archived": "仅存档", "merged": "并入", "pending": "待定"}
#: Below this confidence a row is doubtful.
SURE = 0.75
COLUMNS: tuple[Column, ...] = (
    Column("index", "序号", 5, "whole"),
    Column("decision", "决定", 9, "choice", returned=True),
    Column("into", "并入哪一项（序号或编号）", 13, returned=True),
    Column("reason", "理由", 18, returned=True),
    Column("doubt", "请留意", 18),
    Column("confidence", "可信度", 7, "percent"),
    Column("words", "原文", 40),
    Column("place", "出处", 22),
    Column("title", "工作任务", 24, returned=True),
    Column("requirement", "具体要求", 30, returned=True),
    Column("quota", "量化目标", 14, returned=True),
    Column("leader", "责任领导", 9, returned=True),
    Column("lead", "牵头单位", 13, returned=True),
    Column("support", "配合单位", 13, returned=True),
    Column("time_text", "时限原文", 13),
    Column("due", "完成时限", 11, "date", returned=True),
)
EDITS = ("title", "requirement", "quota", "leader", "lead", "support", "due")


def doubts_of(item: Item) -> list[str]:
    """Why a person should look at an item before deciding, in words."""
    found = []
    if item.state == "changed":
        found.append("文件改版，内容有变")
    if item.state == "dropped":
        found.append("新版文件已无此项")
    if item.confidence < SURE:
        found.append("识别把握不大")
    if item.proposal != "archived" and not item.parties:
        vague = item.due is None and item.rrule is None and not item.quota
        found.append("没有责任单位、时限和数量" if vague else "没有责任单位")
    if item.proposal == "merged":
        found.append("与另一事项重复")
    return found


def review_items(ledger: Ledger, wanted: Query) -> list[Item]:
    """Items to decide on: doubtful ones first, the least sure at the top, the rest in the order of their notices."""
    items = [item for item in ledger.items(wanted) if item.parent is None or item.unit is None]
    order = {item.id: number for number, item in enumerate(items)}

    def rank(item: Item) -> tuple[bool, bool, float, int]:
        serious = item.confidence < SURE or item.state != "current"
        return not doubts_of(item), not serious, item.confidence if serious else 1.0, order[item.id]

    return sorted(items, key=rank)


def write_review(ledger: Ledger, wanted: Query, path: Path, *, today: date) -> int:
    """Writes pending items for 立项, as ``write_items``; ``filing`` of the query should be ``("pending",)``."""
    return write_items(review_items(ledger, wanted), path, today=today)


def write_items(items: Sequence[Item], path: Path, *, today: date) -> int:
    """Writes pending items for 立项, in their order; gives how many.

    Decisions are filled in as proposed, but for items of low confidence and those that a reissue changed: these are
    待定 until a person says otherwise.

    Args:
        path: the workbook.

    Raises:
        LedgerError: ``ledger.unwritable``.
    """
    from openpyxl import Workbook

    numbers = {item.id: number for number, item in enumerate(items, 1)}
    book = Workbook(write_only=True)
    sheet, styles = book.create_sheet(SHEET), Styles()
    _top(sheet, styles, len(items), today)
    known = []
    for number, item in enumerate(items, 1):
        values = row_values(item, number, numbers)
        doubtful = bool(values["doubt"])
        set_height(sheet, number + 3, [(values[c.name], c.width) for c in COLUMNS])
        cells = [
            styles.cell(sheet, values[c.name], c.kind, "doubtful" if doubtful and c.name == "doubt" else "")
            for c in COLUMNS
        ]
        sheet.append([*cells, item.id])
        known.append([item.id, item.revision, *(digest(values[name]) for name in EDITS)])
    _finish(sheet, len(items))
    kept = book.create_sheet(KEPT_SHEET)
    kept.sheet_state = "hidden"
    kept.append([KEPT_MARK, 1])
    for each in known:
        kept.append(each)
    save(book, path)
    return len(items)


def row_values(item: Item, number: int, numbers: dict[int, int]) -> dict[str, Shown]:
    """What a row of the workbook shows of an item; ``numbers`` gives 序号 by item."""
    people = [party.name for party in item.parties if party.type == "person"]
    leads = [name for name in item.names("lead", "responsible") if name not in people] or item.names("presenter")
    unsure = item.confidence < SURE or item.state != "current"
    into = item.merged_into
    return {
        "index": number,
        "decision": DECISIONS["pending" if unsure else item.proposal or "pending"],
        "into": str(numbers.get(into, f"#{into}")) if into is not None and item.proposal == "merged" else None,
        "reason": item.proposal_reason,
        "doubt": "；".join(doubts_of(item)),
        "confidence": item.confidence,
        "words": item.text,
        "place": _place(item),
        "title": item.title or "",
        "requirement": item.requirement,
        "quota": item.quota,
        "leader": item.leader,
        "lead": "、".join(leads),
        "support": "、".join(item.names("support")),
        "time_text": item.time_text,
        "due": item.due,
    }


def _place(item: Item) -> str:
    """Where an item stands: number, plan, headings, page; the notice's title would be the same in every row."""
    if item.notice_id is None:
        return item.source
    number = re.search(r"（([^（）]*〔\d{4}〕[^（）]*号)）", item.source)
    where = " › ".join(dict.fromkeys(filter(None, (item.plan, *item.section))))
    return "\n".join(filter(None, (number[1] if number else "", where, f"第{item.page}页" if item.page else "")))


def _top(sheet: Any, styles: Styles, count: int, today: date) -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.column_dimensions[get_column_letter(len(COLUMNS) + 1)].hidden = True
    sheet.freeze_panes = "D4"
    print_set_up(sheet, "A3", (3, 3))
    for row, height in ((1, 30), (2, 20), (3, 32)):
        sheet.row_dimensions[row].height = height
    last = get_column_letter(len(COLUMNS))
    sheet.append([styles.title(sheet, f"立项审核表（{count} 项，{today.year}年{today.month}月{today.day}日）")])
    told = "黄色表头的各栏可以改；“决定”选 立项、仅存档、并入 或 待定；把一行复制成几行，就是拆分；存疑的排在前面。"
    sheet.append([styles.label(sheet, told)])
    sheet.append([*(styles.head(sheet, column.head, column.returned) for column in COLUMNS), "_id"])
    sheet.merged_cells.add(f"A1:{last}1")
    sheet.merged_cells.add(f"A2:{last}2")


def _finish(sheet: Any, count: int) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last, letter = max(count + 3, 4), get_column_letter(len(COLUMNS))
    choice = DataValidation(type="list", formula1=f'"{",".join(DECISIONS.values())}"', allow_blank=True)
    choice.error, choice.errorTitle = "请选 " + "、".join(DECISIONS.values()), "决定"
    choice.add(f"B4:B{last + 200}")
    sheet.data_validations.append(choice)
    for word, colour in (("立项", "E2EFDA"), ("仅存档", "E7E6E6"), ("并入", "DDEBF7"), ("待定", "FFE699")):
        fill = PatternFill("solid", start_color=colour, end_color=colour)
        sheet.conditional_formatting.add(f"B4:B{last}", FormulaRule(formula=[f'$B4="{word}"'], fill=fill))
    sheet.auto_filter.ref = f"A3:{letter}{last}"
    sheet.print_area = f"A1:{letter}{last}"
