"""A page's picture to glyphs and rulings, as the pdf reader's layout takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.ocr.engine import Reading, read_line, read_lines
from extractors.ocr.glyphs import lay, page_glyphs
from extractors.ocr.leftover import read_left_over
from extractors.ocr.picture import lift_seals, red_mask, skew, straighten, whiten
from extractors.ocr.rulings import find_rulings
from extractors.readers.pdf_page import RawPage, Ruling, ruling

#: Pixels to the point that pages are looked at with: 200 to the inch.
SCALE = 200 / 72
#: A page that reads worse than this is tried the other ways round.
DOUBTFUL = 0.75
#: What is recognised worse than this is a stain, a scrawl or a picture, and no text.
NO_TEXT = 0.5
#: A picture's rulings fit the text that lies under it where it is aslant by no more degrees than this.
LEVEL = 0.4
#: Quarter turns are told apart on a picture of this share of the size.
_TRIAL = 0.6


def read_picture(pixels: Any, scale: float, number: int) -> RawPage:
    """What stands on a page.

    Args:
        pixels: rows of blue, green, red bytes.
        scale: pixels to the point.
        number: the page's number, from 1.

    Returns:
        Glyphs with scores, rulings and ``unread``, the places where something stands that could not be read. A page
        that lies on its side or upside down is turned first, and set straight.

    Raises:
        SourceError: source.no_ocr, where the models are not there.
    """
    pixels = whiten(pixels)
    pixels, _ = lift_seals(pixels, scale)
    pixels, _ = straighten(pixels)
    readings, strokes, clean = _read(pixels, scale)
    if turns := _turns(readings):
        turned = _best_turn(pixels, scale, turns, _value(readings))
        if turned is not None:
            pixels, _ = straighten(turned)
            readings, strokes, clean = _read(pixels, scale)
    return _raw(readings, strokes, clean, scale, number)


def read_rulings(pixels: Any, scale: float) -> list[Ruling]:
    """The rulings of a page's picture as it lies, in points; none where it lies too much aslant.

    Args:
        pixels: rows of blue, green, red bytes.
        scale: pixels to the point.
    """
    pixels, _ = lift_seals(whiten(pixels), scale)
    if abs(skew(pixels)) > LEVEL:
        return []
    return [ruling(s.x0 / scale, s.y0 / scale, s.x1 / scale, s.y1 / scale) for s in find_rulings(pixels, scale)[0]]


def _read(pixels: Any, scale: float) -> tuple[list[Reading], Any, Any]:
    strokes, clean = find_rulings(pixels, scale)
    readings = read_lines(clean, scale)
    return [*readings, *read_left_over(readings, strokes, clean, scale)], strokes, clean


def _value(readings: Sequence[Reading]) -> float:
    """How much was read, and how surely; lines on their side say little."""
    return sum(line.score**2 * len(line.chars) * (0.2 if line.tall and len(line.chars) > 1 else 1) for line in readings)


def _turns(readings: Sequence[Reading]) -> tuple[int, ...]:
    """Which quarter turns (clockwise) to try: none where the page reads well as it is."""
    letters = sum(len(line.chars) for line in readings)
    if letters < 8:
        return ()
    tall = sum(len(line.chars) for line in readings if line.tall and len(line.chars) > 1)
    if tall * 2 > letters:
        return (1, 3)
    sure = sum(line.score * len(line.chars) for line in readings) / letters
    return (2, 1, 3) if sure < DOUBTFUL else ()


def _best_turn(pixels: Any, scale: float, turns: Sequence[int], value: float) -> Any:
    """The picture turned so that most of it can be read; None where it is best as it is."""
    import cv2
    import numpy as np

    best, found = value * 1.1, None
    for turn in turns:
        turned = np.ascontiguousarray(np.rot90(pixels, -turn))
        small = cv2.resize(turned, None, fx=_TRIAL, fy=_TRIAL, interpolation=cv2.INTER_AREA)
        worth = _value(read_lines(small, scale * _TRIAL))
        if worth > best:
            best, found = worth, turned
    return found


def _raw(readings: Sequence[Reading], strokes: Any, clean: Any, scale: float, number: int) -> RawPage:
    import cv2

    grey = cv2.cvtColor(clean, cv2.COLOR_BGR2GRAY)
    kept = [line for reading in readings for line in (_downwards(reading, clean) if reading.tall else [reading])]
    texts = [line for line in kept if line.score >= NO_TEXT]
    lines = lay(texts, grey, red_mask(clean), scale)
    glyphs, looks, scores = page_glyphs(lines)
    rulings = [ruling(s.x0 / scale, s.y0 / scale, s.x1 / scale, s.y1 / scale) for s in strokes]
    high, wide = clean.shape[:2]
    left_out = [line for line in kept if line.score < NO_TEXT and _is_large(line, scale)]
    unread = [(x0 / scale, y0 / scale, x1 / scale, y1 / scale) for x0, y0, x1, y1 in (line.box for line in left_out)]
    return RawPage(
        number, wide / scale, high / scale, glyphs, rulings, lambda at: looks[at], scores=scores, unread=unread
    )


def _is_large(line: Reading, scale: float) -> bool:
    """Whether a place is as large as a letter: specks are not worth a word."""
    left, top, right, bottom = line.box
    return min(right - left, bottom - top) > 7 * scale


def _downwards(reading: Reading, pixels: Any) -> list[Reading]:
    """A label that is written downwards, letter by letter: its letters are set side by side and read as one line."""
    import cv2
    import numpy as np

    left, top, right, bottom = (max(0, round(value)) for value in reading.box)
    part = pixels[top:bottom, left:right]
    if len(reading.chars) <= 1 or not part.size:
        return [reading]
    inked = (cv2.cvtColor(part, cv2.COLOR_BGR2GRAY) < 170).any(axis=1)
    pieces = _cut(inked, right - left)
    if len(pieces) < 2:
        return [reading]
    side = right - left
    tiles = [cv2.resize(part[a:b], (side, side), interpolation=cv2.INTER_AREA) for a, b in pieces]
    text, score = read_line(np.hstack(tiles))
    letters = [letter for letter in text if not letter.isspace()]
    if len(letters) != len(pieces) or score < reading.score - 0.2:
        return [reading]
    middle = (left + right) / 2
    return [
        Reading(letter, score, (left, top + a, right, top + b), ((letter, score, middle),))
        for letter, (a, b) in zip(letters, pieces, strict=True)
    ]


def _cut(inked: Any, side: int) -> list[tuple[int, int]]:
    """Where each letter of a column begins and ends: white rows part them, unless the parts make one square letter."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    pieces: list[tuple[int, int]] = []
    for a, b in runs:
        low = min(b - a, pieces[-1][1] - pieces[-1][0]) < 0.45 * side if pieces else False
        if pieces and low and b - pieces[-1][0] <= side:
            pieces[-1] = (pieces[-1][0], b)
        else:
            pieces.append((a, b))
    return [(a, b) for a, b in pieces if b - a > 0.12 * side]
