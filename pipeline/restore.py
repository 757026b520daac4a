"""A workspace put back from a backup: everything is checked first, the store comes last, and nothing is thrown away."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline import workspace as workspaces
from pipeline.backup import (
    CONFIG,
    DATABASE,
    MANIFEST,
    BackupError,
    Manifest,
    back_up,
    copy_hashed,
    free,
    manifest,
    newest_change,
)
from pipeline.claim import move_new
from pipeline.config import Config
from pipeline.locks import Lock
from pipeline.office import Office
from pipeline.snapshot import copy_sqlite
from pipeline.tracker import state
from pipeline.workspace import Workspace, files_under, hash_file, numbered

if TYPE_CHECKING:
    from pipeline.store import Store

_FOLDERS = ("archive", "failed", "evidence")


@dataclass(frozen=True)
class Restored:
    """What was put back. ``saved`` is a backup of what was there before; ``again`` counts originals that the backup
    doesn't know, which were put into the inbox to be taken anew; ``config`` tells whether settings were put back."""

    made: str
    notices: int
    files: int
    again: int
    config: bool
    saved: Path | None
    missing: tuple[str, ...] = ()


def restore(file: Path, office: Office, *, force: bool = False, now: datetime | None = None) -> Restored:
    """Makes a workspace what it was when a backup was made.

    Args:
        force: a store that is newer than the backup, or another one, may be replaced; it is backed up before.

    Raises:
        BackupError: no backup, damaged, a store that is newer, or a watcher at work; the workspace is as it was.
        pipeline.store.StoreError: the store can't be written.
    """
    here = office.workspace
    lock = Lock(here.private / "watch.lock")
    if not lock.take("duban restore"):
        raise BackupError("backup.watched", "有 duban watch 在运行", file=str(here.folder), remedy="请先把它停掉再恢复")
    try:
        with tempfile.TemporaryDirectory(dir=here.private, prefix="restore-") as folder:
            entry = _unpack(file, Path(folder))
            config = (
                CONFIG in entry.files
                and (force or not _said(here.config))
                and _other(Path(folder, CONFIG), here.config)
            )
            if config:
                # It may name another store.
                office = replace(office, config=Config.load(Path(folder, CONFIG)))
            saved = _make_way(office, entry, force, now or datetime.now(), Path(folder, DATABASE))
            return _put_back(office, Path(folder), entry, saved, config)
    except OSError as error:
        raise BackupError(
            "backup.unwritable", f"恢复不成（{error.strerror or error}）", file=str(here.folder),
            remedy="请检查磁盘空间和文件夹的写权限后再试一次",
        ) from error  # fmt: skip
    finally:
        lock.release()


def _unpack(file: Path, folder: Path) -> Manifest:
    """Unpacks a backup, every file checked.

    Raises:
        BackupError: it is none, or not as it was written.
    """
    try:
        with zipfile.ZipFile(file) as package:
            entry = manifest(package)
            if DATABASE not in entry.files or set(package.namelist()) != {MANIFEST, *entry.files}:
                raise BackupError("backup.damaged", "备份里的文件不全", file=file.name, remedy="请换另一份备份")
            for name, sha256 in entry.files.items():
                target = folder / _safe(name, file)
                target.parent.mkdir(parents=True, exist_ok=True)
                with package.open(name) as source, open(target, "xb") as copy:
                    if copy_hashed(source, copy) != sha256:
                        raise zipfile.BadZipFile(name)
            return entry
    except FileNotFoundError as error:
        raise BackupError("backup.missing", "没有这个文件", file=str(file), remedy="请核对备份文件的路径") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise BackupError(
            "backup.damaged", f"备份已损坏（{error}）", file=file.name, remedy="请换另一份备份"
        ) from error


def _safe(name: str, file: Path) -> Path:
    """A member's path, which leads nowhere but into the folders of a workspace."""
    path = PurePosixPath(name)
    plain = not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in path.parts[0]
    if not plain or not (name in (DATABASE, CONFIG) or (path.parts[0] in _FOLDERS and len(path.parts) > 1)):
        raise BackupError(
            "backup.damaged", f"备份里有不该有的文件（{name}）", file=file.name, remedy="请勿使用这份备份"
        )
    return Path(*path.parts)


def _make_way(office: Office, entry: Manifest, force: bool, now: datetime, staged: Path) -> Path | None:
    """Refuses to replace what is newer; backs up what is there; puts a damaged database aside.

    Returns:
        the backup of what was there, None where nothing was.
    """
    from pipeline.store import StoreError

    place = office.database
    if isinstance(place, Path) and not place.exists():
        return None
    try:
        with contextlib.closing(office.store()) as store:
            empty = store.cursor() == 0 and not state.of_store(store)
            ahead = not empty and not _follows(store, entry, staged)
        if empty:
            return None
        if ahead and not force:
            raise BackupError(
                "backup.older", f"现有数据库比备份（{entry.made}）新，或者不是同一个，没有动它",
                file=str(office.workspace.folder),
                remedy="确要退回备份时的样子，请加 --force（现有的会先另存一份备份）",
            )  # fmt: skip
        return back_up(office, free(office.backups / f"before-restore-{now:%Y%m%d-%H%M%S}.zip"), now=now).path
    except StoreError as error:
        if error.code != "store.damaged" or not isinstance(place, Path):
            raise
        aside = place.with_name(f"{place.name}.damaged-{now:%Y%m%d-%H%M%S}")
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{place}{ending}", f"{aside}{ending}")
        return None


def _follows(store: Store, entry: Manifest, staged: Path) -> bool:
    """Whether a backup goes on from where the store stands: all that the store went through, the backup has too."""
    with contextlib.closing(sqlite3.connect(staged)) as copy:
        mine, its = state.of_store(store), state.of_file(copy)
        if state.count(its) < state.count(mine) or (state.count(its) == state.count(mine) and its != mine):
            return False
        newest = newest_change(copy)
        if store.cursor() == 0:
            return True
        if newest is None or newest[0] < store.cursor():
            return False
        last = list(store.changes(store.cursor() - 1, 1))
        if not last:
            return False
        row = copy.execute("SELECT at, notice_id FROM changes WHERE seq = ?", (last[0].seq,)).fetchone()
        return row is not None and tuple(row) == (last[0].at, last[0].notice_id)


def _put_back(office: Office, folder: Path, entry: Manifest, saved: Path | None, config: bool) -> Restored:
    here = office.workspace
    for name in entry.files:
        if name.split("/")[0] in _FOLDERS:
            _place(here.folder / _safe(name, folder), folder / name)
    again = len(_strangers(here, entry))
    _put_store(office, folder / DATABASE)
    if config:
        os.replace(folder / CONFIG, here.config)
    files = sum(name.split("/")[0] in _FOLDERS for name in entry.files)
    return Restored(entry.made, len(entry.notices), files, again, config, saved, entry.missing)


def _said(config: Path) -> bool:
    """Whether somebody has written settings: something besides remarks."""
    try:
        lines = config.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return False
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)


def _other(new: Path, old: Path) -> bool:
    return not old.exists() or new.read_bytes() != old.read_bytes()


def _place(target: Path, source: Path) -> None:
    """Puts a file under its name; another one that has it moves aside."""
    if target.exists():
        if hash_file(target) == hash_file(source):
            return
        number = 2
        while (aside := target.with_name(numbered(target.name, number))).exists():
            number += 1
        os.replace(target, aside)
    move_new(source, target)


def _strangers(here: Workspace, entry: Manifest) -> list[Path]:
    """Moves originals that the backup's store doesn't know into the inbox, to be taken anew."""
    known = {sha256 for name, sha256 in entry.files.items() if name.startswith("archive/")}
    moved = []
    for path in list(files_under(here.archive)):
        if hash_file(path) in known:
            continue
        number = 1
        while True:
            target = here.inbox / numbered(path.name, number)
            try:
                move_new(path, target)
                break
            except FileExistsError:
                number += 1
        moved.append(target)
    return moved


def _put_store(office: Office, staged: Path) -> None:
    """Makes the store what the backup's is.

    Raises:
        pipeline.store.StoreError: it can't be written.
    """
    from pipeline.store import open_store

    open_store(staged).close()  # brings an older form to the current one
    office.store().close()
    place = office.database
    if isinstance(place, Path):
        copy_sqlite(staged, place)
        office.store().close()
        return
    from pipeline.store.engine import engine_of
    from pipeline.store.transfer import transfer

    source, target = engine_of(staged), engine_of(place)
    try:
        transfer(source, target)
    finally:
        source.dispose()
        target.dispose()


def open_for_restore(folder: Path, given: str | None = None) -> Office:
    """The workspace in a folder, made where there is none: a backup may be put into an empty folder."""
    workspaces.init(folder)
    return Office.open(folder, given)
