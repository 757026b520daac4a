"""Glyphs to lines: which stand on one line, where its spaces are, and what the line's first unbreakable piece is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median, median_low

from extractors.readers.pdf_page import Glyph, Line, Look, RawPage, Seen, hull
from extractors.readers.text import clean

#: What may not begin a line, so that it stays with the character before it (GB/T 15834-2011, 5.1.2).
CLOSING = "，。、；：？！）〕】》〉」』”’％%‰℃,.;:?!)]}·…—～"
OPENING = "（〔【《〈「『“‘([{"
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u2e80-\u2fdf\U00020000-\U0003ffff]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f\U00020000-\U0003ffff]")
_WORD = re.compile(r"[0-9A-Za-z.,%‰+/@_:&#-]")
#: A run of single ideographs, each set apart: 江 苏 省 财 政 厅.
_SPACED = re.compile(r"(?<!\S)[\u4e00-\u9fff](?: +[\u4e00-\u9fff]){2,}(?!\S)")
#: A gap below this share of an ideograph's width is justification, not a space.
GAP_WIDE = 0.45
GAP_LATIN = 0.18
MAX_SPACES = 8
#: Raised figures of one line, at most.
MAX_RAISED = 6
#: A line of no more glyphs is taken to be of one font.
SHORT = 8


def build_lines(glyphs: Sequence[Glyph], page: RawPage) -> list[Line]:
    """Lines from top to bottom; a raised or lowered smaller glyph joins the line that it overlaps."""
    lines = []
    for row in _rows(glyphs):
        line = _line(row, page)
        if line.text:
            lines.append(line)
    return lines


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by line, each line from left to right."""
    rows: list[list[Glyph]] = []
    spans: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.top + glyph.bottom):
        # the lines are in order of their middles, so only the last few can overlap
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            if _fits(glyph, rows[index], spans[index]):
                rows[index].append(glyph)
                break
        else:
            rows.append([glyph])
            spans.append((glyph.top, glyph.bottom))
            continue
        top, bottom = spans[index]
        if glyph.bottom - glyph.top > bottom - top:  # the tallest rules, so that small ones can't stretch the line
            spans[index] = (glyph.top, glyph.bottom)
    return [sorted(row, key=lambda glyph: glyph.x0) for row in _lowered(rows, spans)]


def _lowered(rows: list[list[Glyph]], spans: list[tuple[float, float]]) -> list[list[Glyph]]:
    """Rows without those that are nothing but a neighbour's raised figures, begun before it as they are higher."""
    for index, row in enumerate(rows):
        if not 0 < len(row) <= MAX_RAISED:
            continue
        for near in (index + 1, index - 1):
            if not 0 <= near < len(rows) or len(rows[near]) <= len(row):
                continue
            if all(_fits(glyph, rows[near], spans[near]) for glyph in row):
                rows[near] += row
                rows[index] = []
                break
    return [row for row in rows if row]


def _fits(glyph: Glyph, row: list[Glyph], span: tuple[float, float]) -> bool:
    """Whether a glyph is on a row's level; one that is raised or lowered must be small and touch a neighbour."""
    top, bottom = span
    small, large = glyph.bottom - glyph.top, bottom - top
    if small > large:
        small, large = large, small
    offset = abs(glyph.top + glyph.bottom - top - bottom) / 2
    if offset <= 0.25 * small:
        return True
    shared = min(bottom, glyph.bottom) - max(top, glyph.top)
    if shared < 0.5 * small:
        return False
    if offset <= max(0.35 * small, 0.15 * large):
        return True
    near = min(max(glyph.x0 - other.x1, other.x0 - glyph.x1) for other in row)
    return small < 0.8 * large and near < 0.25 * large


def _line(row: list[Glyph], page: RawPage) -> Line:
    em = ideograph_width(row)
    places = {len(row) // 4, len(row) // 2, len(row) * 3 // 4} if len(row) > SHORT else {len(row) // 2}
    looks = [page.look(row[place].at) for place in sorted(places)]
    size = median_low(look.size for look in looks)
    look = Look(size, sum(look.bold for look in looks) * 2 > len(looks), looks[len(looks) // 2].colour)
    x0, top, x1, bottom = hull([(glyph.x0, glyph.top, glyph.x1, glyph.bottom) for glyph in row])
    text = clean(squeeze_spaced(spell(row, em))).strip()
    line = Line(text, x0, top, x1, bottom, em, _lead(row), page.number, look, page.width, page.height)
    if page.scores is not None and any(glyph.at in page.scores for glyph in row):
        line.seen = tuple(_seen(glyph, page, page.scores.get(glyph.at, 1.0)) for glyph in row)
    return line


def _seen(glyph: Glyph, page: RawPage, score: float) -> Seen:
    """A character with its box in the file's own points."""
    unit = page.unit
    box = (glyph.x0 * unit, glyph.top * unit, glyph.x1 * unit, glyph.bottom * unit)
    return Seen(glyph.text, page.number, box, score)


def ideograph_width(row: Sequence[Glyph]) -> float:
    """The width of an ideograph in a line: measured, or where it has none the height of its glyphs."""
    widths = [glyph.x1 - glyph.x0 for glyph in row if _IDEOGRAPH.match(glyph.text)]
    if widths:
        return max(1.0, median(widths))
    return max(1.0, median([(glyph.bottom - glyph.top) * 0.9 for glyph in row]))


def spell(row: Sequence[Glyph], em: float) -> str:
    """The line's characters with its spaces: one between Latin words, as many as fit in a gap between ideographs."""
    parts: list[str] = []
    last: Glyph | None = None
    for glyph in row:
        if last is not None:
            gap = glyph.x0 - last.x1
            wide = bool(_WIDE.match(last.text) or _WIDE.match(glyph.text))
            digits = last.text.isdigit() and glyph.text.isdigit()
            if gap > em * (GAP_WIDE if wide or digits else GAP_LATIN):
                count = round(gap / (em / 2)) if wide or gap > em else 1
                if wide and glyph.spaces:
                    count = glyph.spaces
                parts.append(" " * min(MAX_SPACES, max(1, count)))
            elif glyph.spaces and gap > em * 0.1 and not wide:
                parts.append(" ")
        parts.append(glyph.text)
        last = glyph
    return "".join(parts)


def squeeze_spaced(text: str) -> str:
    """A letterhead set wide put together: 江 苏 省 财 政 厅 becomes 江苏省财政厅; uneven gaps part names and stay."""

    def close(match: re.Match[str]) -> str:
        gaps = {len(gap) for gap in re.findall(r" +", match[0])}
        return match[0].replace(" ", "") if max(gaps) - min(gaps) <= 1 else match[0]

    return _SPACED.sub(close, text)


def _lead(row: Sequence[Glyph]) -> float:
    """The width of the first piece that a line break can't part: brackets and stops stick to their neighbours."""
    index = 0
    while index < len(row) - 1 and row[index].text in OPENING:
        index += 1
    word = bool(_WORD.match(row[index].text))
    while index < len(row) - 1:
        last, following = row[index], row[index + 1]
        near = following.x0 - last.x1 < (last.bottom - last.top) * 0.2
        if following.text not in CLOSING and not (word and near and _WORD.match(following.text)):
            break
        index += 1
    return row[index].x1 - row[0].x0
