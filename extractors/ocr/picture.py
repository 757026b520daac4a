"""A page's picture made ready: paper to white, seals taken off the text, set straight."""

from __future__ import annotations

from typing import Any

#: Paper is at least this light, once its shade is taken off; the back of the sheet shines through above it.
PAPER = 222
#: Millimetres to the point.
MM = 72 / 25.4
#: Pictures are set straight within so many degrees.
MOST_SKEW = 6.0
LEAST_SKEW = 0.08
_SMALL_SIDE = 1000
_MOST_POINTS = 60_000


def whiten(pixels: Any) -> Any:
    """A picture with its paper white, shadows and what shines through from the back gone."""
    import cv2
    import numpy as np

    high, wide = pixels.shape[:2]
    small = cv2.resize(pixels, (max(1, wide // 8), max(1, high // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (0, 0), 8)
    paper = np.maximum(cv2.resize(paper, (wide, high), interpolation=cv2.INTER_LINEAR), 96)
    return cv2.divide(pixels, paper, scale=255.0 * 255 / PAPER)


def straighten(pixels: Any) -> tuple[Any, float]:
    """A picture turned so that its lines run level, and by how many degrees it was turned."""
    angle = skew(pixels)
    if abs(angle) < LEAST_SKEW:
        return pixels, 0.0
    import cv2

    high, wide = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    white = (255, 255, 255)
    return cv2.warpAffine(pixels, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=white), angle


def skew(pixels: Any) -> float:
    """By how many degrees a picture's lines fall to the right; 0 where nothing tells.

    Of the angles tried the one is taken at which dark points heap up most in rows and columns.
    """
    import cv2
    import numpy as np

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    factor = min(1.0, _SMALL_SIDE / max(grey.shape))
    grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(grey < 160)
    if len(xs) < 200:
        return 0.0
    if len(xs) > _MOST_POINTS:
        step = len(xs) // _MOST_POINTS + 1
        xs, ys = xs[::step], ys[::step]
    xs, ys = xs - grey.shape[1] / 2, ys - grey.shape[0] / 2
    reach = int(max(grey.shape))

    def heaps(angle: float) -> float:
        sin, cos = np.sin(np.radians(angle)), np.cos(np.radians(angle))
        rows = np.histogram(ys * cos - xs * sin, bins=2 * reach, range=(-reach, reach))[0].astype(float)
        columns = np.histogram(xs * cos + ys * sin, bins=2 * reach, range=(-reach, reach))[0].astype(float)
        return float((rows**2).sum() + (columns**2).sum())

    best = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5), key=heaps)
    best = max(np.arange(best - 0.5, best + 0.51, 0.1), key=heaps)
    best = max(np.arange(best - 0.1, best + 0.11, 0.02), key=heaps)
    return float(best) if heaps(best) > 1.02 * heaps(0.0) else 0.0


def red_mask(pixels: Any) -> Any:
    """Which points are red: 255 or 0."""
    import cv2
    import numpy as np

    blue, green, red = cv2.split(pixels.astype(np.int16))
    return ((red - np.maximum(green, blue) > 45) & (red > 90)).astype(np.uint8) * 255


def lift_seals(pixels: Any, scale: float) -> tuple[Any, int]:
    """A picture without its red seals, the black words beneath them kept, and how many there were.

    Where a seal lies, the picture is taken as red light shows it: red ink is as light there as paper. Red words (the
    letterhead) stand in rows and are left as they are.

    Args:
        pixels: rows of blue, green, red bytes, the paper white.
        scale: pixels to the point.
    """
    import cv2
    import numpy as np

    mask = red_mask(pixels)
    if cv2.countNonZero(mask) < 30 * scale:
        return pixels, 0
    factor = min(1.0, 2 / (scale * MM))  # two pixels to the millimetre are enough for shapes
    small = cv2.resize(mask, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    small = (small > 60).astype(np.uint8) * 255
    unit = scale * MM * factor
    reach = max(3, round(4 * unit))
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = [tuple(int(value) for value in stats[i][:4]) for i in range(1, count)]
    seals = [i for i, box in enumerate(boxes) if _is_seal(box, boxes, small, labels == i + 1, unit)]
    if not seals:
        return pixels, 0
    # The whole box of a seal: its star and words may touch nothing else of it.
    where = np.zeros(small.shape, np.uint8)
    for left, top, wide, high in (boxes[i] for i in seals):
        where[max(0, top - 1) : top + high + 1, max(0, left - 1) : left + wide + 1] = 255
    where = cv2.resize(where, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_NEAREST) > 0
    lifted = pixels.copy()
    red = pixels[:, :, 2]
    # Red ink is somewhat darker than paper even in red light: what is as light as most of it becomes white.
    ink = max(120.0, 0.88 * float(np.median(red[where & (mask > 0)])))
    plain = np.clip(red * (255 / ink), 0, 255).astype(np.uint8)
    lifted[where] = plain[where][:, None]
    return lifted, len(seals)


def _is_seal(box: tuple[int, ...], boxes: list[tuple[int, ...]], red: Any, own: Any, unit: float) -> bool:
    """Whether a red patch is a seal: large, about as high as wide, round, or lower on the page than a letterhead."""
    _, top, wide, high = box
    if min(wide, high) < 12 * unit or max(wide, high) > 150 * unit:
        return False
    if _is_ring(box, (red > 0) & own):
        return True
    head = top + high / 2 < 0.45 * red.shape[0]
    if wide > 2.2 * high:
        return high > 28 * unit and not head
    alike = [
        other for other in boxes
        if other != box and abs(other[1] + other[3] / 2 - top - high / 2) < 0.3 * high and 0.6 < other[3] / high < 1.7
    ]  # fmt: skip
    return len(alike) < 2


def _is_ring(box: tuple[int, ...], red: Any) -> bool:
    """Whether a patch's outermost points lie on the oval that its box holds, nearly all around."""
    import numpy as np

    left, top, wide, high = box
    if not 0.5 < wide / high < 2:
        return False
    ys, xs = np.nonzero(red[top : top + high, left : left + wide])
    if not len(xs):
        return False
    across, down = (xs - wide / 2) / (wide / 2), (ys - high / 2) / (high / 2)
    radius = np.hypot(across, down)
    sector = ((np.arctan2(down, across) + np.pi) / (2 * np.pi) * 35.999).astype(int)
    outer = np.zeros(36)
    np.maximum.at(outer, sector, radius)
    return bool(((outer > 0.82) & (outer < 1.12)).sum() >= 30)
