"""Builds small PDFs for tests: text at a place, rulings, pages turned and encrypted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from schemas.document import SourceFile

FONT = "STSong-Light"
A4 = (595.0, 842.0)
LEFT, RIGHT, TOP, SIZE, LEADING = 80.0, 512.0, 100.0, 16.0, 28.0
#: Ideographs in a full line of the body.
MEASURE = 27

Cells = Sequence[Sequence[str]]


class Pdf:
    """A PDF under construction; places are points from the page's top left corner."""

    def __init__(self, size: tuple[float, float] = A4, password: str | None = None) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.size = size
        self.buffer = io.BytesIO()
        encrypt = pdfencrypt.StandardEncryption(password) if password else None
        self.canvas = Canvas(self.buffer, pagesize=size, encrypt=encrypt)
        self.started = True

    def text(self, x: float, top: float, text: str, size: float = SIZE, colour: str | None = None) -> Pdf:
        """A line of text with its upper edge at ``top``."""
        self.canvas.setFillColor(colour or "black")
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.size[1] - top - size * 0.88, text)
        self.canvas.setFillColor("black")
        return self

    def centred(self, top: float, text: str, size: float = SIZE, colour: str | None = None) -> Pdf:
        """A line of text in the middle of the measure."""
        width = pdfmetrics.stringWidth(text, FONT, size)
        return self.text((LEFT + RIGHT - width) / 2, top, text, size, colour)

    def body(self, paragraphs: Iterable[str], top: float = TOP) -> float:
        """Paragraphs with the first line indented by two, broken at the measure; returns where the next line goes."""
        for paragraph in paragraphs:
            rest, first = paragraph, True
            while rest:
                room = MEASURE - 2 if first else MEASURE
                cut = room if len(rest) <= room or rest[room] not in "，。、；：）" else room - 1
                self.text(LEFT + (2 * SIZE if first else 0), top, rest[:cut])
                rest, first, top = rest[cut:], False, top + LEADING
        return top

    def line(self, x0: float, top: float, x1: float, bottom: float, width: float = 0.5) -> Pdf:
        """A stroked line."""
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, self.size[1] - top, x1, self.size[1] - bottom)
        return self

    def rect(
        self, x0: float, top: float, x1: float, bottom: float, fill: str | None = None, stroke: bool = True
    ) -> Pdf:
        """A rectangle, stroked or filled or both."""
        if fill:
            self.canvas.setFillColor(fill)
        height = self.size[1]
        self.canvas.rect(x0, height - bottom, x1 - x0, bottom - top, stroke=int(stroke), fill=int(bool(fill)))
        self.canvas.setFillColor("black")
        return self

    def table(
        self, xs: Sequence[float], ys: Sequence[float], cells: dict[tuple[int, int, int, int], str], size: float = 12
    ) -> Pdf:
        """A ruled grid: (row, column, rows, columns) of each cell to its text, lines parted by ``\\n``."""
        for (row, column, rows, columns), text in cells.items():
            self.rect(xs[column], ys[row], xs[column + columns], ys[row + rows])
            for number, line in enumerate(text.split("\n")):
                self.text(xs[column] + 4, ys[row] + 3 + number * size * 1.25, line, size)
        return self

    def page(self, rotate: int = 0) -> Pdf:
        """Ends the page."""
        if rotate:
            self.canvas.setPageRotation(rotate)
        self.canvas.showPage()
        return self

    def data(self) -> bytes:
        """The file; call it once, after the last page."""
        self.canvas.save()
        return self.buffer.getvalue()

    def source(self, name: str = "通知.pdf") -> SourceFile:
        """The file as a source."""
        return SourceFile.of(self.data(), name, "pdf")


def plain(cells: Cells, row: int = 0) -> dict[tuple[int, int, int, int], str]:
    """Cells without merges, from a row on."""
    return {(row + r, c, 1, 1): text for r, line in enumerate(cells) for c, text in enumerate(line)}
