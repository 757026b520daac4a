"""Sets an item's fields as people write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pipeline.tracker.events import put_parties
from pipeline.tracker.models import Item
from pipeline.tracker.types import PROGRESS_LABELS, LedgerError, Party

TEXTS = ("title", "text", "requirement", "quota", "leader", "source", "plan", "time_text", "agency", "city", "reason")
DATES = ("due", "assigned_on", "issued_on", "start", "end", "closed_on")
#: Roles that can be set by a list of names.
ROLES = ("lead", "support", "responsible", "presenter", "participant", "supervisor")
#: Every field that ``put`` takes; ``status`` and ``filing`` have commands of their own.
FIELDS = (*TEXTS, *DATES, *ROLES, "parties", "progress", "rrule", "topics", "section", "unit", "year", "standing")
#: Fields of the whole that its parts have too, unless they were given others.
SHARED = frozenset({
    "title", "text", "requirement", "quota", "leader", "time_text", "due", "start", "end", "rrule", "standing",
    "support", "supervisor", "presenter",
})  # fmt: skip
_ONLY_WHEN_ADDING = frozenset({"issued_on", "source", "plan", "agency", "city", "closed_on", "section", "year"})


def put(session: Session, item: Item, name: str, value: Any, *, adding: bool = False) -> bool:
    """Sets a field, and notes that a person did so.

    Args:
        value: as the field holds it, a date's ISO text or ``2021.3.5``, names joined by 、 for a role; None or an
            empty text clears it.

    Returns:
        Whether anything is another now.

    Raises:
        LedgerError: there is no such field, or it can't hold the value.
    """
    if name not in FIELDS:
        raise LedgerError("ledger.no_field", f"没有“{name}”这一栏", remedy="可改：" + "、".join(FIELDS))
    column, held = (
        ("parties", _parties(item, name, value)) if name in (*ROLES, "parties") else (name, _held(name, value))
    )
    if name == "progress":
        return _set_progress(item, held, given=bool(value))
    if getattr(item, column) == held:
        return False
    setattr(item, column, held)
    edited = {*json.loads(item.edited), *(() if adding and name in _ONLY_WHEN_ADDING else (column,))}
    item.edited = json.dumps(sorted(edited))
    if name in ("due", "end", "rrule") and held:
        item.standing = False
    if column == "parties":
        put_parties(session, item)
    return True


def said(item: Item, name: str) -> Any:
    """What a field of ``FIELDS`` holds; of a role its parties' names."""
    if name in ROLES:
        return [each["name"] for each in json.loads(item.parties) if each["role"] == name]
    return getattr(item, name, None)


def _set_progress(item: Item, held: str, *, given: bool) -> bool:
    """A person's word on the progress stands until the next figure or report, or until it is cleared."""
    edited = {*json.loads(item.edited)}
    wanted = edited | {"progress"} if given else edited - {"progress"}
    if item.progress == held and wanted == edited:
        return False
    item.progress, item.edited = held, json.dumps(sorted(wanted))
    return True


def forget_progress(item: Item) -> None:
    """What a person said of the progress before a new figure or report counts no more."""
    edited = {*json.loads(item.edited)}
    if "progress" in edited:
        item.edited = json.dumps(sorted(edited - {"progress"}))


def _held(name: str, value: Any) -> Any:
    if name in DATES:
        return _date(name, value)
    if name in ("topics", "section"):
        parts = _names(value) if isinstance(value, str) else list(value or ())
        return json.dumps(parts, ensure_ascii=False)
    if name == "progress":
        return _code(value, PROGRESS_LABELS, "进度") if value else "not_started"
    if name == "rrule":
        return _rule(value)
    if name == "year":
        return _year(value)
    if name == "standing":
        return bool(value)
    text = str(value or "").strip()
    if name == "text" and not text:
        raise LedgerError("ledger.no_text", "事项的内容不能为空")
    return text or (None if name in ("title", "plan", "agency", "city", "unit") else "")


def _year(value: Any) -> int | None:
    text = str(value or "").strip().removesuffix("年")
    if text and not re.fullmatch(r"(?:19|20)\d\d", text):
        raise LedgerError("ledger.value", f"“{text}”不是年度", remedy="请写成 2021 这样")
    return int(text) if text else None


def _date(name: str, value: Any) -> str | None:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    text = str(value or "").strip()
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text)
    try:
        if found:
            return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        pass
    raise LedgerError("ledger.date", f"“{text}”不是日期", remedy="请写成 2021-03-05 这样")


def _code(value: Any, labels: Mapping[str, str], what: str) -> str:
    for code, label in labels.items():
        if value in (code, label):
            return code
    raise LedgerError("ledger.value", f"{what}没有“{value}”", remedy="可选：" + "、".join(labels.values()))


def _rule(value: Any) -> str | None:
    from pipeline.tracker.recurrence import RuleError, parse

    text = str(value or "").strip()
    if not text:
        return None
    try:
        parse(text)
    except (RuleError, ValueError) as error:
        raise LedgerError("ledger.rrule", f"“{text}”不是重复规则", remedy="如 FREQ=MONTHLY;BYMONTHDAY=5") from error
    return text


def _names(value: Any) -> list[str]:
    parts: Iterable[Any] = re.split(r"[、，,；;\n]+", value) if isinstance(value, str) else value or ()
    return list(dict.fromkeys(name for part in parts if (name := str(part).strip())))


def _parties(item: Item, name: str, value: Any) -> str:
    known = json.loads(item.parties)
    if name == "parties":
        given = [_party(each) for each in value or ()]
    else:
        same = {each["name"]: each for each in known}
        wanted = [
            {**same.get(each, {"name": each, "type": "department", "unit": None}), "role": name}
            for each in _names(value)
        ]
        place = next((i for i, each in enumerate(known) if each["role"] == name), len(known))
        before = [each for each in known[:place] if each["role"] != name]
        given = [*before, *wanted, *(each for each in known[place:] if each["role"] != name)]
    return json.dumps(given, ensure_ascii=False)


def _party(value: Any) -> dict[str, Any]:
    try:
        party = value if isinstance(value, Party) else Party(**value)
    except TypeError as error:
        raise LedgerError("ledger.party", f"“{value}”不是单位或人员") from error
    if party.role not in ROLES:
        raise LedgerError("ledger.party", f"没有“{party.role}”这种职责", remedy="可选：" + "、".join(ROLES))
    return {"name": party.name, "role": party.role, "type": party.type, "unit": party.unit}
