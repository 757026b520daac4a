"""立项: which items are followed up, kept or merged, split among units, or added by hand; 督办编号."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.tracker import edit, schedule
from pipeline.tracker.events import put_parties
from pipeline.tracker.models import Evidence, Item, Note, Occurrence
from pipeline.tracker.quota_words import quotas_of
from pipeline.tracker.rows import iso
from pipeline.tracker.types import ORIGIN_LABELS, LedgerError

#: Fields that a part has from the item that it is split from, unless it is given others.
_INHERITED = (
    "key", "notice", "source", "plan", "section", "table", "page", "position", "kind", "title", "text", "requirement",
    "quota", "leader", "parties", "agency", "city", "year", "topics", "issued_on", "assigned_on", "time_text", "start",
    "end", "due", "rrule", "times", "quotas", "plan_start", "plan_end", "standing", "confidence", "version", "edited",
)  # fmt: skip


def file(session: Session, item: Item, today: date, assigned_on: date | None) -> None:
    """立项: gives an item its number and occurrences; it waits for 交办, or is assigned at once.

    Raises:
        LedgerError: it was filed already.
    """
    if item.filing == "filed":
        raise LedgerError("ledger.filed", f"事项 {item.number or item.id} 已经立项")
    item.filing, item.status, item.reason, item.merged_into = "filed", "unassigned", "", None
    if item.number is None:
        item.number = _number(session, item, today)
    if assigned_on is not None:
        assign(item, assigned_on)
    schedule.arrange(session, item)
    if item.standing and session.scalar(select(Occurrence.id).where(Occurrence.item == item.id).limit(1)):
        item.standing = False
    _tell_parent(session, item)


def _tell_parent(session: Session, item: Item) -> None:
    """A parent's periods follow its parts at once, so that taking a later step back finds them as they were."""
    if item.parent is not None:
        schedule.recount(session, item.parent)


def assign(item: Item, on: date) -> None:
    """交办: from now on it is worked on; what has no date is 长期坚持."""
    item.assigned_on = iso(on)
    if item.status == "unassigned":
        item.status = "standing" if item.standing else "working"


def _number(session: Session, item: Item, today: date) -> str:
    """The next 督办编号: of the year of 立项, or under the parent's."""
    if item.parent is not None:
        parent = session.get_one(Item, item.parent)
        head, width = f"{parent.number}-" if parent.number else "", 2
        if not head:
            raise LedgerError("ledger.parent_pending", "所属事项还没有立项", remedy="请先给所属事项立项")
        query = select(Item.number).where(Item.parent == parent.id, Item.number.is_not(None))
        taken = [str(number) for number in session.scalars(query)]
    else:
        head, width = f"{today.year}-", 4
        longest = func.max(func.length(Item.number))
        mine = Item.number.like(f"{head}%"), Item.parent.is_(None)
        length = session.scalar(select(longest).where(*mine))
        last = session.scalar(select(func.max(Item.number)).where(*mine, func.length(Item.number) == length))
        taken = [last] if last else []
    serials = [int(tail) for number in taken if (tail := number.removeprefix(head)).isdecimal()]
    return f"{head}{max(serials, default=0) + 1:0{width}}"


def archive(session: Session, item: Item, reason: str) -> None:
    """仅存档.

    Raises:
        LedgerError: no reason is given.
    """
    reason = reason.strip() or (item.proposal_reason if item.proposal == "archived" else "")
    if not reason:
        raise LedgerError("ledger.no_reason", "仅存档要写明理由", remedy="请用 --reason 写明理由")
    item.filing, item.status, item.reason, item.merged_into = "archived", "pending", reason, None
    schedule.look_ahead(session, item)
    _tell_parent(session, item)


def merge(session: Session, item: Item, into: Item) -> None:
    """并入: an item is followed up as another one, which has the units of both.

    Raises:
        LedgerError: it would be merged into itself, or into one that nobody follows up.
    """
    if item.id == into.id or into.filing in ("merged", "archived"):
        why = {"merged": "，它已并入另一事项", "archived": "，它仅存档"}.get(into.filing, "")
        raise LedgerError(
            "ledger.merge", f"事项 {item.id} 不能并入 {into.id}{why}", remedy="请并入另一个立项或待立项的事项"
        )
    item.filing, item.status, item.merged_into = "merged", "pending", into.id
    item.reason = f"并入 {into.number or into.id}"
    schedule.look_ahead(session, item)
    _tell_parent(session, item)
    own = json.loads(into.parties)
    names = {(each["name"], each["role"]) for each in own}
    more = [each for each in json.loads(item.parties) if (each["name"], each["role"]) not in names]
    if more:
        into.parties = json.dumps([*own, *more], ensure_ascii=False)
        put_parties(session, into)


def reopen(session: Session, item: Item) -> None:
    """Back to 待立项; a closed or stopped item is worked on again.

    Raises:
        LedgerError: it is worked on.
    """
    if item.filing == "filed" and item.status in ("closed", "stopped"):
        item.status, item.closed_on, item.reason = "standing" if item.standing else "working", None, ""
        for row in schedule.of(session, item.id):
            if row.status == "waived":
                row.status = "open"
    elif item.filing == "filed" and (item.status != "unassigned" or _worked_on(session, item)):
        raise LedgerError(
            "ledger.at_work",
            f"事项 {item.number} 已经交办，不能退回待立项",
            remedy="不再办理的请用 duban set 编号 状态=中止",
        )
    else:
        item.filing, item.status, item.reason, item.merged_into = "pending", "pending", "", None
    schedule.look_ahead(session, item)
    _tell_parent(session, item)


def _worked_on(session: Session, item: Item) -> bool:
    return any(session.scalar(select(table.id).where(table.item == item.id).limit(1)) for table in (Note, Evidence))


def split(session: Session, item: Item, parts: Sequence[Mapping[str, Any]], today: date, at: str) -> list[Item]:
    """Divides an item: it stays as the parent, each part has its own status and occurrences.

    Args:
        parts: for each part what is its own: ``unit``, ``shared`` where the figures are asked of all parts together,
            or any field that ``edit`` takes.

    Raises:
        LedgerError: nothing to divide, or a part says what no field holds.
    """
    if not parts or item.parent is not None or item.filing not in ("pending", "filed"):
        raise LedgerError(
            "ledger.split", f"事项 {item.number or item.id} 不能拆分", remedy="只有待立项和立项的事项能拆分一次"
        )
    has = select(Item.unit).where(Item.parent == item.id, Item.filing.in_(("pending", "filed")))
    taken = [str(own["unit"]) for own in parts if own.get("unit") in set(session.scalars(has))]
    if taken:
        raise LedgerError("ledger.split", f"事项 {item.number or item.id} 已经分给了{'、'.join(taken)}")
    made = []
    for own in parts:
        part = Item(
            **{name: getattr(item, name) for name in _INHERITED}, parent=item.id, origin=item.origin,
            filing="pending", status="pending", proposal="filed", created_at=at, updated_at=at,
        )  # fmt: skip
        session.add(part)
        session.flush()
        for name, value in own.items():
            if name == "unit":
                part.unit = value
            elif name == "shared":
                # The figures are of all units together: what each reports counts for the parent's.
                part.edited = json.dumps(sorted({*json.loads(part.edited), *(["targets"] if value else [])}))
            else:
                edit.put(session, part, name, value)
        if "unit" in own and not own.keys() & {"parties", "lead", "responsible"}:
            _give(part, str(own["unit"]))
        put_parties(session, part)
        if item.filing == "filed":
            file(session, part, today, date.fromisoformat(item.assigned_on) if item.assigned_on else None)
        schedule.look_ahead(session, part)
        made.append(part)
    schedule.look_ahead(session, item)
    return made


def _give(part: Item, unit: str) -> None:
    """A unit's part is that unit's; who supports, supervises or is asked to speak stays."""
    kept = [each for each in json.loads(part.parties) if each["role"] in ("support", "supervisor", "presenter")]
    given = {"name": unit, "role": "responsible", "type": "department", "unit": unit}
    part.parties = json.dumps([given, *kept], ensure_ascii=False)


def add(session: Session, fields: Mapping[str, Any], origin: str, at: str) -> Item:
    """An item that comes from no notice, waiting for 立项.

    Raises:
        LedgerError: no words, an unknown origin, or a field that an item hasn't.
    """
    if origin not in ORIGIN_LABELS or origin == "notice":
        raise LedgerError(
            "ledger.origin", f"没有“{origin}”这种来源", remedy="可选：" + "、".join(list(ORIGIN_LABELS)[1:])
        )
    text = str(fields.get("text") or fields.get("title") or "").strip()
    if not text:
        raise LedgerError("ledger.no_text", "没有写事项的内容", remedy="请写明工作任务")
    position = (session.scalar(select(func.max(Item.position)).where(Item.notice.is_(None))) or 0) + 1
    item = Item(
        origin=origin, filing="pending", status="pending", kind="task", text=text, title=None, proposal="filed",
        position=position, created_at=at, updated_at=at,
    )  # fmt: skip
    session.add(item)
    session.flush()
    for name, value in fields.items():
        if value not in (None, ""):
            edit.put(session, item, name, value, adding=True)
    figures = quotas_of(item.quota)
    item.quotas = json.dumps([each.model_dump(mode="json") for each in figures], ensure_ascii=False)
    item.standing = item.due is None and item.rrule is None and item.end is None and not any(q.per for q in figures)
    item.edited = json.dumps(sorted({*json.loads(item.edited)} & {"due", "rrule"}))
    put_parties(session, item)
    schedule.look_ahead(session, item)
    return item


def numbers(items: Iterable[Item]) -> str:
    """Items as messages name them."""
    return "、".join(item.number or str(item.id) for item in items)
