"""Which items and occurrences: a ``Query`` as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from pipeline.store.models import Notice
from pipeline.tracker.models import Item, ItemParty, Occurrence
from pipeline.tracker.rows import ITEM_COLUMNS, OCCURRENCE_COLUMNS, dump, item_of, occurrences_of
from pipeline.tracker.types import ACTIVE, Query
from pipeline.tracker.types import Item as ItemValue
from pipeline.tracker.types import Occurrence as OccurrenceValue

#: Most values in one IN; SQLite takes no more than 32,766 parameters.
_CHUNK = 10_000
#: What a region's name may end with where it is asked for without.
_ENDINGS = ("", *"省市县区州盟旗", "自治区", "自治州", "自治县")


def items(session: Session, query: Query) -> list[ItemValue]:
    """The items that a query lets through, in the order of their notices, parts behind their parents."""
    return listed(session, conditions(query), query.limit)


def count(session: Session, query: Query) -> int:
    """How many items a query lets through."""
    chosen = select(func.count()).select_from(Item)
    return session.scalar(chosen.where(*conditions(query))) or 0


def by_ids(session: Session, ids: Sequence[int]) -> list[ItemValue]:
    """Items by their numbers, in the order given; those that are not there are left out."""
    found = {item.id: item for part in chunks(ids) for item in listed(session, [Item.id.in_(part)], None)}
    return [found[each] for each in ids if each in found]


def listed(session: Session, where: Sequence[ColumnElement[bool]], limit: int | None) -> list[ItemValue]:
    """Items that conditions let through."""
    parts = _parts()
    query: Select[Any] = (
        select(
            *ITEM_COLUMNS, Item.parties, Notice.notice_id, func.coalesce(parts.c.parts, 0).label("parts"),
            func.coalesce(parts.c.parts_reported, 0).label("parts_reported"),
        )
        .outerjoin(Notice, Notice.id == Item.notice)
        .outerjoin(parts, parts.c.parent == Item.id)
        .where(*where)
        .order_by(
            func.coalesce(Item.notice, 2**31 - 1), Item.position, func.coalesce(Item.parent, Item.id), Item.id
        )
    )  # fmt: skip
    if limit is not None:
        query = query.limit(limit)
    return [item_of(dict(row)) for row in session.execute(query).mappings()]


def _parts() -> Any:
    """Of every parent how many parts are followed up, and how many of these have reported."""
    reported = case((or_(Item.status.in_(("reported", "closed")), Item.progress == "done"), 1), else_=0)
    return (
        select(
            Item.parent.label("parent"), func.count().label("parts"), func.sum(reported).label("parts_reported")
        )
        .where(Item.parent.is_not(None), Item.filing.in_(("pending", "filed")))
        .group_by(Item.parent)
        .subquery()
    )  # fmt: skip


def conditions(query: Query) -> list[ColumnElement[bool]]:
    """A query's filters, each as a condition on an item."""
    found: list[ColumnElement[bool]] = []
    for column, codes in ((Item.filing, query.filing), (Item.status, query.status)):
        if codes:
            found.append(column.in_(codes))
    for name in ("agency", "plan", "section", "table"):
        if (value := getattr(query, name)) is not None:
            found.append(getattr(Item, name).contains(value, autoescape=True))
    for name in ("kind", "origin"):
        if (value := getattr(query, name)) is not None:
            found.append(getattr(Item, name) == value)
    found += _who(query)
    if query.notice_id is not None:
        found.append(Item.notice.in_(select(Notice.id).where(Notice.notice_id == query.notice_id)))
    if query.city is not None:
        path = "/" + func.coalesce(Item.city, "") + "/"
        found.append(or_(*(path.contains(f"/{query.city}{end}/", autoescape=True) for end in _ENDINGS)))
    if query.topic is not None:
        found.append(Item.topics.contains(dump(query.topic), autoescape=True))
    if query.text is not None:
        texts = (Item.title, Item.text, Item.requirement, Item.quota)
        found.append(or_(*(text.contains(query.text, autoescape=True) for text in texts)))
    if query.ids:
        found.append(Item.id.in_(query.ids))
    if query.changed:
        found.append(Item.state != "current")
    if query.parents:
        found.append(Item.parent.in_(query.parents))
    if query.numbers:
        found.append(Item.number.in_(query.numbers))
    if query.keys:
        found.append(Item.key.in_(query.keys))
    if not query.parts:
        found.append(Item.parent.is_(None))
    return [*found, *_when(query)]


def _who(query: Query) -> Iterable[ColumnElement[bool]]:
    if query.owner is not None:
        named = select(ItemParty.item).where(
            or_(ItemParty.name.contains(query.owner, autoescape=True),
                ItemParty.unit.contains(query.owner, autoescape=True))
        )  # fmt: skip
        leader = Item.leader.contains(query.owner, autoescape=True)
        yield or_(Item.id.in_(named), Item.unit.contains(query.owner, autoescape=True), leader)
    if query.unit is not None:
        # Of an item that was divided the others' parts are not this unit's, and its own stands for the whole.
        named = select(ItemParty.item).where(or_(ItemParty.name == query.unit, ItemParty.unit == query.unit))
        part = aliased(Item)
        own = select(part.parent).where(
            part.unit == query.unit, part.parent.is_not(None), part.filing.in_(("pending", "filed"))
        )
        yield or_(Item.unit == query.unit, Item.id.in_(named) & Item.unit.is_(None) & Item.id.not_in(own))


def _when(query: Query) -> Iterable[ColumnElement[bool]]:
    if query.due_from is not None or query.due_to is not None:
        due = func.coalesce(Item.adjusted_due, Item.due)
        low, high = _iso(query.due_from) or "", _iso(query.due_to) or "9999"
        within = select(Occurrence.item).where(*_open(), Occurrence.deadline.between(low, high))
        yield or_(due.between(low, high), Item.id.in_(within))
    for wanted, column in ((query.overdue, Item.next_due < query.today.isoformat()),
                           (query.unreported, Item.next_due <= query.today.isoformat())):  # fmt: skip
        if wanted:
            yield column
            yield Item.status.in_(sorted(ACTIVE))
    if query.near is not None:
        last = query.today + timedelta(days=query.near)
        yield Item.next_due.between(query.today.isoformat(), last.isoformat())
        yield Item.status.in_(sorted(ACTIVE))


def _open() -> tuple[ColumnElement[bool], ...]:
    return Occurrence.status == "open", Occurrence.before_issue.is_(False)


def occurrences(
    session: Session, item_ids: Sequence[int] | None, due_from: date | None, due_to: date | None, open_only: bool
) -> list[OccurrenceValue]:
    """Occurrences by item, series and date; of the ledger's items where none are named."""
    query = select(*OCCURRENCE_COLUMNS).order_by(Occurrence.item, Occurrence.series, Occurrence.due, Occurrence.id)
    if due_from is not None or due_to is not None:
        query = query.where(Occurrence.deadline.between(_iso(due_from) or "", _iso(due_to) or "9999"))
    if open_only:
        query = query.where(*_open())
    if item_ids is None:
        filed = select(literal(1)).where(Item.id == Occurrence.item, Item.filing == "filed").exists()
        return list(occurrences_of(session.execute(query.where(filed))))
    return [
        one
        for part in chunks(sorted(set(item_ids)))
        for one in occurrences_of(session.execute(query.where(Occurrence.item.in_(part))))
    ]


def chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    """The values in pieces that a database takes at once."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
