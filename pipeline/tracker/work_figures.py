"""反馈 of items with several figures, each for a period of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from pipeline.tracker import schedule, work
from pipeline.tracker.models import Item
from pipeline.tracker.types import ACTIVE, STATUS_LABELS, LedgerError


def report(session: Session, item: Item, figures: Iterable[tuple[str, int, float]], today: date) -> None:
    """What was reached in some periods: these wait for 审核, the others stay as they are.

    Args:
        figures: period, series and figure of each.

    Raises:
        LedgerError: the item isn't worked on, or has no such period.
    """
    if item.filing != "filed" or item.status not in ACTIVE:
        state = STATUS_LABELS[item.status] if item.filing == "filed" else "未立项"
        raise LedgerError(
            "ledger.status",
            f"{work.name_of(item)} 现在是“{state}”，不能反馈",
            remedy="请用 duban task 编号 查看它的状态",
        )
    for period, series, actual in figures:
        values: dict[str, object] = {"actual": actual}
        if any(row.status == "open" for row in schedule.of(session, item.id, period, series)):
            values |= {"status": "reported", "done_on": today}
        work.set_occurrence(session, item, period, series, values, today)
    item.status = "reported"
    if item.progress == "not_started":
        item.progress = "on_schedule"
    work.settle(session, item)
