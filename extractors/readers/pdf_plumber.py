"""A page's glyphs and rulings by pdfplumber: the way round where PDFium can't read a page."""

from __future__ import annotations

import io
from typing import Any

from extractors.readers.pdf_page import Glyph, Look, RawPage, Ruling, ruling
from extractors.readers.pdf_pdfium import THIN, is_bold


def read_page(data: bytes, number: int) -> RawPage:
    """The objects of page ``number`` (from 1) of a file.

    Raises:
        Exception: whatever pdfminer raises on a page that it can't read either.
    """
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data), pages=[number]) as document:
        page = document.pages[0]
        chars = [char for char in page.chars if char.get("upright", True)]
        glyphs, spaces = [], 0
        for index, char in enumerate(chars):
            for letter in char["text"]:
                if letter.isspace():
                    spaces += 1
                    continue
                glyphs.append(Glyph(char["x0"], char["top"], char["x1"], char["bottom"], letter, index, spaces))
                spaces = 0
        looks = [_look(char) for char in chars]
        return RawPage(number, float(page.width), float(page.height), glyphs, _rulings(page), lambda i: looks[i])


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


def _rulings(page: Any) -> list[Ruling]:
    found = []
    for rect in page.rects:
        if _colour(rect.get("stroking_color" if rect.get("stroke") else "non_stroking_color")) == "#ffffff":
            continue
        x0, top, x1, bottom = (float(rect[key]) for key in ("x0", "top", "x1", "bottom"))
        if min(x1 - x0, bottom - top) <= THIN:
            found.append(ruling(x0, top, x1, bottom))
        elif rect.get("stroke"):
            sides = ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
            found += [ruling(*side) for side in sides]
    for line in page.lines:
        x0, top, x1, bottom = (float(line[key]) for key in ("x0", "top", "x1", "bottom"))
        if min(x1 - x0, bottom - top) <= THIN and _colour(line.get("stroking_color")) != "#ffffff":
            found.append(ruling(x0, top, x1, bottom))
    return found
