"""The part of a report on quotas: those of one measure and base beside each other, with rank and spread."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.compare.labels import FORCES, NATURES
from pipeline.compare.reports.model import FEWEST_BARS, Cell, Chart, Section, Table
from pipeline.compare.reports.naming import Names
from pipeline.compare.told import Told, told
from pipeline.compare.types import Comparison, QuotaRow, QuotaTable, QuotaView
from schemas.labels import Comparator, Period

COMPARATORS: Mapping[Comparator, str] = {
    "=": "", ">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "between": "", "~": "约",
}  # fmt: skip
PERIODS: Mapping[Period, Told] = {
    "day": Told("日", "day"), "week": Told("周", "week"), "month": Told("月", "month"),
    "two_months": Told("两月", "two months"), "quarter": Told("季", "quarter"),
    "half_year": Told("半年", "half a year"), "year": Told("年", "year"), "event": Told("次", "time"),
}  # fmt: skip
#: Large numbers are written as notices write them.
_LARGE = ((1e8, "亿"), (1e4, "万"))


def quota_section(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    """Tables of two notices or more first, the widest of them first; what stands alone in one table at the end."""
    several = [table for table in found.tables if len({row.quota.party for row in table.rows}) > 1]
    several.sort(key=lambda table: -len({row.quota.party for row in table.rows}))
    shown_here = {table.key for table in several}
    alone = [table for table in found.tables if table.key not in shown_here]
    tables = [_table(table, w, names) for table in several]
    rows = tuple(
        (
            Cell(names.measure(table.measure) if table.measure != table.name else table.name),
            Cell(names.told(NATURES[table.nature])), Cell(names.told(table.base_name)), *_row(row, names),
        )
        for table in alone
        for row in table.rows
    )  # fmt: skip
    columns = (w["measure"], w["quota_kind"], w["base"], *_columns(w))
    single = Table(w["single"], columns, rows, cap=80, name=w["single_sheet"])
    return Section("quotas", w["quotas"], (w["quota_text"],), (*tables, single), cap=40)


def shown(quota: QuotaView) -> Told:
    """A quota's value as it is compared: 不低于 as ≥, with unit, period and what is striven for."""
    if quota.value is None:
        words = quota.relative or quota.words.text
        return Told(words, words)
    value = number(quota.value)
    if quota.value_max is not None:
        value = f"{value}—{number(quota.value_max)}"
    text = f"{COMPARATORS[quota.comparator]}{value}{quota.unit or ''}"
    made = Told(text, text.replace("约", "≈"))
    if quota.per:
        made = told("{text}／{per}", "{text} per {per}", text=made, per=PERIODS[quota.per])
    if quota.converted:
        made = told("{text}（{how}）", "{text} ({how})", text=made, how=quota.converted)
    if quota.stretch:
        made = told("{text}，力争{more}", "{text}, striving for {more}", text=made, more=shown(quota.stretch))
    return made


def number(value: float) -> str:
    """A number as notices write it: 50万, 1.2亿; smaller ones as they are."""
    for size, name in _LARGE:
        if abs(value) >= size:
            return f"{value / size:.6g}{name}"
    return f"{value:.6g}"


def _columns(w: Mapping[str, str]) -> tuple[str, ...]:
    names = ("city", "value", "words", "binds", "denominator", "force", "year", "rank", "why")
    return tuple(w[name] for name in names)


def _row(row: QuotaRow, names: Names) -> tuple[Cell, ...]:
    quota = row.quota
    owners = "、".join(owner for owner in quota.owners if owner not in quota.binds.split("、"))
    binds = quota.binds + (f"（{owners}）" if owners and quota.binds else owners)
    return (
        Cell(names.party(quota.party)), Cell(names.told(shown(quota)), (quota.words,)),
        Cell(quota.words.text, (quota.words,)), Cell(binds), Cell(quota.denominator),
        Cell(names.told(FORCES[quota.force])), Cell(str(quota.year or "")), Cell(str(row.rank or "")),
        Cell(names.told(row.why)),
    )  # fmt: skip


def _table(table: QuotaTable, w: Mapping[str, str], names: Names) -> Table:
    name = names.measure(table.measure) if table.measure != table.name else table.name
    title = w["quota_title"].format(
        name=name, nature=names.told(NATURES[table.nature]), base=names.told(table.base_name)
    )
    notes = []
    if table.low is not None and table.high is not None and table.middle is not None:
        notes.append(w["spread"].format(low=number(table.low), middle=number(table.middle), high=number(table.high)))
    if table.missing:
        notes.append(w["unseen"].format(names="、".join(map(names.party, table.missing))))
    if table.others:
        notes.append(w["others"])
    ranked = [row.quota for row in table.rows if row.rank is not None and row.quota.value is not None]
    bars = tuple((names.party(one.party), one.value or 0.0, names.told(shown(one))) for one in ranked)
    return Table(
        title, _columns(w), tuple(_row(row, names) for row in table.rows), cap=60, notes=tuple(notes),
        chart=Chart(title, bars) if len(bars) >= FEWEST_BARS else None, name=w["quotas"],
    )  # fmt: skip
