"""What a time expression means, and the frame in which it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from schemas.labels import TimeKind

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "o": 0, "两": 2, "俩": 2}
_THIS = ("今年", "本年", "当年")
_AHEAD = {"明年": 1, "来年": 1, "次年": 1, "翌年": 1, "后年": 2, "去年": -1, "上年": -1, "前年": -2}


@dataclass(frozen=True)
class TimeValue:
    """One time: its kind and dates, or its recurrence rule.

    ``start`` and ``end`` are inclusive; null where open or not to be told. ``due``: the work must be done by the end,
    or by each occurrence. ``rrule``: RFC 5545, parts in the order FREQ, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY.
    ``inferred``: the year was not written. ``seconds``: the length of a stretch that no calendar places (5小时), which
    only a person's own words have.
    """

    kind: TimeKind
    due: bool = False
    start: date | None = None
    end: date | None = None
    rrule: str | None = None
    inferred: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class Frame:
    """Where unwritten parts come from: ``year`` for years, ``base`` for words like 本月 and 即日起."""

    year: int | None = None
    base: date | None = None
    plan_start: date | None = None
    plan_end: date | None = None

    def resolve(self, words: str | None) -> tuple[int | None, bool]:
        """The year that a year's words name, and whether it had to be inferred."""
        unwritten = self.year
        if unwritten is None:
            known = self.plan_start or self.base
            unwritten = known.year if known else None
        if not words:
            return unwritten, True
        bare = words.rstrip("的度")
        if bare.startswith(_THIS) or bare[:2] in _AHEAD:
            anchor = self.base.year if self.base else unwritten
            return (None if anchor is None else anchor + _AHEAD.get(bare[:2], 0)), True
        value = number(bare.rstrip("年度./-"))
        if value is not None and value < 100:
            spelt = not bare[0].isascii() and unwritten is not None
            value += 1900 if value >= 50 or (spelt and 2000 + value > (unwritten or 0) + 10) else 2000
        return value, False


def number(text: str | None) -> int | None:
    """A whole number in Arabic or Chinese digits (12, 十二, 二〇二一), or None for anything else.

    半 is none of these, and 元 and 正 (the first month) are 1.
    """
    if not text:
        return None
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if text in ("元", "正"):
        return 1
    text = text.replace("廿", "二十").replace("卅", "三十")
    if match := re.fullmatch(r"([一二两三四五六七八九])?十([一二三四五六七八九])?", text):
        return _DIGITS.get(match[1] or "一", 1) * 10 + (_DIGITS[match[2]] if match[2] else 0)
    digits = [int(c) if c.isdecimal() and c.isascii() else _DIGITS.get(c) for c in text]
    value = 0
    for digit in digits:
        if digit is None:
            return None
        value = value * 10 + digit
    return value
