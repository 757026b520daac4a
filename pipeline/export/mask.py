"""Phone and identity numbers with their middle digits hidden.

Each hidden digit becomes one ``*``, so that texts keep their length and spans still point at the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

HIDDEN = "*"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋Ｘｘ　", "0123456789-+Xx ")
_GAP = r"[ \-–—]?"
#: What makes a run of digits an amount instead of a phone number.
_COUNTED = r"(?![ ]?(?:[元万亿千平立吨人户个件次名家篇%％.]|\d))"
_MOBILE = re.compile(rf"(?<![\d.])(?:\+?86[ \-]?)?(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}){_COUNTED}")
_LANDLINE = re.compile(
    r"(?<![\d.])(?:\+?86[ \-]?)?([(（]?0(?:10|2\d|[3-9]\d{2})[)）]?[ \-–—]{0,2}"
    rf"[2-9]\d{{2,3}}{_GAP}\d{{4}}){_COUNTED}"
)
#: Shorter numbers are phones only behind a word that says so, alone or in a row.
_SPOKEN = re.compile(r"(?:电话|手机|热线|传真|座机|号码|联系方式|联系人|[Tt][Ee][Ll]|[Ff][Aa][Xx])[^\d。；\n]{0,16}")
_SHORT = re.compile(r"(?<![\d.])(\d{3,4}[ \-]?\d{4}|\d{7,12})(?:[-转]\d{1,5})?(?!\d)")
_JOINED = re.compile(r"[ 、，,/;；或和及]{1,3}")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{17}[0-9Xx]|\d{15})(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: Keys of a record whose strings are no text: hashes, ids, codes.
_NO_TEXT = frozenset({
    "id", "sha256", "content_hash", "rules", "rule", "task", "quotas", "rrule", "code", "kind", "start", "end",
    "schema_version", "version", "issue_date", "printed_on", "region", "block", "table", "plan", "key", "notice_id",
})  # fmt: skip


def mask(text: str) -> str:
    """A text with its phone and identity numbers hidden but for the first three and last two to four digits."""
    plain = text.translate(_FULL_WIDTH)
    if not any(char.isdigit() for char in plain):
        return text
    spans = [match.span(1) for match in _IDENTITY.finditer(plain) if is_identity(match[1])]
    spans += [match.span(1) for pattern in (_MOBILE, _LANDLINE) for match in pattern.finditer(plain)]
    spans += _spoken(plain)
    done: list[tuple[int, int]] = []
    for start, end in spans:
        # The surer kinds come first; a number is hidden once.
        if all(end <= first or last <= start for first, last in done):
            done.append((start, end))
            text = text[:start] + _hide(text[start:end]) + text[end:]
    return text


def mask_number(text: str) -> str:
    """A text that is known to be a phone or fax number, hidden whatever its form; short service numbers stay."""
    masked = mask(text)
    return _hide(text) if masked == text and sum(char.isdigit() for char in text) >= 7 else masked


def mask_record(exported: Any) -> Any:
    """An exported record (as JSON data) with every text masked; ids, hashes, dates and codes stay as they are."""
    return _walk(exported, "")


def unmask(changed: str, original: str) -> str:
    """A text that a person changed where the original's numbers were hidden, with those numbers put back.

    Raises:
        ValueError: hidden digits are left that are not the original's.
    """
    masked = mask(original)
    if masked == original:
        return changed
    for match in re.finditer(r"[0-9(（]*[0-9\-) ）]*\*[0-9*\-) ）]*", masked):
        hidden = match[0].strip()
        if hidden in changed:
            start = match.start() + match[0].index(hidden)
            changed = changed.replace(hidden, original[start : start + len(hidden)], 1)
    if re.search(r"\d\*{2,}", changed):
        raise ValueError("含有已隐去的号码")
    return changed


def is_identity(number: str) -> bool:
    """Whether this is a citizen's identity number: a birth date in it, and the check digit of the 18-digit form.

    Source: GB 11643-1999. The old form of 15 digits has no check digit.
    """
    try:
        if len(number) == 15:
            date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
            return number[0] in "12345678"
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return born.year >= 1850 and "10X98765432"[total % 11] == number[17].upper()


def _spoken(plain: str) -> list[tuple[int, int]]:
    spans = []
    for word in _SPOKEN.finditer(plain):
        at = word.end()
        while match := _SHORT.match(plain, at):
            spans.append(match.span(1))
            joined = _JOINED.match(plain, match.end())
            if not joined:
                break
            at = joined.end()
    return spans


def _hide(number: str) -> str:
    """Digits but the first three and the last two to four, by how many there are."""
    places = [index for index, char in enumerate(number) if char.isdigit() or char in "Xx"]
    count = len(places)
    last = 2 if count >= 15 or count <= 8 else 4 if count >= 11 else 3
    hidden = set(places[3 : count - last])
    return "".join(HIDDEN if index in hidden else char for index, char in enumerate(number))


def _walk(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return value if key in _NO_TEXT else mask(value)
    if isinstance(value, list):
        return [_walk(item, key) for item in value]
    if isinstance(value, dict):
        hide: Callable[[str], str] | None = mask_number if value.get("kind") in ("phone", "fax") else None
        return {
            name: hide(item) if hide and name == "value" and isinstance(item, str) else _walk(item, name)
            for name, item in value.items()
        }
    return value
