"""Text by the columns that it takes on a terminal, where a Chinese character is as wide as two Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

#: No line begins with the first or ends with the second.
_CLOSING = "，。；：、！？）》」』”’〉】"
_OPENING = "（《「『“‘〈【"


class _Widths(dict[str, int]):
    """Widths of characters, reckoned once each: tables ask for those of a few thousand, many times."""

    def __missing__(self, character: str) -> int:
        wide = unicodedata.east_asian_width(character) in "WF"
        self[character] = 0 if unicodedata.combining(character) else 2 if wide else 1
        return self[character]


_WIDTHS = _Widths()


def width(text: str) -> int:
    """Terminal columns that a text takes: wide and full-width characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_WIDTHS.__getitem__, text))


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns (at least two), each ending where a reader would break it.

    Chinese breaks anywhere but before a closing mark and after an opening one; Latin words and numbers stay whole where
    they fit on a line.
    """
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text, max(columns, 2)):
        wide = width(piece)
        if used + wide <= columns or not line:
            line, used = line + piece, used + wide
            continue
        marked = piece in _CLOSING or line[-1] in _OPENING
        if marked and len(line) > 1 and width(line[-1] + piece) <= columns:
            line, piece = line[:-1], line[-1] + piece
        lines.append(line.rstrip())
        line = piece.lstrip()
        used = width(line)
    return [*lines, line.rstrip()]


def _pieces(text: str, columns: int) -> Iterator[str]:
    """What can't be broken: a Latin word (cut where it is longer than a line), or one other character."""
    word = ""
    for character in text:
        if character.isascii() and character != " ":
            if len(word) == columns:
                yield word
                word = ""
            word += character
            continue
        if word:
            yield word
        word = ""
        yield character
    if word:
        yield word
