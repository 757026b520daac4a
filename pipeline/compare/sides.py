"""What is found between two sides: a superior's notice and ours, one year and the next. Frozen types, no analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.compare.types import Pair, Party, QuotaView, TaskView

#: How the lower notice takes up an item of the upper one; several may hold.
Uptake = Literal["taken", "raised", "lowered", "later", "missing", "ownerless"]
#: What a year did to an item of the year before.
Turn = Literal["added", "dropped", "raised", "lowered", "kept"]


@dataclass(frozen=True)
class QuotaChange:
    """Two quotas of one measure; one may be missing. ``turn``: raised, lowered, kept, or why it can't be told."""

    measure: str
    name: str
    left: QuotaView | None
    right: QuotaView | None
    turn: Turn | None
    why: str = ""


@dataclass(frozen=True)
class Handed:
    """An item of the superior's notice with its counterparts in ours.

    ``lower`` are keys of ours, the likeliest first, empty for a 漏项; ``pairs`` their evidence (left is the upper's).
    ``detail`` says in Chinese what makes each uptake but ``taken`` and ``missing``.
    """

    upper: str
    lower: tuple[str, ...]
    uptakes: tuple[Uptake, ...]
    pairs: tuple[Pair, ...]
    quotas: tuple[QuotaChange, ...]
    detail: tuple[str, ...]


@dataclass(frozen=True)
class HandedDown:
    """承接对照: each item of the upper notices, and items of the lower ones that none of theirs asks for (``own``)."""

    parties: tuple[Party, ...]
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    tasks: Mapping[str, TaskView]
    quotas: Mapping[str, QuotaView]
    items: tuple[Handed, ...]
    own: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def party(self, key: str) -> Party:
        """The notice of a key."""
        return next(party for party in self.parties if party.key == key)


@dataclass(frozen=True)
class Change:
    """An item over two years: ``before`` is None where it was added, ``after`` where it was dropped."""

    before: str | None
    after: str | None
    turns: tuple[Turn, ...]
    pair: Pair | None
    quotas: tuple[QuotaChange, ...]


@dataclass(frozen=True)
class YearStep:
    """From one year of an agency to a later one."""

    earlier: int
    later: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class YearOnYear:
    """年度对照 of one agency."""

    agency: str
    parties: tuple[Party, ...]
    tasks: Mapping[str, TaskView]
    quotas: Mapping[str, QuotaView]
    steps: tuple[YearStep, ...]
    notes: tuple[str, ...] = ()

    def party(self, key: str) -> Party:
        """The notice of a key."""
        return next(party for party in self.parties if party.key == key)
