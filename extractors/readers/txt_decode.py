"""Bytes of a text file to its text: the encoding is told from the bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAMPLE = 64 * 1024
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: What an ordinary Chinese text is made of beside ideographs.
_ORDINARY = re.compile("[\t\n\r\x20-\x7e\u3000-\u301f\uff00-\uffef\u2010-\u203b\u2460-\u249b\u00b7]")


@dataclass(frozen=True)
class Decoded:
    """A text with the encoding it was in and how many places could not be decoded (U+FFFD stands there)."""

    text: str
    encoding: str
    bad: int


def decode(data: bytes) -> Decoded:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by mark, else UTF-8, UTF-16, GB18030 or Big5 by likeness.

    Line breaks are as in the file. Where nothing fits whole, the likeliest encoding is taken and counted.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _replaced(data[len(mark) :], encoding)
    if b"\x00" not in data:
        try:
            return Decoded(data.decode("utf-8"), "utf-8", 0)
        except UnicodeDecodeError:
            pass
    return _replaced(data, _likeliest(data))


def is_text(data: bytes) -> bool:
    """Whether bytes are text to read: hardly a control character, hardly an undecodable place, ordinary characters."""
    sample = data[:_SAMPLE]
    try:
        decoded = decode(sample)
    except (UnicodeError, ValueError):
        return False
    text = decoded.text
    if not text.strip():
        return bool(text) and not _CONTROL.search(text)
    if len(_CONTROL.findall(text)) > len(text) * 0.01 or decoded.bad > max(2, len(text) * 0.02):
        return False
    return text.isascii() or _likeness(text) > 0.5


def _replaced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("�"))


def _likeliest(data: bytes) -> str:
    sample = data[: _SAMPLE & ~1]
    found = {name: _score(sample, name) for name in ("utf-8", "gb18030")}
    # Taken for UTF-16, plain ASCII reads as rare ideographs: a null byte or a clear lead is asked for.
    lead = 0.0 if b"\x00" in sample else 0.2
    for name in ("utf-16-le", "utf-16-be"):
        found[name] = _score(sample, name) - lead
    found["big5"] = _score(sample, "big5") - 0.2
    return max(found, key=lambda name: found[name])


def _score(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "replace")
    bad = text.count("�") - text.endswith("�")
    return _likeness(text, encoding) - 3 * bad / max(1, len(text))


def _likeness(text: str, encoding: str = "") -> float:
    """The share of characters that ordinary text is made of: common ideographs and what stands between them.

    Wrongly decoded Chinese turns into rare ideographs: the common ones are those of GB 2312's first level (of Big5's
    for traditional text), which is sorted by use.
    """
    text = text[:8192]
    if not text:
        return 0.0
    coding, first, last = ("big5", 0xA4, 0xC6) if encoding == "big5" else ("gb2312", 0xB0, 0xD7)
    good = 0.0
    for char in text:
        if _ORDINARY.match(char):
            good += 1
        elif "一" <= char <= "鿿":
            coded = char.encode(coding, "ignore")
            good += 1 if coded and first <= coded[0] <= last else 0.2
    return good / len(text)
