"""Ids that are the same on every machine and from every format.

Source: the record's description, section Ids.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence


def normal(text: str) -> str:
    """Text as ids see it: NFKC, without white space and punctuation."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and unicodedata.category(c)[0] not in "PSZC"
    )


def digest(*parts: str, length: int = 12) -> str:
    """Hex digits of a sha256 over parts, kept apart."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:length]


def notice_id(issuers: Sequence[str], number: str | None, title: str | None, date: str | None, text: str) -> str:
    """From issuers and number, else issuers, title and date, else the text."""
    names = "|".join(sorted(normal(name) for name in issuers))
    if number:
        return "n-" + digest("number", names, normal(number))
    if title and names:
        return "n-" + digest("title", names, normal(title), date or "")
    return "n-" + digest("text", normal(text))


def content_hash(texts: Sequence[str]) -> str:
    """A sha256 over the words without white space: it differs between versions, not between layouts."""
    return hashlib.sha256("".join("".join(text.split()) for text in texts).encode("utf-8")).hexdigest()


class TaskIds:
    """Ids for the tasks of one notice, with a running number among equals."""

    def __init__(self, notice: str) -> None:
        self.notice = notice
        self.seen: Counter[str] = Counter()

    def next(self, plan: int, section: Sequence[str], text: str) -> str:
        """The id of the next task: over notice, plan's ordinal, section, and its words."""
        key = "\x1f".join([self.notice, str(plan), "/".join(normal(part) for part in section), normal(text)])
        self.seen[key] += 1
        return "t-" + digest(key, str(self.seen[key]))
