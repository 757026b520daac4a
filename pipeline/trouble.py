"""What is the disk's or the store's fault and not a file's, and how long to wait for it."""

from __future__ import annotations

import errno
import time
from dataclasses import dataclass

from schemas.errors import DubanError

#: What database libraries raise when the server or the file can't be reached.
_AWAY = frozenset({
    "OperationalError", "InterfaceError", "TimeoutError", "DisconnectionError", "PendingRollbackError",
})  # fmt: skip
_PASSING = frozenset({"store.unavailable", "store.full", "store.busy", "workspace.unwritable"})
_FINAL = frozenset({"store.newer", "store.driver", "store.url", "store.network_share", "store.damaged"})
_FIRST_DELAY, _LONGEST_DELAY = 0.5, 60.0


@dataclass
class Delay:
    """Waiting that grows while the trouble lasts."""

    length: float = 0.0
    until: float = 0.0
    since: float = 0.0
    said: str = ""

    def grow(self) -> None:
        """Sets the next time to try, later than the last."""
        now = time.monotonic()
        self.since = self.since or now
        self.length = min(_LONGEST_DELAY, self.length * 2 or _FIRST_DELAY)
        self.until = now + self.length

    @property
    def left(self) -> float:
        """Seconds until it is time to try again."""
        return max(0.0, self.until - time.monotonic())


def is_trouble(error: BaseException) -> bool:
    """Whether the disk or the store is at fault, and not the file, so that it may pass."""
    if is_final(error):
        return False
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) or (isinstance(seen, DubanError) and seen.code in _PASSING):
            return True
        # By name, so that no database library is loaded to ask.
        if {kind.__name__ for kind in type(seen).__mro__} & _AWAY:
            return True
        seen = seen.__cause__ or seen.__context__
    return unwritable(error)


def is_final(error: BaseException) -> bool:
    """Whether nothing can be taken until a person has put the store right."""
    return isinstance(error, DubanError) and error.code in _FINAL


def is_full(error: BaseException) -> bool:
    """Whether there is no room on the disk."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return (isinstance(error, DubanError) and error.code == "store.full") or "is full" in str(error).lower()


def unwritable(error: BaseException) -> bool:
    """Whether nothing can be written at all, for want of room or of leave."""
    text = str(error).lower()
    read_only = "read-only" in text or "readonly" in text
    return is_full(error) or read_only or (isinstance(error, OSError) and error.errno == errno.EROFS)


def reason_of(error: BaseException) -> str:
    """What is at fault and what to do about it, for people."""
    if is_full(error):
        return "磁盘已满，请腾出空间"
    if isinstance(error, DubanError):
        return str(error)
    if unwritable(error):
        return "磁盘或数据库是只读的，请检查权限"
    if isinstance(error, OSError):
        return f"工作区读写不了（{error.strerror or error}），请检查磁盘或网络"
    return f"数据库暂时用不了（{type(error).__name__}），请检查数据库"
