"""Text boxes and lettering of a Word 97-2003 file by the place that they are anchored at.

Source: [MS-DOC] 2.8.31 (PlcfSpa), 2.8.35 (PlcftxbxTxt), 2.9.101 (FTXBXS); [MS-ODRAW] 2.2 (containers, FSP, FOPT).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.readers.doc_file import WordFile, positions

_SPA, _FTXBXS = 26, 22
_DRAWING, _GROUP, _SHAPE, _IDENTITY, _OPTIONS = 0xF002, 0xF003, 0xF004, 0xF00A, 0xF00B
_LETTERS, _PICTURE, _NAME = 0x00C0, 0x0104, 0x0380
_DEEPEST, _MOST = 20, 20_000


@dataclass
class Shapes:
    """What is drawn beside the text.

    Attributes:
        anchored: the number of the shape at each position of an anchor.
        boxes: by a shape's number the stories of the text boxes in it, as first and last position.
        letters: by a shape's number the words drawn as letters in it.
        pictures: by a shape's number width and height of what holds a picture, in twips.
    """

    anchored: dict[int, int] = field(default_factory=dict)
    boxes: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    letters: dict[int, list[str]] = field(default_factory=dict)
    pictures: dict[int, tuple[int, int]] = field(default_factory=dict)


def find_shapes(word: WordFile, anchors: str, texts: str, story: str, owner: str) -> Shapes:
    """The shapes of the body or of the headers.

    Args:
        word: the document.
        anchors, texts: the parts that tell anchors and text boxes.
        story: that the text boxes' text stands in.
        owner: the story that they are anchored in.
    """
    shapes = Shapes()
    drawn = _drawn(word.part("drawings"))
    shapes.letters, outer = drawn.letters, drawn.outer
    base, _ = word.stories[owner]
    for start, _, item in positions(word.part(anchors), _SPA):
        shape, left, top, right, bottom = struct.unpack_from("<I4i", item)
        shapes.anchored[base + start] = shape
        if shape in drawn.pictures:
            shapes.pictures[shape] = (right - left, bottom - top)
    first, last = word.stories[story]
    for start, end, item in positions(word.part(texts), _FTXBXS):
        reused, shape = struct.unpack_from("<H", item, 8)[0], struct.unpack_from("<I", item, 14)[0]
        if not reused and shape and first + start < last:
            shapes.boxes.setdefault(outer.get(shape, shape), []).append((first + start, min(first + end, last)))
    return shapes


def _records(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Kind, first and last place of the records in a stretch."""
    while start + 8 <= end:
        _, kind, size = struct.unpack_from("<HHI", data, start)
        yield kind, start + 8, min(start + 8 + size, end)
        start += 8 + size


@dataclass
class _Drawn:
    """By the number of each shape that of the outermost group around it; by the outermost, what is in it."""

    outer: dict[int, int] = field(default_factory=dict)
    letters: dict[int, list[str]] = field(default_factory=dict)
    pictures: set[int] = field(default_factory=set)


def _drawn(data: bytes) -> _Drawn:
    drawn = _Drawn()
    if len(data) < 8:
        return drawn
    # Behind the common part each drawing has one byte before it that tells whose it is.
    at = 8 + struct.unpack_from("<I", data, 4)[0]
    while at + 9 <= len(data):
        _, kind, size = struct.unpack_from("<HHI", data, at + 1)
        end = min(at + 9 + size, len(data))
        if kind == _DRAWING:
            for inner, start, stop in _records(data, at + 9, end):
                if inner == _GROUP:
                    for child, *place in _records(data, start, stop):
                        _collect(data, child, place[0], place[1], None, drawn, 0)
        at = end
    return drawn


def _collect(
    data: bytes, kind: int, start: int, end: int, top: int | None, drawn: _Drawn, depth: int
) -> int | None:  # fmt: skip
    """A shape, or the shapes of a group, of which the first stands for all; gives the outermost number."""
    if depth > _DEEPEST or len(drawn.outer) > _MOST:
        return top
    if kind == _GROUP:
        for child, first, last in _records(data, start, end):
            top = _collect(data, child, first, last, top, drawn, depth + 1)
        return top
    if kind != _SHAPE:
        return top
    options: dict[int, str] = {}
    for child, first, last in _records(data, start, end):
        if child == _IDENTITY and first + 4 <= last:
            identity = struct.unpack_from("<I", data, first)[0]
            top = identity if top is None else top
            drawn.outer[identity] = top
        elif child == _OPTIONS:
            options = _properties(data[first:last], struct.unpack_from("<H", data, first - 8)[0] >> 4)
    if top is not None and options.get(_LETTERS) and "watermark" not in options.get(_NAME, "").lower():
        drawn.letters.setdefault(top, []).append(options[_LETTERS])
    if top is not None and _PICTURE in options:
        drawn.pictures.add(top)
    return top


def _properties(options: bytes, count: int) -> dict[int, str]:
    """A shape's properties by their numbers, long ones as text, others empty."""
    found: dict[int, str] = {}
    at = 6 * count
    for place in range(0, min(at, len(options) - 5), 6):
        code, size = struct.unpack_from("<HI", options, place)
        found[code & 0x3FFF] = ""
        if code & 0x8000:
            raw = options[at : at + size]
            found[code & 0x3FFF] = raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace").split("\0", 1)[0].strip()
            at += size
    return found
