"""An item's periods in the terminal: a grid by year for figures, a list for dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.columns import width, wrap
from pipeline.table import Column, columns_here, show
from pipeline.tracker.entries import figure, joined, period_words
from pipeline.tracker.types import OCCURRENCE_LABELS, Occurrence

if TYPE_CHECKING:
    from pipeline.tracker.grid import Cell, Line

#: Up to so many dates stand one below the other; of more it is told how they stand.
_LISTED = 12
_HEADS = ("时限", "目标", "完成", "差额")


def dates(occurrences: Sequence[Occurrence], grid: Sequence[Line], today: date) -> None:
    """Prints the periods: those with figures as a grid with its sums, the others as dates."""
    for line in grid:
        own = [one for one in occurrences if one.series == line.series]
        if any(cell.target is not None for cell in line.cells):
            _figures(line, own)
        elif len(own) > _LISTED:
            _many(own, today)
        elif len(own) > 1 or any(one.status != "open" or one.adjusted_due or one.before_issue for one in own):
            print("\n各期")
            show(
                (Column("期", 16), Column("时限", 12), Column("状态", 10), Column("完成日期", 10)),
                ([period_name(one.period), _when(one), _state(one, today), str(one.done_on or "")] for one in own),
            )


def period_name(period: str) -> str:
    """A period in words, a day by its date."""
    return period_words(period) or period


def _when(one: Occurrence) -> str:
    return f"{one.deadline}{'延' if one.adjusted_due else ''}"


def _state(one: Occurrence, today: date) -> str:
    if one.status != "open":
        return OCCURRENCE_LABELS[one.status]
    if one.before_issue:
        return "印发前"
    return "逾期" if one.deadline < today else "未到期"


def _many(own: Sequence[Occurrence], today: date) -> None:
    """How many dates stand, by their states."""
    found: dict[str, list[str]] = {}
    for one in own:
        found.setdefault(_state(one, today), []).append(period_name(one.period))
    print(f"\n各期（{len(own)} 期）")
    for state, periods in found.items():
        text = f"{len(periods)} 期：{joined(periods, _LISTED)}"
        for number, piece in enumerate(wrap(text, columns_here() - 10)):
            print(f"  {(state + ' ' * (8 - width(state))) if not number else ' ' * 8}{piece}")
    if coming := [one for one in own if one.status == "open" and not one.before_issue and one.deadline >= today]:
        print(f"  下一期  {period_name(coming[0].period)}，时限 {_when(coming[0])}")


def _figures(line: Line, own: Sequence[Occurrence]) -> None:
    unit = f"（{line.unit}）" if line.unit else ""
    limit = "，不超过" if line.comparator in ("<", "<=") else ""
    print(f"\n进度表：{line.subject or '指标'}{unit}{limit}")
    named = {one.period: one for one in own}
    shown = [cell for cell in line.cells if not cell.before_issue or cell.actual is not None]
    for year in dict.fromkeys(cell.period[:4] for cell in shown):
        cells = [cell for cell in shown if cell.period[:4] == year]
        for piece in _in_width([_column(cell, named) for cell in cells], year):
            print(piece)
    if before := [period_name(cell.period) for cell in line.cells if cell not in shown]:
        print(f"印发前：{joined(before, _LISTED)}")
    if line.total is not None:
        short = f"，差 {figure(line.gap)}" if line.gap and line.gap > 0 else ""
        rate = "" if line.rate is None else f"，完成率 {line.rate:.0%}"
        expected = f"；序时目标 {figure(line.expected)}" if line.expected is not None else ""
        schedule = "" if line.schedule is None else f"，为序时的 {line.schedule:.0%}"
        print(f"合计：目标 {figure(line.total)}，完成 {figure(line.actual or 0)}{short}{rate}{expected}{schedule}")


def _column(cell: Cell, named: Mapping[str, Occurrence]) -> tuple[str, ...]:
    one = named.get(cell.period)
    due = one.deadline if one else cell.due
    mark = "延" if one and one.adjusted_due else ""
    target = "印发前" if cell.before_issue else figure(cell.target)
    gap = "" if cell.before_issue else figure(cell.gap)
    title = "全年" if "-" not in cell.period else "限期" if len(cell.period) == 10 else cell.title
    return title, f"{due:%m-%d}{mark}", target, figure(cell.actual), gap


def _in_width(columns: Sequence[tuple[str, ...]], year: str) -> Iterator[str]:
    """Columns side by side, in as many rows of them as the terminal's width asks for."""
    room = columns_here() - 7
    rows: list[list[tuple[str, ...]]] = [[]]
    used = 0
    for column in columns:
        wide = max(map(width, column)) + 1
        if used + wide > room and rows[-1]:
            rows.append([])
            used = 0
        rows[-1].append(column)
        used += wide
    for some in rows:
        for number, head in enumerate((f"{year}年", *_HEADS)):
            cells = [" " * (max(map(width, column)) - width(column[number]) + 1) + column[number] for column in some]
            yield f"{head}{' ' * (7 - width(head))}{''.join(cells)}".rstrip()
