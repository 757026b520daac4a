"""The roster's names of the units that notices name, kept where filters look and laid over what is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.tracker import models, registers
from pipeline.tracker.roster import Roster
from pipeline.tracker.types import Item

_KEPT = "duban.roster"


def roster(session: Session) -> Roster:
    """The roster, read once in a session."""
    if _KEPT not in session.info:
        session.info[_KEPT] = Roster(registers.units(session), registers.unit_sets(session))
    kept: Roster = session.info[_KEPT]
    return kept


def unit_of(session: Session, item: models.Item, party: dict[str, Any]) -> str | None:
    """A party's unit: what a person set, else the roster's name of it on the day of 交办 or issue."""
    if party.get("unit") or party.get("type") == "person":
        return party.get("unit")
    names = roster(session)
    day = date.fromisoformat((item.assigned_on or item.issued_on or item.created_at)[:10])
    return names.resolve(party["name"], day, item.agency) if names.units else None


def rename(session: Session) -> int:
    """Brings all items' parties to a new roster; gives how many are another unit's now."""
    session.flush()
    session.info.pop(_KEPT, None)
    names = roster(session)
    party, item = models.ItemParty, models.Item
    days = item.assigned_on, item.issued_on, item.created_at
    query = select(party.id, party.name, party.unit, item.agency, item.parties, *days).join(item, item.id == party.item)
    changed = []
    for row in session.execute(query):
        day = date.fromisoformat((row.assigned_on or row.issued_on or row.created_at)[:10])
        set_by_hand = f'"unit": "{row.unit}"' in row.parties if row.unit else False
        unit = row.unit if set_by_hand else names.resolve(row.name, day, row.agency)
        if unit != row.unit:
            changed.append({"id": row.id, "unit": unit})
    if changed:
        session.bulk_update_mappings(party.__mapper__, changed)
    return len(changed)


def laid_over(session: Session, items: Sequence[Item], today: date) -> list[Item]:
    """Items whose parties bear the roster's names."""
    names = roster(session)
    if not names.units:
        return list(items)
    found = []
    for item in items:
        parties = names.parties(item.parties, item.assigned_on or item.issued_on or today, item.agency)
        found.append(item if parties == item.parties else replace(item, parties=parties))
    return found
