"""The store's tables. JSON stands as text and times as ISO text in UTC, so that SQLite and PostgreSQL hold the same."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)


def _notice() -> Mapped[int]:
    return mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)


class Notice(Base):
    """A notice, with what lists and filters need of its current version.

    ``number_key`` and ``title_key`` are what a reissue is known by; ``city`` is the region's path of names.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(String(12), index=True)
    city: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(index=True)
    issue_date: Mapped[str | None] = mapped_column(String(10))
    confirmed: Mapped[bool] = mapped_column(default=False)
    internal: Mapped[bool] = mapped_column(default=False)
    current_version: Mapped[int]
    number_key: Mapped[str | None] = mapped_column(String(64), index=True)
    title_key: Mapped[str | None] = mapped_column(String(64), index=True)
    updated_at: Mapped[str] = mapped_column(String(32))


class NoticeName(Base):
    """Every id that a notice was ever extracted under."""

    __tablename__ = "notice_names"

    notice_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    notice: Mapped[int] = _notice()


class Version(Base):
    """One wording of a notice; ``record`` is the exported record, uncorrected."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("notice", "ordinal"), Index(None, "notice", "content_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    schema_version: Mapped[str] = mapped_column(String(16))
    producer_version: Mapped[str] = mapped_column(String(64))
    rules: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[str] = mapped_column(String(32))
    created_by: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[str] = mapped_column(String(32))


class Source(Base):
    """A file by its content."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    bytes: Mapped[int]
    pages: Mapped[int | None]
    archived_path: Mapped[str | None] = mapped_column(Text)
    ingested_at: Mapped[str] = mapped_column(String(32))


class VersionSource(Base):
    """Which files hold a version; a file may hold several notices.

    ``position`` is the notice's place in the file; ``content_hash`` is what the file's own reading gave, which another
    format's may differ from.
    """

    __tablename__ = "version_sources"

    version: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    content_hash: Mapped[str] = mapped_column(String(64))


class Task(Base):
    """A task by its permanent key.

    ``merged_into`` is set where a person said that it is an older one; ``remains`` is the task as a record has it,
    where a newer extraction took it out of the only version that had it.
    """

    __tablename__ = "tasks"

    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    notice: Mapped[int] = _notice()
    first_version: Mapped[int]
    last_version: Mapped[int]
    dropped: Mapped[bool] = mapped_column(default=False)
    doubtful: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[str | None] = mapped_column(String(16))
    remains: Mapped[str | None] = mapped_column(Text)


class TaskVersion(Base):
    """A task as a version has it."""

    __tablename__ = "task_versions"
    __table_args__ = (UniqueConstraint("key", "version"), Index(None, "task_id"))

    version: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("tasks.key", ondelete="CASCADE"))
    position: Mapped[int]
    plan: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    section: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    topics: Mapped[str] = mapped_column(Text, default="[]")


class Correction(Base):
    """What a person changed of a task; undone ones stay. ``value`` and ``basis`` are JSON."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("tasks.key", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(64))
    operation: Mapped[str] = mapped_column(String(32))
    value: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(String(32))
    undone_at: Mapped[str | None] = mapped_column(String(32))
    undone_by: Mapped[str | None] = mapped_column(Text)


class Question(Base):
    """Something that only a person can tell; ``payload`` and ``answer`` are JSON."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int] = _notice()
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[str] = mapped_column(String(32))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[str | None] = mapped_column(String(32))
    answered_by: Mapped[str | None] = mapped_column(Text)


class Change(Base):
    """What happened, in the order in which it was committed; stays when a notice goes."""

    __tablename__ = "changes"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    seq: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(Text)


class Owner(Base):
    """An owner of a task in the current version, as extracted; so are the times and quotas below."""

    __tablename__ = "owners"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int] = _notice()
    key: Mapped[str] = mapped_column(ForeignKey("tasks.key", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    canonical: Mapped[str | None] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(16))


class Time(Base):
    __tablename__ = "times"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int] = _notice()
    key: Mapped[str] = mapped_column(ForeignKey("tasks.key", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    due: Mapped[bool]
    start: Mapped[str | None] = mapped_column(String(10))
    end: Mapped[str | None] = mapped_column(String(10), index=True)
    rrule: Mapped[str | None] = mapped_column(Text)


class Quota(Base):
    __tablename__ = "quotas"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int] = _notice()
    key: Mapped[str] = mapped_column(ForeignKey("tasks.key", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    comparator: Mapped[str] = mapped_column(String(8))
    value: Mapped[float]
    value_max: Mapped[float | None]
    unit: Mapped[str | None] = mapped_column(Text)
    per: Mapped[str | None] = mapped_column(String(16))
    annual: Mapped[float | None]


class Overlay(Base):
    """Which tables of the office the copies of owners and topics were written with, by their digest."""

    __tablename__ = "overlays"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(32))
