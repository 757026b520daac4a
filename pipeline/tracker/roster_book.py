"""The roster as a workbook: sheets 单位 and 集合, read by the meaning of their heads, and a template to fill in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.tracker.roster import Problem, Roster, plain
from pipeline.tracker.types import LedgerError, Unit, UnitSet

_UNITS, _SETS, _HELP = "单位", "集合", "说明"
#: Heads of each column, the first as the template writes it.
_UNIT_HEADS: dict[str, tuple[str, ...]] = {
    "name": ("单位名称", "单位", "单位全称", "全称", "名称", "部门", "部门名称", "科室"),
    "short_names": ("简称", "单位简称", "其他名称", "别名", "曾用名"),
    "agency": ("所属机关", "机关", "主管单位", "上级单位", "所属单位"),
    "leader": ("分管领导", "责任领导", "领导"),
    "contact": ("联络员", "联系人", "经办人", "信息员"),
    "phone": ("电话", "联系电话", "联系方式", "手机", "手机号码"),
    "email": ("邮箱", "电子邮箱", "邮件", "email"),
    "valid_from": ("启用日期", "成立日期", "起始日期", "生效日期"),
    "valid_to": ("停用日期", "撤销日期", "截止日期", "失效日期"),
}
_SET_HEADS: dict[str, tuple[str, ...]] = {
    "name": ("集合名称", "集合", "名称", "统称"),
    "members": ("成员", "成员单位", "包括单位", "单位"),
    "agency": _UNIT_HEADS["agency"],
    "valid_from": _UNIT_HEADS["valid_from"],
    "valid_to": _UNIT_HEADS["valid_to"],
}
_BETWEEN = re.compile(r"[、,，;；\n]+")
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?|\s*月?)")
_HEAD_ROWS = 10
_EXAMPLE = "（示例）"


@dataclass(frozen=True)
class RosterBook:
    """What a roster's workbook holds; ``problems`` name sheet and row, and what to do."""

    units: tuple[Unit, ...]
    sets: tuple[UnitSet, ...]
    problems: tuple[Problem, ...] = ()


def read(path: Path) -> RosterBook:
    """The units and sets of a workbook.

    Rows that can't be read are left out and named in ``problems``, with what ``Roster.check`` finds.

    Raises:
        LedgerError: no workbook of Excel, or no sheet of it has a column for the units' names.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=True)
    except OSError as error:
        message = f"打不开名册 {path.name}（{error.strerror or error}）"
        raise LedgerError("ledger.roster_unreadable", message, remedy="请检查路径和权限") from error
    except Exception as error:  # openpyxl and zipfile raise many kinds for what is no workbook
        remedy = "请用 Excel 或 WPS 另存为 .xlsx 后再导入"
        raise LedgerError("ledger.roster_unreadable", f"{path.name} 不是 xlsx 工作簿", remedy=remedy) from error
    problems: list[Problem] = []
    sheets = [(sheet, _rows(sheet)) for sheet in book.worksheets if sheet.title != _HELP]
    units: list[Unit] = []
    sets: list[UnitSet] = []
    known = False
    for sheet, rows in sheets:
        as_sets = _SETS in sheet.title
        heads = _SET_HEADS if as_sets else _UNIT_HEADS
        found = _heads(rows, heads, ("name", "members") if as_sets else ("name",))
        if found is None:
            continue
        known = known or not as_sets
        make: Callable[..., Any] = _set if as_sets else _unit
        for number, values in _body(rows, *found):
            into: list[Any] = sets if as_sets else units
            _take(into, make, values, f"“{sheet.title}”表第 {number} 行", problems)
    if not known:
        raise LedgerError(
            "ledger.roster_heads", f"{path.name} 里没有“单位名称”一列",
            remedy="请用 duban units template 名册.xlsx 生成空白名册，照它的表头填写",
        )  # fmt: skip
    return RosterBook(tuple(units), tuple(sets), (*problems, *Roster(units, sets).check()))


def write(path: Path, units: Sequence[Unit], sets: Sequence[UnitSet]) -> None:
    """Writes a roster as a workbook that ``read`` gives back the same.

    Raises:
        LedgerError: the file can't be written, as where Excel has it open.
    """
    unit_rows = [
        (one.name, "、".join(one.short_names), one.agency, one.leader, one.contact, one.phone, one.email,
         one.valid_from, one.valid_to)
        for one in units
    ]  # fmt: skip
    set_rows = [(one.name, "、".join(one.members), one.agency, one.valid_from, one.valid_to) for one in sets]
    _save(path, unit_rows, set_rows)


def write_template(path: Path) -> None:
    """Writes an empty roster with two examples, which ``read`` passes over.

    Raises:
        LedgerError: the file can't be written.
    """
    units = [
        (f"{_EXAMPLE}市容管理科", "市容科", "某市城市管理局", "张三", "李四", "0513-80000000", "shirong@example.cn",
         date(2021, 1, 1), None),
        (f"{_EXAMPLE}城北中队", "城北城管中队、城北", "某市城市管理局", "王五", "赵六", "", "", None, None),
    ]  # fmt: skip
    sets = [
        (f"{_EXAMPLE}各中队", "城北中队、城南中队", "某市城市管理局", None, None),
        (f"{_EXAMPLE}各单位", "市容管理科、各中队", "某市城市管理局", None, None),
    ]
    _save(path, units, sets)


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip() if not isinstance(value, str) else value.strip()


def _heads(
    rows: list[tuple[Any, ...]], heads: dict[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[int, dict[str, int]] | None:
    """The row that holds the heads and each field's column; None where no row has those that are needed."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        names = [plain(_text(value)).lower().strip("*:：") for value in row]
        found: dict[str, int] = {}
        for name, spelt in heads.items():
            column = next((names.index(word) for word in spelt if word in names), None)
            if column is not None and column not in found.values():
                found[name] = column
        if all(name in found for name in needed):
            return number, found
    return None


def _body(rows: list[tuple[Any, ...]], head: int, columns: dict[str, int]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, row in enumerate(rows[head + 1 :], head + 2):
        values = {name: row[column] if column < len(row) else None for name, column in columns.items()}
        name = _text(values["name"])
        if any(_text(value) for value in values.values()) and not name.startswith(_EXAMPLE):
            yield number, values


def _take(
    into: list[Any], make: Callable[..., Any], values: dict[str, Any], where: str, problems: list[Problem]
) -> None:
    if not _text(values["name"]):
        problems.append(Problem("ledger.roster_row", f"{where}没有名称，没有导入；请补上或删去该行"))
        return
    try:
        one = make(values)
    except ValueError as error:
        problems.append(Problem("ledger.roster_row", f"{where}{error}，没有导入；请改成 2021-03-05 这样的日期"))
        return
    if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
        problems.append(Problem("ledger.roster_row", f"{where}的停用日期早于启用日期，没有导入；请改正"))
        return
    into.append(one)


def _unit(values: dict[str, Any]) -> Unit:
    texts = {name: _text(values.get(name)) for name in ("name", "agency", "leader", "contact", "phone", "email")}
    return Unit(
        **texts, short_names=_names(values.get("short_names")),
        valid_from=_day(values.get("valid_from")), valid_to=_day(values.get("valid_to"), last=True),
    )  # fmt: skip


def _set(values: dict[str, Any]) -> UnitSet:
    return UnitSet(
        _text(values["name"]), _names(values.get("members")), _text(values.get("agency")),
        _day(values.get("valid_from")), _day(values.get("valid_to"), last=True),
    )  # fmt: skip


def _names(value: Any) -> tuple[str, ...]:
    parts = (part.strip() for part in _BETWEEN.split(_text(value)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _day(value: Any, *, last: bool = False) -> date | None:
    """A date of a cell, also as text; a month alone is its first or last day.

    Raises:
        ValueError: no date.
    """
    from pipeline.tracker.recurrence import month_end

    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month = int(match[1]), int(match[2])
        if match[3]:
            return date(year, month, int(match[3]))
        return month_end(year, month) if last else date(year, month, 1)
    except ValueError as error:
        raise ValueError(f"的日期“{text}”认不出") from error


def _save(path: Path, units: Sequence[Sequence[Any]], sets: Sequence[Sequence[Any]]) -> None:
    from openpyxl import Workbook

    from pipeline.tracker.ledger_book import save

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _UNITS
    _fill(sheet, [names[0] for names in _UNIT_HEADS.values()], units, (24, 26, 24, 12, 12, 18, 24, 13, 13))
    _fill(book.create_sheet(_SETS), [names[0] for names in _SET_HEADS.values()], sets, (18, 70, 24, 13, 13))
    notes = book.create_sheet(_HELP)
    notes.column_dimensions["A"].width = 100
    for line in _NOTES:
        notes.append([line])
    save(book, path)


_NOTES = (
    "一、“单位”表一行一个单位。简称可写多个，用顿号隔开；公文里怎么称呼，就写怎么称呼。",
    "二、机构撤并时不要删行：原单位填停用日期，新单位填启用日期，早先的事项仍能对上。",
    "三、“集合”表写明“各单位”“各中队”等统称包括哪些单位，成员用顿号隔开，也可写另一个集合。",
    "四、没有写明的统称不会被分解到单位，立项时会提示。同一统称在不同机关含义不同的，填写所属机关。",
    f"五、以“{_EXAMPLE}”开头的行是示例，导入时跳过。",
)


def _fill(sheet: Any, heads: list[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.append(heads)
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F3")
        cell.alignment = Alignment(horizontal="center")
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if cell.is_date:
                cell.number_format = "yyyy-mm-dd"
            elif cell.value is not None:
                # A telephone number that begins with 0 stays as it is, and = begins no formula.
                cell.data_type, cell.number_format = "s", "@"
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "B2"
