"""The part of a report on quotas: those of one measure and base beside each other, with rank and spread."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.compare.labels import FORCES, NATURES
from pipeline.compare.reports.model import Cell, Section, Table
from pipeline.compare.types import Comparison, QuotaRow, QuotaTable, QuotaView
from schemas.labels import Comparator, Period

COMPARATORS: Mapping[Comparator, str] = {
    "=": "", ">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "between": "", "~": "约",
}  # fmt: skip
PERIODS: Mapping[Period, str] = {
    "day": "日", "week": "周", "month": "月", "two_months": "两月", "quarter": "季", "half_year": "半年", "year": "年",
    "event": "次",
}  # fmt: skip


def quota_section(found: Comparison, w: Mapping[str, str]) -> Section:
    """Tables of two notices or more first, the widest of them first; what stands alone in one table at the end."""
    several = [table for table in found.tables if len({row.quota.party for row in table.rows}) > 1]
    alone = [table for table in found.tables if table not in several]
    several.sort(key=lambda table: -len({row.quota.party for row in table.rows}))
    tables = [_table(table, found, w) for table in several]
    rows = tuple(
        (Cell(table.name), Cell(NATURES[table.nature]), Cell(table.base_name), *_row(row, found))
        for table in alone
        for row in table.rows
    )
    columns = (w["measure"], w["quota_kind"], w["base"], *_columns(w))
    return Section("quotas", w["quotas"], (), (*tables, Table(w["single"], columns, rows, cap=80)), cap=40)


def shown(quota: QuotaView) -> str:
    """A quota's value as it is compared: 不低于 as ≥, with unit, period and what is striven for."""
    if quota.value is None:
        return quota.relative or quota.words.text
    value = f"{quota.value:g}" if abs(quota.value) < 1e6 else f"{quota.value:,.0f}"
    if quota.value_max is not None:
        value = f"{value}—{quota.value_max:g}"
    text = f"{COMPARATORS[quota.comparator]}{value}{quota.unit or ''}"
    if quota.per:
        text += f"／{PERIODS[quota.per]}"
    if quota.converted:
        text += f"（{quota.converted}）"
    if quota.stretch:
        text += f"，力争{shown(quota.stretch)}"
    return text


def _columns(w: Mapping[str, str]) -> tuple[str, ...]:
    names = ("city", "value", "words", "binds", "denominator", "force", "year", "rank", "why")
    return tuple(w[name] for name in names)


def _row(row: QuotaRow, found: Comparison) -> tuple[Cell, ...]:
    quota = row.quota
    binds = quota.binds + (f"（{'、'.join(quota.owners)}）" if quota.owners else "")
    return (
        Cell(found.party(quota.party).label), Cell(shown(quota), (quota.words,)),
        Cell(quota.words.text, (quota.words,)), Cell(binds), Cell(quota.denominator), Cell(FORCES[quota.force]),
        Cell(str(quota.year or "")), Cell(str(row.rank or "")), Cell(row.why),
    )  # fmt: skip


def _table(table: QuotaTable, found: Comparison, w: Mapping[str, str]) -> Table:
    title = f"{table.name}·{NATURES[table.nature]}（{table.base_name}）"
    if table.low is not None and table.high is not None and table.middle is not None:
        title += "　" + w["spread"].format(low=f"{table.low:g}", middle=f"{table.middle:g}", high=f"{table.high:g}")
    if table.missing:
        title += "　" + w["unseen"].format(names="、".join(found.party(key).label for key in table.missing))
    if table.others:
        title += "　" + w["others"]
    rows = tuple(_row(row, found) for row in table.rows)
    ranked = [row.quota for row in table.rows if row.rank is not None and row.quota.value is not None]
    bars = tuple((found.party(one.party).label, one.value or 0.0, shown(one)) for one in ranked)
    return Table(title, _columns(w), rows, cap=60, bars=bars if len(bars) > 1 else ())
