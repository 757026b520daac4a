"""What stands on a page of an OFD file: glyphs with boxes, and lines that may rule tables.

Source: GB/T 33190-2016, 8.5 (graphic units), 9 (paths), 11 (text), 13 (composite units). Lengths are millimetres.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from extractors.readers.ofd_package import Page, Resources, every, first, numbers, tag
from extractors.readers.pdf_page import Glyph, Look, RawPage, Ruling, ruling

if TYPE_CHECKING:
    from lxml.etree import _Element

#: a, b, c, d, e, f: x' = a x + c y + e, y' = b x + d y + f.
Matrix = tuple[float, float, float, float, float, float]
_POINT = 72 / 25.4
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: How far a glyph reaches above its baseline, as a share of its size.
_RISE, _FALL = 0.88, 0.12
_NARROW, _WIDEST = 0.5, 0.95
_THIN = 3.0
_DEEPEST = 12
_GLYPHS_MOST, _SEGMENTS_MOST, _UNITS_MOST = 400_000, 60_000, 200_000
_WIDE = re.compile(r"[\u1100-\u115f\u2010-\u2027\u2030-\u205e\u2100-\ufffd\U00020000-\U0003ffff]")
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARGUMENTS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_BOLD = 600


def read_page(page: Page, number: int) -> RawPage:
    """A page's objects in points from its top left corner."""
    walk = _Walk(page.resources)
    left, top, wide, high = page.area
    start = (_POINT, 0.0, 0.0, _POINT, -left * _POINT, -top * _POINT)
    for content in page.contents:
        walk.children(content, start, 0)
    return RawPage(number, wide * _POINT, high * _POINT, walk.glyphs, walk.rulings, walk.looks.__getitem__)


class _Walk:
    """Goes through layers, blocks and composite units."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self.glyphs: list[Glyph] = []
        self.looks: list[Look] = []
        self.rulings: list[Ruling] = []
        self._units = 0
        self._segments = 0

    def children(self, parent: _Element, matrix: Matrix, depth: int) -> None:
        """The units in a layer, block or content."""
        if depth > _DEEPEST:
            return
        for child in parent:
            self._units += 1
            if self._units > _UNITS_MOST:
                return
            kind = tag(child)
            if kind in ("Layer", "PageBlock"):
                self.children(child, matrix, depth + 1)
            elif child.get("Visible") == "false" or child.get("Alpha") == "0":
                continue
            elif kind == "TextObject":
                self._text(child, _placed(child, matrix))
            elif kind == "PathObject":
                self._path(child, _placed(child, matrix))
            elif kind == "CompositeObject":
                unit = self._resources.drawings.get(child.get("ResourceID") or "")
                for content in every(unit, "Content"):
                    self.children(content, _placed(child, matrix), depth + 1)

    def _text(self, element: _Element, matrix: Matrix) -> None:
        """A text object's glyphs; aslant ones, as of watermarks, are left out."""
        size = (numbers(element.get("Size")) or [0.0])[0]
        angle = math.degrees(math.atan2(matrix[1], matrix[0]))
        if size <= 0 or abs(angle - 90 * round(angle / 90)) > 5:
            return
        scale = (numbers(element.get("HScale")) or [1.0])[0] or 1.0
        look = self._look(element, size * math.hypot(matrix[2], matrix[3]))
        x = y = 0.0
        for code in every(element, "TextCode"):
            x = (numbers(code.get("X")) or [x])[0]
            y = (numbers(code.get("Y")) or [y])[0]
            words = "".join(code.itertext())
            across, down = steps(code.get("DeltaX"), len(words)), steps(code.get("DeltaY"), len(words))
            at_x, at_y, spaces = x, y, 0
            for i, char in enumerate(words):
                width = size * scale * (1.0 if _WIDE.match(char) else _NARROW)
                step = across[i] if i < len(across) else (0.0 if i < len(down) else width)
                if char.isspace():
                    spaces += 1
                else:
                    # The next letter tells how wide a narrow one is.
                    drawn = step if 0 < step <= _WIDEST * size * scale and not _WIDE.match(char) else width
                    self._glyph(char, at_x, at_y, drawn, size, matrix, look, spaces)
                    spaces = 0
                at_x += step
                at_y += down[i] if i < len(down) else 0.0

    def _glyph(
        self, char: str, x: float, y: float, width: float, size: float, matrix: Matrix, look: Look, spaces: int
    ) -> None:  # fmt: skip
        if len(self.glyphs) >= _GLYPHS_MOST:
            return
        x0, y0 = _apply(matrix, x, y - _RISE * size)
        x1, y1 = _apply(matrix, x + width, y + _FALL * size)
        box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        self.glyphs.append(Glyph(*box, char, len(self.looks), spaces))
        self.looks.append(look)

    def _look(self, element: _Element, size: float) -> Look:
        _, heavy = self._resources.fonts.get(element.get("Font") or "", ("", False))
        weight = (numbers(element.get("Weight")) or [400.0])[0]
        fill = first(element, "FillColor")
        parts = numbers(fill.get("Value")) if fill is not None else []
        colour = None
        if len(parts) == 3 and all(0 <= part <= 255 for part in parts) and max(parts) > 16:
            colour = "#" + "".join(f"{round(part):02x}" for part in parts)
        return Look(round(size, 1), heavy or weight >= _BOLD, colour)

    def _path(self, element: _Element, matrix: Matrix) -> None:
        """Straight lines along the page, and filled boxes so thin that they are lines."""
        data = " ".join("".join(part.itertext()) for part in every(element, "AbbreviatedData"))
        stroked = element.get("Stroke") != "false"
        filled = element.get("Fill") == "true"
        for points in _outlines(data, _SEGMENTS_MOST - self._segments):
            self._segments += len(points)
            placed = [_apply(matrix, *point) for point in points]
            xs, ys = [x for x, _ in placed], [y for _, y in placed]
            box = min(xs), min(ys), max(xs), max(ys)
            wide, high = box[2] - box[0], box[3] - box[1]
            if filled and min(wide, high) < _THIN:
                if max(wide, high) > _THIN:
                    self.rulings.append(ruling(*box))
            elif stroked:
                self._strokes(placed)

    def _strokes(self, points: list[tuple[float, float]]) -> None:
        for (x0, y0), (x1, y1) in pairwise(points):
            wide, high = abs(x1 - x0), abs(y1 - y0)
            if min(wide, high) <= 1 and max(wide, high) > 1:
                self.rulings.append(ruling(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def steps(value: str | None, most: int) -> list[float]:
    """A list of offsets written out: ``g 3 2.5`` stands for 2.5 three times.

    Args:
        value: as written.
        most: how many are of use.
    """
    found: list[float] = []
    words = (value or "").replace(",", " ").split()
    at = 0
    while at < len(words) and len(found) < most:
        if words[at].lower() == "g" and at + 2 < len(words):
            count, step = words[at + 1], numbers(words[at + 2])
            if count.isascii() and count.isdigit() and step:
                found += [step[0]] * min(int(count[:9]), most)
            at += 3
            continue
        found += numbers(words[at])
        at += 1
    return found


def _outlines(data: str, most: int) -> list[list[tuple[float, float]]]:
    """The outlines of a path as points; of curves their ends alone."""
    outlines: list[list[tuple[float, float]]] = []
    held: list[float] = []
    command, count = "", 0
    for match in _TOKEN.finditer(data):
        word = match[0]
        if word.isalpha():
            command, held = word.upper(), []
            if command == "C" and outlines and outlines[-1]:
                outlines[-1].append(outlines[-1][0])
            continue
        held.append(float(word))
        need = _ARGUMENTS.get(command, 2)
        if not need or len(held) < need:
            continue
        point = (held[-2], held[-1])
        held = []
        count += 1
        if count > most:
            break
        if command in ("M", "S", "Q", "B", "A") or not outlines:
            outlines.append([])
        outlines[-1].append(point)
    return [outline for outline in outlines if len(outline) > 1]


def _placed(element: _Element, matrix: Matrix) -> Matrix:
    """The matrix of a unit: its own, then its boundary's corner, then that of what it stands in."""
    own = numbers(element.get("CTM"))
    inner: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if len(own) == 6 else _UNIT
    corner = numbers(element.get("Boundary"))
    if len(corner) >= 2:
        inner = (*inner[:4], inner[4] + corner[0], inner[5] + corner[1])
    a, b, c, d, e, f = inner
    x, y = _apply(matrix, e, f)
    return (
        matrix[0] * a + matrix[2] * b, matrix[1] * a + matrix[3] * b,
        matrix[0] * c + matrix[2] * d, matrix[1] * c + matrix[3] * d, x, y,
    )  # fmt: skip


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]
