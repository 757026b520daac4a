"""The close of a notice: who signed it and when, and where attached documents begin.

Source: GB/T 9704-2012, 7.3.5 (发文机关署名, 成文日期, 印章).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.structure.lines import document_kind, ends_sentence, is_unit, match, parse_date, squeeze
from schemas.document import Span
from schemas.outline import Parts, Segment


def find_signature(segments: Sequence[Segment], head: int, parts: Parts) -> tuple[int, int]:
    """The first signed date below the head: issuers above it, attached documents after it."""
    for i in range(head, len(segments)):
        segment = segments[i]
        if segment.table is not None:
            continue
        inline = re.match(
            r"^(?P<names>\D{4,60}?)\s*(?P<date>(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)$",
            segment.text.strip(),
        )
        if inline and is_unit(squeeze(inline["names"])):
            offset = segment.text.index(inline["date"])
            names = segment.text[:offset]
            _take_issuers(segment, names, parts)
            _take_date(segment, offset, parts)
            return i, _skip_tail(segments, i + 1)
        if parse_date(segment.text) is None:
            continue
        start = _issuers_start(segments, head, i)
        if start == i and i + 1 < len(segments) and not _ends_body(segments, i):
            continue
        for line in segments[start:i]:
            _take_issuers(line, line.text, parts)
        _take_date(segment, 0, parts)
        after = i + 1
        # Joint issuers may sign below the date of the first.
        return start, _skip_tail(segments, after)
    return _unsigned(segments, head, parts)


def _ends_body(segments: Sequence[Segment], i: int) -> bool:
    """Whether a date without a name above it closes a notice: the body ends before it, a document begins after it."""
    before, after = segments[i - 1].text if i else "", segments[i + 1]
    return (
        i > 0
        and (ends_sentence(before) or before.rstrip().endswith(("）", ")")))
        and (
            document_kind(after.text) is not None
            or bool(match("part.annex", after.text))
            or bool(match("part.public_note", after.text))
        )
    )


def _issuers_start(segments: Sequence[Segment], head: int, date_at: int) -> int:
    start = date_at
    while start > head and date_at - start < 12:
        segment = segments[start - 1]
        text = segment.text.strip()
        if segment.mark is not None or segment.table is not None or len(text) > 80 or document_kind(text):
            break
        names = split_issuers(text)
        if not names or not all(is_unit(name) for name in names):
            break
        start -= 1
    return start


def split_issuers(text: str) -> list[str]:
    """The agencies of a signature line: apart by wide spaces, or run together where one's end meets the next's start.

    A name that is only spaced out (江 苏 省 财 政 厅) stays one.
    """
    line = text.strip()
    if re.fullmatch(r"(?:\S\s+){2,}\S", line):
        return [squeeze(line)]
    names: list[str] = []
    for piece in re.split(r"\s{2,}|\t|(?<=\S{4})\s(?=\S{4})|[、，,]", line):
        if squeeze(piece):
            names.extend(_split_run_together(squeeze(piece)))
    return names


def _split_run_together(name: str) -> list[str]:
    """海宁市新时代文明实践中心海宁市志愿者协会 is two: the region that opens the line opens the second name again."""
    opening = re.match(r"^[一-鿿]{1,6}?[省市县区州]", name)
    if opening:
        again = name.find(opening.group(), len(opening.group()))
        if again > 4 and is_unit(name[:again]) and is_unit(name[again:]):
            return [name[:again], *_split_run_together(name[again:])]
    return [name]


def _take_issuers(segment: Segment, text: str, parts: Parts) -> None:
    for name in split_issuers(text):
        if name not in parts.issuers:
            parts.issuers.append(name)
    if squeeze(text):
        parts.place("issuers", Span(block=segment.block, start=segment.line, end=segment.line + len(text.rstrip())))


def _take_date(segment: Segment, offset: int, parts: Parts) -> None:
    parts.date_text = segment.text[offset:].strip()
    parts.place("issue_date", segment.part(offset, len(segment.text)))


def _skip_tail(segments: Sequence[Segment], start: int) -> int:
    """Over the notes and imprint that follow a date."""
    while start < len(segments) and segments[start].table is None and is_tail(segments[start].text):
        start += 1
    return start


def is_tail(text: str) -> bool:
    """Whether a line is a note, 抄送, or 印发 line."""
    return any(match(f"part.{name}", text.strip()) for name in ("public_note", "copied_to", "printed"))


def _unsigned(segments: Sequence[Segment], head: int, parts: Parts) -> tuple[int, int]:
    """A notice without a date: signed by a name in its last lines, or by nobody."""
    end = len(segments)
    while end > head and segments[end - 1].table is None and is_tail(segments[end - 1].text):
        end -= 1
    for segment in [*segments[max(head, end - 3) : end], *segments[head : head + 2]]:
        issued = match("part.issued", segment.text) if segment.table is None and segment.mark is None else None
        if issued:
            _take_issued(segment, issued, parts)
            return (end - 1 if segment is segments[end - 1] else end), len(segments)
    last = segments[end - 1] if end > head else None
    if (
        last is not None
        and parts.title
        and last.table is None
        and last.mark is None
        and is_unit(last.text)
        and len(last.text) <= 40
    ):
        _take_issuers(last, last.text, parts)
        return end - 1, len(segments)
    return end, len(segments)


def _take_issued(segment: Segment, issued: re.Match[str], parts: Parts) -> None:
    """Issuer and day from a line that says who published the notice and when."""
    agency, day = ("agency", "date") if issued["agency"] else ("issuer", "day")
    parts.issuers = split_issuers(issued[agency])
    parts.date_text = issued[day]
    parts.place("issuers", segment.part(issued.start(agency), issued.end(agency)))
    parts.place("issue_date", segment.part(issued.start(day), issued.end(day)))
