"""The head and tail of a notice: letterhead, number, title, recipients, signature, date, attachments, imprint.

Source: GB/T 9704-2012, chapter 7 (份号, 密级, 紧急程度, 发文机关标志, 发文字号, 签发人, 标题, 主送机关, 正文, 附件说明,
发文机关署名, 成文日期, 附注, 抄送机关, 印发机关和印发日期).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.structure.lines import (
    document_kind,
    is_recipients,
    is_title_line,
    is_unit,
    match,
    parse_date,
    split_recipients,
    squeeze,
)  # fmt: skip
from extractors.structure.signature import find_signature
from schemas.document import Span
from schemas.outline import Parts, Segment

#: The head of a notice ends within so many lines.
_HEAD = 30
_ISSUE_VERB = re.compile(r"关于|印发|转发|下发|发布|公布|批转")


@dataclass
class Frame:
    """Where the parts of a notice stand among its lines: half-open ranges of indices.

    ``head`` ends before the body; ``close`` is the first line of the signature, or of the tail where nobody signed;
    ``after`` is the first line after the date: attached documents begin there.
    """

    parts: Parts
    head: int
    close: int
    after: int


#: A line in brackets that says when and by whom a text was adopted.
_ADOPTED = re.compile(r"[（(][^（）()]{2,60}(?:通过|公布|修订|修正|发布|施行|会议上?|讲话|[日号])[^（）()]{0,20}[）)]")


def find_frame(segments: Sequence[Segment]) -> Frame:
    """The parts of the covering notice among a document's lines (furniture already left out)."""
    parts = Parts()
    _marks(segments, parts)
    recipients = _find_recipients(segments)
    head = _find_title(segments, recipients, parts)
    if recipients is not None:
        _take_recipients(segments, recipients, parts)
        head = max(head, recipients[1])
    close, after = find_signature(segments, head, parts)
    _find_tail(segments, parts)
    return Frame(parts, head, close, after)


def _marks(segments: Sequence[Segment], parts: Parts) -> None:
    """Secrecy, urgency, letterhead and number, which stand above the title."""
    for segment in segments[:_HEAD]:
        text = segment.text
        for name in ("secrecy", "urgency"):
            found = match(f"part.{name}", text)
            if found and getattr(parts, name) is None:
                setattr(parts, name, squeeze(found["mark"]))
                parts.place(name, segment.span)
        _head_marks(segment, parts)
        if parts.letterhead is None and match("part.letterhead", text):
            parts.letterhead = squeeze(text)[:-2]
            parts.place("letterhead", segment.span)
        number = match("part.document_number", text)
        alone = number and len(squeeze(text)) <= len(squeeze(number.group())) + 14
        if parts.document_number is None and number and alone and "《" not in text[: number.start()]:
            parts.document_number = squeeze(number.group())
            parts.place("document_number", segment.part(number.start(), number.end()))


def _head_marks(segment: Segment, parts: Parts) -> None:
    """份号 and 签发人, where they stand."""
    copy_number = match("part.copy_number", segment.text.strip())
    if copy_number and parts.copy_number is None:
        parts.copy_number = unicodedata.normalize("NFKC", copy_number["number"])
        parts.place("copy_number", segment.span)
    signatory = match("part.signatory", segment.text)
    if signatory and not parts.signatories:
        names = re.split(r"[、，]|\s{2,}", signatory["names"].strip())
        parts.signatories = [squeeze(name) for name in names if name.strip()]
        parts.place("signatories", segment.part(signatory.start("names"), signatory.end("names")))


def _find_recipients(segments: Sequence[Segment]) -> tuple[int, int] | None:
    """The lines of 主送机关: half-open; it may run over two lines, and ends with a colon."""
    for i, segment in enumerate(segments[:_HEAD]):
        if segment.table is not None:
            return None
        if segment.mark is not None and segment.mark.scheme in ("chinese", "chapter"):
            return None
        if segment.mark is None and is_recipients(segment.text):
            start = i
            while start > 0 and re.search(r"[、，,]$", segments[start - 1].text) and segments[start - 1].mark is None:
                start -= 1
            return start, i + 1
    return None


def _take_recipients(segments: Sequence[Segment], where: tuple[int, int], parts: Parts) -> None:
    for segment in segments[where[0] : where[1]]:
        parts.recipients.extend(split_recipients(segment.text))
        parts.place("recipients", segment.span)


def _find_title(segments: Sequence[Segment], recipients: tuple[int, int] | None, parts: Parts) -> int:
    """The title's lines: just above the recipients, else the first run of lines that ends with a kind of document.

    Returns the index of the first line after it.
    """
    if recipients is not None:
        end = recipients[0]
        while end > 0 and _beside_title(segments[end - 1], parts):
            end -= 1
        return _take_title(segments, _title_start(segments, end), end, parts)
    for end in range(1, min(len(segments), 12) + 1):
        segment = segments[end - 1]
        if segment.mark is not None or segment.table is not None:
            break
        if _beside_title(segment, parts):
            continue
        if not is_title_line(segment.text):
            break
        start = _title_start(segments, end)
        joined = "".join(squeeze(s.text) for s in segments[start:end])
        following = segments[end].text if end < len(segments) else ""
        if document_kind(joined) and joined.count("《") == joined.count("》") and not _continues_title(following):
            return _take_title(segments, start, end, parts)
    return 0


def _continues_title(text: str) -> bool:
    return bool(re.match(r"^\s*(?:的|》)", text)) and len(text) < 30 and document_kind(text) is not None


def _beside_title(segment: Segment, parts: Parts) -> bool:
    """Lines between letterhead and recipients that are no title: the number, a signatory, marks of their own."""
    text = segment.text.strip()
    spans = [
        span for name in ("document_number", "letterhead", "secrecy", "urgency") for span in parts.spans.get(name, [])
    ]
    return (
        any(span.block == segment.block and segment.start <= span.start < segment.end for span in spans)
        or _only_number(text)
        or bool(re.match(r"^(?:签\s*发\s*人|份号|№|NO)", text))
        or bool(re.fullmatch(r"[0-9０-９]{4,8}", text))
        or bool(_ADOPTED.fullmatch(text))
    )


def _only_number(text: str) -> bool:
    """Whether a line is a document number and nothing else."""
    number = match("part.document_number", text)
    return bool(number) and len(squeeze(text)) <= len(squeeze(number.group() if number else "")) + 2


def _title_start(segments: Sequence[Segment], end: int) -> int:
    """From a title's last line back to its first."""
    start = end
    while start > 0 and end - start < 6:
        segment = segments[start - 1]
        text = segment.text.strip()
        if segment.mark is not None or segment.table is not None or not is_title_line(text):
            break
        if (
            match("part.letterhead", text)
            or (match("part.document_number", text) and len(text) < 40)
            or parse_date(text)
        ):
            break
        if re.fullmatch(r"[0-9０-９]{4,8}|特\s*急|加\s*急|平\s*急|[绝机秘]\s*密.*", text) or re.match(
            r"^签\s*发\s*人", text
        ):
            break
        joined = squeeze("".join(s.text for s in segments[start:end]))
        if start < end and _complete(joined):
            # A line that starts the title anew is not part of it, unless only the agency's name stands alone above.
            if not is_unit(text) or joined.startswith(squeeze(text)) or document_kind(text):
                break
            if not re.match(r"^(?:关于|印发|转发)", joined):
                break
        sizes = segment.layout.size, segments[end - 1].layout.size
        if start < end and None not in sizes and abs((sizes[0] or 0) - (sizes[1] or 0)) > 2:
            break
        start -= 1
    return start


def _complete(joined: str) -> bool:
    """Whether words are a whole title already."""
    return (
        bool(_ISSUE_VERB.search(joined))
        and document_kind(joined) is not None
        and joined.count("《") == joined.count("》")
    )


def _take_title(segments: Sequence[Segment], start: int, end: int, parts: Parts) -> int:
    if start == end:
        return end
    lines = segments[start:end]
    title = join_title([segment.text for segment in lines])
    if document_kind(title) or len(title) >= 6:
        parts.title = title
        for segment in lines:
            parts.place("title", Span(block=segment.block, start=segment.line, end=segment.end))
    return end


def join_title(lines: Sequence[str]) -> str:
    """A title of several lines as one, without the white space that only the layout made."""
    title = ""
    for line in lines:
        piece = re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])", "", line.strip())
        title += (" " if re.search(r"[A-Za-z]$", title) and re.match(r"[A-Za-z]", piece) else "") + piece
    return title


def _find_tail(segments: Sequence[Segment], parts: Parts) -> None:
    for segment in segments:
        if segment.table is not None:
            continue
        text = segment.text.strip()
        if match("part.public_note", text) and not re.match(r"^[（(]联系人", text):
            parts.notes.append(text.strip("（）()"))
            parts.place("notes", segment.span)
        printed = match("part.printed", text)
        if printed and parts.printed_on is None:
            day = parse_date(printed["date"])
            parts.printed_on = day.isoformat() if day else None
            parts.printed_by = squeeze(printed["agency"]) or None
            parts.place("printed_on", segment.span)
        copied = match("part.copied_to", segment.text)
        if copied and segment.mark is None and not is_recipients(segment.text):
            names = (name.rstrip("。.") for name in split_recipients(copied["names"]))
            parts.copied_to.extend(name for name in names if name)
            parts.place("copied_to", segment.span)
