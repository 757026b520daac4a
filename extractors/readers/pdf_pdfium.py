"""A page's glyphs and rulings by PDFium's own C interface.

pdfminer interprets every drawing operator in Python; asking PDFium for each glyph costs two microseconds.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from extractors.readers.pdf_page import Glyph, Look, RawPage, Ruling, ruling
from schemas.document import Box

#: Rulings thinner than this may be drawn as filled rectangles; pdfplumber's own tolerance for snapping.
THIN = 3.0
#: Segments looked at on a page: text drawn as outlines has a hundred thousand.
MAX_SEGMENTS = 60_000
MAX_DEPTH = 6
#: Below this a text object has no extent.
EMPTY = 0.01
#: A font's weight from which it is bold.
HEAVY = 600
_HYPHEN, _SOFT_HYPHEN = 0xFFFE, 0x02
_CONTROLS = (_SOFT_HYPHEN, 9, 10, 13)
#: Every so many glyphs PDFium is asked whether the font tells what they mean.
SAMPLE = 8

Matrix = tuple[float, float, float, float, float, float]
Place = Callable[[float, float, float, float], tuple[float, float, float, float]]


def read_page(page: Any, number: int) -> RawPage:
    """The objects of an open pypdfium2 page; the caller closes it, and not before the looks are asked for.

    Args:
        page: a pypdfium2.PdfPage.
        number: its number, from 1.

    Raises:
        LostText: there is more text than PDFium can place.
    """
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    turn = _turn(text, page.get_rotation())
    place, width, height = _placer(_page_box(page), turn)
    glyphs = _glyphs(text, place, turn)
    walk = _Objects(place)
    rulings = walk.of(page)
    if walk.sizeless and loses_text(walk.sizeless, text, bool(glyphs)):
        raise LostText
    asked = glyphs[::SAMPLE]
    unmapped = sum(1 for glyph in asked if pdfium.FPDFText_HasUnicodeMapError(text.raw, glyph.at) == 1)
    return RawPage(
        number, width, height, glyphs, rulings, _Looks(text), unmapped * len(glyphs) // max(1, len(asked)),
        drawn=bool(walk.segments or walk.pictured), pictured=min(1.0, walk.pictured / max(1.0, width * height)),
        pictures=walk.pictures, pixels=walk.pixels,
    )  # fmt: skip


def loses_text(sizeless: list[tuple[Any, bool]], text: Any, any_glyphs: bool) -> bool:
    """Whether PDFium leaves characters out because it has no font to measure them by.

    Text in a font that is neither in the file nor on the machine is given no height, and single characters of it
    no place at all; blanks look the same, so a witness with words is asked for, or a page with nothing else.
    """
    import pypdfium2.raw as pdfium

    foreign = [pair for pair in sizeless if not pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(pair[0]))]
    if not any_glyphs:
        return bool(foreign)
    return any(point for _, point in foreign) and any(_words(item, text) for item, point in foreign if not point)


def _words(item: Any, text: Any) -> str:
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFTextObj_GetText(item, text.raw, None, 0)
    buffer = ctypes.create_string_buffer(max(2, size))
    pdfium.FPDFTextObj_GetText(item, text.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "ignore").strip("\0 \u3000\xa0\r\n\t")


def _page_box(page: Any) -> tuple[float, float, float, float]:
    """The visible box in user space; PDFium's own answer is turned already."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return box if box[0] < box[2] and box[1] < box[3] else media


def _placer(box: tuple[float, float, float, float], turn: int) -> tuple[Place, float, float]:
    """A function from user space to points from the top left corner of the page turned clockwise by ``turn``."""
    left, bottom, right, top = box
    if turn == 90:
        return lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left), top - bottom, right - left
    if turn == 180:
        return lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom), right - left, top - bottom
    if turn == 270:
        return lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0), top - bottom, right - left
    return lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0), right - left, top - bottom


def _direction(text: Any, index: int) -> int | None:
    """Which way a glyph's line runs, in degrees anticlockwise; None where it is aslant, as in a watermark."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text.raw, index, matrix):
        return 0
    angle = math.degrees(math.atan2(matrix.b, matrix.a))
    straight = round(angle / 90) * 90
    return straight % 360 if abs(angle - straight) < 5 else None


def _turn(text: Any, rotation: int) -> int:
    """How far the page must be turned clockwise for most of its text to run from left to right."""
    import pypdfium2.raw as pdfium

    count = text.count_chars()
    step = max(1, count // 60)
    seen: dict[int, int] = {}
    for index in range(0, count, step):
        if pdfium.FPDFText_GetUnicode(text.raw, index) > 32 and not pdfium.FPDFText_IsGenerated(text.raw, index):
            direction = _direction(text, index)
            if direction is not None:
                seen[direction] = seen.get(direction, 0) + 1
    return max(seen, key=lambda direction: seen[direction]) if seen else rotation


def _glyphs(text: Any, place: Place, turn: int) -> list[Glyph]:
    import pypdfium2.raw as pdfium

    raw = text.raw
    unicode_at, box_at = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    box = pdfium.FS_RECTF()
    glyphs: list[Glyph] = []
    spaces, straight, level = 0, True, math.inf
    upright = turn in (0, 180)
    for index in range(text.count_chars()):
        code = unicode_at(raw, index)
        if code < 32 and code not in _CONTROLS:
            code = 0xFFFD  # a glyph whose meaning the font does not tell
        if (code <= 32 and code != _SOFT_HYPHEN) or code in (0xA0, 0x3000):
            # PDFium makes up spaces and line ends of its own; the gaps are measured anyway
            spaces = 0 if code in (10, 13) else spaces + (0 if pdfium.FPDFText_IsGenerated(raw, index) else 1)
            continue
        if not box_at(raw, index, box):
            continue
        here = box.bottom if upright else box.left
        if abs(here - level) > 0.4:
            level, straight = here, _direction(text, index) is not None
        if straight:
            character = "-" if code in (_HYPHEN, _SOFT_HYPHEN) else chr(code) if code < 0x110000 else "\ufffd"
            glyphs.append(Glyph(*place(box.left, box.bottom, box.right, box.top), character, index, spaces))
            spaces = 0
    return _paired(glyphs)


def _paired(glyphs: list[Glyph]) -> list[Glyph]:
    """Halves of a character beyond the basic plane put together; single halves are left to be counted as garbled."""
    if not any(0xD800 <= ord(glyph.text) <= 0xDBFF for glyph in glyphs):
        return glyphs
    whole: list[Glyph] = []
    for glyph in glyphs:
        last = whole[-1] if whole else None
        if last and 0xDC00 <= ord(glyph.text) <= 0xDFFF and 0xD800 <= ord(last.text) <= 0xDBFF:
            code = 0x10000 + ((ord(last.text) - 0xD800) << 10) + (ord(glyph.text) - 0xDC00)
            whole[-1] = last._replace(text=chr(code), x1=max(last.x1, glyph.x1))
        else:
            whole.append(glyph)
    return whole


class _Looks:
    """The looks of a page's glyphs, asked for one by one."""

    def __init__(self, text: Any) -> None:
        import pypdfium2.raw as pdfium

        self.text = text  # keeps PDFium's text page open
        self.raw = text.raw
        self.matrix = pdfium.FS_MATRIX()
        self.name, self.flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self.colour = tuple(ctypes.c_uint() for _ in range(4))

    def __call__(self, index: int) -> Look:
        import pypdfium2.raw as pdfium

        raw, matrix = self.raw, self.matrix
        scale = math.hypot(matrix.c, matrix.d) if pdfium.FPDFText_GetMatrix(raw, index, matrix) else 1.0
        size = pdfium.FPDFText_GetFontSize(raw, index) * (scale or 1.0)
        pdfium.FPDFText_GetFontInfo(raw, index, self.name, 128, self.flags)
        colour = None
        if pdfium.FPDFText_GetFillColor(raw, index, *self.colour):
            red, green, blue, _ = self.colour
            colour = f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
        bold = is_bold(self.name.value) or pdfium.FPDFText_GetFontWeight(raw, index) >= HEAVY
        return Look(round(size, 1), bold, colour)


@lru_cache(maxsize=256)
def is_bold(name: bytes) -> bool:
    """Whether a font's name says that it is heavy: Bold, Hei, XBS (小标宋), in Latin or GBK letters."""
    plain = name.split(b"+")[-1].lower()
    words = (b"bold", b"heavy", b"black", b"simhei", b"heiti", b"fzhei", b"xiaobiaosong", b"fzxbs", b"dabiaosong")
    return any(word in plain for word in words) or any(
        word.encode(coding) in name for word in ("黑体", "小标宋", "粗") for coding in ("gbk", "utf-8")
    )


class LostText(Exception):
    """PDFium gives less text than the page has."""


class _Objects:
    """A page's objects gone through once.

    ``rulings`` are the straight, axis-parallel lines that its paths draw, thin filled rectangles included;
    ``sizeless`` the text objects without width or height, each with whether it has neither; ``pictured`` the area
    that pictures cover, ``pictures`` where, ``pixels`` those of the largest.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.rulings: list[Ruling] = []
        self.seen: set[tuple[int, int, int, int]] = set()
        self.segments = 0
        self.pictured = 0.0
        self.pictures: list[Box] = []
        self.pixels = 0
        self.sizeless: list[tuple[Any, bool]] = []
        self.bounds = tuple(ctypes.c_float() for _ in range(4))

    def of(self, page: Any) -> list[Ruling]:
        import pypdfium2.raw as pdfium

        self._walk(pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, page.raw, None, 0)
        return self.rulings

    def _walk(self, count: Any, get: Any, parent: Any, outer: Matrix | None, depth: int) -> None:
        import pypdfium2.raw as pdfium

        for index in range(count(parent)):
            item = get(parent, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                if self.segments < MAX_SEGMENTS:
                    self._path(item, outer)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
                left, bottom, right, top = self.bounds
                pdfium.FPDFPageObj_GetBounds(item, *self.bounds)
                flat, thin = top.value - bottom.value < EMPTY, right.value - left.value < EMPTY
                if flat or thin:
                    self.sizeless.append((item, flat and thin))
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._picture(item, _times(_matrix(item), outer))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                matrix = _times(_matrix(item), outer)
                self._walk(pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, item, matrix, depth + 1)

    def _picture(self, item: Any, matrix: Matrix) -> None:
        """A picture is the unit square as its matrix places it."""
        import pypdfium2.raw as pdfium

        a, b, c, d, e, f = matrix
        self.pictured += abs(a * d - b * c)
        xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        self.pictures.append(self.place(min(xs), min(ys), max(xs), max(ys)))
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        if pdfium.FPDFImageObj_GetImagePixelSize(item, wide, high):
            self.pixels = max(self.pixels, wide.value * high.value)

    def _path(self, item: Any, outer: Matrix | None) -> None:
        import pypdfium2.raw as pdfium

        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke):
            return
        stroked = bool(stroke.value) and _visible(pdfium.FPDFPageObj_GetStrokeColor, item)
        filled = bool(fill.value) and _visible(pdfium.FPDFPageObj_GetFillColor, item)
        if not stroked and not filled:
            return
        matrix = _times(_matrix(item), outer)
        for points in self._subpaths(item, matrix):
            if stroked:
                for one, other in pairwise(points):
                    self._add(one, other)
            elif len(points) > 1:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
                    self._add((min(xs), min(ys)), (max(xs), max(ys)))

    def _subpaths(self, item: Any, matrix: Matrix) -> list[list[tuple[float, float]]]:
        """Points of each straight subpath in user space; a curve ends the subpath that it belongs to."""
        import pypdfium2.raw as pdfium

        a, b, c, d, e, f = matrix
        x, y = ctypes.c_float(), ctypes.c_float()
        paths: list[list[tuple[float, float]]] = []
        curved = False
        for index in range(pdfium.FPDFPath_CountSegments(item)):
            self.segments += 1
            if self.segments > MAX_SEGMENTS:
                break
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                if paths and not curved:
                    paths.pop()
                curved = True
                continue
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                paths.append([])
                curved = False
            if curved or not paths:
                continue
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            paths[-1].append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
            if pdfium.FPDFPathSegment_GetClose(segment) and len(paths[-1]) > 1:
                paths[-1].append(paths[-1][0])
        return paths

    def _add(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        x0, x1 = sorted((one[0], other[0]))
        y0, y1 = sorted((one[1], other[1]))
        if min(x1 - x0, y1 - y0) > THIN or max(x1 - x0, y1 - y0) < 1:
            return
        box = self.place(x0, y0, x1, y1)
        key = (round(box[0] * 4), round(box[1] * 4), round(box[2] * 4), round(box[3] * 4))
        if key not in self.seen:
            self.seen.add(key)
            self.rulings.append(ruling(*box))


def _matrix(item: Any) -> Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(inner: Matrix, outer: Matrix | None) -> Matrix:
    """``inner`` first, then ``outer``."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _visible(colour_of: Any, item: Any) -> bool:
    """Neither white nor wholly transparent: web pages printed to PDF lay white rectangles under every line."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour_of(item, red, green, blue, alpha):
        return True
    return alpha.value > 8 and min(red.value, green.value, blue.value) < 250
