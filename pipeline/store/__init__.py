"""Where records are kept: SQLite in the workspace, or PostgreSQL by URL.

    from pipeline.store import open_store

    with open_store(path) as store:
        store.save(records, arrival, by=operator, at=now)

Names are loaded when they are asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.store.diff import Diff, Moved
    from pipeline.store.rows import (
        Appearance,
        Arrival,
        Change,
        Correction,
        Forgotten,
        NoticeRow,
        Question,
        Saved,
        SourceRow,
        StoreError,
        TaskRow,
        VersionRow,
    )
    from pipeline.store.store import Store, open_store

_HOMES = {
    "Store": "store", "open_store": "store", "Diff": "diff", "Moved": "diff",
    **dict.fromkeys(
        (
            "Appearance", "Arrival", "Change", "Correction", "Forgotten", "NoticeRow", "Question", "Saved", "SourceRow",
            "StoreError", "TaskRow", "VersionRow",
        ),
        "rows",
    ),
}  # fmt: skip

__all__ = [
    "Appearance",
    "Arrival",
    "Change",
    "Correction",
    "Diff",
    "Forgotten",
    "Moved",
    "NoticeRow",
    "Question",
    "Saved",
    "SourceRow",
    "Store",
    "StoreError",
    "TaskRow",
    "VersionRow",
    "open_store",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)
