"""A notice removed with every trace: originals, what was made of it, its place in the store and in the store's logs."""

from __future__ import annotations

import contextlib
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import clock
from pipeline.backup import holding
from pipeline.failed import REASONS
from pipeline.files import write_atomically
from pipeline.office import Office
from pipeline.workspace import Workspace, files_under, hash_file
from schemas.errors import DubanError

if TYPE_CHECKING:
    from pipeline.store import Store

_PIECE = 1024 * 1024


class PurgeError(DubanError):
    """A notice that can't be removed as asked; its code starts with ``purge.``."""


@dataclass(frozen=True)
class Trace:
    """Where a notice stands: its ids and titles, the sums of its files, copies of these and evidence, outputs
    that hold it, and backups that hold or may hold it."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    sums: frozenset[str]
    originals: tuple[Path, ...]
    outputs: tuple[Path, ...]
    backups: tuple[Path, ...]


def trace(office: Office, store: Store, notice_id: str, *, together: bool = False) -> Trace:
    """Finds all that there is of a notice; changes nothing.

    Args:
        together: the other notices of its files go too.

    Raises:
        PurgeError: a file of it holds other notices too, and they are not to go.
    """
    ids, sums = _with_others(store, notice_id)
    titles = {row.notice_id: row.title or "无标题" for row in store.notices(ids=sorted(ids))}
    if len(ids) > 1 and not together:
        others = "、".join(f"{each}（{titles.get(each, '')}）" for each in sorted(ids - {notice_id}))
        raise PurgeError(
            "purge.shared", f"它的原件里还有别的公文：{others}", file=notice_id,
            remedy="要一并清除请加 --together；否则请先把原件拆开，分别收入",
        )  # fmt: skip
    words = {*ids, *(key for each in ids for key in store.keys(each).values()), *sums}
    return Trace(
        tuple(sorted(ids)), tuple(titles.values()), frozenset(sums),
        (*_copies(office.workspace, sums), *_shown(office.workspace, store, ids)),
        tuple(_outputs(office, words)), tuple(holding(office, ids, sums)),
    )  # fmt: skip


def purge(office: Office, store: Store, found: Trace) -> None:
    """Removes what was found; the store comes last, so that one that is cut off can be done again.

    Raises:
        PurgeError: a file can't be removed.
        pipeline.store.StoreError: the store's log can't be cleared while another program reads it.
    """
    words = {*found.ids, *(key for each in found.ids for key in store.keys(each).values()), *found.sums}
    for path in (*found.originals, *found.outputs):
        try:
            if path.suffix == ".jsonl":
                _thin(path, words)
            else:
                path.unlink(missing_ok=True)
            for ending in REASONS if path.is_relative_to(office.workspace.failed) else ():
                path.with_name(path.name + ending).unlink(missing_ok=True)
        except OSError as error:
            raise PurgeError(
                "purge.unremovable", f"删不掉（{error.strerror or error}）", file=str(path),
                remedy="请关掉打开它的程序，检查权限，再做一次",
            ) from error  # fmt: skip
    _leftovers(office.workspace)
    for each in found.ids:
        store.forget(each, by=office.operator, at=clock.now())


def _with_others(store: Store, notice_id: str) -> tuple[set[str], set[str]]:
    """The notice and all that share files with it, and the sums of these files."""
    rows = store.sources()
    ids, sums = {notice_id}, set[str]()
    while True:
        more = {row.sha256 for row in rows if row.notice_id in ids}
        others = {row.notice_id for row in rows if row.sha256 in more}
        if more <= sums and others <= ids:
            return ids, sums
        sums, ids = sums | more, ids | others


def _copies(workspace: Workspace, sums: set[str]) -> Iterator[Path]:
    """Originals in the archive and in failed, and copies that were dropped into the inbox again."""
    yield from workspace.copies(sums)
    for folder in (workspace.inbox, workspace.private):
        for path in files_under(folder):
            with contextlib.suppress(OSError):
                if path.suffix != ".lock" and hash_file(path) in sums:
                    yield path


def _shown(workspace: Workspace, store: Store, ids: set[str]) -> Iterator[Path]:
    """Files that were attached to its items as evidence, and to no other's."""
    from pipeline.tracker import traces
    from pipeline.tracker.evidence import place_of

    with store.gate.reading() as session:
        sums = traces.evidence(session, ids)
    for sha256 in sorted(sums):
        if (path := place_of(workspace.evidence, sha256)).is_file():
            yield path


def _outputs(office: Office, words: set[str]) -> Iterator[Path]:
    """Files that were made of a notice: they hold its id, a task's key or a file's sum."""
    workspace = office.workspace
    needles = [word.encode("ascii") for word in words]
    folders = [workspace.outputs]
    if office.config.outbox.folder:
        folders.append(workspace.folder / office.config.outbox.folder)
    for path in dict.fromkeys(path for folder in folders for path in files_under(folder)):
        if any(word in path.name for word in words) or _holds(path, needles):
            yield path


def _holds(path: Path, needles: list[bytes]) -> bool:
    try:
        with open(path, "rb") as file:
            if file.read(4) != b"PK\x03\x04":
                file.seek(0)
                return _within(iter(lambda: file.read(_PIECE), b""), needles)
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                with package.open(name) as member:
                    if _within(iter(lambda: member.read(_PIECE), b""), needles):
                        return True
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return False
    return False


def _within(pieces: Iterable[bytes], needles: list[bytes]) -> bool:
    """Whether one of the needles stands in a stream, across its pieces too."""
    longest = max(map(len, needles), default=1)
    rest = b""
    for piece in pieces:
        text = rest + piece
        if any(needle in text for needle in needles):
            return True
        rest = text[-longest:]
    return False


def _thin(path: Path, words: set[str]) -> None:
    """Takes the lines that hold one of the words out of a file of lines."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(word in line for word in words)]
    if len(kept) == len(lines):
        return
    if kept:
        write_atomically(path, "".join(kept))
    else:
        path.unlink()


def _leftovers(workspace: Workspace) -> None:
    """Copies of the store that a backup or restore which was killed has left."""
    for path in workspace.private.iterdir():
        if path.is_dir() and path.name.startswith(("backup-", "restore-")):
            shutil.rmtree(path, ignore_errors=True)
    for folder in (workspace.archive, workspace.failed):
        for root, _, names in os.walk(folder, topdown=False):
            if not names and Path(root) != folder:
                with contextlib.suppress(OSError):
                    os.rmdir(root)
