"""What ``duban remind`` does: looks what is due, writes letters and the calendar, mails, and keeps what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.values.workdays import add_workdays
from pipeline.tracker import letters
from pipeline.tracker.calendar_feed import Kind, feed
from pipeline.tracker.entries import Entry, entries, unit_of
from pipeline.tracker.remind import Digest, Plan, plan, sent_on
from pipeline.tracker.remind_text import everything
from pipeline.tracker.settings import MailSettings, RemindSettings
from pipeline.tracker.types import ACTIVE, Item, LedgerError, Note, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.mail import Mailed


@dataclass(frozen=True)
class Reminded:
    """What came of it: the text to print, the letters' files, the mails, and how many stages were noted as sent."""

    plan: Plan
    text: str
    letters: tuple[Path, ...] = ()
    mailed: tuple[str, ...] = ()
    unmailed: tuple[tuple[str, str], ...] = ()
    noted: int = 0


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a run.

    Attributes:
        units: only these units; empty: all.
        note: keep what is told as sent, so that no stage is told twice; off for a mere look.
        again: what was sent today already, once more; nothing is noted.
        letters: the folder that 催办单 and 督办单 go to; None: none are written.
        templates: the office's own templates.
        mail: by mail too, with these settings.
    """

    units: tuple[str, ...] = ()
    note: bool = True
    again: bool = False
    letters: Path | None = None
    templates: Path | None = None
    mail: MailSettings | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def due(ledger: Ledger, settings: RemindSettings, *, again: bool = False, units: Sequence[str] = ()) -> Plan:
    """The reminders of the ledger's day; ``again``: those that were sent on it; ``units``: of these only."""
    if again:
        given = ledger.sent(on=ledger.today)
        ids = sorted({each.item for each in given})
        return sent_on(_entries(ledger, ids), given, ledger.today)
    farthest = max((*settings.stages, *settings.monthly, 0))
    # A date in a long holiday is reminded of as many days earlier.
    last = add_workdays(ledger.today, farthest) + timedelta(days=14)
    items = _items(ledger, Query(ledger.today, due_to=last), units)
    occurrences = ledger.occurrences([each.id for each in items] if units else None, due_to=last, open_only=True)
    wanted = {each.item for each in occurrences}
    items = [each for each in items if each.id in wanted]
    return plan(entries(items, occurrences, whole=False), ledger.sent(), ledger.today, settings)


def remind(ledger: Ledger, settings: RemindSettings, wishes: Wishes | None = None) -> Reminded:
    """Tells the units what is due, as is wished.

    Where mail is wished, only what the server took is noted as sent; else everything that is in the text.

    Raises:
        LedgerError: mail without a server or sender, a server that can't be reached, a template that can't be used, a
            file that can't be written.
    """
    wish = wishes or Wishes()
    if wish.mail is not None and not (wish.mail.server and wish.mail.sender):
        raise LedgerError(
            "ledger.mail", "没有设邮件服务器或发件地址", remedy="请在 duban.toml 的 [mail] 里写 server 和 sender"
        )
    found = due(ledger, settings, again=wish.again, units=wish.units)
    if wish.units:
        found = replace(
            found,
            digests=tuple(each for each in found.digests if each.unit in wish.units),
            waiting=tuple(unit for unit in found.waiting if unit in wish.units),
            unassigned=tuple(item for item in found.unassigned if unit_of(item) in wish.units),
            ownerless=(),
        )
    files = tuple(_letters(ledger, found.digests, settings, wish))
    told: Sequence[Digest] = found.digests
    mailed: Mailed | None = None
    if wish.mail is not None:
        try:
            mailed = _mail(ledger, found.digests, settings, wish, wish.mail, files)
        except LedgerError:
            # Nothing is told, so it all comes again, letters too.
            for path in files:
                path.unlink(missing_ok=True)
            raise
        told = [each for each in found.digests if each.unit in mailed.sent]
    noted = 0
    if wish.note and not wish.again and told:
        noted = ledger.mark_sent(each for digest in told for each in digest.reminders)
    return Reminded(
        found, everything(found, settings.sender), files, mailed.sent if mailed else (),
        mailed.failed if mailed else (), noted,
    )  # fmt: skip


def write_feed(
    ledger: Ledger, settings: RemindSettings, path: Path, *, units: Sequence[str] = (), kind: Kind = "event",
    name: str = "督办台账", place: str = "duban",
) -> int:  # fmt: skip
    """Writes the calendar of what is open, of some units where named; gives how many items are in it.

    Raises:
        LedgerError: it can't be written.
    """
    items = _items(ledger, Query(ledger.today, status=tuple(sorted(ACTIVE))), units)
    found = entries(items, ledger.occurrences([each.id for each in items] if units else None))
    if units:
        found = [each for each in found if each.unit in units]
    letters.write(path, feed(found, ledger.now, settings, kind=kind, name=name, place=place))
    return len(found)


def write_assignments(
    ledger: Ledger, ids: Sequence[int], folder: Path, *, templates: Path | None = None, sender: str = ""
) -> list[Path]:
    """Writes 交办单 for items; of one that was divided among units, for its parts.

    Raises:
        LedgerError: as ``letters.assignments``.
    """
    wanted = list(ids)
    for each in ledger.items(Query(ledger.today, ids=tuple(wanted))):
        if each.parts:
            wanted += [part.id for part in ledger.item(each.id).parts if part.filing == "filed"]
    return letters.assignments(_entries(ledger, wanted), folder, ledger.today, templates=templates, sender=sender)


def _items(ledger: Ledger, query: Query, units: Sequence[str]) -> list[Item]:
    """Items that units have to do with, all where none are named."""
    if not units:
        return ledger.items(query)
    found = {each.id: each for unit in units for each in ledger.items(replace(query, unit=unit))}
    return list(found.values())


def _entries(ledger: Ledger, ids: Sequence[int]) -> list[Entry]:
    if not ids:
        return []
    return entries(ledger.items(Query(ledger.today, ids=tuple(ids))), ledger.occurrences(list(ids)))


def _letters(ledger: Ledger, digests: Sequence[Digest], settings: RemindSettings, wish: Wishes) -> list[Path]:
    if wish.letters is None:
        return []
    ids = sorted({each.item.id for digest in digests for each in digest.chases})
    last: dict[int, Note] = {}
    for note in ledger.notes(ids) if ids else ():
        last[note.item] = note
    return letters.chases(
        digests, wish.letters, settings.escalate, templates=wish.templates, sender=settings.sender, notes=last
    )


def _mail(
    ledger: Ledger, digests: Sequence[Digest], settings: RemindSettings, wish: Wishes, mail: MailSettings,
    files: Sequence[Path],
) -> Mailed:  # fmt: skip
    from pipeline.tracker.mail import Mailed, addresses, message, send

    units = ledger.units()
    secret = set() if mail.internal else _internal(ledger)
    mails, unsent = [], []
    for digest in digests:
        kept = replace(digest, due=tuple(each for each in digest.due if each.item.notice_id not in secret))
        to = addresses(digest, units)
        if not to:
            unsent.append((digest.unit, "单位名册里没有它的邮箱"))
        elif kept != digest:
            unsent.append((digest.unit, "涉及内部资料，没有用邮件发"))
        else:
            # Letters hold numbers of persons as they stand.
            own = [path for path in files if f"-{digest.unit}-" in path.name] if mail.unmask else []
            mails.append((digest.unit, message(digest, to, mail, ledger.now, settings.sender, own)))
    done = send(mails, mail, wish.environment)
    return Mailed(done.sent, (*unsent, *done.failed))


def _internal(ledger: Ledger) -> set[str]:
    """Notices that are marked 内部资料 and the like."""
    return {each.notice_id for each in ledger.store.notices() if each.internal}
