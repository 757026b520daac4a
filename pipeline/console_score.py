"""The work of duban score."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.console_ledger import FAILED, OK, may_write, opened, print_json, print_table, unit_names
from pipeline.naming import find_notice
from pipeline.tracker.types import Query, Score


def write(folder: Path, notice: str, wish: Mapping[str, Any], *, operator: str | None) -> int:
    """Writes the sheets of a notice's assessment schemes and prints what they propose.

    Args:
        wish: the command's options by name.

    Raises:
        LedgerError: the notice has no scheme, no unit is known, the file can't be written.
        NamingError: the notice isn't known.
    """
    from pipeline.tracker import scoring
    from pipeline.tracker.entries import figure

    with opened(folder, operator) as (_, ledger):
        row = find_notice(ledger.store, notice)
        units, day = unit_names(ledger, wish["units"]), wish["as_of"] or ledger.today
        period = wish["period"] or f"{day:%Y}"
        if not may_write(scoring.targets(ledger, row.notice_id, wish["output"]), wish["sure"]):
            return FAILED
        made = scoring.write_sheets(ledger, row.notice_id, wish["output"], day, units=units, period=period)
    if wish["as_json"]:
        print_json([
            {"file": str(each.path), "scheme": each.scheme.title, "period": period, "full": each.scheme.full,
             "warnings": list(each.scheme.warnings),
             "units": [{"unit": one.unit, "proposed": one.proposed, "open": one.open} for one in each.sheets]}
            for each in made
        ])  # fmt: skip
        return OK
    for each in made:
        print(f"《{each.scheme.title}》考核期 {period}，满分 {figure(each.scheme.full)}，写到 {each.path}")
        rows = [(one.unit, figure(one.proposed), str(one.open or "")) for one in each.sheets]
        print_table(("单位", "建议得分", "待人工核定项"), rows, right=("建议得分", "待人工核定项"))
        for warning in each.scheme.warnings:
            print(f"注意：{warning}", file=sys.stderr)
    print("请在表里填“确认扣分”“确认加分”，再用 duban score --from 收回", file=sys.stderr)
    return OK


def take(folder: Path, source: Path, period: str | None, *, operator: str | None) -> int:
    """Keeps what was confirmed in a workbook; 1 where a row couldn't be taken.

    Raises:
        LedgerError: it is no workbook with score sheets.
    """
    from pipeline.tracker import scoring

    with opened(folder, operator) as (_, ledger):
        taken = scoring.take_sheets(ledger, source, period=period)
    named = f"（考核期 {taken.period}）" if taken.period else ""
    print(f"收回 {taken.confirmed} 项确认的得分{named}，其中新的或改了的 {taken.saved} 项")
    for line in taken.refused:
        print(f"没有收：{line}", file=sys.stderr)
    return FAILED if taken.refused else OK


def show(folder: Path, notice: str, wish: Mapping[str, Any]) -> int:
    """Prints the marks that are kept for a notice's schemes, by unit and period."""
    with opened(folder) as (_, ledger):
        row = find_notice(ledger.store, notice)
        units = unit_names(ledger, wish["units"])
        items = ledger.items(Query(ledger.today, filing=(), notice_id=row.notice_id))
        names = {item.id: item.title or item.text for item in items}
        kept = [
            each for each in ledger.scores(wish["period"])
            if each.item in names and (not units or each.unit in units)
        ]  # fmt: skip
    if wish["as_json"]:
        print_json([
            {"unit": each.unit, "period": each.period, "item": each.item, "title": names[each.item],
             "proposed": each.proposed, "confirmed": each.confirmed, "reason": each.reason, "by": each.by,
             "at": each.at}
            for each in kept
        ])  # fmt: skip
        return OK
    if not kept:
        print("还没有评分；用 --output 写评分表")
        return OK
    heads = ("考核期", "单位", "已确认项", "确认得分", "待确认项")
    print_table(heads, _totals(kept), right=heads[2:])
    return OK


def _totals(kept: Iterable[Score]) -> list[tuple[str, ...]]:
    """Rows by period and unit: what is confirmed, and how many proposals wait for a person."""
    from pipeline.tracker.entries import figure

    groups: dict[tuple[str, str], list[Score]] = {}
    for each in kept:
        groups.setdefault((each.period, each.unit), []).append(each)
    rows: list[tuple[str, ...]] = []
    for (period, unit), group in sorted(groups.items()):
        marks = [each.confirmed for each in group if each.confirmed is not None]
        rows.append((period, unit, str(len(marks)), figure(round(sum(marks), 2)), str(len(group) - len(marks) or "")))
    return rows
