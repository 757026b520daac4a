"""The secrecy gate: a file with a mark in its marking position goes no further.

A mark stands in the file's name, in the head of the first page, in a text box, a running head or foot, a watermark,
at the top of a later page, or (internal papers) in the note behind the date. Words of secrecy in the body are none.
The patterns and their sources stand in ``extractors/lexicons/secrecy.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from schemas.document import Document, SourceFile
    from schemas.outline import Segment

Kind = Literal["state", "internal"]

#: Lines that are the head of a page without a title, and the most of one with.
_HEAD, _LONGEST_HEAD = 12, 30
#: Lines after the signature, and at the end of all, where notes stand.
_NOTES, _END = 12, 8
#: Share of a page's height at its top where a running head stands.
_BAND = 0.12
_LEVELS = ("绝密", "机密", "秘密")
_STARRED = tuple(f"{level}★" for level in _LEVELS)


class Mark(NamedTuple):
    """A mark: of a state secret or of an internal paper, and the position it was found in, for people."""

    kind: Kind
    where: str


def mark_in_name(name: str) -> Mark | None:
    """The mark in a file's name, if there is one."""
    stem = PurePath(name).stem
    return _mark("name", stem, "文件名")


def mark_in_bytes(data: bytes) -> Mark | None:
    """The mark of a file that nothing here can read: a level with its star, as old formats hold it."""
    for words in _STARRED:
        spellings = [words.encode("utf-8"), words.encode("utf-16-le"), words.encode("gb18030")]
        spellings.append("".join(f"\\'{byte:02x}" for byte in spellings[2]).encode("ascii"))
        spellings.append("".join(f"\\u{ord(char)}?" for char in words).encode("ascii"))
        if any(spelling in data for spelling in spellings):
            return Mark("state", "正文")
    return None


def mark_in_document(source: SourceFile, document: Document) -> Mark | None:
    """The mark in a document that was read, if there is one; a state secret's before an internal paper's.

    Of an archive or a mail every file in it is looked at: one marked file stops it whole.
    """
    from extractors.readers.members import CONTAINERS

    if source.format in CONTAINERS:
        return _mark_within(source)
    internal = None
    for where, kind, text in _positions(source, document):
        for piece in _pieces(text):
            mark = _mark(kind, piece, where)
            if mark and mark.kind == "state":
                return mark
            internal = internal or mark
    return internal


def _mark_within(source: SourceFile) -> Mark | None:
    """The mark of a file in an archive or a mail: in its name, in its text, in its bytes where nothing reads it."""
    from extractors.readers import read_source
    from extractors.readers.limits import Limits
    from extractors.readers.members import Member, sources
    from schemas.errors import DubanError

    internal = None
    for each in sources(source, Limits()):
        mark = mark_in_name(each.name)
        if mark is None and isinstance(each, Member):
            mark = mark_in_bytes(each.data)
        elif mark is None and not isinstance(each, Member):
            try:
                mark = mark_in_document(each, read_source(each))
            except DubanError:
                mark = mark_in_bytes(each.data)
        if mark and mark.kind == "state":
            return Mark("state", f"里面的文件，{mark.where}")
        internal = internal or (mark and Mark(mark.kind, f"里面的文件，{mark.where}"))
    return internal


def _positions(source: SourceFile, document: Document) -> Iterator[tuple[str, str, str]]:
    """Texts that a mark may be, each with its position and with what is a mark there."""
    from extractors.structure.parts import find_frame
    from extractors.structure.segments import segment

    segments = segment(document)
    lines = [each for each in segments if each.mark is None]
    frame = find_frame(segments)
    head = min(_LONGEST_HEAD, max(_HEAD, frame.head))
    for each in segments[:head]:
        if each.table is not None:
            yield from (("首页表格", "line", text) for text in _cells(document, each))
        elif each.mark is None:
            yield "首页", "line", each.text
    for each in [*(each for each in segments[frame.close : frame.after + _NOTES] if each.mark is None), *lines[-_END:]]:
        yield "附注", "note", each.text
    for each in lines:
        yield "正文单独一行", "star", each.text
    for block in document.blocks:
        if block.type in ("header", "footer", "text_box") and block.text:
            yield {"header": "页眉", "footer": "页脚"}.get(block.type, "文本框"), "line", block.text
        elif block.type == "slip":
            texts = [block.text] if block.text else _grid(document, block.table)
            yield from (("收文处理笺", "line", text) for text in texts)
    for text in _behind(source):
        yield "页眉或水印", "line", text


def _cells(document: Document, place: Segment) -> Iterator[str]:
    """The cells of a table in the head, alone and with the one to their right."""
    return _grid(document, place.table)


def _grid(document: Document, name: str | None) -> Iterator[str]:
    for table in document.tables:
        if table.id == name:
            for row in table.cells:
                yield from row
                yield from ("".join(pair) for pair in pairwise(row))


def _pieces(text: str) -> Iterator[str]:
    """A text's lines, and the parts of each that wide spaces keep apart; white space taken out."""
    for line in text.split("\n"):
        pieces = re.split(r"\t|\u3000+|\s{2,}", line)
        for piece in {line, *pieces}:
            if squeezed := re.sub(r"\s+", "", piece):
                yield squeezed


def _mark(kind: str, text: str, where: str) -> Mark | None:
    for rule, means in _rules(kind):
        if rule.search(text):
            return Mark(means, where)
    return None


@cache
def _rules(kind: str) -> tuple[tuple[re.Pattern[str], Kind], ...]:
    """What is a mark in a file's ``name``, on a ``line`` of a marking position, in a ``note``, or on any line."""
    from extractors.lexicons import load_rules

    rules = {rule.id: rule.pattern for rule in load_rules("secrecy").rules}
    parts = {rule.id: rule.pattern for rule in load_rules("parts").rules}
    if kind == "name":
        return (rules["state.name"], "state"), (rules["internal.name"], "internal")
    if kind == "star":
        return ((rules["state.star"], "state"),)
    internal: tuple[tuple[re.Pattern[str], Kind], ...] = (
        (rules["internal.line"], "internal"), (rules["internal.option"], "internal"),
    )  # fmt: skip
    if kind == "note":
        return internal
    return (rules["state.line"], "state"), (parts["part.secrecy"], "state"), *internal


def _behind(source: SourceFile) -> Iterator[str]:
    """What stands behind the text that readers give: running heads that repeat, watermarks."""
    if source.format == "docx":
        yield from _word_watermarks(source)
    elif source.format == "pdf":
        yield from _page_tops(source)


def _word_watermarks(source: SourceFile) -> Iterator[str]:
    """The words of Word's watermarks, which are drawings in the headers."""
    import html

    from extractors.readers.limits import Limits, open_zip, read_entry
    from schemas.errors import DubanError

    with open_zip(source) as package:
        for name in package.namelist():
            if re.fullmatch(r"word/(?:header\d*|document)\.xml", name):
                try:
                    text = read_entry(package, name, Limits(), file=source.name).decode("utf-8", "replace")
                except DubanError:
                    continue
                for drawing in re.findall(r"<v:textpath\b[^>]*>", text):
                    yield from map(html.unescape, re.findall(r'\bstring="([^"]*)"', drawing))


def _page_tops(source: SourceFile) -> Iterator[str]:
    """The text at the top of each page of a PDF."""
    import pypdfium2

    from extractors.readers.limits import Limits

    with pypdfium2.PdfDocument(source.data) as pdf:
        for number in range(min(len(pdf), Limits().max_pages)):
            page = pdf[number]
            width, height = page.get_size()
            words = page.get_textpage()
            yield words.get_text_bounded(0, height * (1 - _BAND), width, height).replace("\r", "")
            words.close()
            page.close()
