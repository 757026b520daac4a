"""Items from the store's notices: new ones are proposed, known ones follow reissues, corrections and the office's
tables, and what a person set stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.store import keys as store_keys
from pipeline.store.models import Change, Notice, NoticeName, Task, Version
from pipeline.store.read import shown
from pipeline.tracker import schedule
from pipeline.tracker.duplicates import repeated
from pipeline.tracker.events import Recorder, put_parties
from pipeline.tracker.models import Item, Mark
from pipeline.tracker.source import Proposed, proposals
from schemas.record import NoticeRecord

#: Who proposes; so an operator's undo doesn't take it back.
SYSTEM = "duban"
#: The mark that says up to which change of the store items were proposed.
CURSOR = "proposed"
#: Fields whose change an office has to look at; the others are only brought up to date.
_WEIGHTY = ("text", "title", "quota", "parties", "time_text", "due", "rrule")


def due(session: Session) -> tuple[int, int]:
    """Up to which change items were proposed, and the store's last change."""
    mark = session.get(Mark, CURSOR)
    return int(mark.value) if mark else 0, session.scalar(select(func.max(Change.seq))) or 0


def changed(session: Session, since: int) -> list[int]:
    """The notices that something happened to after a change."""
    query = (
        select(NoticeName.notice).join(Change, Change.notice_id == NoticeName.notice_id)
        .where(Change.seq > since).distinct().order_by(NoticeName.notice)
    )  # fmt: skip
    return list(session.scalars(query))


def note_cursor(session: Session, last: int) -> None:
    """Notes up to which change items were proposed."""
    mark = session.get(Mark, CURSOR)
    if mark is None:
        session.add(Mark(name=CURSOR, value=str(last)))
    else:
        mark.value = str(last)


def propose(session: Session, recorder: Recorder, notice_id: int) -> int:
    """Brings a notice's items to what the store says of it.

    Returns:
        How many new items there are.
    """
    notice = session.get(Notice, notice_id)
    if notice is None:
        return 0
    query = select(Version).where(Version.notice == notice.id, Version.ordinal == notice.current_version)
    version = session.scalars(query).one()
    record = shown(session, notice, version, NoticeRecord.model_validate_json(version.record))
    found = proposals(record, store_keys.key_map(session, version))
    known = _known(session, notice)
    with recorder.noting("refreshed", f"第 {version.ordinal} 版", by=SYSTEM):
        _follow_merges(session, notice, known)
        for each in found:
            if each.key in known:
                _refresh(session, known[each.key], each, version.ordinal)
        for key in known.keys() - {each.key for each in found}:
            _drop(session, known[key])
    new = [each for each in found if each.key not in known]
    with recorder.noting("proposed", by=SYSTEM):
        for each in new:
            known[each.key] = _insert(session, notice, version.ordinal, each, recorder.at)
        session.flush()
        _propose_all(session, found, known)
    return len(new)


def _known(session: Session, notice: Notice) -> dict[str, Item]:
    """A notice's own items by key; parts share their parents' keys."""
    query = select(Item).where(Item.notice == notice.id, Item.key.is_not(None), Item.parent.is_(None))
    found: dict[str, Item] = {}
    for item in session.scalars(query.order_by(Item.id)):
        found.setdefault(str(item.key), item)
    return found


def _follow_merges(session: Session, notice: Notice, known: dict[str, Item]) -> None:
    """A person said that two tasks are one: their items become one as well."""
    query = select(Task.key, Task.merged_into).where(Task.notice == notice.id, Task.merged_into.is_not(None))
    merged = {key: str(into) for key, into in session.execute(query)}
    for key in list(known):
        target = key
        while target in merged:
            target = merged[target]
        if target == key:
            continue
        item = known.pop(key)
        if target not in known:
            item.key = target
            known[target] = item
            continue
        other = known[target]
        if other.filing == "pending" and item.filing == "filed":
            # The one that is worked on stays.
            other.key, item.key = item.key, other.key
            known[target], item = item, other
        if item.filing == "pending":
            item.filing, item.merged_into, item.reason = "merged", known[target].id, "原文核对为同一任务"
        elif item.filing == "filed":
            item.state = "changed"


def _values(item: Item, fields: dict[str, Any]) -> dict[str, Any]:
    """What is another than the item has, without what a person set."""
    edited = set(json.loads(item.edited))
    return {name: value for name, value in fields.items() if name not in edited and getattr(item, name) != value}


#: Fields that occurrences are made from.
_DATED = frozenset({"times", "quotas", "due", "rrule", "plan_start", "plan_end", "issued_on"})


def _refresh(session: Session, item: Item, new: Proposed, version: int) -> None:
    """Brings an item, and its parts where they say what it says, to what the notice says now."""
    values = _values(item, new.fields)
    reissued = item.version is not None and item.version != version
    before = {name: getattr(item, name) for name in values}
    _follow(session, item, values, version, reissued)
    for part in _parts(session, item):
        shared = {name: value for name, value in values.items() if name != "parties"}
        same = {name: value for name, value in shared.items() if getattr(part, name) == before[name]}
        _follow(session, part, _values(part, same), version, reissued)


def _parts(session: Session, item: Item) -> Sequence[Item]:
    return session.scalars(select(Item).where(Item.parent == item.id).order_by(Item.id)).all()


def _follow(session: Session, item: Item, values: dict[str, Any], version: int, reissued: bool) -> None:
    weighty = any(name in values for name in _WEIGHTY)
    for name, value in values.items():
        setattr(item, name, value)
    item.version = version
    if item.state == "dropped":
        item.state = "changed" if weighty and item.filing == "filed" else "current"
    elif weighty and reissued and item.filing != "pending":
        item.state = "changed"
    if "parties" in values:
        put_parties(session, item)
    if item.filing == "filed" and values.keys() & _DATED:
        if schedule.arrange(session, item) and reissued:
            item.state = "changed"
    elif "due" in values:
        schedule.look_ahead(session, item)


def _drop(session: Session, item: Item) -> None:
    for each in (item, *_parts(session, item)):
        if each.state == "dropped":
            continue
        each.state = "dropped"
        if each.filing == "pending":
            each.proposal, each.proposal_reason, each.merged_into = "archived", "新版本或更正已删去这一条", None


def _insert(session: Session, notice: Notice, version: int, new: Proposed, at: str) -> Item:
    item = Item(
        **new.fields, key=new.key, notice=notice.id, origin="notice", filing="pending", status="pending",
        version=version, created_at=at, updated_at=at,
    )  # fmt: skip
    item.next_due = schedule.bare(item)
    session.add(item)
    session.flush()
    put_parties(session, item)
    return item


def _propose_all(session: Session, found: list[Proposed], known: dict[str, Item]) -> None:
    """Writes what is proposed for the items that nobody decided on yet."""
    twice = repeated(found)
    for place, each in enumerate(found):
        item = known[each.key]
        if item.filing != "pending":
            continue
        filing, reason, into = each.filing, each.reason, None
        if place in twice:
            first = known[found[twice[place]].key]
            where = json.loads(first.section)
            filing, into = "merged", first.id
            reason = f"与“{first.title or first.text[:20]}”（{where[-1] if where else '前文'}）是同一要求"
        for name, value in (("proposal", filing), ("proposal_reason", reason), ("merged_into", into)):
            if getattr(item, name) != value:
                setattr(item, name, value)
