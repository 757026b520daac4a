"""Lines of a text to paragraphs: pieces that a fixed width or a page break cut apart are joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.readers.text import glue

#: A page number alone on its line, as copies of paged documents leave it.
PAGE_NUMBER = re.compile(
    r"\s*(?:[—–―－─-]{1,2}\s*\d{1,4}\s*[—–―－─-]{1,2}|第\s*\d{1,4}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?)\s*$"
)
#: What a new paragraph begins with: numbers of items, annexes, notes, bullets.
OPENING = re.compile(
    r"(?:[（(〔［\[]?[一二三四五六七八九十百]{1,4}[）)〕］\]、.．]|第[一二三四五六七八九十百零\d]{1,4}[章节条款项篇部编]|"
    r"[（(]?\d{1,3}(?:[）)、]|[.．﹒](?!\d))|\d{1,2}(?:\.\d{1,2}){1,3}[^\d%‰]|[①-⑳⑴-⒇⒈-⒛❶-❿㈠-㈩]|"
    r"[A-Za-z][、.．)）]|附\s*[件表录图]|附\s*[:：]|[备附]?注\s*[:：]|抄\s*送|主\s*送|专栏|"
    r"[一二三四五六七八九]\s*是|[●■◆▲★○□◇△☆▪•·※➢✓-]\s?\S)"
)
_DAY = r"[\d一二三四五六七八九十]{1,3}"
_DATE = re.compile(rf"[\d〇○零一二三四五六七八九]{{2,4}}\s*年\s*{_DAY}\s*月\s*{_DAY}\s*日$")
_CLOSED = re.compile(r"[。！？!?；;：:…]['\"”’）)】》]*$|[”’）)】]$")
_SENTENCE_END = re.compile(r"[。！？；;!?][”’）)]*$")
_LONG = 40
_NARROWEST, _WIDEST = 40, 160
_KINSOKU = 4
_INDENT = 4


@dataclass(frozen=True)
class Paragraph:
    """A paragraph's text, and how wide (in half-width columns) the white space before it was."""

    text: str
    lead: int = 0

    @property
    def is_date(self) -> bool:
        """Whether it is nothing but a day, as stands under a signature."""
        return bool(_DATE.match(self.text))


def columns(text: str) -> int:
    """The width of text in half-width columns: two for an ideograph, one for a Latin letter, as in GB 18030's bytes."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def lead_of(line: str) -> int:
    """The width of the white space that a line begins with."""
    return columns(line[: len(line) - len(line.lstrip())].replace("\t", "    "))


def wrap_width(lines: Sequence[str]) -> int:
    """The width that lines were cut at, in half-width columns; 0 where lines are whole paragraphs.

    Lines of one width, or a little less, are many then, and hardly one is wider.
    """
    widths = [columns(line.strip()) for line in lines if line.strip() and not PAGE_NUMBER.match(line)]
    wide = [width for width in widths if width >= _NARROWEST]
    if len(wide) < 5:
        return 0
    width = max(Counter(wide).items(), key=lambda item: (item[1], item[0]))[0]
    full = sum(width - _KINSOKU <= one <= width + _KINSOKU for one in wide)
    wider = sum(one > width + _KINSOKU + 2 for one in wide)
    if width > _WIDEST or full < 0.6 * len(wide) or wider > 0.05 * len(wide):
        return 0
    return width


def margin(lines: Sequence[str]) -> int:
    """The white space that even long lines begin with."""
    return min((lead_of(line) for line in lines if columns(line.strip()) >= _NARROWEST), default=0)


def paragraphs(lines: Sequence[str], width: int) -> list[Paragraph]:
    """Prose lines to paragraphs, one a line but for what was cut.

    Args:
        lines: of prose; empty ones part nothing that runs on over a page break.
        width: the width that the text was cut at, or 0.
    """
    found: list[Paragraph] = []
    pieces: list[str] = []
    lead, last_line, apart = 0, "", False
    for line in lines:
        text = line.strip()
        if not text or PAGE_NUMBER.match(line):
            apart = True
            continue
        if pieces and _runs_on(pieces, last_line, line, width, apart):
            joined = _join(pieces[-1], text, width)
            cut = max(0, len(joined) - len(text) - 1)  # only the seam may change later
            pieces[-1:] = [joined[:cut], joined[cut:]]
        else:
            if pieces:
                found.append(Paragraph("".join(pieces), lead))
            pieces, lead = [text], lead_of(line)
        last_line, apart = line, False
    if pieces:
        found.append(Paragraph("".join(pieces), lead))
    return found


def join_cell(lines: Sequence[str], width: int = 0) -> str:
    """A cell's lines: soft breaks joined, others kept as ``\\n``, empty lines dropped."""
    return "\n".join(paragraph.text for paragraph in paragraphs(lines, width))


def _runs_on(pieces: Sequence[str], last_line: str, line: str, width: int, apart: bool) -> bool:
    """Whether a line continues the paragraph before it, given as its pieces."""
    text, before, first = line.strip(), pieces[-1], len(pieces) == 1
    if OPENING.match(text) or _DATE.match(text):
        return False
    if width and lead_of(line) <= lead_of(last_line) + 1 and _is_full(first, last_line, text, width):
        if first and before.endswith(("：", ":")):
            return False  # 各设区市…：, the words that address
        return not (apart and _SENTENCE_END.search(last_line.strip()))
    return (
        (not first or len(before) >= _LONG)
        and not _CLOSED.search(before)
        and not before.endswith(("》", ">", "|"))
        and bool(_SENTENCE_END.search(text))
        and lead_of(line) < _KINSOKU + lead_of(last_line)
        and (not apart or not text[0].isascii())
    )


def _is_full(first: bool, line: str, text: str, width: int) -> bool:
    """Whether a line reaches the width, or its next word would not have fitted.

    A paragraph's first line is shorter by its indent, where the copy lost that.
    """
    words = line.strip()
    indented = first and lead_of(line) < _INDENT and not OPENING.match(words) and not _CLOSED.search(words)
    slack = _KINSOKU + (_INDENT if indented else 0)
    word = re.match(r"[A-Za-z0-9.%/-]+|《?.", text)
    reach = columns(line.rstrip()) + (columns(word[0]) if word else 0)
    return columns(line.strip()) > width // 2 and reach > width - slack


def _join(before: str, text: str, width: int) -> str:
    """Where the cut is at a fixed width it may stand inside a number: two numbers side by side are rare."""
    return before + text if width and before[-1].isdigit() and text[0].isdigit() else glue(before, text)
