"""The ledger as one workbook a unit, each with the items that the unit has to report on."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracker.ledger_book import Face, Paper, unwritable, write_book
from pipeline.tracker.lines import Line, lines
from pipeline.tracker.registers import SentOut
from pipeline.tracker.roster import Roster
from pipeline.tracker.types import LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

NO_UNIT = "未明确单位"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True)
class UnitFile:
    """A unit's file: where it goes, what stands above its table, and its rows."""

    unit: str
    path: Path
    face: Face
    rows: tuple[Line, ...]


def by_unit(rows: Sequence[Line]) -> dict[str, list[Line]]:
    """Rows by the units that have to report on them. A parent is its parts' business and has none of its own."""
    found: dict[str, list[Line]] = {}
    for row in rows:
        if row.item.parts:
            continue
        for unit in row.units or (NO_UNIT,):
            found.setdefault(unit, []).append(row)
    return found


def planned(
    ledger: Ledger, wanted: Query, folder: Path, as_of: date, *, title: str = "督办事项台账", paper: Paper = "A3",
    units: Sequence[str] = (),
) -> list[UnitFile]:  # fmt: skip
    """Which files there will be, one a unit; writes nothing.

    Args:
        wanted: which items; what has ended is better left out.
        as_of, title, paper: as of ``ledger_book.export_book``.
        units: these only, by full or short names.

    Raises:
        LedgerError: ``ledger.no_rows_of``: one of the units has nothing to report on.
    """
    found = by_unit(list(lines(ledger, wanted, as_of)))
    chosen = _chosen(ledger, units, found) if units else set(found)
    files: list[UnitFile] = []
    names: set[str] = set()
    for unit, rows in found.items():
        if unit not in chosen:
            continue
        name = base = _UNSAFE.sub("_", unit).strip(" .")[:60] or NO_UNIT
        count = 1
        while name.casefold() in names:
            count += 1
            name = f"{base}（{count}）"
        names.add(name.casefold())
        face = Face(as_of, title, "" if unit == NO_UNIT else unit, paper)
        files.append(UnitFile(unit, folder / f"{name}.xlsx", face, tuple(rows)))
    return files


def _chosen(ledger: Ledger, units: Sequence[str], found: Mapping[str, object]) -> set[str]:
    roster = Roster(ledger.units())
    named = {unit: unit if unit in found else roster.resolve(unit, ledger.today) for unit in units}
    lacking = [unit for unit, name in named.items() if name not in found]
    if lacking:
        some = "、".join(list(found)[:20])
        raise LedgerError(
            "ledger.no_rows_of", f"没有要{'、'.join(lacking)}填报的事项",
            remedy=f"有事项的单位：{some}" if some else "请放宽条件",
        )  # fmt: skip
    return {str(name) for name in named.values()}


def write_all(
    files: Sequence[UnitFile], *, labels: Mapping[str, str] | None = None, step: Callable[[], object] | None = None
) -> None:
    """Writes units' files, all of them or none.

    Args:
        files: of ``planned``; they go to one folder, which is made where it is missing.
        labels: what the codes of progress are called.
        step: called after each row.

    Raises:
        LedgerError: ``ledger.unwritable``.
    """
    if not files:
        return
    folder = files[0].path.parent
    made = not folder.exists()
    stage = folder / f".{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        stage.mkdir(parents=True)
        for file in files:
            write_book(file.rows, stage / file.path.name, file.face, labels=labels, step=step)
        for file in files:
            _refuse_if_open(file.path)
        for file in files:
            os.replace(stage / file.path.name, file.path)
    except OSError as error:
        raise unwritable(Path(str(error.filename2 or error.filename or folder)), error) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def note_sent(ledger: Ledger, files: Sequence[UnitFile]) -> None:
    """Notes to whom files went, so that imports can tell who did not return one."""
    units = tuple(file.unit for file in files if file.unit != NO_UNIT)
    if units:
        ledger.mark_sent_out(SentOut(files[0].face.as_of, units))


def split_ledger(
    ledger: Ledger, wanted: Query, folder: Path, as_of: date, *, title: str = "督办事项台账", paper: Paper = "A3",
    units: Sequence[str] = (),
) -> list[UnitFile]:  # fmt: skip
    """Writes one workbook a unit into a folder; see ``planned``, ``write_all`` and ``note_sent``."""
    files = planned(ledger, wanted, folder, as_of, title=title, paper=paper, units=units)
    write_all(files, labels=ledger.settings.progress_labels)
    note_sent(ledger, files)
    return files


def _refuse_if_open(path: Path) -> None:
    """A file that Excel has open can't be replaced on Windows; told before the first one is.

    Raises:
        OSError: it is.
    """
    if path.exists():
        with path.open("r+b"):
            pass
