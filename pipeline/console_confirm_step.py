"""``duban confirm --step``: one item after another, a key for each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.console_confirm import Chosen, tell_left, told
from pipeline.console_ledger import OK, opened, resolve
from pipeline.tracker.types import LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.deciding import Decision
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.types import Item

_KEYS = "回车 照建议　f 立项　l 立项并写牵头单位　a 仅存档　m 并入　s 先不定　b 上一项　q 结束："
#: Lines of source words that are shown before they are cut.
_LINES = 12
_DEFAULT_REASON = "原则性要求"


def step(
    folder: Path, chosen: Chosen, *, assigned_on: date | None, each: bool | None, operator: str | None
) -> int:  # fmt: skip
    """Asks item by item, and takes over at the end, as one step of undo, what was decided."""
    from pipeline.tracker.deciding import decide

    with opened(folder, operator) as (_, ledger):
        items = chosen.items(ledger)
        if not items:
            print("没有符合条件的待立项事项")
            return OK
        walk = Walk(ledger, items)
        try:
            walk.run()
        except (click.Abort, KeyboardInterrupt, EOFError):
            print()
        if not walk.made:
            print("没有改动")
            return OK
        told(decide(ledger, {number: [one] for number, one in walk.made.items()}, assigned_on=assigned_on, each=each))
        tell_left(ledger)
    return OK


class Walk:
    """Decisions as they are made; ``made`` by item."""

    def __init__(self, ledger: Ledger, items: Sequence[Item]) -> None:
        self.ledger, self.items = ledger, items
        self.made: dict[int, Decision] = {}
        self.reason, self.lead = _DEFAULT_REASON, ""

    def run(self) -> None:
        """Goes through the items until the end or ``q``."""
        from pipeline.console_confirm_show import print_block

        place = 0
        while place < len(self.items):
            item = self.items[place]
            print(f"\n（{place + 1}/{len(self.items)}）", end="")
            print_block(item, lines=_LINES)
            key = self._key()
            if key == "q":
                return
            if key == "b":
                place = max(place - 1, 0)
                self.made.pop(self.items[place].id, None)
                continue
            if key == "s":
                self.made.pop(item.id, None)
            elif not self._decide(item, key):
                continue
            place += 1

    def _key(self) -> str:
        while True:
            print(_KEYS, end="", flush=True)
            key = click.getchar().lower()
            print("" if key in "\r\n" else key)
            if key in ("\x03", "\x04"):
                raise click.Abort()
            if key in ("\r", "\n", " ", "y", "f", "l", "a", "m", "s", "b", "q"):
                return key

    def _decide(self, item: Item, key: str) -> bool:
        """Notes a decision; False where it can't be, and the item is asked again."""
        try:
            made = self._decision(item, key)
            self._check(item, made)
        except LedgerError as error:
            print(error, file=sys.stderr)
            return False
        self.made[item.id] = made
        return True

    def _decision(self, item: Item, key: str) -> Decision:
        from pipeline.tracker.deciding import Decision, proposed

        if key == "f":
            return Decision(item.id, "filed")
        if key == "l":
            self.lead = click.prompt("牵头单位", default=self.lead or None)
            return Decision(item.id, "filed", edits={"lead": self.lead})
        if key == "a":
            given = item.proposal_reason if item.proposal == "archived" else self.reason
            reason = click.prompt("理由", default=given)
            self.reason = reason if item.proposal != "archived" else self.reason
            return Decision(item.id, "archived", reason=reason)
        if key == "m":
            (into,) = resolve(self.ledger, [click.prompt("并入哪一项（序号或督办编号）")])
            return Decision(item.id, "merged", into=into)
        decisions, left = proposed(self.ledger, [item])
        if left:
            raise LedgerError("ledger.merge", left[0])
        return decisions[0]

    def _check(self, item: Item, made: Decision) -> None:
        """That nothing is merged into what nobody follows up."""
        if made.decision != "filed":
            merged = [one.item for one in self.made.values() if one.into == item.id and one.item != item.id]
            if merged:
                raise LedgerError("ledger.merge", f"刚才把事项 {merged[0]} 并入了这一项，它要立项")
        if made.into is None:
            return
        if made.into == item.id:
            raise LedgerError("ledger.merge", "不能并入它自己")
        (target,) = self.ledger.items(Query(self.ledger.today, filing=(), ids=(made.into,)))
        known = self.made.get(made.into)
        if (known.decision if known else target.filing) in ("archived", "merged"):
            raise LedgerError("ledger.merge", f"事项 {made.into} 没有立项，不能并入它")
