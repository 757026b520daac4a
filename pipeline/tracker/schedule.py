"""An item's occurrences, made from its times and quotas and kept in step with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.tracker import models
from pipeline.tracker.occurrences import Draft, expand, times_of
from pipeline.tracker.parts import together
from pipeline.tracker.refresh import refresh
from pipeline.tracker.rows import day, iso, occurrence_of
from pipeline.tracker.types import ACTIVE
from schemas.record import Quota, Time


def drafts(item: models.Item) -> list[Draft]:
    """The occurrences that an item has by what it says; times that a person set come before the notice's."""
    edited = set(json.loads(item.edited))
    times = [Time.model_validate(each) for each in json.loads(item.times)]
    if "due" in edited:
        times = [time for time in times if time.kind == "recurring"]
        times += times_of(due=day(item.due)) if item.due else []
    if "rrule" in edited:
        times = [time for time in times if time.kind != "recurring"]
        times += times_of(rrule=item.rrule, start=day(item.start), end=day(item.end)) if item.rrule else []
    quotas = [Quota.model_validate(each) for each in json.loads(item.quotas)]
    start, end = day(item.plan_start), day(item.plan_end)
    if not (start or end or item.issued_on or item.assigned_on):
        # Nobody says when it began: repetitions run from the day on which it was added.
        start = date.fromisoformat(item.created_at[:10])
        end = date(start.year, 12, 31)
    found = expand(times, quotas, start, end, day(item.issued_on), day(item.assigned_on))
    return [replace(one, target=None) for one in found] if "targets" in edited else found


def arrange(session: Session, item: models.Item) -> list[str]:
    """Brings an item's occurrences to what it says; what somebody worked on stays.

    Returns:
        The periods that are said no more, and stay because something was done in them.
    """
    session.flush()
    rows = {row.id: row for row in _of(session, item.id)}
    plan = refresh([occurrence_of(row) for row in rows.values()], drafts(item))
    for one in plan.drop:
        session.delete(rows[one.id])
    session.flush()
    for one, draft in plan.update:
        row = rows[one.id]
        for name, value in _values(draft).items():
            setattr(row, name, value)
        row.deadline = row.adjusted_due or row.due
    session.add_all(
        models.Occurrence(item=item.id, period=draft.period, deadline=draft.due.isoformat(), **_values(draft))
        for draft in plan.add
    )
    session.flush()
    look_ahead(session, item)
    return [one.period for one in plan.keep]


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "series": draft.series, "start": iso(draft.start), "due": draft.due.isoformat(),
        "before_issue": draft.before_issue, "target": draft.target, "comparator": draft.comparator,
        "unit": draft.unit, "subject": draft.subject,
    }  # fmt: skip


def _of(session: Session, item: int) -> Sequence[models.Occurrence]:
    query = select(models.Occurrence).where(models.Occurrence.item == item)
    return session.scalars(query.order_by(models.Occurrence.due, models.Occurrence.id)).all()


def of(session: Session, item: int, period: str = "", series: int | None = None) -> Sequence[models.Occurrence]:
    """An item's occurrences by date; those of a period and series where named."""
    found = _of(session, item)
    return [row for row in found if period in ("", row.period) and series in (None, row.series)]


def look_ahead(session: Session, item: models.Item) -> None:
    """Notes an item's next open deadline: of an item that isn't followed up there is none.

    Of what was divided it is its parts' next one: a unit may have a later date than the whole, or be done.
    """
    session.flush()
    if item.filing not in ("filed", "pending") or item.status not in ACTIVE | {"pending"}:
        item.next_due = None
        return
    parts, next_of_parts = session.execute(
        select(func.count(), func.min(models.Item.next_due))
        .where(models.Item.parent == item.id, models.Item.filing == "filed")
    ).one()  # fmt: skip
    if parts:
        item.next_due = next_of_parts
        return
    table = models.Occurrence
    found, earliest = session.execute(
        select(func.count(), func.min(table.deadline).filter(table.status == "open", table.before_issue.is_(False)))
        .where(table.item == item.id)
    ).one()  # fmt: skip
    item.next_due = earliest if found else bare(item)


def bare(item: models.Item) -> str | None:
    """The open deadline of an item without occurrences."""
    bar = item.assigned_on or item.issued_on
    if item.due is None or item.status == "reported" or (bar and item.due < bar):
        return None
    return item.adjusted_due or item.due


def recount(session: Session, parent_id: int) -> None:
    """Brings a parent's occurrences to where its parts are: a period is done when every part has done it.

    What a part that has ended left open is asked for no more.
    """
    session.flush()
    parent = session.get_one(models.Item, parent_id)
    own = of(session, parent_id)
    query = (
        select(models.Occurrence, models.Item.status)
        .join(models.Item, models.Item.id == models.Occurrence.item)
        .where(models.Item.parent == parent_id, models.Item.filing == "filed")
    )
    found: dict[tuple[str, int], list[models.Occurrence]] = {}
    states: dict[tuple[str, int], list[str]] = {}
    for row, status in session.execute(query):
        key = row.period, row.series
        found.setdefault(key, []).append(row)
        states.setdefault(key, []).append("waived" if row.status == "open" and status not in ACTIVE else row.status)
    for row in own:
        key = row.period, row.series
        if rows := found.get(key):
            row.status = _together(states[key])
            target, row.actual = together((one.target for one in rows), (one.actual for one in rows))
            # Of figures that all units have together no part has its own.
            row.target = row.target if target is None else target
    look_ahead(session, parent)


def _together(states: Iterable[str]) -> str:
    left = set(states) - {"waived"}
    if not left:
        return "waived"
    if left == {"done"}:
        return "done"
    return "open" if "open" in left else "reported"
