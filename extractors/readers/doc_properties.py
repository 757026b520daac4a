"""Properties of paragraphs, characters and table rows in a Word 97-2003 file.

Source: [MS-DOC] 2.2.5 (property storage), 2.6 (single property modifiers), 2.9.55, 2.9.176 (FKPs).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from extractors.readers.doc_file import Piece, WordFile, positions

_PAGE = 512
#: Sizes of operands by the kind that a modifier's code states; 6 tells its own.
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_DEF_TABLE, _CHANGE_TABS = 0xD608, 0xC615
#: Modifiers that lie in the data stream, being too many for a page.
_ELSEWHERE = frozenset({0x6645, 0x6646, 0x646B})

Sprm = tuple[int, bytes]


def sprms(data: bytes) -> Iterator[Sprm]:
    """Modifiers one after another as code and operand (a size in front taken off); a cut one ends them."""
    at = 0
    while at + 2 <= len(data):
        code = struct.unpack_from("<H", data, at)[0]
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None:
            if at >= len(data):
                return
            size, skip = data[at], 1
            if code == _DEF_TABLE and at + 2 <= len(data):
                size, skip = struct.unpack_from("<H", data, at)[0] - 1, 2
            elif code == _CHANGE_TABS and size == 255:
                size = _tabs(data, at + 1)
            at += skip
        if size < 0 or at + size > len(data):
            return
        yield code, data[at : at + size]
        at += size


def _tabs(data: bytes, at: int) -> int:
    """How long a list of tab stops is that is too long to tell."""
    deleted = data[at] if at < len(data) else 0
    place = at + 1 + 4 * deleted
    return 2 + 4 * deleted + 3 * (data[place] if place < len(data) else 0)


def number(operand: bytes, signed: bool = False) -> int:
    """An operand as a number."""
    return int.from_bytes(operand, "little", signed=signed)


class Properties:
    """Finds the modifiers at a position of a document."""

    def __init__(self, word: WordFile) -> None:
        self._word = word

    @cached_property
    def _paragraphs(self) -> tuple[list[int], list[tuple[int, bytes]]]:
        starts, items = [], []
        for start, place, page in self._runs("papx", 13):
            starts.append(start)
            items.append(self._paragraph(page, place))
        return starts, items

    @cached_property
    def _characters(self) -> tuple[list[int], list[bytes]]:
        starts, items = [], []
        for start, place, page in self._runs("chpx", 1):
            size = page[place] if 0 < place < len(page) else 0
            starts.append(start)
            items.append(page[place + 1 : place + 1 + size] if place else b"")
        return starts, items

    def _runs(self, name: str, size: int) -> Iterator[tuple[int, int, bytes]]:
        """File offset, place in its page and page of each run of alike text, pages in the order of their text."""
        main, seen, last = self._word.main, set(), -1
        for _, _, item in positions(self._word.part(name), 4):
            number_ = struct.unpack("<I", item)[0] & 0x3FFFFF
            page = main[number_ * _PAGE : (number_ + 1) * _PAGE]
            if number_ in seen or len(page) < _PAGE:
                continue
            seen.add(number_)
            count = min(page[-1], (_PAGE - 5) // (4 + size))
            for i in range(count):
                start = struct.unpack_from("<I", page, 4 * i)[0]
                if start > last:
                    last = start
                    yield start, 2 * page[4 * (count + 1) + size * i], page

    def _paragraph(self, page: bytes, place: int) -> tuple[int, bytes]:
        if not place or place >= _PAGE - 1:
            return 0, b""
        size, at = 2 * page[place] - 1, place + 1
        if size < 0:
            size, at = 2 * page[place + 1], place + 2
        if size < 2:
            return 0, b""
        return struct.unpack_from("<H", page[at : at + 2].ljust(2, b"\0"))[0], page[at + 2 : at + size]

    def paragraph(self, cp: int) -> tuple[int, list[Sprm]]:
        """The style and the modifiers of the paragraph whose mark stands at a position."""
        piece = self._word.piece_at(cp)
        if piece is None:
            return 0, []
        starts, items = self._paragraphs
        at = bisect_right(starts, piece.file_offset(cp)) - 1
        style, raw = items[at] if at >= 0 else (0, b"")
        found = list(self._whole([*sprms(raw), *sprms(piece.changes)]))
        for code, operand in found:
            if code == 0x4600:
                style = number(operand)
        return style, found

    def _whole(self, items: Iterable[Sprm]) -> Iterator[Sprm]:
        """Modifiers with those from the data stream in their place."""
        for code, operand in items:
            if code not in _ELSEWHERE:
                yield code, operand
                continue
            data, at = self._word.data, number(operand)
            if at + 2 <= len(data):
                yield from sprms(data[at + 2 : at + 2 + struct.unpack_from("<H", data, at)[0]])

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
        """Stretches of alike characters between two positions, with their modifiers' bytes."""
        cp = start
        starts, items = self._characters
        while cp < end:
            piece = self._word.piece_at(cp)
            if piece is None:
                return
            offset = piece.file_offset(cp)
            at = bisect_right(starts, offset) - 1
            stop = min(end, piece.end, _position(piece, starts[at + 1]) if at + 1 < len(starts) else end)
            stop = max(stop, cp + 1)
            yield cp, stop, (items[at] if at >= 0 else b"") + piece.changes
            cp = stop


def _position(piece: Piece, offset: int) -> int:
    """The position in a piece that a file offset belongs to."""
    return piece.start + -(-(offset - piece.offset) // (2 if piece.wide else 1))
