"""A page's glyphs and rulings by pdfplumber: the way round where PDFium can't read a page."""

from __future__ import annotations

import io
import math
from collections import Counter
from typing import Any

from extractors.readers.pdf_page import Glyph, Look, RawPage, ruling
from extractors.readers.pdf_pdfium import THIN, is_bold
from schemas.document import Box


def read_page(data: bytes, number: int) -> RawPage:
    """The objects of page ``number`` (from 1) of a file.

    Raises:
        Exception: whatever pdfminer raises on a page that it can't read either.
    """
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data), pages=[number]) as document:
        page = document.pages[0]
        chars = [char for char in page.dedupe_chars().chars if _turn(char) is not None]
        turns = Counter(_turn(char) for char in chars)
        turn = turns.most_common(1)[0][0] if turns else 0
        width, height = float(page.width), float(page.height)
        glyphs, spaces = [], 0
        for index, char in enumerate(chars):
            box = _turned((char["x0"], char["top"], char["x1"], char["bottom"]), turn or 0, width, height)
            for letter in char["text"]:
                if letter.isspace():
                    spaces += 1
                    continue
                glyphs.append(Glyph(*box, letter, index, spaces))
                spaces = 0
        looks = [_look(char) for char in chars]
        rulings = [ruling(*_turned(box, turn or 0, width, height)) for box in _strokes(page)]
        if turn in (90, 270):
            width, height = height, width
        return RawPage(number, width, height, glyphs, rulings, lambda i: looks[i])


def _turn(char: dict[str, Any]) -> int | None:
    """Which way the character's line runs on the page as it is shown, in degrees anticlockwise; None aslant."""
    a, b = char.get("matrix", (1, 0))[:2]
    angle = math.degrees(math.atan2(b, a))
    straight = round(angle / 90) * 90
    return straight % 360 if abs(angle - straight) < 5 else None


def _turned(box: Box, turn: int, width: float, height: float) -> Box:
    """A box on the page turned clockwise."""
    x0, top, x1, bottom = (float(value) for value in box)
    if turn == 90:
        return height - bottom, x0, height - top, x1
    if turn == 180:
        return width - x1, height - bottom, width - x0, height - top
    if turn == 270:
        return top, width - x1, bottom, width - x0
    return x0, top, x1, bottom


def _look(char: dict[str, Any]) -> Look:
    name = str(char.get("fontname", "")).encode("utf-8", "replace")
    return Look(round(float(char["size"]), 1), is_bold(name), _colour(char.get("non_stroking_color")))


def _colour(value: Any) -> str | None:
    if isinstance(value, int | float):
        value = (value,)
    if not isinstance(value, tuple | list) or not all(isinstance(part, int | float) for part in value):
        return None
    if len(value) == 1:
        value = (value[0],) * 3
    if len(value) == 4:
        cyan, magenta, yellow, black = value
        value = tuple((1 - part) * (1 - black) for part in (cyan, magenta, yellow))
    if len(value) != 3:
        return None
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in value)


def _strokes(page: Any) -> list[Box]:
    found: list[Box] = []
    for rect in page.rects:
        if _colour(rect.get("stroking_color" if rect.get("stroke") else "non_stroking_color")) == "#ffffff":
            continue
        x0, top, x1, bottom = (float(rect[key]) for key in ("x0", "top", "x1", "bottom"))
        if min(x1 - x0, bottom - top) <= THIN:
            found.append((x0, top, x1, bottom))
        elif rect.get("stroke"):
            sides = ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
            found += sides
    for line in page.lines:
        x0, top, x1, bottom = (float(line[key]) for key in ("x0", "top", "x1", "bottom"))
        if min(x1 - x0, bottom - top) <= THIN and _colour(line.get("stroking_color")) != "#ffffff":
            found.append((x0, top, x1, bottom))
    return found
