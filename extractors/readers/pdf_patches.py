"""Pictures on a page with text: what they hold is put among the page's own glyphs and rulings."""

from __future__ import annotations

from typing import Any

from extractors.readers.pdf_page import RawPage, ruling
from extractors.readers.pdf_scan import paint
from schemas.document import Box

#: Recognised glyphs are numbered from here, behind the page's own.
_FROM = 10_000_000
#: A picture of fewer characters, or less surely read ones, is a photograph or a mark.
_LEAST, _SURE = 12, 0.85


def with_pictures(page: Any, raw: RawPage, boxes: list[Box]) -> bool:
    """Adds what some pictures of a page hold to it, and tells whether that is anything.

    Args:
        page: an open pypdfium2 page.
        raw: its own glyphs and rulings; changed.
        boxes: where the pictures stand.
    """
    from extractors.ocr.page import SCALE, read_picture

    pixels, scale = paint(page, SCALE)
    if abs(pixels.shape[1] / scale - raw.width) > 2:
        return False  # the page was turned for its text, its picture is not
    found = False
    for left, top, right, bottom in boxes:
        x, y = max(0, round(left * scale)), max(0, round(top * scale))
        part = pixels[y : round(bottom * scale), x : round(right * scale)].copy()
        if min(part.shape[:2]) < 40:
            continue
        seen = read_picture(part, scale, raw.number)
        scores = seen.scores or {}
        sure = sum(scores.values()) / max(1, len(scores))
        if len(seen.glyphs) < _LEAST or sure < _SURE or abs(seen.width - part.shape[1] / scale) > 2:
            continue
        _add(raw, seen, x / scale, y / scale)
        found = True
    return found


def _add(raw: RawPage, seen: RawPage, x: float, y: float) -> None:
    """Puts a picture's glyphs and rulings where it stands on the page."""
    first = _FROM + len(raw.scores or {})
    raw.scores = raw.scores or {}
    raw.scores.update({first + at: score for at, score in (seen.scores or {}).items()})
    raw.glyphs += [
        glyph._replace(
            x0=glyph.x0 + x, x1=glyph.x1 + x, top=glyph.top + y, bottom=glyph.bottom + y, at=first + glyph.at
        )
        for glyph in seen.glyphs
    ]  # fmt: skip
    raw.rulings += [ruling(r["x0"] + x, r["top"] + y, r["x1"] + x, r["bottom"] + y) for r in seen.rulings]
    own, theirs = raw.look, seen.look
    raw.look = lambda at: theirs(at - first) if at >= first else own(at)
