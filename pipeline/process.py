"""The straight line for one file: read, extract, serialise. Runs in a worker process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.overlay import Overlay
    from schemas.record import NoticeRecord


@dataclass(frozen=True)
class Digest:
    """What the summary tells of a record; ``warnings`` are codes with messages."""

    title: str | None
    tasks: int
    quotas: int
    owners: int
    times: int
    warnings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Failure:
    """Why a file gave no record and what to do about it, for people; ``detail`` is for developers."""

    code: str
    reason: str
    remedy: str
    detail: str = ""

    def line(self, name: str) -> str:
        """One line for a file's name."""
        return f"{name}：{self.reason}" + (f"；{self.remedy}" if self.remedy else "")


@dataclass(frozen=True)
class Outcome:
    """Records as JSON text with a digest each, or a failure."""

    records: tuple[str, ...] = ()
    digests: tuple[Digest, ...] = ()
    failure: Failure | None = None


def warm() -> None:
    """Loads what every file needs, before a worker's clock starts."""
    import extractors

    # Reading the name loads it where the package loads lazily.
    _ = extractors.extract


def process(path: Path, overlay: Overlay | None = None) -> Outcome:
    """The records of one file, with what the office lays over them. Never raises for a file's sake, but for memory.

    Raises:
        MemoryError: passed on, since only the pool can give the memory back.
    """
    from extractors import extract

    try:
        records: Sequence[NoticeRecord] = extract(path)
        if overlay is not None:
            records = [overlay(record) for record in records]
        return Outcome(tuple(record.to_json() for record in records), tuple(digest(record) for record in records))
    except Exception as error:
        return Outcome(failure=failure_of(error))


def failure_of(error: Exception) -> Failure:
    """Why reading a file raised, for people.

    Raises:
        MemoryError: passed on, since only the pool can give the memory back.
    """
    from schemas.errors import DubanError

    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, DubanError):
        place = f"{error.place}：" if error.place else ""
        return Failure(error.code, place + error.message, error.remedy)
    if isinstance(error, PermissionError):
        return Failure("source.permission", "没有读取这个文件的权限", "请检查文件的访问权限")
    if isinstance(error, OSError):
        reason = f"文件打不开（{error.strerror or error}）"
        return Failure("source.unreadable", reason, "请确认文件还在原处并且能打开")
    import traceback

    return internal(f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


def internal(reason: str, detail: str) -> Failure:
    """A failure that is duban's own fault."""
    first = " ".join(reason.split())[:200]
    return Failure("internal", f"程序内部出错（{first}）", "请把文件名和这条信息报给开发者", detail)


def digest(record: NoticeRecord) -> Digest:
    """A record's counts for the summary; owners and times are counted task by task."""
    return Digest(
        title=record.notice.title,
        tasks=len(record.tasks),
        quotas=len(record.quotas),
        owners=sum(len(task.owners) for task in record.tasks),
        times=sum(len(task.times) for task in record.tasks),
        warnings=tuple((warning.code, warning.message) for warning in record.warnings),
    )
