"""A bulletin as a Word file and as one web page that needs nothing else."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.tracker.bulletin_blocks import Bulletin, Chart, Heading, Paragraph, Table
from pipeline.tracker.letters import DRAFT
from pipeline.tracker.types import LedgerError

_NOTE = "本稿由台账数据自动生成，未编文号、未签发，经审核后使用。"
_PAGES = (".html", ".htm")
_PORTRAIT_MM, _LANDSCAPE_MM = 156, 257


def to_docx(bulletin: Bulletin) -> bytes:
    """The bulletin as a docx: A4 with the type of official documents, the lists on pages across."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm

    from pipeline.tracker import letter_forms as forms

    document = forms.page()
    forms.line(document, f"（{DRAFT}）", name=forms.HEI, align="right")
    forms.line(document, bulletin.title, name=forms.SONG, size=22, align="center", spacing=36)
    forms.line(document, bulletin.subtitle, size=14, align="center")
    _blocks(document, bulletin.blocks, _PORTRAIT_MM)
    forms.line(document, "", size=10, spacing=14)
    forms.line(document, _NOTE, size=10.5, spacing=18)
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    _blocks(document, bulletin.appendix, _LANDSCAPE_MM, size=12)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _blocks(document: Any, blocks: tuple[object, ...], width: int, size: float = 16) -> None:
    from pipeline.tracker import letter_forms as forms
    from pipeline.tracker.chart import add_to_docx

    charts = 0
    for block in blocks:
        if isinstance(block, Heading):
            head = forms.line(document, block.text, name=forms.HEI, size=size, indent=True, spacing=size * 1.75)
            head.paragraph_format.keep_with_next = True
        elif isinstance(block, Paragraph):
            forms.line(document, block.text, size=size, indent=True, spacing=size * 1.75)
        elif isinstance(block, Table):
            _table(document, block, width)
        elif isinstance(block, Chart):
            charts += 1
            holder = forms.line(document, "", align="center")
            holder.paragraph_format.line_spacing = 1.0
            holder.paragraph_format.keep_with_next = True  # a figure's title stands below it
            add_to_docx(document, holder, block, width, charts)
            forms.line(document, f"图{charts}　{block.title}", name=forms.HEI, size=12, align="center")


def _table(document: Any, block: Table, width: int) -> None:
    from pipeline.tracker import letter_forms as forms

    caption = forms.line(document, block.caption, name=forms.HEI, size=12, align="center")
    caption.paragraph_format.keep_with_next = True
    if not block.rows:
        forms.line(document, "（无）", size=12, align="center")
        return
    whole = sum(block.widths)
    made = forms.table(document, [width * each / whole for each in block.widths], len(block.rows) + 1)
    forms.repeat_head(made)
    for target, words in zip(made.rows[0].cells, block.heads, strict=True):
        forms.cell(target, words, head=True, size=10.5)
    for row, values in zip(made.rows[1:], block.rows, strict=True):
        for target, name, words in zip(row.cells, block.heads, values, strict=True):
            forms.cell(target, words, size=10.5, center=name not in block.wide)
    forms.line(document, "", size=8, spacing=12)


def to_html(bulletin: Bulletin) -> str:
    """The bulletin as one page of HTML; whatever the ledger says is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from pipeline.tracker.chart import svg

    room = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    room.globals["svg"] = svg
    room.tests["kind"] = lambda block, name: type(block).__name__ == name
    return room.get_template("bulletin.html").render(bulletin=bulletin, draft=DRAFT, note=_NOTE)


def check(path: Path) -> None:
    """Looks whether a file of this name can be written.

    Raises:
        LedgerError: its ending is neither ``.docx`` nor ``.html``.
    """
    if path.suffix.lower() not in (".docx", *_PAGES):
        raise LedgerError(
            "ledger.format", f"不会写 {path.suffix or '没有后缀的文件'}", file=path.name, remedy="请用 .docx 或 .html"
        )


def write(bulletin: Bulletin, path: Path) -> None:
    """Writes a bulletin by the ending of its name: ``.docx`` or ``.html``.

    Raises:
        LedgerError: another ending, or it can't be written.
    """
    from pipeline.tracker.letters import write as write_bytes

    check(path)
    write_bytes(path, to_html(bulletin).encode() if path.suffix.lower() in _PAGES else to_docx(bulletin))
