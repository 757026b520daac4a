"""Lines to paragraphs, by what a typesetter does: a line is broken where the next piece would not have fitted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from extractors.readers.pdf_lines import CLOSING
from extractors.readers.pdf_page import NOTE, Line, PageContent, Part
from extractors.readers.text import glue
from schemas.document import Layout

#: How a numbered item begins (GB/T 9704-2012, 7.3.3: 一、（一）1.（1）), and what else begins a paragraph of its own.
MARK = re.compile(
    r"(?:第?[一二三四五六七八九十百零〇]{1,4}[、.．]|[（(][一二三四五六七八九十百]{1,3}[）)]"
    r"|第[一二三四五六七八九十百零〇0-9]{1,5}[章节条编篇款]"
    r"|\d{1,2}(?:[、．]|\.(?!\d)|\.(?=(?:19|20)\d\d)|[)）])|[（(]\d{1,2}[）)]|[①-⑳⑴-⒇⒈-⒛]|[A-Za-z][.．、)）]"
    r"|附\s*(?:件|录|表|则)\s*\d*\s*[：:]?|专栏\s*\d*|[●■◆★▲◇□※➢]|主送|抄送|此件|备\s*注\s*[：:]|注\s*\d*\s*[：:])"
)
#: How a footnote begins.
NOTE_MARK = re.compile(r"\d{1,2}(?![\d.、．年月日:：%])|[①-⑳]|[*＊※]|\[\d{1,2}\]")
TERMINAL = re.compile(r"[。！？；!?;：:…][”’」』）)》]*$|[。！？；][”’]?[）)]$")
STOP = re.compile(r"[。！？!?；;][”’」』）)》]*$|[。！？；][”’]?[）)]$")
#: Lines that stand alone wherever they are: a document number, a date of signing, dot leaders of a contents list.
_ALONE = re.compile(
    r"[\u4e00-\u9fff（）()]{2,20}[〔\[【(（]\s*[0-9０-９]{4}\s*[〕\]】)）]\s*第?\s*[0-9０-９]+\s*号"
    r"|[0-9０-９〇○零一二三四五六七八九]{4}\s*年\s*[0-9０-９一二三四五六七八九十]{1,3}\s*月\s*[0-9０-９一二三四五六七八九十]{1,3}\s*日"
)
_PRINTED = re.compile(r"日\s*印发?$")
_ATTACHED = re.compile(r"附\s*件\s*\d*\s*[：:]")
_LEADER = re.compile(r"(?:[.．·…‥]\s*){4,}\s*[0-9０-９ivxIVX]*$")
#: Text this much larger than the body's is a title.
TITLE = 1.12
#: Sizes that differ by no more than this are one.
SAME_SIZE = 0.12
MARGIN_STEP = 2.0
#: With fewer lines each one counts for finding the margins.
FEW = 8

Align = Literal["left", "center", "right", "justify"]


@dataclass
class Flow:
    """What the document's pages have in common."""

    body_size: float
    pitch: float
    indented: bool


@dataclass
class Paragraph:
    """Lines that are one paragraph."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        text = ""
        for line in self.lines:
            text = glue(text, line.text) if text else line.text
        return text


def set_margins(pages: Sequence[PageContent]) -> Flow:
    """Fills in each line's margins, and says what the body's size, line pitch and habit of indenting are.

    Margins are the document's for pages of one width, a page's own where it clearly has others, and a frame's
    for the lines in it.
    """
    groups: dict[int, list[Line]] = defaultdict(list)
    own: dict[int, list[Line]] = {}
    frames: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for page in pages:
        lines = [item for item in page.items if isinstance(item, Line)]
        own[page.number] = [line for line in lines if not line.region]
        groups[round(page.width)] += own[page.number]
        for line in lines:
            if line.region:
                frames[page.number, line.region].append(line)
    common = {width: _margins(lines) for width, lines in groups.items()}
    for page in pages:
        left, right = _page_margins(own[page.number], common[round(page.width)])
        loose = [line for item in page.items if isinstance(item, Part) for line in item.loose]
        for line in own[page.number] + loose:
            line.left, line.right = left, right
    for lines in frames.values():
        _frame_margins(lines)
    body = [line for lines in groups.values() for line in lines]
    return Flow(_body_size(body), _pitch(body), _indents(body))


def _margins(lines: Sequence[Line]) -> tuple[float, float]:
    """Left and right edge of the text: the outermost places where a fair share of the longer lines begin and end."""
    if not lines:
        return (0.0, 0.0)
    widest = max(line.width for line in lines)
    long = [line for line in lines if line.width > 0.6 * widest]
    starts = sorted(line.x0 for line in lines)
    left = _supported(starts, 1 if len(lines) < FEW else max(2, len(lines) // 20), 1)
    need = 1 if len(long) < FEW else max(2, len(long) // 20)
    # stops may hang out over the margin
    ends = sorted((line.x1 for line in long if line.text[-1] not in CLOSING), reverse=True)
    if len(ends) < need:
        ends = sorted((line.x1 for line in long), reverse=True)
    right = _supported(ends, need, -1)
    if len(lines) < FEW or right - left < 0.6 * (lines[0].page_width - 2 * left):
        # too little text to show the margin: take it to be as wide as the left one
        right = max(right, lines[0].page_width - left)
    return left, right


def _supported(values: Sequence[float], need: int, step: int) -> float:
    """The first value with ``need`` others, itself among them, close behind it."""
    for index, value in enumerate(values):
        close = sum(1 for other in values[index : index + 4 * need] if (other - value) * step <= MARGIN_STEP * 1.5)
        if close >= need:
            return value
    return values[0]


def _page_margins(lines: Sequence[Line], common: tuple[float, float]) -> tuple[float, float]:
    if len(lines) < 8:
        return common
    em = sorted(line.em for line in lines)[len(lines) // 2]
    left, right = _margins(lines)
    full = sum(1 for line in lines if abs(line.x1 - right) < em)
    if abs(left - common[0]) > 0.8 * em and abs((right - left) - (common[1] - common[0])) < 0.8 * em:
        return left, right  # the same measure, shifted: odd and even pages
    if full * 2 > len(lines) and right < common[1] - 0.8 * em:
        return common[0], right
    return common


def _frame_margins(lines: list[Line]) -> None:
    """A frame's text stands off its border on both sides alike."""
    off = max(0.0, min(line.x0 - line.left for line in lines))
    rim = max(0.0, min(line.right - line.x1 for line in lines))
    pad = min(off, 1.5 * lines[0].em) if rim > off else rim
    for line in lines:
        line.left, line.right = line.left + min(off, 1.5 * line.em), line.right - pad


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.look.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _pitch(lines: Sequence[Line]) -> float:
    """The commonest distance from line to line, in ems."""
    seen: Counter[float] = Counter()
    for one, other in pairwise(lines):
        step = (other.middle - one.middle) / one.em
        if one.page == other.page and 0.8 < step < 4:
            seen[round(step, 1)] += 1
    return seen.most_common(1)[0][0] if seen else 1.5


def _indents(lines: Sequence[Line]) -> bool:
    """Whether paragraphs begin indented: of the lines after a short line that ends a sentence, most do."""
    yes = no = 0
    for one, other in pairwise(lines):
        if one.page == other.page and _room(one) > 3 * one.em and STOP.search(one.text):
            inset = (other.x0 - other.left) / other.em
            yes += 1.2 < inset < 3.5
            no += abs(inset) < 0.5
    return yes >= no


def build_paragraphs(lines: Sequence[Line], flow: Flow) -> list[Paragraph]:
    """Paragraphs of lines that follow one another without a table between them."""
    made: list[Paragraph] = []
    for line in lines:
        if made and goes_on(made[-1].lines, line, flow):
            made[-1].lines.append(line)
        else:
            made.append(Paragraph([line]))
    return made


def goes_on(lines: Sequence[Line], new: Line, flow: Flow) -> bool:
    """Whether a line belongs to the paragraph that the lines before it make."""
    last, first = lines[-1], lines[0]
    if not _same_frame(last, new) or not _same_size(last, new):
        return False
    if new.region == NOTE and NOTE_MARK.match(new.text):
        return False
    if _LEADER.search(last.text) or _PRINTED.search(last.text):
        return False
    if _ALONE.fullmatch(last.text) or _ALONE.fullmatch(new.text):
        return False
    if _is_title(last, new, flow):
        return _title_goes_on(last, new)
    if _stands_right(first) or _stands_right(new):
        return False
    inset, marked, room = (new.x0 - new.left) / new.em, bool(MARK.match(new.text)), _room(last)
    cut = _plainly_cut(last, first, inset, marked, flow)
    if _apart(last, new, flow) and not (cut and room < 1.5 * last.em and not _apart(last, new, flow, 4.0)):
        return False
    if not marked and not STOP.search(last.text) and _list_hangs(first, new):
        return True
    if new.lead + 0.3 * last.em < room and not (room < 4 * last.em and cut):
        return False
    if inset > 0.8:
        return _hangs(lines, new, marked)
    flush = not flow.indented or inset > 0.4 or first.x0 - first.left < 0.5 * first.em
    if marked and flush and STOP.search(last.text):
        return False
    if not flow.indented and TERMINAL.search(last.text):
        # a full line ends with a sentence far more often than a paragraph ends with a full line
        close = last.page != new.page or (new.middle - last.middle) / last.em < flow.pitch * 1.12
        return close and room < 0.8 * last.em
    return True


def _apart(last: Line, new: Line, flow: Flow, most: float = 0.0) -> bool:
    """Whether two lines of one page are not next to each other, one below the other."""
    step = (new.middle - last.middle) / last.em
    return last.page == new.page and (step < 0.3 or step > (most or max(flow.pitch * 1.5, 2.6)))


def _plainly_cut(last: Line, first: Line, inset: float, marked: bool, flow: Flow) -> bool:
    """Whether a line that might have taken one more piece was broken all the same: text that is not justified."""
    return flow.indented and abs(inset) < 0.4 and not marked and not TERMINAL.search(last.text) and _indented(first)


def _indented(line: Line) -> bool:
    return 1.2 < (line.x0 - line.left) / line.em < 4.5


def _list_hangs(first: Line, new: Line) -> bool:
    """Whether a line stands below the name of an attachment: 附件：关于……"""
    return bool(_ATTACHED.match(first.text)) and 2.3 < (new.x0 - first.x0) / first.em < 5.2


def _hangs(lines: Sequence[Line], new: Line, marked: bool) -> bool:
    """Whether an indented line continues: a hanging indent, or a paragraph that is indented as a whole."""
    first, last = lines[0], lines[-1]
    if marked:
        return False
    if len(lines) > 1:
        # the lines before it have shown where continuations begin
        same = abs(new.x0 - last.x0) < 0.4 * new.em
        return same and (abs(first.x0 - last.x0) > 0.8 * new.em or not STOP.search(last.text))
    if new.x0 - first.x0 > 0.8 * new.em and first.x0 - first.left > 0.8 * first.em:
        return bool(MARK.match(first.text)) or not STOP.search(last.text)
    return not TERMINAL.search(last.text)


def _room(line: Line) -> float:
    return line.right - line.x1


def _same_frame(one: Line, other: Line) -> bool:
    if bool(one.region) != bool(other.region):
        return False
    if one.page == other.page:
        return one.region == other.region
    return not one.region or (abs(one.left - other.left) < one.em and abs(one.right - other.right) < one.em)


def _same_size(one: Line, other: Line) -> bool:
    pairs = ((one.look.size, other.look.size), (one.em, other.em))
    return any(abs(a - b) <= SAME_SIZE * max(a, b) for a, b in pairs)


def is_centred(line: Line) -> bool:
    """Set in the middle of the measure, short of both margins."""
    if STOP.search(line.text):
        return False
    before, after = line.x0 - line.left, line.right - line.x1
    even = abs(before - after) < max(1.2 * line.em, 0.04 * (line.right - line.left))
    return even and min(before, after) > 0.7 * line.em


def _is_title(last: Line, new: Line, flow: Flow) -> bool:
    large = min(last.look.size, new.look.size) > flow.body_size * TITLE
    if large:
        return True
    same = last.look.bold == new.look.bold and last.look.bold and is_centred(new) and not MARK.match(new.text)
    return is_centred(last) and same and last.width > 0.5 * (last.right - last.left)


def _title_goes_on(last: Line, new: Line) -> bool:
    """A title's lines are broken by sense, so their length says nothing; look, place and words do."""
    if last.page != new.page or new.middle <= last.middle:
        return False
    if last.look.colour != new.look.colour or last.look.bold != new.look.bold:
        return False
    if (new.middle - last.middle) > 2.3 * max(last.em, new.em) or _stands_right(new):
        return False
    if MARK.match(new.text) or TERMINAL.search(last.text) or re.match(r"[（(]", new.text):
        return False
    if is_centred(last) or is_centred(new):
        return True
    return new.lead + 0.3 * last.em >= _room(last)


def _stands_right(line: Line) -> bool:
    """Begins far to the right: a signature, a date."""
    return line.x0 - line.left > 0.35 * (line.right - line.left) and not is_centred(line)


def layout_of(paragraph: Paragraph, flow: Flow) -> Layout:
    """The paragraph's look, as hints for headings and letterheads."""
    lines = paragraph.lines
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.look.size] += len(line.text)
    bold = sum(len(line.text) for line in lines if line.look.bold) * 2 > sum(len(line.text) for line in lines)
    colour = lines[0].look.colour
    return Layout(
        align=_align(lines, flow), size=sizes.most_common(1)[0][0] or None, bold=bold,
        indent=round(max(0.0, lines[0].x0 - lines[0].left), 1), colour=colour if colour != "#000000" else None,
    )  # fmt: skip


def _align(lines: Sequence[Line], flow: Flow) -> Align:
    if all(is_centred(line) for line in lines):
        return "center"
    first = lines[0]
    if len(lines) == 1 and _stands_right(first):
        return "right"
    if len(lines) > 1 and first.look.size > flow.body_size * TITLE and any(is_centred(line) for line in lines):
        return "center"
    return "left"
