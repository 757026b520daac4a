"""What an office lays over every record that is read or exported: its units' other names, its topics.

Extraction sees a notice's bytes alone, so that the same bytes give the same record everywhere. What holds across
notices stands in tables that a person edits, and is laid over records whenever one is handed on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.aliases import Aliases
    from pipeline.topics import Taxonomy
    from schemas.record import NoticeRecord


@dataclass(frozen=True)
class Overlay:
    """Aliases and topics, laid over a record by calling it.

    Attributes:
        aliases: an agency's other names of its units; None: none are known.
        topics: the taxonomy that tasks are labelled by.
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
