"""Scanned pages in memory: a sheet of A4 painted with a font of the machine, then soiled as scanners do it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

#: Pixels to the point at 200 to the inch.
SCALE = 200 / 72
A4 = (595, 842)
_FONTS = (
    "/usr/share/fonts/**/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/**/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/**/wqy-*.ttc", "/usr/share/fonts/**/SourceHan*.otf", "/usr/share/fonts/**/*[Ss]im[Ss]un*.tt?",
    "/System/Library/Fonts/**/PingFang.ttc", "/System/Library/Fonts/**/Songti.ttc", "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)  # fmt: skip


@cache
def font_path() -> str | None:
    """A font with Chinese letters, where the machine has one."""
    for pattern in _FONTS:
        root, _, rest = pattern.partition("**/")
        folder = Path(root) if rest else Path(pattern).parent
        found = sorted(folder.glob(f"**/{rest}" if rest else Path(pattern).name)) if folder.is_dir() else []
        if found:
            return str(found[0])
    return None


def need_font() -> None:
    """Skip a test that paints Chinese where no font has it."""
    if font_path() is None:
        pytest.skip("no font with Chinese letters on this machine")


def _font(size: float) -> Any:
    from PIL import ImageFont

    path = font_path() or ""
    # Of a collection for several countries the third is the simplified Chinese one.
    return ImageFont.truetype(path, round(size * SCALE), index=2 if "CJK" in path else 0)


class Sheet:
    """A page to be painted on; places are in points from the top left corner."""

    def __init__(self, size: tuple[int, int] = A4, paper: int = 255) -> None:
        from PIL import Image, ImageDraw

        need_font()
        self.picture: Any = Image.new("RGB", (round(size[0] * SCALE), round(size[1] * SCALE)), (paper,) * 3)
        self.draw: Any = ImageDraw.Draw(self.picture)

    def text(self, x: float, top: float, text: str, size: float = 16, colour: str = "black") -> Sheet:
        font = _font(size)
        # With the ascent taken off, so that the letters' upper edge is where it is asked for.
        self.draw.text((x * SCALE, (top + size * 0.12) * SCALE), text, fill=colour, font=font, anchor="la")
        return self

    def centred(self, top: float, text: str, size: float = 16, colour: str = "black") -> Sheet:
        return self.text((self.picture.width / SCALE - len(text) * size) / 2, top, text, size, colour)

    def body(self, top: float, paragraphs: Sequence[str], size: float = 16, wide: int = 26) -> float:
        """Paragraphs of so many letters a line, indented by two; gives where the next would stand."""
        for paragraph in paragraphs:
            rest = "　　" + paragraph
            while rest:
                self.text(90, top, rest[:wide], size)
                rest = rest[wide:]
                top += size * 1.75
        return top

    def line(self, x0: float, y0: float, x1: float, y1: float, width: int = 2, colour: str = "black") -> Sheet:
        self.draw.line([value * SCALE for value in (x0, y0, x1, y1)], fill=colour, width=width)
        return self

    def table(
        self, xs: Sequence[float], ys: Sequence[float], cells: Sequence[Sequence[str]], size: float = 11
    ) -> Sheet:
        """A ruled grid; the text of each cell in lines parted by a newline."""
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for r, row in enumerate(cells):
            for c, text in enumerate(row):
                for n, part in enumerate(text.split("\n")):
                    self.text(xs[c] + 4, ys[r] + 4 + n * size * 1.4, part, size)
        return self

    def seal(self, x: float, y: float, radius: float = 58, words: str = "皋城市水务局办公室专用章") -> Sheet:
        """A round red seal with a star, its words around the rim."""
        import math

        from PIL import Image, ImageDraw

        red = (214, 40, 40)
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        layer = Image.new("RGB", self.picture.size, "white")
        draw = ImageDraw.Draw(layer)
        draw.ellipse(box, outline=red, width=9)
        font = _font(13)
        for i, letter in enumerate(words):
            angle = math.pi * (1.15 - 1.3 * i / (len(words) - 1))
            at = ((x + 0.76 * radius * math.cos(angle)) * SCALE, (y - 0.76 * radius * math.sin(angle)) * SCALE)
            draw.text(at, letter, fill=red, font=font, anchor="mm")
        star = [
            ((x + r * math.sin(math.pi * i / 5)) * SCALE, (y - r * math.cos(math.pi * i / 5)) * SCALE)
            for i in range(10)
            for r in [radius * (0.3 if i % 2 == 0 else 0.12)]
        ]
        draw.polygon(star, fill=red)
        from PIL import ImageChops

        self.picture.paste(ImageChops.multiply(self.picture, layer))
        return self

    def soiled(self, angle: float = 0.0, noise: int = 6, seed: int = 5) -> Any:
        """The picture as a scanner gives it: aslant, greyish, with grain."""
        import numpy as np
        from PIL import Image

        turned = self.picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
        random = np.random.default_rng(seed)
        grain = np.asarray(turned).astype(np.float32) * 0.9 + 14 + random.normal(0, noise, np.asarray(turned).shape)
        return Image.fromarray(grain.clip(0, 255).astype(np.uint8))


def encoded(picture: Any, format: str = "png", **options: Any) -> bytes:
    """A picture's bytes."""
    stream = io.BytesIO()
    options = {"dpi": (200, 200)} | options if format in ("png", "jpeg", "tiff") else options
    picture.copy().save(stream, format, **options)  # saving leaves its settings on a picture
    return stream.getvalue()


def pdf_of(pictures: Sequence[Any], layers: Sequence[Sequence[tuple[float, float, str]]] = ()) -> bytes:
    """A pdf with a picture a page, and under each what a text layer holds: x, top, words."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=True)
    for number, picture in enumerate(pictures):
        canvas.drawImage(ImageReader(io.BytesIO(encoded(picture, "jpeg", quality=80))), 0, 0, *A4)
        for x, top, words in layers[number] if number < len(layers) else ():
            layer = canvas.beginText(x, A4[1] - top)
            layer.setFont("STSong-Light", 12)
            layer.setTextRenderMode(3)
            layer.textLine(words)
            canvas.drawText(layer)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
