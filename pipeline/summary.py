"""What a run did, as a table that a person can read, in any width of terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.columns import width, wrap

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.batch import Entry, Report

#: How many different warnings are spelled out.
SHOWN_WARNINGS = 12

#: Below this width the counts stand under the title instead of beside it.
NARROW = 72

_COUNTS = ("任务", "指标", "责任主体", "时间", "提示")
_GAP = 3


def show(report: Report, console: Console) -> None:
    """Prints a run's notices with their counts, the warnings, the failures with their remedies, and the folder."""
    done = [entry for entry in report.entries if entry.written]
    if done:
        _table(done, console)
    _warnings(done, console)
    if report.failed:
        _say(console, f"未能读取（{len(report.failed)} 个文件）", style="bold red")
        for entry in report.failed:
            if entry.outcome.failure:
                _say(console, entry.outcome.failure.line(str(entry.file)), mark="  ✗ ")
    _closing(report, console)


def _table(entries: Iterable[Entry], console: Console) -> None:
    rows = [row for entry in entries for row in _rows(entry)]
    totals = [sum(counts) for counts in zip(*(counts for _, _, counts in rows), strict=True)]
    total = f"合计 {len(rows)} 件"
    if console.width < NARROW:
        for title, file, counts in rows:
            _say(console, title, style="bold")
            _say(console, file, mark="  ")
            _say(console, _in_words(counts), mark="  ")
        _say(console, f"{total}：{_in_words(totals)}", style="bold")
        return
    columns = [max(width(title), len(str(count))) for title, count in zip(_COUNTS, totals, strict=True)]
    most = console.width - sum(columns) - _GAP * len(columns)
    left = min(most, max(width(line) for title, file, _ in rows for line in (title, "  " + file, total)))
    rule = "─" * (left + console.width - most)
    _row(console, ["公文"], _COUNTS, left, columns, "bold")
    _say(console, rule)
    for title, file, counts in rows:
        name = [*wrap(title, left), *("  " + line for line in wrap(file, console.width - 2))]
        _row(console, name, [str(count) for count in counts], left, columns)
    _say(console, rule)
    _row(console, [total], [str(count) for count in totals], left, columns, "bold")


def _row(
    console: Console, name: Sequence[str], cells: Sequence[str], left: int, columns: Sequence[int], style: str = ""
) -> None:
    """A row: the name's lines at the left, and on the first the cells, each at the right of its column."""
    right = "".join(
        " " * (_GAP + column - width(cell)) + cell for cell, column in zip(cells, columns, strict=True)
    )  # fmt: skip
    _say(console, name[0] + " " * (left - width(name[0])) + right, style=style)
    for line in name[1:]:
        _say(console, line, style="dim" if line.startswith("  ") else style)


def _rows(entry: Entry) -> list[tuple[str, str, tuple[int, ...]]]:
    """Title, file and counts of each of a file's records."""
    return [
        (
            digest.title or "（无标题）",
            path.name,
            (digest.tasks, digest.quotas, digest.owners, digest.times, len(digest.warnings)),
        )
        for digest, path in zip(entry.outcome.digests, entry.written, strict=True)
    ]


def _in_words(counts: Iterable[int]) -> str:
    return "，".join(f"{title} {count}" for title, count in zip(_COUNTS, counts, strict=True))


def _warnings(entries: Iterable[Entry], console: Console) -> None:
    """Warnings of one wording on one line, with how often they stand and where first.

    What is amiss goes before what was only left out, then the commonest first.
    """
    places: dict[tuple[bool, str], list[str]] = {}
    for entry in entries:
        for digest, path in zip(entry.outcome.digests, entry.written, strict=True):
            for code, message in digest.warnings:
                places.setdefault((code.startswith("coverage."), message), []).append(path.name)
    if not places:
        return
    _say(console, f"提示（{sum(map(len, places.values()))} 条，位置见各记录的 warnings）", style="yellow")
    ordered = sorted(places.items(), key=lambda item: (item[0][0], -len(item[1])))
    for (_, message), names in ordered[:SHOWN_WARNINGS]:
        files = list(dict.fromkeys(names))
        where = files[0] if len(files) == 1 else f"{files[0]} 等 {len(files)} 件"
        _say(console, f"{message}（{where}）", mark=f"{len(names):>4} × ")
    if len(ordered) > SHOWN_WARNINGS:
        _say(console, f"另有 {len(ordered) - SHOWN_WARNINGS} 种", mark="   … ")


def _closing(report: Report, console: Console) -> None:
    read = len(report.entries) - len(report.failed)
    parts = [f"读取 {read} 个文件"]
    if report.failed:
        parts.append(f"未能读取 {len(report.failed)} 个")
    if report.passed_over:
        parts.append(f"另有 {report.passed_over} 个文件不是公文的格式，未读")
    _say(console, "，".join(parts) + "。")
    if read:
        _say(console, f"记录在：{report.folder}")


def _say(console: Console, words: str, *, mark: str = "", style: str = "") -> None:
    """Words as they are (brackets in a title are no markup), wrapped; further lines stand under the first's words."""
    from rich.text import Text

    for number, line in enumerate(wrap(words, console.width - width(mark))):
        console.print(Text((" " * width(mark) if number else mark) + line, style=style, no_wrap=True))
