"""The work of ``duban confirm``: what waits for 立项, and decisions on it in bulk."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.console_ledger import FAILED, OK, Wanted, may_write, opened, print_json, resolve
from pipeline.tracker.types import LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.deciding import Decision, Outcome
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.types import Item

_PROPOSALS = {"立项": "filed", "仅存档": "archived", "存档": "archived", "并入": "merged"}
_DECIDED = ("filed", "archived", "merged")


@dataclass(frozen=True)
class Chosen:
    """Which items: by the shared filters, by what is proposed, by doubts."""

    wanted: Wanted = field(default_factory=Wanted)
    proposal: str | None = None
    doubt: str | None = None
    doubtful: bool = False
    sure: bool = False

    @property
    def one_by_one(self) -> bool:
        """Whether every item was named, so that nobody has to be asked."""
        return bool(self.wanted.refs) and not any(".." in ref for ref in self.wanted.refs)

    @property
    def everything(self) -> bool:
        return self == Chosen()

    def items(self, ledger: Ledger) -> list[Item]:
        """Those that wait for a decision, doubtful ones first.

        Raises:
            LedgerError: what names them is wrong, or all that are named have been decided on.
        """
        from pipeline.tracker.review_book import doubts_of, review_items

        if self.proposal is not None and self.proposal not in _PROPOSALS:
            raise LedgerError("ledger.value", f"建议没有“{self.proposal}”", remedy="可选：立项、仅存档、并入")
        query = self.wanted.query(ledger, filing=("pending",))
        found = review_items(ledger, replace(query, limit=None))
        kept = []
        for item in found:
            doubts = doubts_of(item)
            if self.proposal and (item.proposal or "filed") != _PROPOSALS[self.proposal]:
                continue
            if (self.sure and doubts) or (self.doubtful and not doubts):
                continue
            if self.doubt and self.doubt not in "；".join(doubts):
                continue
            kept.append(item)
        if not found and self.wanted.refs:
            self._tell_decided(ledger)
        return kept[: query.limit]

    def _tell_decided(self, ledger: Ledger) -> None:
        from pipeline.tracker.types import FILING_LABELS

        ids = tuple(resolve(ledger, self.wanted.refs))
        decided = [item for item in ledger.items(Query(ledger.today, filing=_DECIDED, ids=ids))]
        if decided:
            one = decided[0]
            more = f"等 {len(decided)} 项" if len(decided) > 1 else ""
            raise LedgerError(
                "ledger.decided", f"事项 {one.number or one.id} {more}已经决定：{FILING_LABELS[one.filing]}",
                remedy="要重新决定，请先加 --reopen 退回待立项",
            )  # fmt: skip


def summary(folder: Path, *, as_json: bool) -> int:
    """Prints of every notice what waits for 立项."""
    from pipeline import console_confirm_show as show

    with opened(folder) as (_, ledger):
        rows = show.waiting(ledger)
    if as_json:
        print_json(rows)
    else:
        show.print_waiting(rows)
    return OK


def listing(folder: Path, chosen: Chosen, *, words: bool, as_json: bool) -> int:
    """Prints items that wait for 立项, doubtful ones first."""
    from pipeline import console_confirm_show as show

    with opened(folder) as (_, ledger):
        items = chosen.items(ledger)
    if as_json:
        print_json([show.as_dict(item) for item in items])
    else:
        show.print_items(items, words=words)
    return OK


def decide(
    folder: Path, chosen: Chosen, action: str, value: str | None, *, lead: str | None, assigned_on: date | None,
    each: bool | None, sure: bool, operator: str | None,
) -> int:  # fmt: skip
    """Decides on items: ``accept`` ``file`` ``archive`` (reason) ``merge`` (item) ``split`` (units) ``reopen``."""
    from pipeline.tracker import deciding

    with opened(folder, operator) as (_, ledger):
        if action == "reopen":
            return _reopen(ledger, chosen)
        items = chosen.items(ledger)
        if not items:
            print("没有符合条件的待立项事项")
            return OK
        if action == "split":
            return _split(ledger, items, value or "", assigned_on)
        decisions, left = _decisions(ledger, items, action, value)
        if lead is not None:
            decisions = [_with(one, lead) for one in decisions]
        for line in left:
            print(f"注意：{line}", file=sys.stderr)
        if not decisions or not (sure or chosen.one_by_one or _agreed(decisions, assigned_on)):
            print("没有改动")
            return OK
        told(deciding.decide(ledger, {one.item: [one] for one in decisions}, assigned_on=assigned_on, each=each))
        tell_left(ledger)
    return OK


def _decisions(
    ledger: Ledger, items: Sequence[Item], action: str, value: str | None
) -> tuple[list[Decision], list[str]]:  # fmt: skip
    """What an action decides on items, and why some are left."""
    from pipeline.tracker.deciding import Decision, proposed

    if action == "accept":
        return proposed(ledger, items)
    if action == "file":
        return [Decision(item.id, "filed") for item in items], []
    if action == "archive":
        if not (value or "").strip():
            raise LedgerError("ledger.no_reason", "仅存档要写明理由", remedy="如 --archive 原则性要求")
        return [Decision(item.id, "archived", reason=value or "") for item in items], []
    into = ledger.resolve(value or "")
    if all(item.id == into for item in items):
        raise LedgerError("ledger.merge", f"事项 {into} 不能并入它自己", remedy="请并入另一个事项")
    return [Decision(item.id, "merged", into=into) for item in items if item.id != into], []


def _with(decision: Decision, lead: str) -> Decision:
    return replace(decision, edits={"lead": lead}) if decision.decision == "filed" else decision


def _agreed(decisions: Sequence[Decision], assigned_on: date | None) -> bool:
    from collections import Counter

    counts = Counter(one.decision for one in decisions)
    labels = {"filed": "立项", "archived": "仅存档", "merged": "并入"}
    parts = "，".join(f"{label} {counts[code]} 项" for code, label in labels.items() if counts[code])
    day = f"（{assigned_on:%Y-%m-%d} 交办）" if assigned_on and counts["filed"] else ""
    return click.confirm(f"{parts}{day}。确定吗")


def told(outcome: Outcome) -> None:
    """Prints what was decided, and what a person should know of it."""
    print(outcome)
    for line in outcome.problems:
        print(f"注意：{line}", file=sys.stderr)


def tell_left(ledger: Ledger) -> None:
    """Prints how many items still wait for a decision."""
    from pipeline.tracker.review_book import review_items

    left = len(review_items(ledger, Query(ledger.today, filing=("pending",))))
    print(f"还有 {left} 项待立项（duban confirm）" if left else "没有待立项的事项了")


def _split(ledger: Ledger, items: Sequence[Item], units: str, assigned_on: date | None) -> int:
    from pipeline.tracker.deciding import Outcome
    from pipeline.tracker.roster import Roster

    if len(items) > 1:
        raise LedgerError("ledger.split", "一次拆分一个事项", remedy="请用 --items 指明一个")
    item = items[0]
    roster = Roster(ledger.units(), ledger.unit_sets())
    on = assigned_on or item.issued_on or ledger.today
    names = _units(units, roster, on, item.agency)
    if len(names) < 2:
        raise LedgerError("ledger.split", f"“{units}”不到两个单位", remedy="如 --split 市容科、环卫处")
    outcome = Outcome(filed=[item.id], divided=[item.id], parts=len(names))
    with ledger.batch() as outcome.batch:
        ledger.file(item.id, assigned_on)
        ledger.split(item.id, [{"unit": name} for name in names])
    told(outcome)
    tell_left(ledger)
    return OK


def _units(words: str, roster: Any, on: date, agency: str | None) -> list[str]:
    from pipeline.tracker.cells import read_names

    found: list[str] = []
    for name in read_names(words):
        if roster.defined(name, on, agency):
            expansion = roster.expand(name, on, agency)
            if expansion.problem:
                raise LedgerError(expansion.problem.code, expansion.problem.message)
            found += expansion.units
        else:
            found.append(roster.resolve(name, on, agency) or name)
    return list(dict.fromkeys(found))


def _reopen(ledger: Ledger, chosen: Chosen) -> int:
    if not chosen.wanted.refs:
        raise LedgerError("ledger.reopen", "退回待立项要指明事项", remedy="如 --items 12,15 --reopen")
    items = ledger.items(chosen.wanted.query(ledger, filing=_DECIDED))
    for item in items:
        if item.status in ("closed", "stopped"):
            label = ledger.settings.status_labels[item.status]
            raise LedgerError("ledger.at_work", f"事项 {item.number} {label}，不能退回待立项")
    if items:
        ledger.reopen([item.id for item in items])
    print(f"退回待立项 {len(items)} 项")
    return OK


def write_book(folder: Path, chosen: Chosen, file: Path, *, sure: bool) -> int:
    """Writes the review workbook."""
    from pipeline.tracker.review_book import write_items

    with opened(folder) as (_, ledger):
        items = chosen.items(ledger)
        if not items:
            print("没有符合条件的待立项事项")
            return OK
        if not may_write([file], sure):
            return FAILED
        count = write_items(items, file, today=ledger.today)
    print(f"{count} 项写到 {file}。看过、改好后：duban confirm --from {file}")
    return OK


def read_book(
    folder: Path, file: Path, *, assigned_on: date | None, each: bool | None, sure: bool, operator: str | None
) -> int:  # fmt: skip
    """Takes over the decisions in a review workbook, after telling what they are."""
    from pipeline.tracker.review_read import apply_review, read_review

    with opened(folder, operator) as (_, ledger):
        review = read_review(ledger, file)
        for line in review.lines():
            print(line)
        if not review.decisions:
            print("没有改动")
            return FAILED if review.refused else OK
        if not sure and not click.confirm("照此办理吗"):
            print("没有改动")
            return OK
        told(apply_review(ledger, review, assigned_on=assigned_on, each=each))
        tell_left(ledger)
    return FAILED if review.refused else OK


def wish(given: Mapping[str, Any], notice: str | None, items: tuple[str, ...]) -> Chosen:
    """What the options of the command line choose."""
    own = {name: given[name] for name in ("proposal", "doubt", "doubtful", "sure")}
    filters = {name: value for name, value in given.items() if name not in own}
    return Chosen(Wanted(refs=items, notice=notice, **filters), **own)
