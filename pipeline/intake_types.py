"""How files are taken in, what is known of one on its way, and the count of all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.claim import Place
    from pipeline.process import Failure
    from pipeline.reading import Reading
    from pipeline.settings import Settings


@dataclass(frozen=True)
class Options:
    """How files are taken.

    Attributes:
        by: the operator's name, which every change bears.
        limits: of a reading: processes, seconds, memory.
        settle: seconds that a file must stay the same.
        internal: internal papers are taken (``--confirm-internal``).
        patience: seconds that a run with an end waits for a disk or store that is away.
        method: how workers start, where the system's usual way doesn't suit.
    """

    by: str
    limits: Settings
    settle: float = 2.0
    internal: bool = False
    patience: float = 30.0
    method: str | None = None


@dataclass
class Tally:
    """How many files met which end."""

    saved: int = 0
    duplicates: int = 0
    failed: int = 0
    secret: int = 0
    internal: int = 0
    waiting: int = 0

    @property
    def status(self) -> int:
        """The exit status: 1 where a file wants a person."""
        return int(bool(self.failed or self.secret or self.internal or self.waiting))

    def __str__(self) -> str:
        counts = {
            "入库": self.saved, "重复": self.duplicates, "失败": self.failed, "涉密未收": self.secret,
            "待确认": self.internal, "未取": self.waiting,
        }  # fmt: skip
        return "、".join(f"{name} {count} 个" for name, count in counts.items() if count) or "没有新文件"


@dataclass
class Work:
    """A file that was read, and how far it has come since. Each step is taken once, whatever fails in between."""

    file: Path
    claim: Path | None
    reading: Reading
    place: Place | None = None
    saved: list[Any] | None = None
    tries: int = 0
    failure: Failure | None = None
