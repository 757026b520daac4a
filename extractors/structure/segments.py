"""From blocks to logical lines: a paragraph's own lines, and the lines of a notice that came as one.

A copied notice may stand on a single line, its line breaks turned into spaces. Where a line is long and holds a run of
numbers (一、…二、…), it is cut again: at spaces that end a sentence, a heading or a recipient, and before numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.structure.numbering import inline_series, parse_label, parse_mark
from schemas.document import Block, Document
from schemas.outline import Segment

#: A line of this many characters may be a whole notice.
_LONG = 300
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_RUN = re.compile(rf"(?:^|(?<=[\s。；;：:]))(?:{_NUMERAL}、(?!{_NUMERAL}[、，])|[（(]{_NUMERAL}[)）])")
_OPENING, _CLOSING = "“《（(「『【〈", "”》）)」』】〉"


def segment(document: Document) -> list[Segment]:
    """A document's logical lines in reading order, each with its mark; tables keep their place."""
    segments: list[Segment] = []
    for block in document.blocks:
        if block.type == "table":
            segments.append(Segment(block.id, 0, 0, "", table=block.table, layout=block.layout))
        elif block.type in ("paragraph", "text_box", "header") and block.text:
            segments.extend(_lines(block))
    return segments


def _lines(block: Block) -> Iterator[Segment]:
    text = block.text or ""
    first = True
    for start, end in _cuts(text):
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        yield _segment(block, text, start, end, block.label if first else None)
        first = False


def _segment(block: Block, text: str, start: int, end: int, label: str | None) -> Segment:
    line = text[start:end]
    if label:
        mark = parse_label(label)
        typed = parse_mark(line)
        # Word numbered a paragraph that somebody had numbered by hand too: the typed number is what people quote.
        if typed and mark and mark.scheme == "bullet":
            mark, offset = typed
            return Segment(block.id, start + offset, end, line[offset:], mark, start, layout=block.layout)
        return Segment(block.id, start, end, line, mark, start, layout=block.layout)
    found = parse_mark(line)
    if found and not inline_series(line[found[1] :], found[0]):
        mark, offset = found
        return Segment(block.id, start + offset, end, line[offset:], mark, start, layout=block.layout)
    return Segment(block.id, start, end, line, None, start, layout=block.layout)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Where a block's logical lines begin and end."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if len(line) > _LONG and len(_RUN.findall(line)) >= 3:
            for a, b in _cut_line(line):
                yield start + a, start + b
        else:
            yield start, end
        start = end + 1


def _cut_line(line: str) -> Iterator[tuple[int, int]]:
    """A notice on one line, cut where its lines most likely ended."""
    depths = _depths(line)
    first_run = next((match.start() for match in _RUN.finditer(line)), len(line))
    last_stop = line.rfind("。")
    start = 0
    for match in re.finditer(r"\s+", line):
        at = match.start()
        if depths[at]:
            continue
        piece, rest = line[start:at], line[match.end() :]
        outside = at < first_run or at > last_stop
        if outside or _ends_line(piece) or _RUN.match(rest):
            yield from _at_numbers(line, start, at)
            start = match.end()
    yield from _at_numbers(line, start, len(line))


def _ends_line(piece: str) -> bool:
    """Whether a piece is a line of its own: a sentence's end, or a numbered heading."""
    if piece.endswith(("。", "：", ":", "；", ";", "！")):
        return True
    found = parse_mark(piece)
    return bool(found) and len(piece) <= 40 and not re.search(r"[。；;]", piece)


def _at_numbers(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece cut again before numbers that follow a sentence's end without a space."""
    piece = line[start:end]
    cut = 0
    if len(piece) > _LONG:
        for match in re.finditer(rf"(?<=[。；：:])(?:{_NUMERAL}、(?!{_NUMERAL}[、，])|[（(]{_NUMERAL}[)）])", piece):
            if match.start() > cut:
                yield start + cut, start + match.start()
                cut = match.start()
    yield start + cut, end


def _depths(line: str) -> list[int]:
    """For each character whether it stands inside quotes or brackets; an unclosed one ends at the next 。"""
    depths, depth = [], 0
    for char in line:
        if char in _OPENING:
            depth += 1
        depths.append(depth)
        if char in _CLOSING or char == "。":
            depth = max(0, depth - 1) if char in _CLOSING else 0
    return depths
