"""The ledger's settings: ``[ledger]`` in duban.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.tracker.types import PROGRESS_LABELS, STATUS_LABELS


@dataclass(frozen=True)
class LedgerSettings:
    """How an office keeps its ledger.

    Attributes:
        unit: one's own unit, for ``tasks --mine``; empty where none is named.
        supervising: it is the side that supervises, which alone accepts, returns and closes.
        status_labels, progress_labels: what the codes are called here.
    """

    unit: str = ""
    supervising: bool = True
    status_labels: Mapping[str, str] = field(default_factory=lambda: dict(STATUS_LABELS))
    progress_labels: Mapping[str, str] = field(default_factory=lambda: dict(PROGRESS_LABELS))
