"""Files taken out of the inbox by one process, and what becomes of them when that process dies.

A claim is an atomic rename into a folder of the process's own, beside a lock that the process holds while it lives::

    .duban/claims/HOST-PID-xxxx.lock
    .duban/claims/HOST-PID-xxxx/inbox/SUBFOLDER/NAME            claimed, nothing decided
    .duban/claims/HOST-PID-xxxx/move~2026~2/SUBFOLDER/NAME      to be saved, then archive/2026/SUBFOLDER/NAME-2
    .duban/claims/HOST-PID-xxxx/copy~2026~1/NAME                the same for a copy, whose original was left alone

So a file's path tells its state, nothing else has to be written, and a name in the archive is spoken for by the file
that will stand there. What a dead process left is put where it belongs by the next one: what is in the store goes to
the archive, the rest back to the inbox.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.locks import Lock
from pipeline.workspace import Workspace, WorkspaceError, files_under, hash_file, numbered, safe_parts

#: How long to wait for another process to choose a name.
_PATIENCE = 60.0
_NO_LINKS = {
    getattr(errno, name) for name in ("EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES", "EINVAL")
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A claimed file with a name in the archive: where it is now and where it goes."""

    path: Path
    target: Path


@dataclass(frozen=True)
class Recovered:
    """A file that a dead process had claimed: where it is now, and whether that is the archive."""

    path: Path
    archived: bool


class Claims:
    """The files that this process holds in a workspace. Use as a context manager.

    Raises:
        WorkspaceError: the workspace can't be written to, or its file system knows no locks.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.root = _beside(workspace)
        self.name = f"{_host()}-{os.getpid()}-{os.urandom(2).hex()}"
        self.folder = self.root / self.name
        self._lock = Lock(self.root / f"{self.name}.lock")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            while not self._lock.take(self.name):
                # Another process that looks for dead ones holds it for a moment.
                time.sleep(0.005)
            (self.folder / "inbox").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._lock.release()
            raise WorkspaceError(
                "workspace.unwritable", f"工作区不能写入或不支持文件锁（{error.strerror or error}）",
                file=str(workspace.folder), remedy="请检查磁盘空间和写权限，或把工作区放在本机磁盘上",
            ) from error  # fmt: skip

    def __enter__(self) -> Claims:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives back what is still held, and ends."""
        with contextlib.suppress(OSError):
            for path in files_under(self.folder / "inbox"):
                self.give_back(path)
            self._prune(self.folder)
        # Whatever could not be moved now stays for the next process to put right.
        self._lock.release(remove=not self.folder.exists())

    def claimed_as(self, file: Path) -> Path:
        """Where a file of the inbox is to be renamed to, its folder made. The rename itself is the claim."""
        path = self.folder / "inbox" / file.relative_to(self.workspace.inbox)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def place(self, path: Path, year: int) -> Place:
        """Gives a claimed file a name in the archive that nothing has and no other process will take.

        Raises:
            OSError: the disk is full or gone; the file is where it was.
        """
        relative = path.relative_to(self.folder / "inbox")
        with self._naming():
            folder, target = self._name(relative, year, "move")
            folder.mkdir(parents=True, exist_ok=True)
            held = folder.joinpath(*safe_parts(relative))
            held.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, held)
        return Place(held, target)

    def copy(self, file: Path, year: int) -> Place:
        """A copy of a file from elsewhere, with a name in the archive; the original is left alone.

        Raises:
            OSError: it can't be read, or the disk is full or gone.
        """
        relative = Path(file.name)
        part = self.folder / "inbox" / f"{os.urandom(4).hex()}.part"
        try:
            _copy(file, part)
            with self._naming():
                folder, target = self._name(relative, year, "copy")
                held = folder.joinpath(*safe_parts(relative))
                held.parent.mkdir(parents=True, exist_ok=True)
                os.replace(part, held)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        return Place(held, target)

    def archive(self, place: Place) -> Path:
        """Puts a file under its name in the archive and says where it is.

        Raises:
            OSError: the disk is gone; the file is where it was.
        """
        target = place.target
        number = 1
        while True:
            try:
                move_new(place.path, target)
                return target
            except FileExistsError:
                if hash_file(target) == hash_file(place.path):
                    # Copied from another disk by a process that died before it could take the original away.
                    place.path.unlink()
                    return target
                # Put there by hand after the name was chosen.
                number += 1
                target = place.target.with_name(numbered(place.target.name, number))

    def give_back(self, path: Path) -> Path:
        """Puts a claimed file back into the inbox, beside whatever was dropped there under its name meanwhile.

        Raises:
            OSError: the disk is gone; the file is where it was.
        """
        return _to_inbox(self.workspace, path, self.folder)

    def fail(self, path: Path, explain: Callable[[Path], None]) -> Path:
        """Puts a claimed file into ``failed``, after ``explain`` wrote its reason beside the name it will have.

        Raises:
            OSError: the disk is full or gone; the file is where it was.
        """
        relative = _inside(path, self.folder)
        number = 1
        while True:
            target = _numbered(self.workspace.failed, relative, number)
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                explain(target)
                try:
                    move_new(path, target)
                    return target
                except FileExistsError:
                    pass
            number += 1

    def recover(self, has: Callable[[str], bool]) -> Iterator[Recovered]:
        """Puts right what dead processes left, file by file.

        Args:
            has: whether a sha256 is in the store.

        Raises:
            OSError: the disk is full or gone; what is not yet put right stays for the next time.
        """
        for name in sorted({path.name.removesuffix(".lock") for path in self.root.iterdir()}):
            if name == self.name:
                continue
            lock = Lock(self.root / f"{name}.lock")
            if not lock.take(name):
                continue
            folder = self.root / name
            try:
                while folder.exists():
                    yield from self._put_right(folder, has)
                    # A reader that outlived its process may have claimed one more file: then look again.
                    self._prune(folder)
            finally:
                lock.release(remove=not folder.exists())

    def _put_right(self, folder: Path, has: Callable[[str], bool]) -> Iterator[Recovered]:
        for path in list(files_under(folder)):
            state = path.relative_to(folder).parts[0].split("~")
            if path.name.endswith(".part"):
                path.unlink()
            elif len(state) == 3 and has(hash_file(path)):
                relative = path.relative_to(folder / path.relative_to(folder).parts[0])
                target = _numbered(self.workspace.archive / state[1], relative, int(state[2]))
                yield Recovered(self.archive(Place(path, target)), True)
            elif state[0] == "copy":
                path.unlink()
            else:
                yield Recovered(_to_inbox(self.workspace, path, folder), False)

    def _name(self, relative: Path, year: int, kind: str) -> tuple[Path, Path]:
        """The first name in the archive that nothing has: the folder that speaks for it, and the path."""
        number = 1
        while True:
            target = _numbered(self.workspace.archive / str(year), relative, number)
            parts = safe_parts(relative)
            spoken = any(
                folder.joinpath(f"{each}~{year}~{number}", *parts).exists()
                for folder in self.root.iterdir()
                for each in ("move", "copy")
            )
            if not spoken and not os.path.lexists(target):
                return self.folder / f"{kind}~{year}~{number}", target
            number += 1

    @contextmanager
    def _naming(self) -> Iterator[None]:
        lock = Lock(self.workspace.private / "naming.lock")
        end = time.monotonic() + _PATIENCE
        while not lock.take():
            if time.monotonic() > end:
                raise OSError(errno.EAGAIN, "另一个进程占用着工作区")
            time.sleep(0.005)
        try:
            yield
        finally:
            lock.release()

    def _prune(self, folder: Path) -> None:
        """Removes folders that hold no files."""
        for root, _, _ in os.walk(folder, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(root)


def _beside(workspace: Workspace) -> Path:
    """A folder on the inbox's disk, so that a claim can be a rename; an inbox may be a link to a share."""
    same = os.stat(workspace.inbox).st_dev == os.stat(workspace.private).st_dev
    return (workspace.private if same else workspace.inbox / workspace.private.name) / "claims"


def move_new(source: Path, target: Path) -> None:
    """Moves a file to a name that nothing has, whole or not at all; folders are made.

    If a crash left the file under both names, this takes the old one away.

    Raises:
        FileExistsError: something else has that name.
        OSError: the disk is full or gone; the file is where it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if os.name == "nt":
            # There a rename never replaces.
            os.rename(source, target)
            return
        os.link(source, target)
    except FileExistsError:
        if not os.path.samefile(source, target) or os.path.islink(target):
            raise
    except OSError as error:
        if error.errno == errno.EXDEV:
            _across(source, target)
        elif error.errno not in _NO_LINKS:
            raise
        elif os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        else:
            os.rename(source, target)
        return
    os.unlink(source)


def _across(source: Path, target: Path) -> None:
    """The same to another disk: copied beside the target first."""
    part = target.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        _copy(source, part)
        move_new(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    os.unlink(source)


def _copy(source: Path, target: Path) -> None:
    with open(source, "rb") as old, open(target, "xb") as new:
        shutil.copyfileobj(old, new, 1024 * 1024)
        new.flush()
        os.fsync(new.fileno())
    with contextlib.suppress(OSError):
        shutil.copystat(source, target)


def _to_inbox(workspace: Workspace, path: Path, folder: Path) -> Path:
    relative = _inside(path, folder)
    number = 1
    while True:
        target = _numbered(workspace.inbox, relative, number)
        try:
            move_new(path, target)
            return target
        except FileExistsError:
            number += 1


def _inside(path: Path, folder: Path) -> Path:
    """A claimed file's path as it was in the inbox."""
    return Path(*path.relative_to(folder).parts[1:])


def _numbered(folder: Path, relative: Path, number: int) -> Path:
    *above, name = safe_parts(relative)
    return folder.joinpath(*above, numbered(name, number))


def _host() -> str:
    return safe_parts(Path(socket.gethostname() or "host"))[-1][:40]
