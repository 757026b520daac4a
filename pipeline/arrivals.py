"""Which files have arrived: found in the inbox or named, and taken once nothing changes them any more."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.locks import locked_by_others

#: Files that systems leave in folders.
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
#: Unfinished downloads and copies, temporary files of office programs and editors.
_UNFINISHED = re.compile(
    r"(?:\.(?:part|partial|filepart|crdownload|download|downloading|opdownload|!ut|!qb|xltd|td|tmp|temp|swp|bak|lock)|~)$"
    r"|^(?:~|\.|#.*#$)|^(?:ppt|wrd|wrl|dfp?)[0-9a-f]{3,6}\.tmp$",
    re.IGNORECASE,
)
#: An office program that crashed leaves its lock file behind; from this age on it counts for nothing.
_STALE_LOCK = 24 * 3600.0

Identity = tuple[int, ...]


def left_alone(name: str) -> bool:
    """Whether a name is that of a hidden, unfinished, temporary or system file."""
    return name.lower() in _SYSTEM or bool(_UNFINISHED.search(name))


def scan(folder: Path) -> Iterator[Path]:
    """The files of a folder and the folders in it that may be taken; links are neither followed nor given."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "~$")))
        for name in sorted(names):
            path = Path(root, name)
            if not left_alone(name) and _regular(path):
                yield path


def within(path: Path, folder: Path) -> bool:
    """Whether a file that something happened to is one that ``scan`` would give."""
    try:
        parts = path.relative_to(folder).parts
    except ValueError:
        return False
    hidden = any(part.startswith((".", "~$")) for part in parts[:-1])
    return bool(parts) and not hidden and not left_alone(parts[-1]) and _regular(path)


def identity(path: Path) -> Identity | None:
    """What tells whether a file is still the same one: size, time and number; None where it is gone."""
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def in_use(path: Path) -> bool:
    """Whether somebody has the file open to change it: locked, or with an office program's lock file beside it."""
    name = path.name
    beside = [f"~${name}", f"~${name[2:]}", f"~${name[1:]}", f".~lock.{name}#", f".~{name}"]
    now = time.time()
    for each in beside:
        try:
            if 0 <= now - os.stat(path.with_name(each)).st_mtime < _STALE_LOCK:
                return True
        except (OSError, ValueError):
            continue
    return locked_by_others(path)


@dataclass
class Arrivals:
    """Files that were seen, until they have stayed the same for ``settle`` seconds."""

    settle: float
    _seen: dict[Path, tuple[Identity, float]] = field(default_factory=dict)
    _passed: dict[Path, Identity] = field(default_factory=dict)

    def see(self, paths: Iterable[Path]) -> None:
        """Notes files as they are now. Those that were given out or put aside before, unchanged, are passed over."""
        now = time.monotonic()
        for path in paths:
            known = identity(path)
            if known is None:
                self._seen.pop(path, None)
                self._passed.pop(path, None)
            elif self._passed.get(path) != known and self._seen.get(path, (None, 0.0))[0] != known:
                self._seen[path] = known, now

    def ready(self) -> list[tuple[Path, Identity]]:
        """Files that have settled, each given once for as long as it stays the same."""
        now = time.monotonic()
        given = []
        for path, (known, since) in sorted(self._seen.items()):
            if now - since < self.settle:
                continue
            current = identity(path)
            if current is None:
                del self._seen[path]
            elif current != known:
                self._seen[path] = current, now
            elif in_use(path):
                self._seen[path] = known, now
            else:
                del self._seen[path]
                self._passed[path] = known
                given.append((path, known))
        return given

    def again(self, path: Path) -> None:
        """Lets a file that was given out be given once more, after it has settled anew."""
        self._passed.pop(path, None)
        self.see([path])

    def forget(self, path: Path) -> None:
        """A file that was given out is gone from its place; another under its name is a new one."""
        self._passed.pop(path, None)

    @property
    def waiting(self) -> list[Path]:
        """Files that haven't settled yet."""
        return sorted(self._seen)

    @property
    def next_look(self) -> float | None:
        """Seconds until the next file may have settled; None where none is waited for."""
        if not self._seen:
            return None
        return max(0.0, min(since for _, since in self._seen.values()) + self.settle - time.monotonic())


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.stat(path, follow_symlinks=False).st_mode)
    except (OSError, ValueError):
        return False
