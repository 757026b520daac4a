"""Items by workbook: an old 台账, 领导批示 or 会议议定事项 in an office's own table, told by its heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tracker import cells
from pipeline.tracker.add_times import read_due
from pipeline.tracker.cells import CellError
from pipeline.tracker.heads import Table, find_tables
from pipeline.tracker.parts import divide
from pipeline.tracker.returns_types import Doubt, Place
from pipeline.tracker.roster import Roster
from pipeline.tracker.sheets import plain, read_book
from pipeline.tracker.types import Item, LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

_NEEDED = ("title", "requirement")
#: How the rows of a template begin that only show how to fill it in.
_EXAMPLE = re.compile(r"[（(]示例[）)]")
#: Labels of roles within one cell.
_ROLES = re.compile(r"(牵头|主办|承办|责任|主责|配合|协办|协同|协助|参与)(?:单位|部门|科室)?[:：]")
_SUPPORTING = ("配合", "协办", "协同", "协助", "参与")
_CLOSED = "原有台账记为办结"
_TEXTS = ("quota", "leader", "source")
_SOURCES = (("instruction", r"批示|指示"), ("meeting", r"会议|议定|常务会|办公会|纪要|调度会"), ("phone", r"电话|口头"))


@dataclass(frozen=True)
class NewItem:
    """A row as an item: fields of ``Ledger.add``, its origin, progress that was noted, whether it is done, and when."""

    fields: dict[str, Any]
    origin: str
    place: Place
    said: dict[str, Any] = field(default_factory=dict)
    closed: bool = False
    closed_on: date | None = None


@dataclass
class Additions:
    """What a workbook adds.

    Attributes:
        items: new items.
        known: rows whose words the ledger has already.
        doubts: cells that can't be read; their rows are added without them, rows without a task are not.
        unknown: heads of columns that no field is for.
        problems: what could not be divided among units when it was filed, in words.
    """

    items: list[NewItem] = field(default_factory=list)
    known: list[Place] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """What is to be added, as lines to print."""
        yield f"新增 {len(self.items)} 项，已有 {len(self.known)} 项，存疑 {len(self.doubts)} 处"
        yield from (f"  + {each.fields.get('title') or each.fields['text'][:40]}" for each in self.items)
        yield from (f"  ？{doubt.place}：{doubt.message}" for doubt in self.doubts)
        if noted := sum(1 for each in self.items if each.said or each.closed):
            closed = sum(1 for each in self.items if each.closed)
            yield f"  · {noted} 项写有进展{f'，{closed} 项已办结' if closed else ''}；同时立项才记入"
        if self.unknown:
            yield f"  · 没有用到的列：{'、'.join(self.unknown)}"


def read_additions(ledger: Ledger, path: Path, *, origin: str = "ledger") -> Additions:
    """The items in a workbook's tables; changes nothing.

    Args:
        ledger: the ledger; what it has already is not added again.
        path: xlsx or xls.
        origin: where items come from, if their 来源 doesn't tell.

    Raises:
        LedgerError: the file can't be read, or no heads of a ledger are found.
    """
    tables = find_tables(read_book(path), _NEEDED)
    if not tables:
        raise LedgerError(
            "ledger.no_table", "没有找到台账的表头（如工作任务、责任单位、完成时限）", file=path.name,
            remedy="请在第一行到第十五行里写明表头",
        )  # fmt: skip
    made = Additions()
    have = {_key(item.title or "", item.requirement or item.text) for item in ledger.items(_all(ledger.today))}
    for table in tables:
        used = set(table.columns.values())
        made.unknown += [head for column, head in table.heads.items() if column not in used]
        for row in table.rows():
            place = Place(path.name, table.grid.name, row)
            new = _item(table, row, place, made, origin, ledger.today)
            if new is None:
                continue
            key = _key(str(new.fields.get("title") or ""), str(new.fields.get("requirement") or new.fields["text"]))
            if key in have:
                made.known.append(place)
                continue
            have.add(key)
            made.items.append(new)
    return made


def apply_additions(ledger: Ledger, additions: Additions, *, file: bool = False) -> list[int]:
    """Adds the items, as one step of undo; gives their numbers.

    Args:
        file: they are filed and, where an 交办日期 is given, assigned at once, divided among units where 各单位 is to
            do them, their progress is noted and what is done is closed; else they wait for 立项, and all that is left
            out.
    """
    if not additions.items:
        return []
    made = []
    roster = Roster(ledger.units(), ledger.unit_sets())
    with ledger.batch():
        for each in additions.items:
            number = ledger.add(each.fields, each.origin)
            made.append(number)
            if not file:
                continue
            assigned = each.fields.get("assigned_on")
            ledger.file(number, date.fromisoformat(assigned) if assigned else None)
            if not each.closed:
                additions.problems += [one.message for one in divide(ledger, number, roster).problems]
            if each.said:
                ledger.note(number, **each.said)
            if each.closed and ledger.settings.supervising:
                ledger.close(number, _CLOSED, closed_on=each.closed_on)
            elif each.closed:
                ledger.set(number, "progress", "done")
    return made


def told_origin(source: str) -> str | None:
    """The origin that words of a source tell: 王市长批示, 局长办公会; None where they don't."""
    return next((code for code, pattern in _SOURCES if re.search(pattern, source)), None)


def same_item(ledger: Ledger, fields: Mapping[str, Any]) -> Item | None:
    """The item that says already what these fields say."""
    wanted = _key(str(fields.get("title") or ""), str(fields.get("requirement") or fields.get("text") or ""))
    found = (i for i in ledger.items(_all(ledger.today)) if _key(i.title or "", i.requirement or i.text) == wanted)
    return next(found, None)


def _all(today: date) -> Query:
    return Query(today, filing=("pending", "filed"))


def _key(title: str, requirement: str) -> str:
    words = re.sub(r"[\W_]+", "", title + requirement)
    half = len(words) // 2
    # An item whose requirement is its title says the same once.
    return words[:half] if half and words[:half] == words[half:] else words


def _item(table: Table, row: int, place: Place, made: Additions, origin: str, today: date) -> NewItem | None:
    title, requirement = table.text(row, "title"), table.text(row, "requirement")
    if _EXAMPLE.match(title or requirement):
        return None
    if not title and not requirement:
        made.doubts.append(Doubt(place, "没有写工作任务，没有新增"))
        return None
    fields: dict[str, Any] = {"text": requirement or title}
    if title:
        fields["title"] = title
    if requirement:
        fields["requirement"] = requirement
    fields |= {name: table.text(row, name) for name in _TEXTS if table.text(row, name)}
    fields["parties"] = _parties(table, row)
    fields |= _assigned_on(table, row, place, made, today)
    _due(table, row, fields, place, made, today)
    source = fields.get("source", "")
    told = told_origin(source) or origin
    said = _said(table, row, place, made)
    closed, on = _closed(table, row, said, today)
    return NewItem({name: value for name, value in fields.items() if value}, told, place, said, closed, on)


def _parties(table: Table, row: int) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, role, kind in (("lead", "lead", "department"), ("support", "support", "department"),
                             ("person", "responsible", "person")):  # fmt: skip
        for own, words in _by_role(table.text(row, name), role if kind == "department" else ""):
            for who in cells.read_names(words):
                party = {"name": who, "role": own or role, "type": kind, "unit": None}
                found.setdefault((who, own or role), party)
    return list(found.values())


def _by_role(text: str, role: str) -> Iterator[tuple[str, str]]:
    """The names of a cell by role, where it says them: 牵头单位：水务局；配合单位：住建局、财政局."""
    said = list(_ROLES.finditer(text)) if role else []
    yield role, text[: said[0].start()] if said else text
    for place, label in enumerate(said):
        end = said[place + 1].start() if place + 1 < len(said) else len(text)
        yield "support" if label[1] in _SUPPORTING else "lead", text[label.end() : end]


def _due(table: Table, row: int, fields: dict[str, Any], place: Place, made: Additions, today: date) -> None:
    assigned = date.fromisoformat(fields["assigned_on"]) if "assigned_on" in fields else None
    year = _year(table)
    for name in ("due", "time_text"):
        value = table.value(row, name)
        if cells.says_nothing(value):
            continue
        try:
            found = read_due(value, today, assigned_on=assigned, year=year)
        except CellError as error:
            fields["time_text"] = plain(value)
            if name == "due":
                made.doubts.append(Doubt(Place(place.file, place.sheet, row, table.columns[name]), str(error)))
            continue
        if name == "time_text":
            found = {**({} if fields.keys() & {"due", "rrule"} else found), "time_text": plain(value)}
        fields.update(found)


def _year(table: Table) -> int | None:
    """The year that the words above a table name, of 2023年度重点工作台账."""
    above = "".join(plain(value) for row in table.grid.rows[: table.first] for value in row)
    years = set(re.findall(r"(20\d\d)年", above))
    return int(years.pop()) if len(years) == 1 else None


def _assigned_on(table: Table, row: int, place: Place, made: Additions, today: date) -> dict[str, Any]:
    try:
        found = cells.read_date(table.value(row, "assigned_on"), today)
    except CellError as error:
        made.doubts.append(Doubt(Place(place.file, place.sheet, row, table.columns["assigned_on"]), str(error)))
        return {}
    return {"assigned_on": found.isoformat()} if found else {}


def _closed(table: Table, row: int, said: dict[str, Any], today: date) -> tuple[bool, date | None]:
    """Whether an old ledger says that an item is done, and since when; other words on it go to its progress."""
    word = table.text(row, "progress")
    try:
        code = cells.read_progress(word, {}) if not cells.says_nothing(word) else None
    except CellError:
        code = None
        said["progress"] = "；".join(filter(None, (said.get("progress", ""), word)))
    try:
        on = cells.read_date(table.value(row, "closed_on"), today)
    except CellError:
        on = None
        said["progress"] = "；".join(filter(None, (said.get("progress", ""), table.text(row, "closed_on"))))
    return code == "done" or on is not None, on if on is None or on <= today else None


def _said(table: Table, row: int, place: Place, made: Additions) -> dict[str, Any]:
    """What an old ledger says of an item's progress."""
    found: dict[str, Any] = {}
    for name, field_name in (("progress_text", "progress"), ("problems", "problems"), ("next_steps", "next_steps")):
        if not cells.says_nothing(text := table.text(row, name)):
            found[field_name] = text
    try:
        figure = cells.read_figure(table.value(row, "actual"))
    except CellError as error:
        made.doubts.append(Doubt(Place(place.file, place.sheet, row, table.columns["actual"]), str(error)))
    else:
        if figure is not None:
            found["actual"] = figure
    return found
