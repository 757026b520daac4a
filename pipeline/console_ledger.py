"""How commands of the ledger open it, which items they mean, and how they print them."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import clock
from pipeline.naming import find_notice
from pipeline.office import Office
from pipeline.tracker.types import FILING_LABELS, ORIGIN_LABELS, LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

OK, FAILED = 0, 1
#: Columns of a table that goes to a file or another program.
WIDE = 160
#: Most numbers in one range; more is a slip of the pen.
_RANGE = 10_000
_KINDS = {"任务": "task", "活动": "event", "评分标准": "criterion", "要求": "requirement", "目标": "goal"}


@dataclass(frozen=True)
class Wanted:
    """Which items, as the options of ``cli_items.filters`` say it."""

    refs: tuple[str, ...] = ()
    owner: str | None = None
    unit: str | None = None
    mine: bool = False
    city: str | None = None
    agency: str | None = None
    notice: str | None = None
    plan: str | None = None
    section: str | None = None
    table: str | None = None
    topic: str | None = None
    kind: str | None = None
    text: str | None = None
    origin: str | None = None
    status: tuple[str, ...] = ()
    filing: tuple[str, ...] = ()
    due: str | None = None
    overdue: bool = False
    unreported: bool = False
    changed: bool = False
    limit: int | None = None

    def query(self, ledger: Ledger, filing: tuple[str, ...] = ("filed",)) -> Query:
        """The query on a ledger; ``filing`` where no option says so.

        Raises:
            LedgerError: a status, kind or time that there isn't, no unit of one's own, an item that isn't there.
            NamingError: the notice isn't known.
        """
        due_from, due_to = span(self.due, ledger.today) if self.due else (None, None)
        if self.mine and self.unit:
            raise LedgerError("ledger.value", "--unit 和 --mine 只能用一个")
        unit = own_unit(ledger) if self.mine else self.unit
        return Query(
            ledger.today,
            filing=tuple(code_of(each, FILING_LABELS, "立项情况") for each in self.filing) or filing,
            status=tuple(code_of(each, ledger.settings.status_labels, "状态") for each in self.status),
            owner=self.owner, unit=unit, city=self.city, agency=self.agency,
            notice_id=find_notice(ledger.store, self.notice).notice_id if self.notice else None,
            plan=self.plan, section=self.section, table=self.table, topic=self.topic,
            kind=code_of(self.kind, {code: name for name, code in _KINDS.items()}, "类别") if self.kind else None,
            text=self.text, origin=code_of(self.origin, ORIGIN_LABELS, "来源") if self.origin else None,
            due_from=due_from, due_to=due_to, overdue=self.overdue, unreported=self.unreported,
            changed=self.changed, ids=tuple(resolve(ledger, self.refs)) if self.refs else (), limit=self.limit,
        )  # fmt: skip


@contextlib.contextmanager
def opened(folder: Path, operator: str | None = None) -> Iterator[tuple[Office, Ledger]]:
    """A workspace's ledger, with the items that the store has news of proposed.

    Raises:
        DubanError: there is no workspace, its store can't be opened, or the ledger can't be read.
    """
    from pipeline.tracker.ledger import Ledger

    office = Office.open(folder, operator)
    with contextlib.closing(office.store()) as store:
        ledger = Ledger(
            store, today=clock.today(), by=office.operator, now=clock.now(), settings=office.config.ledger,
            evidence=office.workspace.evidence,
        )  # fmt: skip
        ledger.propose()
        yield office, ledger


def own_unit(ledger: Ledger) -> str:
    """One's own unit.

    Raises:
        LedgerError: duban.toml names none.
    """
    if not ledger.settings.unit:
        raise LedgerError(
            "ledger.no_unit", "不知道本单位是哪个", remedy='请在 duban.toml 的 [ledger] 里写 unit = "单位名称"'
        )
    return ledger.settings.unit


def code_of(given: str, labels: Mapping[str, str], what: str) -> str:
    """The code that a word means, a code or its label.

    Raises:
        LedgerError: neither.
    """
    for code, label in labels.items():
        if given.strip() in (code, label):
            return code
    raise LedgerError("ledger.value", f"{what}没有“{given}”", remedy="可选：" + "、".join(labels.values()))


def span(words: str, today: date) -> tuple[date | None, date | None]:
    """First and last day, both included, of ``today``, ``this-week``, a day, or ``FROM..TO`` with either end left out.

    Raises:
        LedgerError: the words name no time.
    """
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    after = (month + timedelta(days=32)).replace(day=1)
    named = {
        "today": (today, today), "今天": (today, today),
        "this-week": (monday, monday + timedelta(days=6)), "本周": (monday, monday + timedelta(days=6)),
        "next-week": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "下周": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "this-month": (month, after - timedelta(days=1)), "本月": (month, after - timedelta(days=1)),
        "next-month": (after, (after + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
        "下月": (after, (after + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
    }  # fmt: skip
    if words.strip() in named:
        return named[words.strip()]
    low, dots, high = words.partition("..")
    if dots and not (low.strip() or high.strip()):
        raise LedgerError("ledger.date", f"“{words}”没有写日期", remedy="如 2026-03-01..2026-03-31")
    first = _day(low) if low.strip() else None
    return (first, _day(high) if high.strip() else None) if dots else (first, first)


def _day(text: str) -> date:
    found = re.fullmatch(r"\s*(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?\s*", text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise LedgerError(
        "ledger.date", f"“{text.strip()}”不是日期",
        remedy="请写 2026-03-05、2026-03-01..2026-03-31，或 today、this-week、next-week、this-month、next-month",
    )  # fmt: skip


def resolve(ledger: Ledger, refs: Iterable[str]) -> list[int]:
    """The items that words name, each once: 督办编号, number, task key, ``12..20`` (numbers), several by comma.

    Of 督办编号 of this year the year may be left out: ``0012`` is another thing than ``12``; ``0012..0020`` is a range.

    Raises:
        LedgerError: one of them isn't there, or a range is none.
    """
    found: dict[int, None] = {}
    for ref in (part.strip() for words in refs for part in re.split(r"[,，、\s]+", words) if part.strip()):
        if filed := re.fullmatch(r"(?:(\d{4})-(?=\d)|(?=0\d{3}))(\d{4,6})\.\.(?:(\d{4})-)?(\d{4,6})", ref):
            found |= dict.fromkeys(_numbered(ledger, ref, *filed.groups()))
            continue
        ends = re.fullmatch(r"(\d{1,9})\.\.(\d{1,9})", ref)
        if not ends:
            short = re.fullmatch(r"0\d{3}(?:-\d\d+)?", ref)
            found[_this_year(ledger, ref) if short else ledger.resolve(ref)] = None
            continue
        low, high = int(ends[1]), int(ends[2])
        if not low <= high < low + _RANGE:
            raise LedgerError("ledger.range", f"“{ref}”不是编号的范围", remedy="如 12..20")
        query = Query(ledger.today, filing=(), ids=tuple(range(low, high + 1)))
        inside = sorted(item.id for item in ledger.items(query))
        if not inside:
            raise LedgerError("ledger.no_item", f"台账里没有事项 {ref}", remedy="请用 duban tasks 查看编号")
        found |= dict.fromkeys(inside)
    return list(found)


def _this_year(ledger: Ledger, ref: str) -> int:
    """The item of this year's 督办编号 that ends so; where there is none, the other years' are named."""
    year = ledger.today.year
    numbers = tuple(f"{each}-{ref}" for each in range(year - 9, year + 2))
    known = {item.number: item.id for item in ledger.items(Query(ledger.today, filing=(), numbers=numbers))}
    if (number := f"{year}-{ref}") in known:
        return known[number]
    others = "、".join(sorted(filter(None, known)))
    raise LedgerError(
        "ledger.no_item", f"台账里没有事项 {number}",
        remedy=f"别的年份有 {others}，请把年份写全" if others else "请用 duban tasks 查看编号",
    )  # fmt: skip


def _numbered(
    ledger: Ledger, ref: str, year: str | None, first: str, until: str | None, last: str
) -> Iterable[int]:  # fmt: skip
    """The items of a range of 督办编号, parts aside."""
    low, high = int(first), int(last)
    if not low <= high < low + _RANGE or (year and until and year != until):
        raise LedgerError("ledger.range", f"“{ref}”不是编号的范围", remedy="如 2026-0012..2026-0020")
    numbers = tuple(f"{year or until or ledger.today.year}-{each:04}" for each in range(low, high + 1))
    inside = ledger.items(Query(ledger.today, filing=(), numbers=numbers))
    if not inside:
        raise LedgerError("ledger.no_item", f"台账里没有事项 {ref}", remedy="请用 duban tasks 查看编号")
    return [item.id for item in sorted(inside, key=lambda item: item.number or "")]


def with_parts(ledger: Ledger, query: Query) -> Query:
    """A query that names items, with the parts of those that were divided among units."""
    if not query.ids:
        return query
    items = ledger.items(Query(ledger.today, filing=(), ids=query.ids))
    parts = [part.id for item in items if item.parts for part in ledger.item(item.id).parts]
    return replace(query, ids=tuple(dict.fromkeys((*query.ids, *parts))))


def unit_names(ledger: Ledger, given: Sequence[str]) -> tuple[str, ...]:
    """Units as the roster calls them; names that it doesn't know stay as they are.

    Raises:
        LedgerError: neither the roster nor an item has such a unit.
    """
    known = {name: unit.name for unit in ledger.units() for name in (unit.name, *unit.short_names)}
    for name in given:
        if name not in known and not ledger.count(Query(ledger.today, unit=name)):
            raise LedgerError("ledger.unit", f"名册和台账里都没有“{name}”这个单位", remedy="请照台账里的写法")
    return tuple(dict.fromkeys(known.get(name, name) for name in given))


def may_write(paths: Iterable[Path], sure: bool) -> bool:
    """Whether files may be written: those that are there only after asking, as they may hold what somebody typed."""
    import click

    there = [path for path in paths if path.exists()]
    if not there or sure:
        return True
    named = f"“{there[0]}”" if len(there) == 1 else f"“{there[0]}”等 {len(there)} 个文件"
    if click.confirm(f"{named}已经有了，覆盖吗"):
        return True
    print("没有写")
    return False


def print_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, wide: Sequence[str] = (), right: Sequence[str] = ()
) -> None:  # fmt: skip
    """A table that fits the terminal; columns in ``wide`` share what the others leave and wrap.

    Args:
        right: columns of figures, set to the right.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for head in heads:
        table.add_column(
            head, overflow="fold", no_wrap=head not in wide, ratio=1 if head in wide else None,
            justify="right" if head in right else "left",
        )  # fmt: skip
    for row in rows:
        table.add_row(*(each if isinstance(each, Text) else Text(each) for each in row))
    console.print(table)


@contextlib.contextmanager
def bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar, which only shows on a terminal and goes when it is done; gives what tells it how much is done of
    how much."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr)
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)


def print_json(value: Any) -> None:
    """A value as JSON for other programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def one_line(text: str, most: int = 40) -> str:
    """A text in one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"
