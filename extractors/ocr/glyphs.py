"""Recognised lines to glyphs: where each character stands, where blanks are, how large the letters are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from extractors.ocr.engine import Reading
from extractors.readers.pdf_lines import CLOSING, OPENING
from extractors.readers.pdf_page import Glyph, Look

_WIDE = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f\u2014\u2018-\u201d\u2026\U00020000-\U0003ffff]"
)
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
#: Ink of ideographs is this share of the font's size high.
_INK = 0.93
#: Sizes within this share of the page's commonest one are that one.
_SAME = 0.13
#: A blank between ideographs, one between an ideograph and a figure, and one beside a stop or bracket, in ems; narrower
#: ones are the letters' own. Between Latin letters: where the recogniser sees one too, and where it doesn't.
_GAP, _GAP_MIXED, _GAP_STOP, _GAP_LATIN, _GAP_FAR = 0.46, 0.75, 1.2, 0.12, 0.2
#: From one ideograph to the next across a full-width mark are two ems, across a narrow one one and a half; so many
#: marks at least tell a page's habit.
_TIGHT, _VOTES = 1.7, 3
#: A mark with more room than this, in ems, is full-width whatever the page's habit.
_WIDE_ROOM = 0.85
#: Ideographs from which on a line tells how wide they are.
_EVEN = 4
#: Marks with much white of their own, though they neither open nor close.
_NO_SPACE = "≥≤＝=±×~～·"
#: What numbers are made of: no blanks stand in them.
_FIGURES = "0123456789.,%/-:<>"
#: Ink has at least this share of the darkest strokes' darkness.
_SHADE = 0.35
_STOPS, _BRACKETS = ",，;；:：", "()（）"
#: Half-width marks between Chinese words are what the recogniser makes of full-width ones.
_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
_HALF = {full: half for half, full in _FULL.items()}
_DATE_ZERO = re.compile(r"(?<=[一二三四五六七八九])[○0OQoD]{1,2}(?=[一二三四五六七八九十年])")


@dataclass(frozen=True)
class Laid:
    """A line on the page, in points: its glyphs from left to right with their scores."""

    reading: Reading
    glyphs: tuple[tuple[str, float, float, float, int], ...]  # text, x0, x1, score, blanks before
    top: float
    bottom: float
    size: float
    colour: str | None


Char = tuple[str, float, float]


def narrow_marks(lines: Sequence[Sequence[Char]]) -> frozenset[str]:
    """The marks that a page sets half as wide as an ideograph, in both their forms.

    The recogniser's alphabet tells ， from , by a hair, so the room between a mark's neighbours decides: two ems across
    a full-width one, one and a half across a narrow one. A page has one habit for its stops and one for its brackets.
    """
    steps: dict[str, list[float]] = {kind: [] for kind in (_STOPS, _BRACKETS)}
    for chars in lines:
        em = _em(chars, 0)
        for before, mark, after in zip(chars, chars[1:], chars[2:], strict=False):
            if _IDEOGRAPH.match(before[0]) and _IDEOGRAPH.match(after[0]):
                for kind, found in steps.items():
                    if mark[0] in kind:
                        found.append((after[2] - before[2]) / em)
    tight = [kind for kind, found in steps.items() if len(found) >= _VOTES and median(found) < _TIGHT]
    return frozenset("".join(tight))


def repair(chars: Sequence[Char], narrow: frozenset[str]) -> list[Char]:
    """Characters with marks as wide as they are set where Chinese is around them, and the zero of written dates round.

    Args:
        chars: a line's characters, white space left out.
        narrow: marks that the page sets narrow; all others are full-width in Chinese text (GB/T 15834-2011).
    """
    letters = [letter for letter, _, _ in chars]
    text = "".join(letters) if all(len(letter) == 1 for letter in letters) else ""
    if not text:
        return list(chars)
    text = _DATE_ZERO.sub(lambda found: "〇" * len(found[0]), text)
    made, em = list(text), _em(chars, 0)
    for i, letter in enumerate(text):
        if letter in narrow:
            clearly_wide = _room(chars, i, em) > _WIDE_ROOM
            made[i] = _FULL.get(letter, letter) if clearly_wide else _HALF.get(letter, letter)
        elif letter in _FULL and _is_chinese(text, i):
            made[i] = _FULL[letter]
        elif letter == "[" and re.match(r"\[(?:19|20)\d\d[〕\]]", text[i:]):
            made[i] = "〔"
        elif letter == "]" and re.search(r"[〔\[](?:19|20)\d\d$", text[:i]):
            made[i] = "〕"
    return [(new, score, x) for new, (_, score, x) in zip(made, chars, strict=True)]


def _room(chars: Sequence[Char], at: int, em: float) -> float:
    """How wide a mark is, in ems, by the room between its neighbours; 0 where nothing tells."""
    if not 0 < at < len(chars) - 1 or sum(1 for letter, _, _ in chars if _IDEOGRAPH.match(letter)) < _EVEN:
        return 0.0
    before, after = chars[at - 1], chars[at + 1]
    return (after[2] - before[2]) / em - sum(0.25 if each[0].isascii() else 0.5 for each in (before, after))


def _is_chinese(text: str, at: int) -> bool:
    """Whether a mark stands between Chinese words: beside an ideograph, and not inside a number or a Latin word."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "()":
        inner = text[at + 1 :] if text[at] == "(" else text[:at][::-1]
        return bool(re.match(r"[^()（）]{0,30}[\u4e00-\u9fff]", inner) or re.match(r"\d{1,2}[)）(（]", inner))
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return False
    return bool(_IDEOGRAPH.match(before) or _IDEOGRAPH.match(after) or before in "”》）)%" or after in "“《（(")


def lay(readings: Sequence[Reading], pixels: Any, red: Any, scale: float) -> list[Laid]:
    """Lines with each character's place, told by where the picture's ink is.

    Args:
        readings: what was recognised, in pixels.
        pixels: the picture, grey, its paper white and its rulings gone.
        red: the mask of red points.
        scale: pixels to the point.
    """
    narrow = narrow_marks([reading.chars for reading in readings])
    laid = [_lay(reading, narrow, pixels, red, scale) for reading in readings if reading.chars]
    sizes: Counter[float] = Counter()
    for line in laid:
        sizes[round(line.size * 2) / 2] += len(line.glyphs)
    if not sizes:
        return []
    # The commonest size of nearby ones together, since each is measured with an error of a pixel or two.
    body = max(sizes, key=lambda size: sum(n for other, n in sizes.items() if abs(other - size) <= _SAME / 2 * size))
    return [_with_size(line, body) if abs(line.size - body) <= _SAME * body else line for line in laid]


def _with_size(line: Laid, size: float) -> Laid:
    return Laid(line.reading, line.glyphs, line.top, line.bottom, size, line.colour)


def _lay(reading: Reading, narrow: frozenset[str], pixels: Any, red: Any, scale: float) -> Laid:
    import numpy as np

    left, top, right, bottom = (max(0, round(value)) for value in reading.box)
    part = _ink(pixels[top : bottom + 1, left : right + 1])
    rows, columns = part.sum(axis=1), part.sum(axis=0) > 0
    inked = np.nonzero(rows > max(1, 0.004 * part.shape[1]))[0]
    upper, lower = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, part.shape[0])
    em = _em(reading.chars, lower - upper)
    chars = repair(reading.chars, narrow)
    glyphs = _tiles(chars, _spaced(reading.text), columns, left, em)
    own = red[top : bottom + 1, left : right + 1]
    colour = "#c00000" if part.any() and (own[part] > 0).mean() > 0.5 else None
    tops, bottoms = _level(chars, top + upper, top + lower, em)
    return Laid(
        reading, tuple((text, x0 / scale, x1 / scale, score, blanks) for text, x0, x1, score, blanks in glyphs),
        tops / scale, bottoms / scale, round(min(em, _height(chars, lower - upper, em)) / scale, 1), colour,
    )  # fmt: skip


def _ink(part: Any) -> Any:
    """Which points are ink: as measured by the darkest strokes, so that grey and blurred letters count."""
    import numpy as np

    return part < 255 - _SHADE * (255 - min(200.0, float(np.percentile(part, 4)))) if part.size else part < 0


def _spaced(text: str) -> frozenset[int]:
    """Which characters, white space aside, the recogniser sees a blank before."""
    found, count = set(), 0
    for at, letter in enumerate(text):
        if letter.isspace():
            continue
        if at and text[at - 1].isspace():
            found.add(count)
        count += 1
    return frozenset(found)


def _em(chars: Sequence[tuple[str, float, float]], high: float) -> float:
    """The width of an ideograph: the commonest step from one to the next, or what the height of its ink tells."""
    steps = [b[2] - a[2] for a, b in pairwise(chars) if _IDEOGRAPH.match(a[0]) and _IDEOGRAPH.match(b[0])]
    guess = max(4.0, high / _INK if high else median(steps or [0.0]))
    near = [step for step in steps if 0.6 * guess < step < 1.35 * guess]
    return float(median(near)) if len(near) >= 2 else guess


def _height(chars: Sequence[tuple[str, float, float]], high: float, em: float) -> float:
    """The font's size as the ink's height tells it; a line without ideographs tells less."""
    ideographs = sum(1 for letter, _, _ in chars if _IDEOGRAPH.match(letter))
    return high / _INK if ideographs >= 2 else em


def _level(chars: Sequence[tuple[str, float, float]], top: float, bottom: float, em: float) -> tuple[float, float]:
    """Top and bottom of the line's glyphs: the ink's, or where there is too little (一, ——) an em around its middle."""
    if bottom - top >= 0.7 * em:
        return top, bottom
    middle = (top + bottom) / 2
    return middle - em / 2, middle + em / 2


def _tiles(
    chars: Sequence[tuple[str, float, float]], spaced: frozenset[int], inked: Any, left: float, em: float
) -> list[tuple[str, float, float, float, int]]:  # fmt: skip
    """Each character's left and right edge: the middle of the white before the next, or a blank's edges."""
    import numpy as np

    ink = np.nonzero(inked)[0]
    first = left + (float(ink[0]) if len(ink) else 0.0)
    last = left + (float(ink[-1]) + 1 if len(ink) else float(len(inked)))
    made: list[tuple[str, float, float, float, int]] = []
    start, blanks = first, 0
    for i, (text, score, x) in enumerate(chars):
        if i + 1 == len(chars):
            made.append((text, start, max(last, start + 1), score, blanks))
            break
        following = chars[i + 1]
        low, high = _white(inked, x - left, following[2] - left)
        wide = bool(_WIDE.match(text) or _WIDE.match(following[0]))
        middle = left + (low + high) / 2
        if high - low > em * _least_gap(text, following[0], i + 1 in spaced):
            made.append((text, start, left + low, score, blanks))
            start, blanks = left + high, max(1, round((high - low) / (em / 2))) if wide else 1
        else:
            made.append((text, start, max(middle, start + 1), score, blanks))
            start, blanks = max(middle, start + 1), 0
    return made


def _least_gap(before: str, after: str, spaced: bool) -> float:
    """From which width on, in ems, the white between two characters is a blank."""
    if after in CLOSING or before in OPENING:
        return _GAP_STOP * 2
    marks = (before in CLOSING or before in _NO_SPACE) + (after in OPENING or after in _NO_SPACE)
    if _WIDE.match(before) or _WIDE.match(after):
        if marks:
            return _GAP_STOP * marks
        return _GAP_MIXED if before.isascii() != after.isascii() else _GAP
    if spaced and not (before in _FIGURES and after in _FIGURES):
        return _GAP_LATIN  # of Latin words the recogniser knows best
    return _GAP_MIXED if before in _FIGURES and after in _FIGURES else _GAP_FAR


def _white(inked: Any, begin: float, end: float) -> tuple[float, float]:
    """The longest stretch without ink between two characters' middles; their halfway point where there is none."""
    low, high = max(0, int(begin)), min(len(inked), int(end) + 1)
    best, run = (0, 0), low
    for place in range(low, high + 1):
        if place == high or inked[place]:
            if place - run > best[1] - best[0]:
                best = (run, place)
            run = place + 1
    if best == (0, 0):
        return (begin + end) / 2, (begin + end) / 2
    return float(best[0]), float(best[1])


def page_glyphs(lines: Sequence[Laid]) -> tuple[list[Glyph], list[Look], dict[int, float]]:
    """Glyphs of a page as the layout takes them, and by their number the look and the recogniser's score."""
    glyphs: list[Glyph] = []
    looks: list[Look] = []
    scores: dict[int, float] = {}
    for line in lines:
        for text, x0, x1, score, blanks in line.glyphs:
            glyphs.append(Glyph(x0, line.top, x1, line.bottom, text, len(looks), blanks))
            looks.append(Look(line.size, False, line.colour))
            scores[len(scores)] = score
    return glyphs, looks, scores
