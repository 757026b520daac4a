"""A workspace in one zip file: its store, originals, failed files and settings, each with its checksum.

manifest.json    what is in it, and of which notices; written last, so that a copy that was cut off has none
duban.db         the store as SQLite, also where it is a PostgreSQL database
archive/…  failed/…  evidence/…  duban.toml
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from pipeline.office import Office
from pipeline.snapshot import take
from pipeline.tracker import state
from pipeline.workspace import Workspace, files_under, numbered
from schemas.errors import DubanError

FORM = 1
MANIFEST, DATABASE, CONFIG = "manifest.json", "duban.db", "duban.toml"
_DAILY = "duban-"
_PIECE = 1024 * 1024
#: Packed already; packing them again only takes time.
_PACKED = (".docx", ".pdf", ".zip", ".jpg", ".jpeg", ".png", ".ofd", ".xlsx")


class BackupError(DubanError):
    """A backup that can't be made, read or restored; its code starts with ``backup.``."""


@dataclass(frozen=True)
class Backup:
    """A backup that was made. ``missing`` are originals that the store names and the archive hasn't."""

    path: Path
    files: int
    bytes: int
    notices: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: sha256 by name, the ids of its notices, the newest change of its store, and how far its
    ledger was written (``tracker.state``)."""

    made: str
    files: dict[str, str]
    notices: tuple[str, ...]
    last: tuple[int, str, str] | None = None
    version: str = ""
    form: int = FORM
    missing: tuple[str, ...] = field(default=())
    ledger: str = ""


def back_up(office: Office, output: Path | None = None, *, now: datetime | None = None) -> Backup:
    """Puts a workspace into one file, whole or not at all, while others go on working in it.

    Args:
        output: the file, or a folder for it; else the folder of the daily copies.

    Raises:
        BackupError: no room, no permission, or the file is there already.
        pipeline.store.StoreError: the store can't be read.
    """
    now = now or datetime.now()
    path = _target(office, output, now)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=office.workspace.private, prefix="backup-") as folder:
            snapshot = Path(folder, DATABASE)
            take(office, snapshot)
            # The store comes first: whatever it knows is in the archive by the time that is copied.
            made = _write(office.workspace, snapshot, path, now)
        if path.parent != office.backups.absolute():
            _remember(office.workspace, path)
        return made
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(
            "backup.unwritable", f"备份写不成（{getattr(error, 'strerror', None) or error}）", file=str(path),
            remedy="请检查磁盘空间和文件夹的写权限，或用 --output 换个地方",
        ) from error  # fmt: skip


def daily_backup(office: Office, today: date) -> Backup | None:
    """Makes the day's copy if it isn't there, and removes those older than the days that they are kept.

    None where it is there already, where none are wanted, or where nothing has changed since the newest one, which
    then stays for as long as that holds.
    """
    keep = office.config.backup.keep_days
    if not keep:
        return None
    folder = office.backups
    name = f"{_DAILY}{today:%Y%m%d}.zip"
    made = None
    before = daily_copies(folder)
    if not (folder / name).exists() and not (before and _unchanged(office, before[-1])):
        made = back_up(office, folder / name)
    oldest = today - timedelta(days=keep - 1)
    for path in daily_copies(folder)[:-1]:
        if _day(path) < oldest:
            with contextlib.suppress(OSError):
                path.unlink()
    return made


def daily_copies(folder: Path) -> list[Path]:
    """The daily copies in a folder, oldest first."""
    found = []
    for path in folder.glob(f"{_DAILY}*.zip"):
        with contextlib.suppress(ValueError):
            found.append((_day(path), path))
    return [path for _, path in sorted(found)]


def manifest(package: zipfile.ZipFile) -> Manifest:
    """What a backup says that it holds.

    Raises:
        BackupError: it is no backup, or one of a newer version.
    """
    try:
        entry = json.loads(package.read(MANIFEST))
        last = entry["last"]
        found = Manifest(
            entry["made"], dict(entry["files"]), tuple(entry["notices"]), tuple(last) if last else None,
            entry["version"], entry["form"], tuple(entry["missing"]), entry.get("ledger", ""),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise BackupError(
            "backup.damaged", "不是 duban 的备份，或者没有写完", file=package.filename or "", remedy="请换另一份备份"
        ) from error
    if found.form > FORM:
        raise BackupError(
            "backup.newer", "备份是更新版本的 duban 做的", file=package.filename or "", remedy="请先升级 duban"
        )
    return found


def holding(office: Office, notice_ids: Iterable[str], hashes: Iterable[str]) -> list[Path]:
    """The backups that hold one of these notices or files: daily copies and all that were made elsewhere.

    Those that are gone or can't be read now are given too, since they may still be somewhere.
    """
    ids, sums = set(notice_ids), set(hashes)
    found = []
    for path in sorted({*office.backups.glob("*.zip"), *_elsewhere(office.workspace)}):
        try:
            with zipfile.ZipFile(path) as package:
                entry = manifest(package)
        except (OSError, zipfile.BadZipFile, BackupError):
            found.append(path)
            continue
        if ids & set(entry.notices) or sums & set(entry.files.values()):
            found.append(path)
    return found


def free(path: Path) -> Path:
    """The path, or the first one with a number that nothing has."""
    number = 1
    while (place := path.with_name(numbered(path.name, number))).exists():
        number += 1
    return place


def _target(office: Office, output: Path | None, now: datetime) -> Path:
    name = f"backup-{now:%Y%m%d-%H%M%S}.zip"
    path = (output or office.backups).absolute()
    if output is None or output.is_dir():
        path = free(path / name)
    if path.exists():
        raise BackupError("backup.exists", "这个文件已经有了，没有覆盖", file=str(path), remedy="请换个名字")
    inner = office.workspace
    for folder in (inner.inbox, inner.archive, inner.failed):
        if path.is_relative_to(folder):
            raise BackupError(
                "backup.inside", "备份不能放在收文、归档的文件夹里", file=str(path), remedy="请换个文件夹"
            )
    return path


def _write(workspace: Workspace, snapshot: Path, path: Path, now: datetime) -> Backup:
    notices, originals, last, ledger = _contents(snapshot)
    members = [(DATABASE, snapshot), *_members(workspace)]
    _room(path.parent, members)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    sums: dict[str, str] = {}
    try:
        with open(part, "xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
                for name, source in members:
                    with contextlib.suppress(FileNotFoundError):  # purged or tried again meanwhile
                        sums[name] = _add(package, name, source)
                for name in originals - sums.keys():
                    if late := _arriving(workspace.folder / name):
                        sums[name] = _add(package, name, late)
                missing = sorted(originals - sums.keys())
                entry = {
                    "form": FORM, "version": _version(), "made": now.astimezone(UTC).isoformat(timespec="seconds"),
                    "notices": notices, "last": last, "ledger": ledger, "missing": missing, "files": sums,
                }  # fmt: skip
                package.writestr(MANIFEST, json.dumps(entry, ensure_ascii=False, indent=1))
            file.flush()
            os.fsync(file.fileno())
        with zipfile.ZipFile(part) as package:
            if bad := package.testzip():
                raise zipfile.BadZipFile(bad)
        os.replace(part, path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return Backup(path, len(sums), path.stat().st_size, len(notices), tuple(missing))


def _contents(snapshot: Path) -> tuple[list[str], set[str], tuple[int, str, str] | None, str]:
    """The ids of a store's notices, the names of its originals, its newest change, and how far its ledger goes."""
    with contextlib.closing(sqlite3.connect(snapshot)) as store:
        notices = [notice for (notice,) in store.execute("SELECT notice_id FROM notice_names ORDER BY 1")]
        originals = {path for (path,) in store.execute("SELECT archived_path FROM sources") if path}
        return notices, originals, newest_change(store), state.of_file(store)


def newest_change(store: sqlite3.Connection) -> tuple[int, str, str] | None:
    """Number, time and notice of the last change of a store."""
    row = store.execute("SELECT seq, at, notice_id FROM changes ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1]), str(row[2])) if row else None


def _members(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    for folder in (workspace.archive, workspace.failed, workspace.evidence):
        for file in files_under(folder):
            if not file.name.endswith(".part") and not file.parent.name.startswith("."):
                yield workspace.relative(file), file
    if workspace.config.is_file():
        yield CONFIG, workspace.config


def _arriving(path: Path) -> Path | None:
    """An original that was saved a moment ago and is on its way into the archive; None where it doesn't come."""
    for _ in range(20):
        if path.is_file():
            return path
        time.sleep(0.05)
    return None


def _room(folder: Path, members: list[tuple[str, Path]]) -> None:
    """Refuses to fill a disk that notices have to go to."""
    size = 0
    for _, path in members:
        with contextlib.suppress(OSError):
            size += path.stat().st_size
    free = shutil.disk_usage(folder).free
    if free < size * 1.05 + 16 * _PIECE:
        raise BackupError(
            "backup.no_room", f"磁盘空间不够（约需 {size // _PIECE + 17} MB，现有 {free // _PIECE} MB）",
            file=str(folder), remedy="请腾出空间，或用 --output 换个地方",
        )  # fmt: skip


def _add(package: zipfile.ZipFile, name: str, path: Path) -> str:
    """Adds a file and gives its sha256."""
    with open(path, "rb") as source:
        when = max(datetime.fromtimestamp(os.fstat(source.fileno()).st_mtime).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        info = zipfile.ZipInfo(name, (when[0], when[1], when[2], when[3], when[4], when[5]))
        info.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
        with package.open(info, "w", force_zip64=True) as target:
            return copy_hashed(source, target)


def copy_hashed(source: IO[bytes], target: IO[bytes]) -> str:
    """Copies bytes and gives their sha256."""
    sha256 = hashlib.sha256()
    while piece := source.read(_PIECE):
        sha256.update(piece)
        target.write(piece)
    return sha256.hexdigest()


def _day(path: Path) -> date:
    """The day in a daily copy's name. Raises ValueError for other names."""
    return datetime.strptime(path.stem, f"{_DAILY}%Y%m%d").date()


def _unchanged(office: Office, newest: Path) -> bool:
    """Whether the newest copy still says what the store, the failed files and the settings are."""
    workspace = office.workspace
    try:
        with zipfile.ZipFile(newest) as package:
            entry = manifest(package)
        names = {name for name, _ in _members(workspace)} | {DATABASE}
        when = newest.stat().st_mtime
        touched = any(path.stat().st_mtime > when for _, path in _members(workspace))
        return names == set(entry.files) and not touched and (entry.last, entry.ledger) == _last(office)
    except (OSError, zipfile.BadZipFile, BackupError):
        return False


def _last(office: Office) -> tuple[tuple[int, str, str] | None, str]:
    with contextlib.closing(office.store()) as store:
        seq = store.cursor()
        changes: list[Any] = list(store.changes(seq - 1, 1)) if seq else []
        ledger = state.of_store(store)
    return (changes[-1].seq, changes[-1].at, changes[-1].notice_id) if changes else None, ledger


def _elsewhere(workspace: Workspace) -> list[Path]:
    """Backups that were made outside the folder of the daily copies."""
    try:
        return [Path(line) for line in _list(workspace).read_text(encoding="utf-8").splitlines() if line]
    except FileNotFoundError:
        return []


def _remember(workspace: Workspace, path: Path) -> None:
    if path not in _elsewhere(workspace):
        with open(_list(workspace), "a", encoding="utf-8") as file:
            file.write(f"{path}\n")


def _list(workspace: Workspace) -> Path:
    return workspace.private / "backups.txt"


def _version() -> str:
    from extractors.version import __version__

    return __version__
