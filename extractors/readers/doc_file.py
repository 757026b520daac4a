"""A Word 97-2003 file's skeleton: where its parts are, its text in pieces, and lists of positions with data.

Source: [MS-DOC] 2.5 (file information block), 2.8 (PLCs), 2.9.38 (Clx). Positions of characters (cp) count over all
stories one after another: body, footnotes, headers, macros, comments, endnotes, text boxes, boxes in headers.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.readers.ole import Compound

#: The place of each part in the block's list of offsets and lengths.
PARTS = {
    "styles": 1, "footnote_refs": 2, "footnotes": 3, "comment_refs": 4, "sections": 6, "headers": 11, "chpx": 12,
    "papx": 13, "fonts": 15, "dop": 31, "clx": 33, "anchors": 40, "header_anchors": 41, "endnote_refs": 46,
    "endnotes": 47, "drawings": 50, "boxes": 56, "header_boxes": 58, "lists": 73, "list_uses": 74,
}  # fmt: skip
#: The stories in the order in which they stand, with the place of each one's length.
_STORIES = ("body", "footnote", "header", "macro", "comment", "endnote", "box", "header_box")
_LENGTHS = 76
_OFFSETS = 154
_MAGIC = 0xA5EC
_COMPRESSED = 0x40000000
#: [MS-DOC] 2.4.1: bytes of compressed text that are no Latin-1.
_BYTES = bytes(range(256)).decode("cp1252", "replace")


class NotWord(ValueError):
    """The file is no Word 97-2003 document that can be followed, the message says why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as it was saved: its positions, where its bytes are, and changes laid over it."""

    start: int
    end: int
    offset: int
    wide: bool
    changes: bytes

    def file_offset(self, cp: int) -> int:
        """Where a character's bytes are."""
        return self.offset + (cp - self.start) * (2 if self.wide else 1)


@dataclass
class WordFile:
    """The streams of a document and what the information block says of them.

    ``stories`` tells each story's first position and the one behind its last.
    """

    main: bytes
    table: bytes
    data: bytes
    pieces: list[Piece]
    text: str
    stories: dict[str, tuple[int, int]]
    _starts: list[int] = field(default_factory=list)

    def part(self, name: str) -> bytes:
        """A part of the table stream; empty where there is none."""
        offset, length = self.place(name)
        return self.table[offset : offset + length]

    def place(self, name: str) -> tuple[int, int]:
        """A part's offset and length in the table stream."""
        return _place(self.main, PARTS[name])

    def piece_at(self, cp: int) -> Piece | None:
        """The piece that holds a position."""
        at = bisect_right(self._starts, cp) - 1
        return self.pieces[at] if at >= 0 and cp < self.pieces[at].end else None


def open_word(data: bytes) -> WordFile:
    """A document's streams, its text put together.

    Args:
        data: a compound file with a stream WordDocument.

    Raises:
        NotWord: an older version of Word, or damaged beyond reading.
        NotCompound: the container can't be followed.
    """
    compound = Compound(data)
    main = compound.stream("WordDocument")
    if not main or len(main) < _OFFSETS:
        raise NotWord("no main stream")
    magic, version = struct.unpack_from("<HH", main, 0)
    if magic != _MAGIC or version < 0xC0:
        raise NotWord("an older version")
    flags = struct.unpack_from("<H", main, 10)[0]
    table = compound.stream("1Table" if flags & 0x0200 else "0Table") or b""
    pieces = list(_pieces(main, table))
    if not pieces:
        raise NotWord("no text")
    text = _text(main, pieces)
    stories, at = {}, 0
    for name, length in zip(_STORIES, struct.unpack_from(f"<{len(_STORIES)}i", main, _LENGTHS), strict=True):
        end = min(at + max(0, length), len(text))
        stories[name] = (at, end)
        at = end
    return WordFile(main, table, compound.stream("Data") or b"", pieces, text, stories, [p.start for p in pieces])


def _place(main: bytes, index: int) -> tuple[int, int]:
    at = _OFFSETS + 8 * index
    if at + 8 > len(main) or index >= struct.unpack_from("<H", main, _OFFSETS - 2)[0]:
        return 0, 0
    offset, length = struct.unpack_from("<II", main, at)
    return offset, length


def _pieces(main: bytes, table: bytes) -> Iterator[Piece]:
    """The piece table; without one, as in broken files, the text that the block itself points to."""
    offset, length = _place(main, PARTS["clx"])
    clx = table[offset : offset + length]
    changes: list[bytes] = []
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        size = struct.unpack_from("<H", clx, at + 1)[0]
        changes.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    if at + 5 > len(clx) or clx[at] != 2:
        return
    end = 0
    for start, stop, item in positions(clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]], 8):
        place, prm = struct.unpack_from("<IH", item, 2)
        wide = not place & _COMPRESSED
        where = place & 0x3FFFFFFF if wide else (place & 0x3FFFFFFF) // 2
        # Pieces follow one another; what overlaps was made to be read again and again.
        if start != end or stop <= start or stop - start > len(main):
            return
        end = stop
        yield Piece(start, stop, where, wide, _changes(prm, changes))


#: Property changes that a piece states in two bytes, as whole ones. Source: [MS-DOC] 2.9.210 (Prm0).
_SHORT = {
    0x05: 0x2403, 0x0E: 0x260A, 0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x42: 0x0801, 0x43: 0x0802, 0x55: 0x0835,
    0x5C: 0x083C,
}  # fmt: skip


def _changes(prm: int, grouped: list[bytes]) -> bytes:
    if prm & 1:
        index = prm >> 1
        return grouped[index] if index < len(grouped) else b""
    code = _SHORT.get(prm >> 1 & 0x7F)
    return struct.pack("<HB", code, prm >> 8) if code else b""


def _text(main: bytes, pieces: list[Piece]) -> str:
    parts = []
    for piece in pieces:
        count = piece.end - piece.start
        if piece.wide:
            raw = main[piece.offset : piece.offset + 2 * count]
            # One code unit a position: pairs of surrogates are put together only when text is taken out.
            part = "".join(map(chr, struct.unpack_from(f"<{len(raw) // 2}H", raw)))
        else:
            part = "".join(_BYTES[byte] for byte in main[piece.offset : piece.offset + count])
        parts.append(part.ljust(count, "\0"))
    return "".join(parts)


def positions(plc: bytes, size: int) -> Iterator[tuple[int, int, bytes]]:
    """A PLC's entries: first position, the one behind the last, data of ``size`` bytes."""
    count = (len(plc) - 4) // (4 + size)
    if count <= 0:
        return
    marks = struct.unpack_from(f"<{count + 1}I", plc)
    base = 4 * (count + 1)
    for i in range(count):
        yield marks[i], marks[i + 1], plc[base + i * size : base + (i + 1) * size]


def paired(text: str) -> str:
    """Text with surrogates put together; those that stand alone as U+FFFD."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
