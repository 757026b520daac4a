"""What a page carries that is not the notice: page numbers, running heads and feet, a browser's print marks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

from extractors.lexicons import load_rules
from extractors.readers.pdf_page import NOTE, Line, PageContent, Part
from extractors.readers.pdf_paragraphs import NOTE_MARK

#: Share of the page's height, at the top and at the bottom, where such lines stand.
BAND = 0.13
#: How many lines from either end of a page are looked at.
DEPTH = 3
#: Size of a footnote to that of the body, at most.
SMALL = 0.85
#: A scanning app's mark is no longer than this.
MARK_LONG = 32
_DASH = r"[-—–―－─_~·•.|/]"
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,6}|[IVXLC]{1,6})"
#: A page's number, white space and full-width forms aside: —3—, 第3页共9页, 3/9, Page 3 of 9.
_PAGE_NUMBER = re.compile(
    rf"{_DASH}*{_NUMBER}{_DASH}*"
    rf"|第?\d{{1,4}}页[,，/、]?(?:[（(]?[共总]\d{{1,4}}页[）)]?)?"
    rf"|第[一二三四五六七八九十百]{{1,4}}页"
    rf"|{_DASH}*第?\d{{1,4}}页?[/／]共?\d{{1,4}}页?{_DASH}*"
    rf"|[pP](?:age)?\.?\d{{1,4}}(?:of\d{{1,4}}|/\d{{1,4}})?"
)
_SECRECY = re.compile("[绝机秘]密")
#: What a browser prints around a page.
_BROWSER = re.compile(
    r"(?:https?://|www\.)\S*?\d{1,4}/\d{1,4}"
    r"|(?:file|about):\S+"
    r"|\d{2,4}[/.-]\d{1,2}[/.-]\d{1,4}[,，]?(?:[上下]午)?\d{1,2}:\d{2}(?::\d{2})?(?:[AP]M)?.*"
)


def is_app_mark(text: str) -> bool:
    """Whether a line is nothing but the mark that a scanning app leaves on its pages."""
    rule = next(rule for rule in load_rules("scans").rules if rule.id == "scan.app_mark")
    return len(text) <= MARK_LONG and bool(rule.pattern.search(text))


def drop_furniture(pages: Sequence[PageContent]) -> int:
    """Takes such lines out of the pages, and says how many. Text that stands on one page alone stays."""
    edges = {page.number: _edge_lines(page) for page in pages}
    running = _running(edges, len(pages))
    shifts = _shifts(edges)
    dropped = 0
    for page in pages:
        gone = {id(line) for line in edges[page.number] if _is_furniture(line, page, running, shifts)}
        dropped += len(gone)
        page.items = [item for item in page.items if id(item) not in gone]
    return dropped


def mark_notes(pages: Sequence[PageContent], body_size: float) -> None:
    """Sets the region of footnotes: small lines at a page's foot, below the body, that begin with a mark."""
    for page in pages:
        notes: list[Line] = []
        for item in reversed(page.items):
            if isinstance(item, Part) or item.region or max(item.look.size, item.em) > SMALL * body_size:
                break
            notes.append(item)
        while notes and not NOTE_MARK.match(notes[-1].text):
            notes.pop()
        above = page.items[-len(notes) - 1] if len(notes) < len(page.items) else None
        if isinstance(above, Line):  # a note below a table belongs to the table
            for line in notes:
                line.region = NOTE


def _edge_lines(page: PageContent) -> list[Line]:
    """The lines in the page's upper and lower band with nothing but their like beyond them."""
    found: list[Line] = []
    for items in (page.items, page.items[::-1]):
        for item in items[:DEPTH]:
            if isinstance(item, Part) or not _in_band(item, page):
                break
            if item not in found:
                found.append(item)
    return found


def _in_band(line: Line, page: PageContent) -> bool:
    return line.middle < BAND * page.height or line.middle > (1 - BAND) * page.height


def _plain(line: Line) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", line.text))


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", _plain(line)), round(line.middle / 8)


def _running(edges: dict[int, list[Line]], count: int) -> set[tuple[str, int]]:
    """Text in the same place on many pages: on all of two, else on three and a quarter of them all."""
    pages: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, lines in edges.items():
        for line in lines:
            text, place = _key(line)
            for near in (place - 1, place, place + 1):
                pages[text, near].add(number)
    least = 2 if count == 2 else max(3, count // 4)
    return {key for key, numbers in pages.items() if len(numbers) >= least}


def _shifts(edges: dict[int, list[Line]]) -> set[int]:
    """By how much bare numbers differ from their page's: what only one page has is no numbering."""
    seen: Counter[int] = Counter()
    for number, lines in edges.items():
        seen.update({int(plain) - number for line in lines if (plain := _plain(line)).isdecimal()})
    return {shift for shift, count in seen.items() if count > 1}


def _is_furniture(line: Line, page: PageContent, running: set[tuple[str, int]], shifts: set[int]) -> bool:
    plain = _plain(line)
    if line.seen and _SECRECY.search(plain):  # of a recognised page nothing else tells that it is marked
        return False
    if _BROWSER.fullmatch(plain) or is_app_mark(line.text):
        return True
    if plain.isdecimal():
        shift = int(plain) - page.number
        return shift in shifts or (shift == 0 and line is page.items[-1])
    if _PAGE_NUMBER.fullmatch(plain):
        return True
    return _key(line) in running and not re.fullmatch(r"#?", _key(line)[0])
