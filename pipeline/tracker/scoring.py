"""What ``duban score`` does: writes a scheme's sheets for its units, and takes back what a person confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracker.entries import NOBODY, entries
from pipeline.tracker.letters import write
from pipeline.tracker.score_book import book, read
from pipeline.tracker.scores import Scheme, Sheet, schemes, sheet
from pipeline.tracker.types import Item, LedgerError, Query, Score

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

_ALL = ("pending", "filed", "archived", "merged")


@dataclass(frozen=True)
class Written:
    """A workbook that was written: its scheme, with what doesn't fit in it, and its sheets."""

    path: Path
    scheme: Scheme
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Taken:
    """What came back: how many scores are confirmed, how many of them are new or changed, for which period, and rows
    that couldn't be taken."""

    saved: int
    refused: tuple[str, ...]
    confirmed: int = 0
    period: str = ""


def write_sheets(
    ledger: Ledger, notice_id: str, path: Path, as_of: date, *, units: Sequence[str] = (), period: str = ""
) -> list[Written]:
    """Writes a workbook for each scheme of a notice, a sheet a unit, and keeps what is proposed.

    Args:
        path: the file; where a notice has several schemes, a number goes behind its name.
        units: whose sheets; else all units of the notice's items, else all of the roster.
        period: what the scores are for (2023, 2023-Q3), as they are kept.

    Raises:
        LedgerError: the notice has no scheme, no unit is known, or the file can't be written.
    """
    found = schemes(ledger.store.record(notice_id), ledger.store.keys(notice_id))
    if not found:
        raise LedgerError(
            "ledger.no_scheme", "这份公文里没有读到评分项", remedy="请用 duban explain 查看考核表是怎样读的"
        )
    own = entries(ledger.items(Query(ledger.today)), ledger.occurrences())
    named = list(units) or sorted({each.unit for each in own if each.item.notice_id == notice_id} - {NOBODY})
    named = named or [each.name for each in ledger.units()]
    if not named:
        raise LedgerError("ledger.no_units", "不知道给哪些单位评分", remedy="请指定单位，或先导入单位名册")
    items = {each.key: each for each in _items(ledger, notice_id) if each.key and each.parent is None}
    made = []
    with ledger.batch():
        for number, scheme in enumerate(found, 1):
            sheets = tuple(sheet(scheme, unit, own, as_of) for unit in named)
            target = path if len(found) == 1 else _numbered(path, number)
            ledger.save_scores(_proposals(sheets, items, period))
            write(target, book(scheme, sheets, as_of, period))
            made.append(Written(target, scheme, sheets))
    return made


def targets(ledger: Ledger, notice_id: str, path: Path) -> list[Path]:
    """The files that ``write_sheets`` writes."""
    count = len(schemes(ledger.store.record(notice_id)))
    return [path] if count < 2 else [_numbered(path, number) for number in range(1, count + 1)]


def _numbered(path: Path, number: int) -> Path:
    return path.with_stem(f"{path.stem}-{number}")


def take_sheets(ledger: Ledger, path: Path, *, period: str | None = None) -> Taken:
    """Keeps what persons confirmed in a workbook; rows that are left empty change nothing.

    Args:
        period: what the scores are for, where it is another than the workbook says.

    Raises:
        LedgerError: it is no workbook with score sheets.
    """
    confirmed, written, refused = read(path)
    wanted = written if period is None else period
    keys = tuple({each.task for each in confirmed})
    known = ledger.items(Query(ledger.today, filing=_ALL, keys=keys)) if keys else []
    items = {each.key: each.id for each in known if each.parent is None}
    scores = []
    for each in confirmed:
        if each.task in items:
            scores.append(Score(items[each.task], each.unit, wanted, confirmed=each.score, reason=each.note))
        else:
            refused.append(f"“{each.unit}”：编号 {each.task} 不在台账里")
    return Taken(ledger.save_scores(scores), tuple(refused), len(scores), wanted)


def _items(ledger: Ledger, notice_id: str) -> list[Item]:
    return ledger.items(Query(ledger.today, filing=_ALL, notice_id=notice_id))


def _proposals(sheets: Sequence[Sheet], items: dict[str, Item], period: str) -> list[Score]:
    return [
        Score(items[row.criterion.key].id, each.unit, period, proposed=(row.criterion.full or 0) - row.deduction,
              reason=row.reason)
        for each in sheets for row in each.rows
        if row.deduction is not None and row.criterion.key in items
    ]  # fmt: skip
