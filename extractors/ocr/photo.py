"""A page photographed on a desk: its four corners found, and the page laid flat."""

from __future__ import annotations

from typing import Any

#: Share of the picture that a page covers which lies on something else.
LEAST, MOST = 0.3, 0.97
#: How far, in degrees, a corner may be from a right angle.
SLANT = 25.0
#: Paper is so much lighter than what it lies on.
CONTRAST = 40
_SIDE = 800


def flatten(pixels: Any) -> Any:
    """A page's picture without what it lies on, seen from straight above; as it is where no page's edge is seen.

    Args:
        pixels: rows of blue, green, red bytes.
    """
    import cv2
    import numpy as np

    corners = _corners(pixels)
    if corners is None:
        return pixels
    wide = round(max(_length(corners[0], corners[1]), _length(corners[3], corners[2])))
    high = round(max(_length(corners[0], corners[3]), _length(corners[1], corners[2])))
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return cv2.warpPerspective(pixels, turn, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _corners(pixels: Any) -> Any:
    """The page's corners from top left clockwise; None where it fills the picture or is not clearly one."""
    import cv2
    import numpy as np

    factor = min(1.0, _SIDE / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    # Letters are closed over, so that the page is one light patch.
    grey = cv2.morphologyEx(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    _, light = cv2.threshold(cv2.GaussianBlur(grey, (5, 5), 0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    share = cv2.contourArea(outline) / light.size
    if not LEAST < share < MOST or light.all():
        return None
    if grey[light > 0].mean() - grey[light == 0].mean() < CONTRAST:
        return None
    hull = cv2.convexHull(outline)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        found = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(found) == 4:
            break
    else:
        return None
    # What the outline holds beyond its four corners would be lost.
    if cv2.contourArea(found) < 0.94 * cv2.contourArea(hull):
        return None
    ordered = _ordered(found.astype(float))
    return ordered / factor if _is_page(ordered) else None


def _ordered(points: Any) -> Any:
    import numpy as np

    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    return np.array(
        [points[total.argmin()], points[difference.argmax()], points[total.argmax()], points[difference.argmin()]]
    )


def _is_page(corners: Any) -> bool:
    """Whether four corners are those of a sheet: near right angles."""
    import numpy as np

    for i in range(4):
        one, other = corners[i - 1] - corners[i], corners[(i + 1) % 4] - corners[i]
        if not one.any() or not other.any():
            return False
        cosine = float(one @ other / np.hypot(*one) / np.hypot(*other))
        if abs(np.degrees(np.arccos(np.clip(cosine, -1, 1))) - 90) > SLANT:
            return False
    return True


def _length(one: Any, other: Any) -> float:
    return float(((one - other) ** 2).sum() ** 0.5)
