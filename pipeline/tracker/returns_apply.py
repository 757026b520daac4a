"""Takes over what returned workbooks change, as one step of undo."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.tracker.deciding import owner_field
from pipeline.tracker.returns_quotas import FIGURE, figures_in
from pipeline.tracker.returns_types import Applied, Change, Plan
from pipeline.tracker.types import Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

_SAID = {"progress_text": "progress", "problems": "problems", "next_steps": "next_steps", "actual": "actual"}
_SET = ("title", "requirement", "quota", "leader", "lead", "support", "due")


def apply_plan(ledger: Ledger, plan: Plan, *, confirmed: Collection[int] = (), all_likely: bool = False) -> Applied:
    """Takes over the changes of a plan. What was told by words only is taken where a person confirmed it.

    Args:
        ledger: the ledger.
        plan: of ``returns.plan_returns``.
        confirmed: items whose rows, told by their words, are confirmed.
        all_likely: all such rows are.

    Returns:
        What was done; items that were changed since the plan was made are left, and named.
    """
    chosen: dict[int, list[Change]] = {}
    for change in plan.changes:
        if change.sure or all_likely or change.item in confirmed:
            chosen.setdefault(change.item, []).append(change)
    if not chosen:
        return Applied(None, 0, 0)
    left, cells = [], 0
    with ledger.batch() as batch:
        now = {item.id: item for item in ledger.items(Query(ledger.today, filing=(), ids=tuple(chosen)))}
        for number, changes in chosen.items():
            item = now.get(number)
            if item is None or item.revision != plan.revisions.get(number):
                left.append(number)
                continue
            _apply(ledger, number, changes)
            cells += len(changes)
    return Applied(batch, len(chosen) - len(left), cells, tuple(left))


def _apply(ledger: Ledger, number: int, changes: list[Change]) -> None:
    figures = figures_in(changes)
    changes = [change for change in changes if not change.field.startswith(FIGURE)]
    if figures:
        _take_figures(ledger, number, figures)
    if not changes:
        return
    values: dict[str, Any] = {}
    for change in changes:
        values[change.field] = change.beside(values.get(change.field, change.kept)) if change.unit else change.value
    period = changes[0].period
    for field in _SET:
        if field in values:
            value = values[field]
            field = owner_field(ledger, number, field)
            ledger.set(number, field, "、".join(value) if isinstance(value, list) else value)
    for path in values.get("evidence", ()):
        ledger.attach(number, path, period)
    said = {_SAID[field]: values[field] for field in _SAID if field in values}
    closed: date | None = values.get("closed_on")
    done = values.get("progress") == "done" or closed is not None
    if done or (said and _recurs(ledger, number)):
        # Only the supervising side closes: what a unit calls done waits for its 审核.
        ledger.report(number, period, **said)
    elif said:
        ledger.note(number, period, **said)
    if code := values.get("progress") or ("done" if closed else None):
        ledger.set(number, "progress", code)
    if closed is not None and period:
        ledger.set_occurrence(number, period, done_on=closed)
    elif closed is not None:
        ledger.set(number, "closed_on", closed)


def _take_figures(ledger: Ledger, number: int, figures: list[tuple[str, int, float]]) -> None:
    if _recurs(ledger, number):
        ledger.report_figures(number, figures)
        return
    for period, series, actual in figures:
        ledger.set_occurrence(number, period, actual, series=series)


def _recurs(ledger: Ledger, number: int) -> bool:
    return len({one.period for one in ledger.occurrences([number]) if not one.before_issue}) > 1
