"""The straight line for many files: found, read in parallel, written one by one as they come."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline import inbox, parallel
from pipeline.files import write_atomically
from pipeline.overlay import read_overlay
from pipeline.process import Failure, Outcome, internal, process, warm
from pipeline.settings import MEGABYTE, Settings


@dataclass(frozen=True)
class Entry:
    """A file, what came of it, and where its records are."""

    file: Path
    outcome: Outcome
    written: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Report:
    """A run's entries in the order of its files, whichever ended first."""

    entries: tuple[Entry, ...]
    folder: Path
    passed_over: int = 0

    @property
    def failed(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.outcome.failure)


def extract_file(path: Path, settings: Settings) -> Outcome:
    """One file's records, under the same limits as in a run.

    Raises:
        SourceError: the table of aliases or of topics can't be read.
    """
    (outcome,) = (outcome for _, outcome in outcomes([path], settings))
    return outcome


def run(found: inbox.Inbox, settings: Settings, advance: Callable[[Path], object] = lambda file: None) -> Report:
    """Reads every file and writes ``records/NAME.json`` for each under the settings' output folder.

    Args:
        advance: called with each file as it is done, for a progress bar.

    A file that fails doesn't stop the others; it stands in the report with its reason.

    Raises:
        SourceError: the table of aliases or of topics can't be read.
    """
    names = inbox.record_names(found.files)
    entries: dict[int, Entry] = {}
    with contextlib.closing(outcomes(list(found.files), settings)) as done:
        for index, outcome in done:
            entries[index] = _write(found.files[index], outcome, names[index], names, settings)
            advance(found.files[index])
    return Report(tuple(entries[index] for index in sorted(entries)), settings.records, found.passed_over)


def _write(file: Path, outcome: Outcome, name: str, taken: list[str], settings: Settings) -> Entry:
    names = inbox.several(name, len(outcome.records), taken)
    paths = tuple(settings.records / f"{each}.json" for each in names)
    try:
        for path, record in zip(paths, outcome.records, strict=True):
            write_atomically(path, record + "\n")
    except OSError as error:
        reason = f"记录写不进 {settings.records}（{error.strerror or error}）"
        return Entry(file, Outcome(failure=Failure("output.unwritable", reason, "请检查磁盘空间和文件夹的写权限")))
    return Entry(file, outcome, paths)


def outcomes(files: list[Path], settings: Settings) -> Generator[tuple[int, Outcome], None, None]:
    """Each file's outcome with its place among the files, as they are done."""
    work = partial(process, overlay=read_overlay(settings.aliases, settings.topics))
    calls = parallel.each(
        work,
        files,
        jobs=settings.jobs,
        timeout=settings.timeout,
        memory=settings.allowance,
        warm=warm,
    )
    with contextlib.closing(calls):
        for index, result in calls:
            yield index, result.value if isinstance(result, parallel.Returned) else failed(result, settings)


def failed(lost: parallel.Lost, settings: Settings) -> Outcome:
    """What a call that didn't come back means to a person."""
    if lost.reason == "timeout":
        failure = Failure(
            "limit.time", f"读取超过 {settings.timeout:g} 秒，已停止", "请把文件拆小，或用 --timeout 放宽时限后重试"
        )
    elif lost.reason == "memory":
        failure = Failure(
            "limit.memory",
            f"读取所需内存超过 {settings.allowance // MEGABYTE} MB，已停止",
            "请把文件拆小，或用环境变量 DUBAN_MEMORY 放宽限额后重试",
        )
    elif lost.reason == "crashed":
        failure = Failure(
            "internal.crash", f"读取时程序异常中止（{lost.detail}）", "请用原来的软件打开文件，另存一份再试"
        )
    elif lost.reason == "start":
        failure = Failure("internal.start", "读取进程启动不了", "请检查内存是否够用、安装是否完整（重新安装 duban）")
    else:
        failure = internal(lost.detail.strip().rsplit("\n", 1)[-1], lost.detail)
    return Outcome(failure=failure)
