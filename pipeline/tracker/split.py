"""The ledger as one workbook a unit, each with the items that the unit has to report on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracker.ledger_book import Face, Paper, write_book
from pipeline.tracker.lines import Line, lines
from pipeline.tracker.types import Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

NO_UNIT = "未明确单位"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True)
class Written:
    """A file that was written for a unit, with so many rows."""

    unit: str
    path: Path
    rows: int


def by_unit(rows: Sequence[Line]) -> dict[str, list[Line]]:
    """Rows by the units that have to report on them. A parent is its parts' business and has none of its own."""
    found: dict[str, list[Line]] = {}
    for row in rows:
        if row.item.parts:
            continue
        for unit in row.units or (NO_UNIT,):
            found.setdefault(unit, []).append(row)
    return found


def split_ledger(
    ledger: Ledger, wanted: Query, folder: Path, as_of: date, *, title: str = "督办事项台账", paper: Paper = "A3",
    units: Sequence[str] = (),
) -> list[Written]:  # fmt: skip
    """Writes one workbook a unit into a folder.

    Args:
        wanted: which items; what has ended is better left out.
        folder: made where it is missing.
        as_of, title, paper: as of ``ledger_book.export_book``.
        units: these only.

    Raises:
        LedgerError: ``ledger.unwritable``.
    """
    written, names = [], set()
    for unit, rows in by_unit(list(lines(ledger, wanted, as_of))).items():
        if units and unit not in units:
            continue
        name = base = _UNSAFE.sub("_", unit).strip(" .")[:60] or NO_UNIT
        count = 1
        while name.casefold() in names:
            count += 1
            name = f"{base}（{count}）"
        names.add(name.casefold())
        path = folder / f"{name}.xlsx"
        face = Face(as_of, title, "" if unit == NO_UNIT else unit, paper)
        written.append(Written(unit, path, write_book(rows, path, face, labels=ledger.settings.progress_labels)))
    return written
