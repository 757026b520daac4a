"""What the ledger holds of a notice besides its items, which go with it: evidence, words in bulletins."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipeline.store.models import Notice
from pipeline.tracker.models import Event, Evidence, Item, Snapshot

#: What stands in an old bulletin's figures where a notice's words stood.
GONE = "（已清除）"
_SHORTEST = 6


def evidence(session: Session, notice_ids: Iterable[str]) -> set[str]:
    """The sums of files that were attached to these notices' items, and to no other's; undone ones too."""
    own = set(
        session.scalars(select(Item.id).join(Notice, Notice.id == Item.notice).where(Notice.notice_id.in_(notice_ids)))
    )
    held: set[str] = set()
    others: set[str] = set()
    for item, sha256 in session.execute(select(Evidence.item, Evidence.sha256)):
        (held if item in own else others).add(sha256)
    query = select(Event.item, Event.after).where(Event.kind.in_(("attached", "closed")), Event.undone_at.is_not(None))
    for item, after in session.execute(query):
        for row in json.loads(after).get("evidence", {}).values():
            if item in own and row:
                held.add(row["sha256"])
    return held - others


def clear(session: Session, notice: Notice) -> None:
    """Takes a notice's words out of the bulletins that were kept; their figures stay."""
    words = {notice.notice_id, notice.title}
    numbers: set[str | None] = set()
    query = select(Item.key, Item.number, Item.title, Item.text, Item.requirement).where(Item.notice == notice.id)
    for key, number, *texts in session.execute(query):
        words |= {key, *texts}
        numbers.add(number)
    long = sorted((word for word in words if word and len(word) >= _SHORTEST), key=len, reverse=True)
    short = {word for word in {*words, *numbers} if word}
    for row in session.scalars(select(Snapshot)):
        payload = json.loads(row.payload)
        cleared = _without(payload, long, short)
        if cleared != payload:
            row.payload = json.dumps(cleared, ensure_ascii=False)


def _without(value: Any, long: list[str], short: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, long, short) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, long, short) for each in value]
    if isinstance(value, str) and (value in short or any(word in value for word in long)):
        return GONE
    return value


def unlink(session: Session, notice: Notice) -> None:
    """Takes a notice's items out of the items of others that they were merged with."""
    gone = select(Item.id).where(Item.notice == notice.id)
    merged = select(Item).where(Item.merged_into.in_(gone), or_(Item.notice.is_(None), Item.notice != notice.id))
    for item in session.scalars(merged):
        item.merged_into = None
        if item.filing == "merged":
            item.filing, item.reason = "pending", "并入的事项已清除"
        elif item.proposal == "merged":
            item.proposal, item.proposal_reason = "filed", ""
