"""A sample as OFD (GB/T 33190-2016): the pages of its PDF, glyph by glyph and line by line.

Runs of glyphs are written as writers do: equal steps as a ``g`` group.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pdf
from source import Sample

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MM = 25.4 / 72
_RISE = 0.88
_FONTS = ("宋体", "黑体")


def build(sample: Sample) -> bytes:
    """The file's bytes, the same at every build."""
    import pypdfium2

    from extractors.readers.pdf_pdfium import read_page

    document = pypdfium2.PdfDocument(pdf.build(sample))
    pages = []
    for number in range(len(document)):
        page = document[number]
        pages.append(_page(read_page(page, number + 1)))
        page.close()
    document.close()
    parts = {
        "OFD.xml": f'<ofd:OFD {_SPACE} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>'
        f"{sample.name.encode().hex()[:32].ljust(32, '0')}</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml"
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": _document(len(pages)),
        "Doc_0/PublicRes.xml": f'<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts>'
        + "".join(f'<ofd:Font ID="{i}" FontName="{name}" FamilyName="{name}"/>' for i, name in enumerate(_FONTS, 2))
        + "</ofd:Fonts></ofd:Res>",
        **{f"Doc_0/Pages/Page_{number}/Content.xml": page for number, page in enumerate(pages)},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), _HEAD + text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _document(count: int) -> str:
    pages = "".join(
        f'<ofd:Page ID="{10 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number in range(count)
    )
    return (
        f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>"
        "0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
    )


def _page(page: Any) -> str:
    objects = []
    identity = 100 * page.number
    for run in _runs(page):
        identity += 1
        objects.append(_text(identity, run, page.look(run[0].at)))
    for line in page.rulings:
        identity += 1
        x0, y0, x1, y1 = (_mm(line[key]) for key in ("x0", "top", "x1", "bottom"))
        objects.append(
            f'<ofd:PathObject ID="{identity}" Boundary="0 0 {_mm(page.width)} {_mm(page.height)}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M {x0} {y0} L {x1} {y1}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    area = f"0 0 {_mm(page.width)} {_mm(page.height)}"
    return (
        f"<ofd:Page {_SPACE}><ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:Area><ofd:Content>"
        f'<ofd:Layer ID="{page.number}">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _runs(page: Any) -> Iterator[list[Any]]:
    """Glyphs that follow one another on a line with the same look."""
    run: list[Any] = []
    for glyph in page.glyphs:
        last = run[-1] if run else None
        if last is not None and not (
            abs(glyph.bottom - last.bottom) < 5
            and -4 < glyph.x0 - last.x1 < 12
            and page.look(glyph.at) == page.look(last.at)
        ):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _text(identity: int, run: Sequence[Any], look: Any) -> str:
    size = look.size
    left, top = run[0].x0, min(glyph.bottom for glyph in run) - size
    right, bottom = run[-1].x1, max(glyph.bottom for glyph in run)
    red = look.colour and look.colour.startswith("#ff")
    colour = '<ofd:FillColor Value="255 0 0"/>' if red else ""
    steps = [_mm(after.x0 - before.x0) for before, after in pairwise(run)]
    delta = f' DeltaX="{_grouped(steps)}"' if steps else ""
    boundary = f"{_mm(left)} {_mm(top)} {_mm(right - left)} {_mm(bottom - top)}"
    return (
        f'<ofd:TextObject ID="{identity}" Boundary="{boundary}" Font="{3 if look.bold else 2}" Size="{_mm(size)}">'
        f'{colour}<ofd:TextCode X="0" Y="{_mm(size * _RISE)}"{delta}>'
        f"{escape(''.join(glyph.text for glyph in run))}</ofd:TextCode></ofd:TextObject>"
    )


def _grouped(steps: Sequence[str]) -> str:
    """Steps as a list, equal ones as a group."""
    words: list[str] = []
    for step, same in groupby(steps):
        count = len(list(same))
        words += ["g", str(count), step] if count > 2 else [step] * count
    return " ".join(words)


def _mm(points: float) -> str:
    return f"{points * _MM:.3f}".rstrip("0").rstrip(".")
