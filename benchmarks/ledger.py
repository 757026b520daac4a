"""A ledger of many items: how long ``duban tasks --overdue`` and the export of the workbook take.

    python benchmarks/ledger.py                             # 100,000 items with 1,000,000 occurrences
    python benchmarks/ledger.py --items 10000
    DUBAN_STORE=postgresql://… python benchmarks/ledger.py  # an empty database

The items are written into the tables directly, as 立项 by hand would leave them: 500 notices, 40 units, one item in
twenty overdue. Exit status 1 where the list takes more than 2 seconds, or the export more than 60.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert  # noqa: E402

from pipeline.overlay import read_overlay  # noqa: E402
from pipeline.store import Store, open_store  # noqa: E402
from pipeline.store.models import Notice  # noqa: E402
from pipeline.tracker.ledger import Ledger  # noqa: E402
from pipeline.tracker.models import Item, ItemParty, Occurrence  # noqa: E402
from pipeline.tracker.types import Query  # noqa: E402
from pipeline.workspace import init  # noqa: E402

TODAY = date(2021, 7, 1)
LIST_LIMIT, EXPORT_LIMIT = 2.0, 60.0
_PERIODS, _NOTICES, _UNITS, _LATE = 10, 500, 40, 20
_AT = "2021-03-23T00:00:00+00:00"
_CHUNK = 20_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duban-ledger-") as folder:
        root = Path(folder)
        init(root)
        where = os.environ.get("DUBAN_STORE") or root / "duban.db"
        with open_store(where) as store:
            took, _ = timed(lambda: fill(store, arguments.items))
            print(f"{arguments.items:,} items, {arguments.items * _PERIODS:,} occurrences written in {took:.1f} s")
            ledger = Ledger(store, today=TODAY, by="王五", now=datetime(2021, 7, 1, 9))
            good = lists(ledger)
            good &= export(ledger, root)
        good &= command(root)
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return 0 if good else 1


def lists(ledger: Ledger) -> bool:
    """The lists that people ask for, each twice: a second look finds the database's pages in memory."""
    asked = {
        "overdue": Query(TODAY, overdue=True),
        "overdue, first 200": Query(TODAY, overdue=True, limit=200),
        "unreported": Query(TODAY, unreported=True),
        "due this week": Query(TODAY, due_from=TODAY, due_to=TODAY + timedelta(days=6)),
        "of a unit": Query(TODAY, unit="第7科"),
        "of a unit, overdue": Query(TODAY, unit="第7科", overdue=True),
    }
    slowest = 0.0
    for name, query in asked.items():
        first, found = timed(lambda query=query: ledger.items(query))  # type: ignore[misc]
        again, _ = timed(lambda query=query: ledger.items(query))  # type: ignore[misc]
        counted, _ = timed(lambda query=query: ledger.count(query))  # type: ignore[misc]
        print(f"{name:<20} {len(found):>7,} items {first:6.2f} s, again {again:6.2f} s, counted {counted:6.2f} s")
        slowest = max(slowest, first) if "overdue" in name else slowest
    return slowest <= LIST_LIMIT


def command(root: Path) -> bool:
    """``duban tasks --overdue`` as a clerk runs it, the program's start included."""
    from pipeline.cli import cli as program

    if "tasks" not in program.commands:
        print("duban tasks: not measured, there is no such command")
        return True
    words = [sys.executable, str(ROOT / "duban.py"), "tasks", "--overdue", "--today", TODAY.isoformat(), "--json"]

    def run() -> int:
        return subprocess.run(words, cwd=root, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)},
                              check=False).returncode  # fmt: skip

    took, status = timed(run)
    print(f"duban tasks --overdue {took:.2f} s, exit status {status}")
    return took <= LIST_LIMIT and status == 0


def export(ledger: Ledger, root: Path) -> bool:
    """The whole ledger as a workbook."""
    if importlib.util.find_spec("pipeline.tracker.ledger_book") is None:
        print("export: not measured, there is none")
        return True
    from pipeline.tracker import ledger_book

    path = root / "台账.xlsx"
    took, _ = timed(lambda: ledger_book.export_book(ledger, Query(TODAY), path, TODAY))
    print(f"export {took:.1f} s, {path.stat().st_size / 1024 / 1024:.1f} MB")
    return took <= EXPORT_LIMIT


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def fill(store: Store, count: int) -> None:
    """Writes notices, items, their parties and occurrences, in pieces."""
    with store.gate.writing() as session:
        session.execute(insert(Notice), list(notices()))
        for start in range(0, count, _CHUNK):
            numbers = range(start + 1, min(start + _CHUNK, count) + 1)
            session.execute(insert(Item), [item(number) for number in numbers])
            session.execute(
                insert(ItemParty),
                [{"item": number, "name": unit(number), "unit": unit(number), "role": "lead"} for number in numbers],
            )
            session.execute(insert(Occurrence), [row for number in numbers for row in occurrences(number)])
    # The notices are no whole ones: nothing is laid over them when a command opens the store.
    store.set_overlaid(read_overlay(None, None).digest, at=datetime(2021, 3, 23, tzinfo=UTC))


def notices() -> Iterator[dict[str, Any]]:
    for number in range(1, _NOTICES + 1):
        yield {
            "id": number, "notice_id": f"n-{number:012}", "title": f"关于做好第{number}项工作的通知", "kind": "通知",
            "agency": f"江州市第{number % 25}局", "region": "320682", "city": "江苏省/南通市/如皋市", "year": 2021,
            "issue_date": "2021-03-23", "current_version": 1, "updated_at": _AT,
        }  # fmt: skip


def unit(number: int) -> str:
    return f"第{number % _UNITS}科"


def day(number: int) -> int:
    return number % 28 + 1


def late(number: int) -> bool:
    return number % _LATE == 0


def item(number: int) -> dict[str, Any]:
    party = {"name": unit(number), "role": "lead", "type": "department", "unit": unit(number)}
    return {
        "id": number, "number": f"2021-{number:04}", "key": f"k-{number:012x}", "notice": number % _NOTICES + 1,
        "position": number, "origin": "notice", "kind": "task", "filing": "filed", "status": "working",
        "source": f"关于做好第{number % _NOTICES + 1}项工作的通知", "title": f"报送第{number}项工作进展",
        "text": f"每月{day(number)}日前将第{number}项工作的进展情况书面报送牵头科室。", "quota": "每月报送1篇",
        "parties": json.dumps([party], ensure_ascii=False), "agency": f"江州市第{number % 25}局",
        "city": "江苏省/南通市/如皋市", "year": 2021, "issued_on": "2021-03-23", "assigned_on": "2021-03-23",
        "time_text": f"每月{day(number)}日前", "rrule": f"FREQ=MONTHLY;BYMONTHDAY={day(number)}",
        "next_due": f"2021-{6 if late(number) else 7:02}-{day(number):02}", "created_at": _AT, "updated_at": _AT,
    }  # fmt: skip


def occurrences(number: int) -> Iterator[dict[str, Any]]:
    for month in range(3, 3 + _PERIODS):
        due = f"2021-{month:02}-{day(number):02}"
        done = month < (6 if late(number) else 7)
        yield {
            "item": number, "series": 0, "period": f"2021-{month:02}", "due": due, "start": due, "deadline": due,
            "before_issue": month == 3, "target": 1.0, "comparator": "=", "unit": "篇", "subject": "工作进展",
            "actual": 1.0 if done else None, "status": "done" if done else "open", "done_on": due if done else None,
        }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
