"""Locks between processes: held on a file until let go, and by nobody once their process has died."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

#: Locks of this process. The system would grant them a second time to the process that holds them.
_held: dict[Path, str] = {}


class Lock:
    """A lock on a file, which is made where it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._file: IO[bytes] | None = None

    def take(self, text: str = "") -> bool:
        """Takes the lock if it is free, writes ``text`` for others to read, and says whether it did.

        Raises:
            OSError: the file can't be made or written to, or its file system knows no locks.
        """
        if self.path in _held:
            return False
        file = open(self.path, "a+b", buffering=0)  # noqa: SIM115  (held until release)
        try:
            if not (_lock(file) and self._there(file)):
                file.close()
                return False
            if text:
                # The first byte is what Windows locks; the text follows it. Some file systems wait for the disk when an
                # emptied file is written again, so what is taken often goes without.
                file.truncate(0)
                file.write(b"\n" + text.encode("utf-8"))
        except BaseException:
            file.close()
            raise
        _held[self.path] = text
        self._file = file
        return True

    def release(self, *, remove: bool = False) -> None:
        """Lets go, and removes the file where asked to."""
        if self._file is None:
            return
        if remove:
            # Windows removes no open file: then an empty lock file is left, which is nobody's.
            with contextlib.suppress(OSError):
                self.path.unlink()
        self._file.close()
        self._file = None
        _held.pop(self.path, None)

    def holder(self) -> str:
        """What the holder wrote, if it can be read."""
        if self.path in _held:
            # On Unix a process loses its lock when it closes the file, however often it has opened it.
            return _held[self.path]
        with contextlib.suppress(OSError), open(self.path, "rb") as file:
            file.seek(1)
            return file.read(1000).decode("utf-8", "replace")
        return ""

    def _there(self, file: IO[bytes]) -> bool:
        """Whether the locked file still stands under its name: whoever held it before may have removed it."""
        with contextlib.suppress(OSError):
            return os.path.samestat(os.fstat(file.fileno()), os.stat(self.path))
        return False


def locked_by_others(path: Path) -> bool:
    """Whether another process keeps a file to itself while it writes to it. A file that is gone is not locked.

    Windows refuses to open such a file; elsewhere the writer may have locked it.
    """
    try:
        with open(path, "rb") as file:
            return not _shared(file)
    except FileNotFoundError:
        return False
    except PermissionError:
        return sys.platform == "win32"
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _shared(file: IO[bytes]) -> bool:
        return True

else:
    import errno
    import fcntl

    _TAKEN = (errno.EACCES, errno.EAGAIN)

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise
        return True

    def _shared(file: IO[bytes]) -> bool:
        """Whether a shared lock could be had, in both of Unix's kinds."""
        for take in (fcntl.lockf, fcntl.flock):
            try:
                take(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in _TAKEN:
                    return False
        return True
