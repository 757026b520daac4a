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


_OUTCOMES = {
    "new": "新公文", "duplicate": "内容已在库中", "another_format": "已有公文的另一种格式",
    "new_version": "已有公文的新版本",
}  # fmt: skip


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

    @property
    def what(self) -> str:
        """What its notices are to the store, in words."""
        return "、".join(dict.fromkeys(_OUTCOMES.get(each.outcome, each.outcome) for each in self.saved or []))

    @property
    def no_notice(self) -> bool:
        """Whether a record in it says that nothing of a notice was read."""
        from extractors.assemble import NO_NOTICE

        return any(f'"{NO_NOTICE}"' in text for text in self.reading.records)
