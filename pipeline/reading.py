"""One arriving file, in a worker: read, passed through the secrecy gate, claimed, and only then extracted.

The gate comes before the claim, so that a file with a mark is never moved; the claim comes before the extraction, so
that of two processes which look at the same file one does the work.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.arrivals import Identity, identity
from pipeline.claim import move_new
from pipeline.process import Failure, failure_of

Status = Literal["read", "failed", "secret", "internal", "gone", "changed"]


@dataclass(frozen=True)
class Errand:
    """A file to read.

    Attributes:
        path: where it lies.
        name: what it is called in records and messages.
        claim: where to rename it to; None for a file that stays where it lies.
        identity: size, time and number of the file that was chosen; another one is left alone.
        internal: internal papers may be taken.
    """

    path: Path
    name: str
    claim: Path | None
    identity: Identity
    internal: bool = False


@dataclass(frozen=True)
class Reading:
    """What came of a file. Of one that the gate stopped, nothing but the mark's position.

    ``records`` are JSON texts; ``gone`` means that another process took it; ``changed``, that it is still being
    written.
    """

    status: Status
    records: tuple[str, ...] = ()
    failure: Failure | None = None
    where: str = ""
    internal: bool = False
    format: str = ""
    sha256: str = ""
    bytes: int = 0
    pages: int | None = None


def read(errand: Errand) -> Reading:
    """Reads a file as far as it may be read. Never raises for its sake, but for memory.

    Raises:
        MemoryError: passed on, since only the pool can give the memory back.
    """
    try:
        return _read(errand)
    except FileNotFoundError:
        return Reading("gone")
    except Exception as error:
        return Reading("failed", failure=failure_of(error))


def _read(errand: Errand) -> Reading:
    from extractors.readers import load, read_source
    from pipeline import secrecy
    from schemas.errors import DubanError

    if (mark := secrecy.mark_in_name(errand.name)) and _stops(mark, errand):
        return Reading(_status(mark), where=mark.where)
    try:
        source = load(errand.path).model_copy(update={"name": errand.name})
        document = read_source(source)
    except DubanError as error:
        if error.code == "source.missing":
            return Reading("gone")
        if hidden := secrecy.mark_in_bytes(_bytes(errand.path)):
            return Reading(_status(hidden), where=hidden.where)
        raise
    found = secrecy.mark_in_document(source, document)
    if found and _stops(found, errand):
        return Reading(_status(found), where=found.where)
    if (moved := _claim(errand)) is not None:
        return moved
    from extractors.assemble import extract_document

    records = extract_document(document)
    return Reading(
        "read", tuple(record.to_json(indent=None) for record in records), internal=bool(mark or found),
        format=source.format, sha256=source.sha256, bytes=len(source.data), pages=document.source.pages,
    )  # fmt: skip


def _stops(mark: tuple[str, str], errand: Errand) -> bool:
    return mark[0] == "state" or not errand.internal


def _status(mark: tuple[str, str]) -> Status:
    return "secret" if mark[0] == "state" else "internal"


def _claim(errand: Errand) -> Reading | None:
    """Renames the file into its claim; a reading where that can't be."""
    try:
        if identity(errand.path) != errand.identity:
            return Reading("changed")
        if errand.claim is not None:
            os.rename(errand.path, errand.claim)
            if identity(errand.claim) != errand.identity:
                move_new(errand.claim, errand.path)
                return Reading("changed")
    except FileNotFoundError:
        return Reading("gone")
    return None


def _bytes(path: Path) -> bytes:
    """A file's bytes as far as a mark is looked for in them."""
    try:
        with open(path, "rb") as file:
            return file.read(64 * 1024 * 1024)
    except OSError:
        return b""
