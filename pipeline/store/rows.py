"""What goes into the store and comes out of it, as plain values; loads no database library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from schemas.errors import DubanError

if TYPE_CHECKING:
    from pipeline.store.diff import Diff
    from schemas.record import Task

Outcome = Literal["new", "duplicate", "another_format", "new_version", "reprocessed"]


class StoreError(DubanError):
    """The store can't do what it was asked to; its code starts with ``store.``."""


@dataclass(frozen=True)
class Arrival:
    """A file that a record came from. ``internal``: it is marked 内部资料 or the like, and a person confirmed it."""

    name: str
    format: str
    sha256: str
    bytes: int
    pages: int | None = None
    archived_path: str | None = None
    internal: bool = False


@dataclass(frozen=True)
class Saved:
    """What became of a record. ``diff`` is given for a new version; ``questions`` counts those it raised."""

    notice_id: str
    outcome: Outcome
    version: int
    diff: Diff | None = None
    questions: int = 0


@dataclass(frozen=True)
class SourceRow:
    """A file that is known; ``versions`` are the ordinals of the notice's versions that it holds."""

    name: str
    format: str
    sha256: str
    bytes: int
    pages: int | None
    archived_path: str | None
    ingested_at: str
    notice_id: str
    versions: tuple[int, ...]


@dataclass(frozen=True)
class NoticeRow:
    """A notice in a list. ``region`` is a GB/T 2260 code, ``city`` its path of names joined by ``/``."""

    notice_id: str
    title: str | None
    kind: str | None
    number: str | None
    agency: str | None
    region: str | None
    city: str | None
    year: int | None
    issue_date: str | None
    confirmed: bool
    internal: bool
    version: int
    tasks: int
    questions: int
    updated_at: str


@dataclass(frozen=True)
class VersionRow:
    """A version of a notice: one wording of it, from whatever files. Times are UTC, ISO."""

    notice_id: str
    ordinal: int
    content_hash: str
    schema_version: str
    producer_version: str
    rules: str
    created_at: str
    created_by: str
    updated_at: str
    sources: tuple[SourceRow, ...]


@dataclass(frozen=True)
class Correction:
    """What a person changed of a task. ``basis`` is what was extracted when it was made.

    ``task_id`` is the task's id in the version that is asked for, None where that version hasn't the task.
    """

    id: int
    notice_id: str
    key: str
    task_id: str | None
    field: str
    operation: str
    value: Any
    basis: Any
    author: str
    made_at: str
    undone_at: str | None = None
    undone_by: str | None = None


@dataclass(frozen=True)
class Question:
    """Something that only a person can tell.

    ``kind`` ``task``: which older task is this one; ``payload`` holds ``task`` and ``candidates``, the answer is a
    candidate's key, or ``new``. ``kind`` ``notice``: is this notice a reissue of another; the answer is the id of one
    of the ``candidates``, or ``new``.
    """

    id: int
    notice_id: str
    version: int
    kind: str
    payload: dict[str, Any]
    asked_at: str
    answer: Any = None
    answered_at: str | None = None
    answered_by: str | None = None


@dataclass(frozen=True)
class Appearance:
    """A task as one version had it."""

    version: int
    task_id: str
    text: str
    section: tuple[str, ...]


@dataclass(frozen=True)
class TaskRow:
    """A task by its permanent key.

    ``task`` is what the last version that had it says, corrections applied; ``dropped`` tells that the current
    version hasn't it, ``doubtful`` that a person has to say so.
    """

    key: str
    notice_id: str
    dropped: bool
    doubtful: bool
    task: Task
    history: tuple[Appearance, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Change:
    """Something that happened to a notice: ``new`` ``source`` ``version`` ``reprocessed`` ``correction`` ``answer``
    ``marked`` ``merged`` ``forgotten``. A later change has a greater ``seq``."""

    seq: int
    notice_id: str
    kind: str
    at: str
    by: str


@dataclass(frozen=True)
class Forgotten:
    """What a notice left behind outside the store, and how much of it the store held."""

    notice_id: str
    title: str | None
    sources: tuple[SourceRow, ...]
    versions: int
    tasks: int
    corrections: int
    ids: tuple[str, ...] = field(default=())
