"""The commands' work: records and summaries on standard output, progress and messages on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.batch import Report
    from pipeline.inbox import Inbox
    from pipeline.process import Failure

OK, FAILED = 0, 1


class NothingToReadError(ValueError):
    """Paths that hold no file to read."""


def extract(
    path: Path, *, timeout: float | None = None, aliases: Path | None = None, topics: Path | None = None
) -> int:
    """Prints a file's record as JSON, or an array where the file holds several notices.

    Returns the exit status: 1 with a line on standard error where the file can't be read.
    """
    from pipeline.batch import extract_file

    outcome = extract_file(path, Settings.read(os.environ, jobs=1, timeout=timeout, aliases=aliases, topics=topics))
    if outcome.failure:
        return _failed(path, outcome.failure)
    print(outcome.records[0] if len(outcome.records) == 1 else "[\n" + ",\n".join(outcome.records) + "\n]")
    return OK


def explain(
    path: Path, *, timeout: float | None = None, aliases: Path | None = None, topics: Path | None = None
) -> int:
    """Prints a file's notice as a tree that tells what was taken for a task, what was not, and why.

    Returns the exit status, as ``extract``.
    """
    from rich.console import Console

    from pipeline.batch import extract_file
    from pipeline.explain import explain as tree
    from schemas.record import NoticeRecord

    outcome = extract_file(path, Settings.read(os.environ, jobs=1, timeout=timeout, aliases=aliases, topics=topics))
    if outcome.failure:
        return _failed(path, outcome.failure)
    console = Console(file=sys.stdout, highlight=False)
    for record in outcome.records:
        console.print(tree(NoticeRecord.model_validate_json(record)))
    return OK


def run(
    paths: Sequence[Path],
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    aliases: Path | None = None,
    topics: Path | None = None,
) -> int:
    """Reads files and folders into records and prints the summary.

    Returns the exit status: 1 if any file couldn't be read.

    Raises:
        pipeline.inbox.MissingPathError: a path that isn't there.
        NothingToReadError: no file to read among the paths.
    """
    from rich.console import Console

    from pipeline import inbox, summary

    settings = Settings.read(os.environ, jobs=jobs, timeout=timeout, aliases=aliases, topics=topics)
    found = inbox.find(paths)
    if not found.files:
        raise NothingToReadError("、".join(map(str, paths)))
    report = _run(found, settings)
    summary.show(report, Console(file=sys.stdout, highlight=False))
    for entry in report.failed:
        _detail(entry.outcome.failure.detail if entry.outcome.failure else "")
    return FAILED if report.failed else OK


def _run(found: Inbox, settings: Settings) -> Report:
    """A run under a progress bar, which only shows on a terminal and goes when it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from pipeline.batch import run as run_batch

    columns = (
        TextColumn("读取公文"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )  # fmt: skip
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(found.files), name="")
        return run_batch(found, settings, lambda file: progress.update(task, advance=1, name=file.name))


def schema() -> int:
    """Prints the JSON Schema of a record."""
    from importlib.resources import files

    print(files("schemas").joinpath("notice.schema.json").read_text(encoding="utf-8"), end="")
    return OK


def _failed(path: Path, failure: Failure) -> int:
    print(failure.line(str(path)), file=sys.stderr)
    _detail(failure.detail)
    return FAILED


def _detail(detail: str) -> None:
    """A fault's trace, for developers who ask for it."""
    if detail and os.environ.get("DUBAN_DEBUG"):
        print(detail, file=sys.stderr)
