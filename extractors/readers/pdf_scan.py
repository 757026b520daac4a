"""PDF pages that are pictures: told from pages with text, and read by recognition where that is installed.

A page needs recognition where it has no text; where what little it has is a scanner app's mark or a page number on a
picture; where its fonts don't tell what the glyphs mean; and where the text that software laid under the picture is
garbage. A sound layer under a picture is read as it stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from extractors.readers.limits import Limits
from extractors.readers.pdf_grid import layout_page, split, unreadable
from extractors.readers.pdf_page import PageContent, RawPage
from schemas.document import Box, Warning
from schemas.errors import DubanError

Reason = Literal["picture", "stamp", "garbled", "layer", "pasted"]

#: Share of a page's glyphs without meaning beyond which its text layer is of no use.
GARBLED = 0.3
#: Share of the page that a picture covers where the page is one.
PICTURED = 0.5
#: A layer of fewer glyphs on a picture is no layer: a scanner app's mark, a page number, a stamp.
FEW = 40
#: A picture on a page with text is looked at from this width and height on, in points, where no more glyphs lie on it.
PASTED, ON_PICTURE = (150.0, 50.0), 4
#: So many places of a page that can't be read are named.
MOST_SPOTS = 12
#: Of a layer's characters at least this share are common ones of official Chinese, or it is garbage.
COMMON = 0.28
#: A picture page longer than A3 (points) is one whose pixels were taken for points; it is seen as A4.
MOST_LONG, A4_LONG = 1250.0, 842.0
#: A page is never painted with more pixels than this.
MOST_PIXELS = 24_000_000


@dataclass
class Scans:
    """What was recognised in a file, and what could not be.

    By the page's number: why it was recognised or could not be, and how far down, in hundredths of the page, something
    stands that can't be read.
    """

    limits: Limits
    read: dict[int, Reason] = field(default_factory=dict)
    unread: dict[int, Reason] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)
    huge: list[int] = field(default_factory=list)
    spots: dict[int, list[int]] = field(default_factory=dict)

    def content(self, page: Any, raw: RawPage) -> PageContent:
        """A page's lines and tables: those of its text, or where that is of no use those of its picture."""
        reason = need(raw)
        if reason is None:
            if not raw.glyphs:
                self.blank.append(raw.number)
            if raw.pictured >= PICTURED and raw.glyphs:
                self._rule(page, raw)
            return layout_page(self._with_pictures(page, raw))
        from extractors.ocr import installed

        if raw.pixels > self.limits.max_pixels:
            self.huge.append(raw.number)
            return layout_page(raw)
        if not installed() or len(self.read) >= self.limits.max_ocr_pages:
            self.unread[raw.number] = reason
            return layout_page(raw)
        try:
            seen = recognise(page, raw)
        except (DubanError, MemoryError):
            raise
        except Exception:  # one page that the recogniser stumbles over doesn't lose the others
            self.unread[raw.number] = reason
            return layout_page(raw)
        if not seen.glyphs or (reason != "picture" and len(seen.glyphs) < len(raw.glyphs) / 2):
            self.unread[raw.number] = reason
            return layout_page(raw)
        self.note(seen, reason)
        return layout_page(seen)

    def _rule(self, page: Any, raw: RawPage) -> None:
        """Gives a sound text layer the rulings of the picture that it lies under."""
        from extractors.ocr import installed

        if installed() and len(raw.rulings) < FEW and raw.pixels <= self.limits.max_pixels:
            from extractors.ocr.page import SCALE, read_rulings

            pixels, scale = paint(page, SCALE)
            if abs(pixels.shape[1] / scale - raw.width) <= 2:
                raw.rulings += read_rulings(pixels, scale)

    def _with_pictures(self, page: Any, raw: RawPage) -> RawPage:
        """A page with text, and what its pictures hold: tables and boxes that were pasted in as pictures."""
        boxes = wordless(raw)
        if not boxes or raw.pixels > self.limits.max_pixels:
            return raw
        from extractors.ocr import installed

        if not installed() or len(self.read) >= self.limits.max_ocr_pages:
            self.unread[raw.number] = "pasted"
            return raw
        from extractors.readers.pdf_patches import with_pictures

        if with_pictures(page, raw, boxes):
            self.read[raw.number] = "pasted"
        return raw

    def note(self, seen: RawPage, reason: Reason) -> None:
        """Keeps what is to be told of a page that was recognised."""
        (self.read if seen.glyphs else self.unread)[seen.number] = reason
        if seen.unread:
            down = sorted({round(50 * (top + bottom) / seen.height) for _, top, _, bottom in seen.unread})
            self.spots[seen.number] = down

    def warnings(self) -> list[Warning]:
        """What a person should know of the pages; pages in a row share one."""
        from extractors.ocr import INSTALL, installed

        made: list[Warning] = []
        for reason, said in _SAID.items():
            if run := runs([number for number, why in self.read.items() if why == reason]):
                message = f"第{run}页{said}，文字由识别得到；请对照原件核对数字、日期和人名"
                made.append(Warning(code="ocr.page", message=message))
        for reason, said in _SAID.items():
            if run := runs([number for number, why in self.unread.items() if why == reason]):
                code = _CODES[reason]
                remedy = INSTALL if not installed() else "识别不出文字，请改放清晰的扫描件或可复制文字的版本"
                if len(self.read) >= self.limits.max_ocr_pages:
                    remedy = f"识别已达上限{self.limits.max_ocr_pages}页，请拆成几个文件再放入"
                made.append(Warning(code=code, message=f"第{run}页{said}，没有读出内容；{remedy}"))
        if run := runs(self.huge):
            most = self.limits.max_pixels // 10_000
            message = f"第{run}页的图片超过上限{most}万像素，没有识别；请以 200 至 300 dpi 重新扫描"
            made.append(Warning(code="limit.pixels", message=message))
        if run := runs(self.blank):
            made.append(Warning(code="source.scan_page", message=f"第{run}页没有任何内容；请核对原件是否就是空白页"))
        for number, down in self.spots.items():
            where = "、".join(f"{share}%" for share in down[:MOST_SPOTS]) + ("等" if len(down) > MOST_SPOTS else "")
            message = f"第{number}页离页顶{where}处像有文字而认不出（手写、印章或污渍）；请对照原件补录"
            made.append(Warning(code="ocr.unread", message=message))
        return made


_SAID: dict[Reason, str] = {
    "picture": "是扫描件或图片",
    "stamp": "是扫描件，文字层只有水印或页码",
    "garbled": "的文字是乱码（字体缺少编码表）",
    "layer": "是扫描件，底下的文字层是乱码",
    "pasted": "有图片，可能含文字或表格",
}
_CODES: dict[Reason, str] = {
    "picture": "source.scan_page", "stamp": "source.scan_page", "garbled": "source.garbled_text",
    "layer": "source.garbled_text", "pasted": "source.picture",
}  # fmt: skip


def need(raw: RawPage) -> Reason | None:
    """Why a page must be recognised; None where its text can be used, or where it is blank."""
    count = len(raw.glyphs)
    if not count:
        return "picture" if raw.drawn else None
    if max(raw.unmapped, sum(1 for glyph in raw.glyphs if unreadable(glyph.text))) > GARBLED * count:
        return "garbled"
    if raw.pictured >= PICTURED:
        if count < FEW:
            return "stamp"
        if is_garbage("".join(glyph.text for glyph in raw.glyphs)):
            return "layer"
    return None


def wordless(raw: RawPage) -> list[Box]:
    """The pictures on a page with text that are as large as a table and have no text on them."""
    found = []
    for box in raw.pictures:
        left, top, right, bottom = box
        if right - left < PASTED[0] or bottom - top < PASTED[1]:
            continue
        inside, _ = split(raw.glyphs, box)
        if len(inside) <= ON_PICTURE:
            found.append(box)
    return found


def is_garbage(text: str) -> bool:
    """Whether a text layer can't be official Chinese: too few of its characters are the common ones.

    Args:
        text: a page's characters; digits and stops say nothing.
    """
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < FEW:
        return False
    return sum(1 for letter in letters if letter in common()) < COMMON * len(letters)


@cache
def common() -> frozenset[str]:
    """The characters that official Chinese uses most."""
    from extractors.lexicons import load_rules

    return frozenset(load_rules("scans").tables["layer"]["common"])


def recognise(page: Any, raw: RawPage) -> RawPage:
    """A page's picture painted and read; ``page`` is an open pypdfium2 page."""
    from extractors.ocr.page import SCALE, read_picture
    from extractors.ocr.photo import flatten

    long = max(page.get_size())
    unit = long / A4_LONG if long > MOST_LONG and raw.pictured >= PICTURED else 1.0
    pixels, scale = paint(page, SCALE / unit)
    flat = flatten(pixels) if raw.pictured >= PICTURED else pixels
    if flat is not pixels:  # a photograph of a page
        pixels, scale, unit = flat, max(flat.shape[:2]) / A4_LONG, 1.0
    seen = read_picture(pixels, scale * unit, raw.number)
    seen.unit = unit
    return seen


def paint(page: Any, scale: float) -> tuple[Any, float]:
    """An open page's pixels (blue, green, red), at a scale or what keeps to the most pixels; and that scale."""
    wide, high = page.get_size()
    scale = min(scale, math.sqrt(MOST_PIXELS / max(1.0, wide * high)))
    bitmap = page.render(scale=scale)
    try:
        return bitmap.to_numpy()[:, :, :3].copy(), scale
    finally:
        bitmap.close()


def runs(numbers: list[int]) -> str:
    """Numbers in a row as one: 1—3、7."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "、".join(f"{first}" if first == last else f"{first}—{last}" for first, last in found)
