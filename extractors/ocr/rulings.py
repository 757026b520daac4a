"""The straight lines of a picture: what a table is ruled with."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Darker than this is ink.
INK = 200
#: In points: the shortest lines across and down, and the thickest line.
ACROSS, DOWN, THICK = 25.0, 10.0, 4.0
#: A line that reaches no other is one from this length on; strokes of large letters are shorter.
ALONE = 70.0
#: How near, in points, a line ends to the one that it meets.
MEETS = 4.0


class Stroke(NamedTuple):
    """A line's box in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int


def find_rulings(pixels: Any, scale: float) -> tuple[list[Stroke], Any]:
    """The lines across and down of a picture that stands straight, and the picture without them.

    Args:
        pixels: rows of blue, green, red bytes, the paper white.
        scale: pixels to the point.
    """
    import cv2

    ink = (cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) < INK).astype("uint8") * 255
    across, across_mask = _strokes(ink, scale, ACROSS, upright=False)
    down, down_mask = _strokes(ink, scale, DOWN, upright=True)
    near = MEETS * scale

    def rules(stroke: Stroke) -> bool:
        return _ends_on(stroke, across, near) == 2 and _is_free(ink, stroke, scale)

    kept_down = [stroke for stroke in down if stroke.y1 - stroke.y0 > ALONE * scale or rules(stroke)]
    flipped = [_flip(stroke) for stroke in kept_down]
    kept_across = [
        stroke for stroke in across
        if stroke.x1 - stroke.x0 > ALONE * scale or _ends_on(_flip(stroke), flipped, near) == 2
    ]  # fmt: skip
    clean = pixels.copy()
    for strokes, mask in ((kept_across, across_mask), (kept_down, down_mask)):
        for stroke in strokes:
            part = (slice(max(0, stroke.y0 - 1), stroke.y1 + 1), slice(max(0, stroke.x0 - 1), stroke.x1 + 1))
            clean[part][cv2.dilate(mask[part], None) > 0] = 255
    return [*kept_across, *kept_down], clean


def _strokes(ink: Any, scale: float, least: float, *, upright: bool) -> tuple[list[Stroke], Any]:
    """Straight runs of ink in one direction; small gaps and wavering by a pixel don't end one."""
    import cv2
    import numpy as np

    length, gap = max(3, round(least * scale)), max(3, round(1.5 * scale))

    def bar(size: int) -> Any:
        return np.ones((size, 1) if upright else (1, size), np.uint8)

    wide = cv2.dilate(ink, np.ones((1, 3) if upright else (3, 1), np.uint8))
    runs = cv2.morphologyEx(cv2.morphologyEx(wide, cv2.MORPH_CLOSE, bar(gap)), cv2.MORPH_OPEN, bar(length))
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs)
    found = []
    for left, top, wide_, high, _ in stats[1:count].tolist():
        if (wide_ if upright else high) <= THICK * scale + 2:
            found.append(Stroke(left, top, left + wide_, top + high))
    return found, cv2.bitwise_and(runs, wide)


def _flip(stroke: Stroke) -> Stroke:
    return Stroke(stroke.y0, stroke.x0, stroke.y1, stroke.x1)


def _ends_on(stroke: Stroke, across: list[Stroke], near: float) -> int:
    """How many of an upright stroke's ends lie on a line across."""
    x = (stroke.x0 + stroke.x1) / 2
    ys = [(other.y0 + other.y1) / 2 for other in across if other.x0 - near <= x <= other.x1 + near]
    return sum(any(abs(y - end) <= near for y in ys) for end in (stroke.y0, stroke.y1))


def _is_free(ink: Any, stroke: Stroke, scale: float) -> bool:
    """Whether a short upright line stands by itself, and is not a letter's stem: little ink touches it on its way."""
    import numpy as np

    aside = max(2, round(1.2 * scale))
    inner = slice(stroke.y0 + aside * 2, max(stroke.y0 + aside * 2 + 1, stroke.y1 - aside * 2))
    sides = [ink[inner, max(0, stroke.x0 - aside)], ink[inner, min(ink.shape[1] - 1, stroke.x1 + aside)]]
    return bool(min(float(np.mean(side > 0)) for side in sides) < 0.2)
