"""交办, 反馈, 审核, 办结: how an item's status goes on, and what is written on its periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.tracker import edit, filing, schedule
from pipeline.tracker.models import Evidence, Extension, Item, Note, Occurrence
from pipeline.tracker.rows import iso
from pipeline.tracker.types import OCCURRENCE_LABELS, STATUS_LABELS, LedgerError

_WORKED_ON = frozenset({"working", "returned", "standing", "reported"})
#: What ``set_status`` may make of a status by hand; the rest have commands of their own.
_BY_HAND = {
    "unassigned": frozenset({"working", "standing"}),
    "working": frozenset({"unassigned", "standing"}),
    "standing": frozenset({"unassigned", "working"}),
    "returned": frozenset({"working"}),
}


def name_of(item: Item) -> str:
    return f"事项 {item.number or item.id}"


def _need(item: Item, allowed: frozenset[str], what: str) -> None:
    if item.filing != "filed" or item.status not in allowed:
        state = STATUS_LABELS[item.status] if item.filing == "filed" else "未立项"
        remedy = "请用 duban task 编号 查看它的状态" if item.filing == "filed" else "请先立项（duban confirm）"
        raise LedgerError("ledger.status", f"{name_of(item)} 现在是“{state}”，不能{what}", remedy=remedy)


def assign(session: Session, item: Item, on: date) -> None:
    """交办, of its parts too; what fell due before that day is 印发前.

    Raises:
        LedgerError: it isn't filed, or has ended.
    """
    _need(item, frozenset({"unassigned", "working", "standing"}), "交办")
    filing.assign(item, on)
    schedule.arrange(session, item)
    for part in parts_of(session, item):
        if part.filing == "filed" and part.status == "unassigned":
            assign(session, part, on)
    schedule.look_ahead(session, item)


def parts_of(session: Session, item: Item) -> Sequence[Item]:
    """An item's parts that are followed up or proposed."""
    query = select(Item).where(Item.parent == item.id, Item.filing.in_(("pending", "filed"))).order_by(Item.id)
    return session.scalars(query).all()


def note(session: Session, item: Item, period: str, values: dict[str, Any], by: str, at: str) -> Note:
    """Writes down what is said of an item; a figure goes to its period too.

    Args:
        values: ``progress`` ``problems`` ``next_steps`` ``actual``.

    Raises:
        LedgerError: it isn't filed, nothing is said, or a figure has no period.
    """
    if item.filing != "filed":
        _need(item, _WORKED_ON, "填写进展")
    if not any(value not in (None, "") for value in values.values()):
        raise LedgerError("ledger.empty", "没有写进展、问题、措施或完成值", remedy="请至少写一项")
    written = Note(
        item=item.id, period=period, by=by, at=at, **{k: v or "" if k != "actual" else v for k, v in values.items()}
    )
    session.add(written)
    if values.get("actual") is not None and schedule.of(session, item.id):
        _counted(session, item, period).actual = values["actual"]
        edit.forget_progress(item)
    if item.progress == "not_started":
        item.progress = "on_schedule"
    session.flush()
    return written


def _counted(session: Session, item: Item, period: str) -> Occurrence:
    """The occurrence of a period that has a figure to reach, else its first."""
    found = _periods(session, item, period)
    return next((row for row in found if row.target is not None), found[0])


def _periods(session: Session, item: Item, period: str) -> Sequence[Occurrence]:
    """The occurrences of a period, those that are open next where none is named.

    Raises:
        LedgerError: it has no such period.
    """
    found = schedule.of(session, item.id, period)
    if not period:
        left = [row for row in found if row.status == "open" and not row.before_issue] or list(found[-1:])
        found = [row for row in left if row.period == left[0].period]
    if not found:
        known = list(dict.fromkeys(row.period for row in schedule.of(session, item.id)))
        raise LedgerError(
            "ledger.no_period", f"{name_of(item)} 没有“{period}”这一期", remedy="各期：" + "、".join(known[:24])
        )
    return found


def report(session: Session, item: Item, period: str, values: dict[str, Any], by: str, at: str, today: date) -> None:
    """反馈: what is due is reported, and waits for 审核. The day counts as that on which it was done, if accepted.

    Raises:
        LedgerError: it isn't worked on, has no such period, or nothing is said.
    """
    _need(item, _WORKED_ON | {"unassigned"}, "反馈")
    rows = schedule.of(session, item.id) and _periods(session, item, period)
    if any(value not in (None, "") for value in values.values()):
        note(session, item, period or (rows[0].period if rows else ""), values, by, at)
    for row in rows:
        if row.status == "open":
            row.status, row.done_on = "reported", row.done_on or iso(today)
    item.status = "reported"
    edit.forget_progress(item)
    settle(session, item)


def accept(session: Session, item: Item, today: date) -> None:
    """审核通过: what was reported is done; work goes on where more is due.

    Raises:
        LedgerError: nothing was reported.
    """
    _need(item, frozenset({"reported"}), "审核")
    rows = schedule.of(session, item.id)
    for row in rows:
        if row.status == "reported":
            row.status, row.done_on = "done", row.done_on or iso(today)
    item.status = "standing" if item.standing else "working"
    if not item.standing and not any(row.status == "open" and not row.before_issue for row in rows):
        item.progress = "done"
    settle(session, item)


def send_back(session: Session, item: Item) -> None:
    """退回重办: what was reported is open again.

    Raises:
        LedgerError: nothing was reported.
    """
    _need(item, frozenset({"reported"}), "退回")
    for row in schedule.of(session, item.id):
        if row.status == "reported":
            row.status, row.done_on = "open", None
    item.status = "returned"
    settle(session, item)


def close(session: Session, item: Item, reason: str, on: date) -> None:
    """办结销号: with evidence or a reason.

    Raises:
        LedgerError: it isn't worked on, its parts are, or there is neither evidence nor a reason.
    """
    _need(item, _WORKED_ON | {"unassigned"}, "办结")
    left = [part for part in parts_of(session, item) if part.status not in ("closed", "stopped")]
    if left:
        raise LedgerError(
            "ledger.parts_open", f"{name_of(item)} 还有 {len(left)} 个单位没有办结：{filing.numbers(left[:10])}",
            remedy="请先办结或中止它们",
        )  # fmt: skip
    shown = session.scalar(select(Evidence.id).where(Evidence.item == item.id).limit(1))
    if not reason.strip() and shown is None:
        raise LedgerError(
            "ledger.no_evidence",
            f"{name_of(item)} 没有佐证材料，也没有写办结理由",
            remedy="请用 --reason 写明理由，或先附材料",
        )
    rows = schedule.of(session, item.id)
    # A date that is missed in a series is not made good by the end of the whole.
    single = len({row.period for row in rows}) == 1
    for row in rows:
        if row.status == "reported" or (single and row.status == "open"):
            row.status, row.done_on = "done", row.done_on or iso(on)
    item.status, item.progress, item.closed_on, item.reason = "closed", "done", iso(on), reason.strip()
    settle(session, item)


def stop(session: Session, item: Item, reason: str) -> None:
    """中止, of its parts too.

    Raises:
        LedgerError: no reason, or it has ended already.
    """
    _need(item, _WORKED_ON | {"unassigned"}, "中止")
    if not reason.strip():
        raise LedgerError("ledger.no_reason", "中止要写明理由", remedy="请用 --reason 写明理由")
    item.status, item.reason = "stopped", reason.strip()
    for part in parts_of(session, item):
        if part.filing == "filed" and part.status not in ("closed", "stopped"):
            stop(session, part, reason)
    settle(session, item)


def set_field(session: Session, item: Item, name: str, value: Any) -> None:
    """Sets a field of ``edit.FIELDS``, of its parts too that are worked on and say there what the whole said.

    Raises:
        LedgerError: as of ``edit.put``.
    """
    before = edit.said(item, name)
    if not edit.put(session, item, name, value):
        return
    followers = [
        part for part in parts_of(session, item)
        if name in edit.SHARED and part.status not in ("closed", "stopped") and edit.said(part, name) == before
        and edit.put(session, part, name, value)
    ]  # fmt: skip
    if name in (*edit.DATES, "rrule"):
        for each in (item, *followers):
            if each.filing == "filed":
                schedule.arrange(session, each)
        for each in (*followers, item):
            settle(session, each)


def set_status(session: Session, item: Item, value: str) -> None:
    """Sets a status by hand, where no command is for it.

    Raises:
        LedgerError: there is none such, or it has a command of its own.
    """
    code = next((code for code, label in STATUS_LABELS.items() if value in (code, label)), value)
    if code == item.status:
        return
    if item.filing != "filed" or code not in _BY_HAND.get(item.status, ()):
        remedy = {"closed": "办结请用 duban close", "reported": "反馈请用 duban report"}.get(code, "请用相应的命令")
        raise LedgerError(
            "ledger.status", f"{name_of(item)} 的状态不能直接改成“{STATUS_LABELS.get(code, code)}”", remedy=remedy
        )
    item.status = code
    settle(session, item)


def extend(session: Session, item: Item, values: dict[str, Any], by: str, at: str) -> Extension:
    """A later date for an item or one of its periods, and for its parts that have the same one; the first date stays.

    Args:
        values: ``new_due`` ``applied_on`` (dates), ``reason`` ``approved_by`` ``period``.

    Raises:
        LedgerError: nobody approved it, it isn't later, or there is nothing to extend.
    """
    _need(item, _WORKED_ON | {"unassigned"}, "延期")
    if not str(values["approved_by"]).strip():
        raise LedgerError("ledger.not_approved", "延期要写明批准人", remedy="请用 --approved-by 写明")
    period, new_due = values["period"], str(iso(values["new_due"]))
    rows, before = _to_extend(session, item, period)
    if before is None or new_due <= before:
        raise LedgerError("ledger.not_later", f"{name_of(item)} 现在的时限是 {before or '无'}，新时限要晚于它")
    for row in rows:
        row.adjusted_due, row.deadline = new_due, new_due
    if not rows or any(row.due == item.due for row in rows):
        item.adjusted_due = new_due
    made = Extension(
        item=item.id, period=period, applied_on=str(iso(values["applied_on"])), reason=values["reason"],
        new_due=new_due, approved_by=str(values["approved_by"]).strip(), by=by, at=at,
    )  # fmt: skip
    session.add(made)
    for part in parts_of(session, item):
        if part.filing == "filed" and part.status in _WORKED_ON | {"unassigned"}:
            named = not period or bool(schedule.of(session, part.id, period))
            if named and _to_extend(session, part, period)[1] == before:
                extend(session, part, values, by, at)
    settle(session, item)
    return made


def _to_extend(session: Session, item: Item, period: str) -> tuple[list[Occurrence], str | None]:
    """The occurrences that an extension is about, and the date that they have."""
    rows = list(schedule.of(session, item.id))
    if rows:
        rows = list(_periods(session, item, period)) if period or item.due is None else _on(rows, item)
    return rows, max([row.deadline for row in rows], default=item.adjusted_due or item.due)


def _on(rows: Sequence[Occurrence], item: Item) -> list[Occurrence]:
    """The occurrences on an item's own deadline, else the next open ones."""
    return [row for row in rows if row.due == item.due] or [
        row for row in rows if row.status == "open" and not row.before_issue
    ][:1]


def set_occurrence(session: Session, item: Item, period: str, series: int, values: dict[str, Any], today: date) -> None:
    """Writes down what became of a period, also of one that is 印发前.

    Args:
        values: any of ``actual`` ``status`` ``done_on``.

    Raises:
        LedgerError: there is no such period or status.
    """
    found = schedule.of(session, item.id, period, series)
    if not found:
        _periods(session, item, period)
        raise LedgerError("ledger.no_period", f"{name_of(item)} 的“{period}”没有第 {series} 项指标")
    row = found[0]
    if "status" in values:
        code = next((code for code, label in OCCURRENCE_LABELS.items() if values["status"] in (code, label)), None)
        if code is None:
            raise LedgerError(
                "ledger.value",
                f"没有“{values['status']}”这种状态",
                remedy="可选：" + "、".join(OCCURRENCE_LABELS.values()),
            )
        row.status = code
        row.done_on = None if code in ("open", "waived") else row.done_on or (iso(today) if code == "done" else None)
    if "actual" in values:
        row.actual = None if values["actual"] is None else float(values["actual"])
        edit.forget_progress(item)
    if "done_on" in values:
        row.done_on = iso(values["done_on"])
    settle(session, item)


def settle(session: Session, item: Item) -> None:
    """Brings what is derived to where an item's periods are, its parent's too."""
    schedule.look_ahead(session, item)
    if item.parent is not None:
        schedule.recount(session, item.parent)
