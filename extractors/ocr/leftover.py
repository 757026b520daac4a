"""Single figures and dashes in a table's cells, which the detector of lines passes over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import Any

from extractors.ocr.engine import Reading, read_line
from extractors.ocr.rulings import INK, Stroke

#: In points: what is smaller each way is a speck, what is larger no single word.
_LEAST, _WIDE, _HIGH = 3.5, 90.0, 40.0
#: Pieces nearer than this to each other, in points, are one.
_NEAR = 5.0
#: A dash is so many times as long as thick.
_DASH = 5.0
#: An ideograph is so many times as high as the box that the detector draws around its line.
_LINE = 0.75
#: So many pieces of a page are looked at, and read at least so surely.
_MOST, _SURE = 120, 0.7
_WORDS = re.compile(r"[0-9A-Za-z\u4e00-\u9fff√×/％%〇○☆★△▲.\-+]{1,8}")
#: Rulings that make a table, at least.
_TABLE = 4


def read_left_over(readings: Sequence[Reading], strokes: Sequence[Stroke], pixels: Any, scale: float) -> list[Reading]:
    """What stands within the rulings of a page and in none of its lines.

    Args:
        readings: the page's lines.
        strokes: its rulings.
        pixels: the picture without them.
        scale: pixels to the point.
    """
    if len(strokes) < _TABLE:
        return []
    em = _LINE * median([line.box[3] - line.box[1] for line in readings if not line.tall] or [12 * scale])
    found = [_read(box, pixels, scale, em) for box in _pieces(readings, strokes, pixels, scale)[:_MOST]]
    return [reading for reading in found if reading is not None]


def _pieces(
    readings: Sequence[Reading], strokes: Sequence[Stroke], pixels: Any, scale: float
) -> list[tuple[int, int, int, int]]:
    """Boxes around ink that no line covers, near pieces together."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    ink = (grey < INK).astype(np.uint8) * 255
    inside = np.zeros_like(ink)
    left, top = min(s.x0 for s in strokes), min(s.y0 for s in strokes)
    right, bottom = max(s.x1 for s in strokes), max(s.y1 for s in strokes)
    inside[top:bottom, left:right] = ink[top:bottom, left:right]
    pad = round(scale)
    for reading in readings:
        x0, y0, x1, y1 = (round(value) for value in reading.box)
        inside[max(0, y0 - pad) : y1 + pad, max(0, x0 - pad) : x1 + pad] = 0
    for stroke in strokes:  # what is left of a ruling's rim
        inside[max(0, stroke.y0 - pad) : stroke.y1 + pad, max(0, stroke.x0 - pad) : stroke.x1 + pad] = 0
    reach = max(3, round(_NEAR * scale))
    joined = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = [(x, y, x + wide, y + high) for x, y, wide, high, _ in stats[1:count].tolist()]
    return [box for box in boxes if _is_word(box, scale)]


def _is_word(box: tuple[int, int, int, int], scale: float) -> bool:
    wide, high = (box[2] - box[0]) / scale, (box[3] - box[1]) / scale
    return max(wide, high) > _LEAST and wide < _WIDE and high < _HIGH


def _read(box: tuple[int, int, int, int], pixels: Any, scale: float, em: float) -> Reading | None:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if wide > _DASH * high and 5 * scale < wide < 3 * em:
        count = 2 if wide > 1.3 * em else 1
        step = wide / count
        chars = tuple(("—", 0.9, left + step * (i + 0.5)) for i in range(count))
        return Reading("—" * count, 0.9, (left, top, right, bottom), chars)
    pad = round(max(2 * scale, 0.2 * high))
    part = pixels[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad]
    if high < 4 * scale or not part.size:
        return None
    text, score = read_line(part)
    letters = "".join(text.split())
    if score < _SURE or not _WORDS.fullmatch(letters):
        return None
    step = wide / len(letters)
    chars = tuple((letter, score, left + step * (i + 0.5)) for i, letter in enumerate(letters))
    return Reading(text, score, (left, top, right, bottom), chars)
