"""A version as comparisons see it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipeline.store.diff import Side
from pipeline.store.keys import key_map
from pipeline.store.models import Version
from schemas.record import NoticeRecord


def side_of(session: Session, version: Version) -> Side:
    """A version with its record, as extracted, and its tasks' keys."""
    return Side(version.ordinal, NoticeRecord.model_validate_json(version.record), key_map(session, version))
