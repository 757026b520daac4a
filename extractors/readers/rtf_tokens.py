"""Rich text cut into braces, control words and bytes. Source: Rich Text Format specification 1.9.1, "RTF syntax"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
#: Code pages by the character sets that fonts name.
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
PAGES = {936: "gb18030", 950: "cp950", 932: "cp932", 949: "cp949", 65001: "utf-8"}


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is ``{``, ``}``, ``word`` (name, number), ``symbol`` (name) or ``bytes`` (data)."""

    kind: str
    name: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file; binary data and what stands behind the last brace are passed over."""
    at, depth = 0, 0
    while match := _TOKEN.match(data, at):
        at = match.end()
        word, number, code, symbol, brace, plain = match.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin":
                at += max(0, value or 0)
            yield Token("word", word.decode("ascii"), value)
        elif code is not None:
            yield Token("bytes", data=bytes((int(code, 16),)), number=1)
        elif symbol is not None:
            yield Token("symbol", symbol.decode("latin-1"))
        elif brace is not None:
            depth += 1 if brace == b"{" else -1
            yield Token(brace.decode("ascii"))
            if depth <= 0:
                return
        elif plain is not None:
            yield Token("bytes", data=plain)


def page_name(number: int | None) -> str:
    """The codec of a code page."""
    if number in PAGES:
        return PAGES[number]
    return f"cp{number}" if number in (437, 850, 852, 866, 874, *range(1250, 1259)) else "cp1252"
