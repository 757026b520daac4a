"""A file in, records out: pure, without clock, network or database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.readers.limits import Limits
    from schemas.record import NoticeRecord


def extract(path: str | Path, limits: Limits | None = None) -> list[NoticeRecord]:
    """Read a file and give the records of its notices, mostly one.

    Args:
        path: the file; its format is told from its bytes.
        limits: what to refuse; the defaults suit an office's notices.

    Raises:
        DubanError: the file can't be read; its text names the file, the reason and the remedy.
    """
    from extractors.assemble import extract_file

    return extract_file(path, limits)
