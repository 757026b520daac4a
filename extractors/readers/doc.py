"""Word 97-2003 documents (doc, dot, wps, wpt): read by their own structures, else by LibreOffice where it is installed.

Source: [MS-DOC]. The document is laid out anew as WordprocessingML and read by the docx reader.
"""

from __future__ import annotations

import itertools
import struct
from typing import TYPE_CHECKING

from extractors.readers.doc_file import NotWord, WordFile, open_word, positions
from extractors.readers.doc_lists import numbering
from extractors.readers.doc_looks import font_names, style_sheet
from extractors.readers.doc_properties import number, sprms
from extractors.readers.doc_shapes import find_shapes
from extractors.readers.doc_story import Stories
from extractors.readers.docx import assemble
from extractors.readers.limits import Limits
from extractors.readers.ole import NotCompound
from extractors.readers.word_tree import Parts, make, margin
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

#: The stories of a section in the order in which they stand. Source: [MS-DOC] 2.8.22 (Plcfhdd).
_MARGINS = (
    ("header", "even"), ("header", "default"), ("footer", "even"), ("footer", "default"), ("header", "first"),
    ("footer", "first"),
)  # fmt: skip
_SEPARATORS = 6
_BREAKS = ("continuous", "nextColumn", "nextPage", "evenPage", "oddPage")
_SECTIONS_MOST = 2000


def read(source: SourceFile, limits: Limits) -> Document:
    """A document of Word 97 to 2003 or of WPS as blocks and tables, as ``docx.read`` gives them.

    Deleted revisions, field codes, hidden text, comments and macros are left out.

    Args:
        source: its bytes.
        limits: upper bounds.

    Raises:
        SourceError: source.damaged, source.old_word (older than Word 97, and no LibreOffice to read it with).
        LimitError: it goes beyond a limit.
    """
    try:
        word = open_word(source.data)
    except (NotWord, NotCompound, struct.error) as error:
        return _otherwise(source, limits, error)
    _check(word, source, limits)
    try:
        return assemble(_parts(word), source, limits)
    except (IndexError, KeyError, ValueError, struct.error) as error:
        return _otherwise(source, limits, error)


def _otherwise(source: SourceFile, limits: Limits, error: Exception) -> Document:
    """By LibreOffice, told which format to expect: left to itself it takes broken files for plain text."""
    from extractors.readers import office

    older = "older" in str(error)
    if office.available():
        return office.read(source, limits, "MS WinWord 6.0" if older else "MS Word 97")
    if older:
        raise SourceError(
            "source.old_word", "是 Word 95 或更早版本的文档，本机没有 LibreOffice，读不了", file=source.name,
            remedy="请用 Word 或 WPS 另存为 docx，或安装 LibreOffice 后再放入",
        ) from error  # fmt: skip
    raise SourceError(
        "source.damaged", "文件损坏或不完整，打不开", file=source.name,
        remedy="请重新下载或向来文单位索取，或用 Word、WPS 打开修复后另存为 docx",
    ) from error  # fmt: skip


def _check(word: WordFile, source: SourceFile, limits: Limits) -> None:
    """Counts what the text holds before anything is made of it."""
    if len(word.text) > limits.max_text_chars:
        raise LimitError(
            "limit.text_chars", f"文字超过上限{limits.max_text_chars}字", file=source.name, remedy="请拆分文件后再放入"
        )
    if word.text.count("\x07") > 2 * limits.max_cells:
        raise LimitError(
            "limit.cells", f"表格单元格超过上限{limits.max_cells}个", file=source.name, remedy="请拆分文件后再放入"
        )
    if word.text.count("\r") > 2 * (limits.max_blocks + limits.max_cells):
        raise LimitError(
            "limit.blocks", f"段落和表格超过上限{limits.max_blocks}个", file=source.name, remedy="请拆分文件后再放入"
        )


def _parts(word: WordFile) -> Parts:
    """The document as the parts of a package."""
    fonts = font_names(word.part("fonts"))
    body = make("document")
    parts = Parts(body)
    parts.add("styles", style_sheet(word.part("styles"), fonts))
    parts.add("numbering", numbering(word, fonts))
    settings = make("settings")
    if word.part("dop")[:1] and word.part("dop")[0] & 1:
        make("evenAndOddHeaders", settings)
    parts.add("settings", settings)
    shapes = [
        find_shapes(word, "anchors", "boxes", "box", "body"),
        find_shapes(word, "header_anchors", "header_boxes", "header_box", "header"),
    ]
    notes = {**_references(word, "footnote", "footnote_refs"), **_references(word, "endnote", "endnote_refs")}
    sections = _sections(word)
    stories = Stories(word, fonts, shapes, notes, {end: section for end, section in sections})
    _margins(word, parts, stories, [section for _, section in sections])
    for kind, part in (("footnote", "footnotes"), ("endnote", "endnotes")):
        _notes(word, parts, stories, kind, part)
    container = make("body", body)
    start, end = word.stories["body"]
    stories.fill(container, start, end)
    if sections and sections[-1][1].getparent() is None:
        container.append(sections[-1][1])
    return parts


def _sections(word: WordFile) -> list[tuple[int, _Element]]:
    """Each section's properties with the position of its last mark."""
    found = []
    for _, end, item in list(positions(word.part("sections"), 12))[:_SECTIONS_MOST]:
        properties = make("sectPr")
        at = struct.unpack_from("<i", item, 2)[0]
        if 0 <= at <= len(word.main) - 2:
            size = struct.unpack_from("<H", word.main, at)[0]
            for code, operand in sprms(word.main[at + 2 : at + 2 + size]):
                if code == 0x300A and number(operand):
                    make("titlePg", properties)
                elif code == 0x3009 and number(operand) < len(_BREAKS):
                    make("type", properties, val=_BREAKS[number(operand)])
        found.append((end - 1, properties))
    return found


def _margins(word: WordFile, parts: Parts, stories: Stories, sections: list[_Element]) -> None:
    base, last = word.stories["header"]
    part = word.part("headers")
    marks = struct.unpack_from(f"<{len(part) // 4}I", part)
    for index, (start, end) in enumerate(itertools.pairwise(marks)):
        section, which = divmod(index - _SEPARATORS, len(_MARGINS))
        if index < _SEPARATORS or section >= len(sections) or start >= end or base + end > last:
            continue
        kind, page = _MARGINS[which]
        root = make("hdr" if kind == "header" else "ftr")
        stories.fill(root, base + start, base + end)
        margin(sections[section], kind, page, parts.add(kind, root))


def _references(word: WordFile, kind: str, part: str) -> dict[int, tuple[str, int]]:
    return {start: (kind, number_) for number_, (start, _, _) in enumerate(positions(word.part(part), 2), 1)}


def _notes(word: WordFile, parts: Parts, stories: Stories, kind: str, part: str) -> None:
    base, last = word.stories[kind]
    raw = word.part(part)
    marks = struct.unpack_from(f"<{len(raw) // 4}I", raw)
    root = make(f"{kind}s")
    for index, (start, end) in enumerate(itertools.pairwise(marks), 1):
        if start < end and base + end <= last:
            stories.fill(make(kind, root, id=index), base + start, base + end)
    parts.add(f"{kind}s", root)
