"""What a run did, as a table that a person can read, in any width of terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from pipeline.batch import Entry, Report

#: How many of a notice's warnings are spelled out.
SHOWN_WARNINGS = 3

#: Below this width the counts stand under the title instead of beside it.
NARROW = 72

_COUNTS = ("任务", "指标", "责任主体", "时间", "提示")


def show(report: Report, console: Console) -> None:
    """Prints a run's notices with their counts, the warnings, the failures with their remedies, and the folder."""
    done = [entry for entry in report.entries if entry.written]
    if done:
        console.print(_table(done, narrow=console.width < NARROW))
    for entry in done:
        _warnings(entry, console)
    if report.failed:
        console.print(_heading(f"未能读取（{len(report.failed)} 个文件）", "bold red"))
        for entry in report.failed:
            if entry.outcome.failure:
                console.print(_text("  ✗ " + entry.outcome.failure.line(str(entry.file))))
    console.print(_text(_closing(report)))


def _table(entries: Iterable[Entry], *, narrow: bool) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, expand=False, show_footer=True)
    rows = [(_name(entry, number), _counts(entry, number)) for entry in entries for number in range(len(entry.written))]
    totals = [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)]
    table.add_column("公文", footer=f"合计 {len(rows)} 件", overflow="fold", ratio=1 if narrow else None)
    if narrow:
        table.columns[0].footer = _text(f"合计 {len(rows)} 件\n{_line(totals)}")
        for name, counts in rows:
            table.add_row(_text(f"{name}\n{_line(counts)}"))
        return table
    for title, total in zip(_COUNTS, totals, strict=True):
        table.add_column(title, footer=str(total), justify="right", no_wrap=True)
    for name, counts in rows:
        table.add_row(_text(name), *map(str, counts))
    return table


def _name(entry: Entry, number: int) -> str:
    title = entry.outcome.digests[number].title or "（无标题）"
    return f"{title}\n  {entry.written[number].name}"


def _counts(entry: Entry, number: int) -> tuple[int, ...]:
    digest = entry.outcome.digests[number]
    return digest.tasks, digest.quotas, digest.owners, digest.times, len(digest.warnings)


def _line(counts: Iterable[int]) -> str:
    return "  ".join(f"{title} {count}" for title, count in zip(_COUNTS, counts, strict=True))


def _warnings(entry: Entry, console: Console) -> None:
    for digest, path in zip(entry.outcome.digests, entry.written, strict=True):
        if not digest.warnings:
            continue
        console.print(_heading(f"提示（{path.name}）", "yellow"))
        for message in digest.warnings[:SHOWN_WARNINGS]:
            console.print(_text(f"  ! {message}"))
        if len(digest.warnings) > SHOWN_WARNINGS:
            console.print(_text(f"  … 另有 {len(digest.warnings) - SHOWN_WARNINGS} 条，见记录的 warnings"))


def _closing(report: Report) -> str:
    read = len(report.entries) - len(report.failed)
    parts = [f"读取 {read} 个文件"]
    if report.failed:
        parts.append(f"未能读取 {len(report.failed)} 个")
    if report.passed_over:
        parts.append(f"另有 {report.passed_over} 个文件不是公文的格式，未读")
    where = f"\n记录在：{report.folder}" if read else ""
    return "，".join(parts) + "。" + where


def _text(words: str) -> RenderableType:
    """Words as they are: brackets in a title are no markup. Long ones break anywhere, as Chinese may."""
    from rich.text import Text

    return Text(words, overflow="fold")


def _heading(words: str, style: str) -> RenderableType:
    from rich.text import Text

    return Text(words, style=style, overflow="fold")
