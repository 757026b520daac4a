"""Which items a command changes, asked for where they weren't named one by one, and what stands of them then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from pipeline.console_ledger import Wanted, one_line, resolve
from pipeline.table import columns_here, cut
from pipeline.tracker.listing import headline, rows
from pipeline.tracker.types import FILING_LABELS, Item, LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.grid import Thresholds
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.listing import Row
    from pipeline.tracker.settings import LedgerSettings

_EXAMPLES = 3
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Chosen:
    """Which items: named, by filters, or both; ``sure``: nobody is to be asked."""

    wanted: Wanted = field(default_factory=Wanted)
    sure: bool = False

    def items(self, ledger: Ledger, deed: str, status: Sequence[str] = (), *, parts: bool = True) -> list[int]:
        """The items, once the person has said yes where they weren't named one by one.

        Args:
            deed: what is going to be done, for the question.
            status: of items that are only filtered: with these alone, where no filter says otherwise.
            parts: units' parts too, where they are only filtered.

        Raises:
            click.UsageError: nothing says which.
            click.Abort: the person says no.
            LedgerError: what names them is wrong, or there are none.
        """
        named = self.wanted.refs
        bare = replace(self.wanted, refs=()) == Wanted()
        if named and bare:
            found = resolve(ledger, named)
        elif bare:
            raise click.UsageError("请写事项编号，或用筛选条件（如 --notice 公文）指明哪些")
        else:
            query = self.wanted.query(ledger)
            if not named and not query.status:
                query = replace(query, status=tuple(status))
            query = replace(query, parts=parts or bool(named or query.unit))
            found = [item.id for item in ledger.items(query)]
            if not found:
                kind = "、".join(ledger.settings.status_labels[code] for code in query.status) if not named else ""
                told = f"没有符合条件的{f'“{kind}”' if kind else ''}事项"
                raise LedgerError("ledger.no_item", told, remedy="请用 duban tasks 加同样的条件核对")
        if not self.sure and not (bare and not any(".." in ref for ref in named)):
            _ask(ledger, found, deed)
        return found


def _ask(ledger: Ledger, ids: Sequence[int], deed: str) -> None:
    first = ledger.items(Query(ledger.today, filing=(), ids=tuple(ids[:_EXAMPLES])))
    for item in first:
        click.echo(f"  {item.number or item.id}  {headline(item, 40)}", err=True)
    more = f"等 {len(ids)} 项" if len(ids) > len(first) else f"共 {len(ids)} 项"
    click.confirm(f"{more}，{deed}", abort=True, err=True)


def only(ledger: Ledger, ref: str) -> int:
    """The one item that a word names.

    Raises:
        LedgerError: none, or several.
    """
    found = resolve(ledger, [ref])
    if len(found) != 1:
        raise LedgerError("ledger.several", f"“{ref}”是 {len(found)} 件事项，这里只能写一件")
    return found[0]


def by_ids(ledger: Ledger, ids: Sequence[int]) -> list[Item]:
    """Items by their numbers, in that order, as many at a time as a database takes."""
    found: dict[int, Item] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ledger.items(Query(ledger.today, filing=(), ids=tuple(ids[start : start + _AT_ONCE])))
        found |= {item.id: item for item in some}
    return [found[each] for each in ids if each in found]


def tell(ledger: Ledger, ids: Sequence[int], limits: Thresholds, more: Callable[[Row], str] | None = None) -> None:
    """Prints a line for each item: what stands of it now."""
    for row in rows(ledger, by_ids(ledger, ids), limits):
        told = line(row, ledger.settings) + (f"；{more(row)}" if more else "")
        room = columns_here() - len(f"{row.item.number or row.item.id}") - 2
        unit = f"{row.item.unit} " if row.item.unit else ""
        title = cut(unit + headline(row.item), max(room - 46, 20))
        print(f"{row.item.number or f'序号 {row.item.id}'}  {title}  {told}")


def line(row: Row, settings: LedgerSettings) -> str:
    """How an item stands, in one line."""
    item = row.item
    if item.filing != "filed":
        reason = f"（{one_line(item.reason, 20)}）" if item.reason else ""
        return FILING_LABELS[item.filing] + reason
    told = [settings.status_labels[item.status]]
    if row.units:
        told.append(f"{row.units}个{row.noun}，已报{row.reported}")
    elif item.status not in ("closed", "stopped", "unassigned"):
        told.append(settings.progress_labels[row.progress])
    if item.status == "closed":
        told.append(f"{item.closed_on}")
    elif row.deadline and item.status != "stopped":
        told.append(f"时限 {row.deadline}" + (f"（原 {item.due}）" if item.adjusted_due and item.due else ""))
    if row.late:
        told.append(f"逾期 {row.late} 天")
    return "，".join(told)
