"""What an office lays over every record that is read or exported: its units' other names, its topics.

Extraction sees a notice's bytes alone, so that the same bytes give the same record everywhere. What holds across
notices stands in tables that a person edits, and is laid over records whenever one is handed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.aliases import Aliases
    from pipeline.store import Store
    from pipeline.topics import Taxonomy
    from schemas.record import NoticeRecord

#: Whose name changes bear that come of a changed table.
SYSTEM = "duban"


@dataclass(frozen=True)
class Overlay:
    """Aliases and topics, laid over a record by calling it.

    Attributes:
        topics: the taxonomy that tasks are labelled by.
        aliases: an agency's other names of its units; None: none are known.
        digest: changes with either of them, so that a store knows when its own copies are out of date.
    """

    topics: Taxonomy
    aliases: Aliases | None = None
    digest: str = ""

    def __call__(self, record: NoticeRecord) -> NoticeRecord:
        """The record with canonical names of owners and with its tasks' topics; the given one stays as it is."""
        from pipeline.aliases import apply
        from pipeline.topics import label

        named = record if self.aliases is None else apply(record, self.aliases)
        return label(named, self.topics)


def read_overlay(aliases: Path | None = None, topics: Path | None = None) -> Overlay:
    """The tables that are given, each over what is packaged.

    Args:
        aliases: as ``pipeline.aliases.read_aliases`` reads it.
        topics: as ``pipeline.topics.read_topics`` reads it; its rows are added to the packaged taxonomy.

    Raises:
        SourceError: a table can't be read or a row in it can't be used; the file and the row are named.
    """
    from pipeline.aliases import read_aliases
    from pipeline.topics import read_topics

    names = read_aliases(aliases) if aliases else None
    taxonomy = read_topics(topics)
    parts = (sorted(names.table.items()) if names else [], taxonomy.digest)
    return Overlay(taxonomy, names, hashlib.sha256(repr(parts).encode()).hexdigest())


def lay_over(
    store: Store, overlay: Overlay, *, by: str, at: datetime, advance: Callable[[int, int], object] | None = None
) -> int:
    """Brings the store's own copies of owners and topics up to the tables of today, where those changed.

    Each notice is a transaction of its own, and the tables' digest is noted last: what is cut off is done again.

    Args:
        advance: called with how many notices are done, and of how many.

    Returns:
        How many notices read otherwise than before; each has a change, so that exports by cursor bring it.
    """
    if store.overlaid() == overlay.digest:
        return 0
    ids = store.notice_rows()
    changed = 0
    for done, row in enumerate(ids, 1):
        changed += store.relay(row, by=by, at=at)
        if advance:
            advance(done, len(ids))
    store.set_overlaid(overlay.digest, at=at)
    return changed
