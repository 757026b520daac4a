"""The documents that a notice carries: the covering notice, one or several plans, their annexes.

A line is taken for the title of a new plan when it ends with a kind of document and something else speaks for it: it is
named in the cover, stands after a signature or an annex's number, is set like a title, or the numbering starts anew.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from extractors.structure.lines import (
    document_kind,
    is_contents,
    is_furniture,
    is_recipients,
    is_title_line,
    match,
    parse_date,
    squeeze,
    words,
)
from extractors.structure.outline import build_tree
from extractors.structure.parts import Frame, find_frame, join_title
from extractors.structure.signature import is_tail
from schemas.document import Span
from schemas.outline import Outline, PlanOutline, Segment

#: Behind a running number's dot no further digit, unless it begins a year.
_NO_FRACTION = "(?![0-9０-９](?![0-9０-９]{3}年))"
_SERIES = re.compile(r"(?:篇|之|第)[一二三四五六七八九十0-9]{1,3}(?:篇)?$|[（(][一二三四五六七八九十]{1,3}[）)]$")
_TITLED = re.compile(r"《([^《》]{4,80})》")


@dataclass
class _Draft:
    """A plan in the making: its title's lines and its body's."""

    title: list[Segment]
    body: list[Segment] = field(default_factory=list)
    annex: bool = False


def outline_of(segments: Sequence[Segment]) -> Outline:
    """A document's lines as an outline: parts, plans with their trees, and what was left out as furniture."""
    furniture = [
        s for s in segments if s.table is None and (is_furniture(s.text) if s.mark is None else is_contents(s.text))
    ]
    left_out = {id(s) for s in furniture}
    lines = [s for s in segments if id(s) not in left_out]
    frame = find_frame(lines)
    if frame.parts.title is None:
        _title_of_page(furniture, frame)
    cover, drafts = _split(lines, frame)
    plans = [_plan(draft, frame) for draft in drafts]
    return Outline(frame.parts, plans, cover, furniture)


def _title_of_page(furniture: Sequence[Segment], frame: Frame) -> None:
    """A page's own line 标题：…, where the notice on it shows no title."""
    for segment in furniture:
        found = match("furniture.title", segment.text)
        if found and document_kind(found["title"]):
            frame.parts.title = join_title([found["title"]])
            frame.parts.spans["title"] = [segment.part(found.start("title"), found.end("title"))]
            return


def _split(lines: Sequence[Segment], frame: Frame) -> tuple[list[Segment], list[_Draft]]:
    body = list(lines[frame.head : frame.close])
    rest = [s for s in lines[frame.after :] if s.table is not None or not is_tail(s.text)]
    attached = _attachment_list(body, frame)
    names = _named(body, frame)
    has_rest = any(s.table is not None or len(s.text) > 1 for s in rest)
    covers = has_rest and re.search(r"(?:印发|转发|下发|发布|公布|批转)", frame.parts.title or "") is not None
    if not has_rest or (_is_measure(body) and not covers):
        own = _Draft([])
        drafts = _drafts(_without(body, attached), names, own)
        if has_rest:
            annexes = _drafts(rest, names, _Draft([], annex=True))
            # An annex that is no document of its own belongs to the measure that it is attached to.
            if annexes and not annexes[0].title:
                drafts[-1].body.extend(annexes.pop(0).body)
            drafts += annexes
        return [], [d for d in drafts if d.title or d.body] or [own]
    drafts = _drafts(rest, names, _Draft([]))
    kept = [d for d in drafts if d.title or any(s.table or not match("part.annex", s.text) for s in d.body)]
    return _without(body, attached), kept or [_Draft([], body)]


def _is_measure(body: Sequence[Segment]) -> bool:
    """Whether a notice's own body is the measure: it holds numbered items, or more words than a cover has."""
    marked = sum(
        1 for s in body if s.mark is not None and s.mark.scheme in ("chinese", "chinese_paren", "article", "arabic")
    )
    return marked >= 2 and sum(len(s.text) for s in body) > 200


def _without(body: Sequence[Segment], attached: set[int]) -> list[Segment]:
    return [s for i, s in enumerate(body) if i not in attached]


def _attachment_list(body: Sequence[Segment], frame: Frame) -> set[int]:
    """The lines of 附件说明, whose names go to the parts; indices into the body."""
    taken: set[int] = set()
    open_ = False
    for i, segment in enumerate(body):
        if segment.table is not None:
            open_ = False
            continue
        found = match("part.attachment_list", segment.text) if segment.mark is None else None
        if found:
            taken.add(i)
            open_ = True
            _name_attachment(segment, found.end(), frame)
        elif (
            open_
            and len(segment.text) <= 80
            and not re.search(r"[。；;]$", segment.text)
            and (
                (segment.mark is not None and segment.mark.scheme == "arabic" and (segment.mark.number or 0) > 1)
                or (segment.mark is None and re.match(r"[2-9]\s*[.．、]", segment.text))
            )
        ):
            taken.add(i)
            _name_attachment(segment, 0, frame)
        else:
            open_ = False
    return taken


def _name_attachment(segment: Segment, offset: int, frame: Frame) -> None:
    """Each attachment that a line names from an offset on: one, or several run together (1.名单2.汇总表)."""
    text = segment.text
    first = offset + len(text[offset:]) - len(text[offset:].lstrip())
    cuts = [*_running(text, first), len(text)]
    for start, end in itertools.pairwise(cuts):
        name = re.sub(r"^[0-9０-９一]{1,2}\s*[.．、]\s*", "", text[start:end].strip())
        name = squeeze(name).rstrip("。；;").strip("《》")
        if name:
            frame.parts.attachments.append(name)
            last = end if end == len(text) else start + len(text[start:end].rstrip())
            frame.parts.spans.setdefault("attachments", []).append(segment.part(start, last))


def _running(text: str, first: int) -> list[int]:
    """Where the names of a list begin: at ``first``, and at 2., 3. and so on where it begins with 1."""
    starts = [first]
    if re.match(rf"[1１]\s*[.．、]{_NO_FRACTION}", text[first:]) is None:
        return starts
    while len(starts) < 99:
        number = str(len(starts) + 1)
        wide = number.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
        following = re.compile(rf"(?<![0-9０-９.．〔第])(?<!附[件表])(?:{number}|{wide})\s*[.．、]{_NO_FRACTION}")
        found = following.search(text, starts[-1] + 3)
        if found is None:
            break
        starts.append(found.start())
    return starts


def _named(body: Sequence[Segment], frame: Frame) -> list[str]:
    """The documents that the cover names: in its title, its text, its list of attachments."""
    texts = [frame.parts.title or "", *(s.text for s in body)]
    names = [squeeze(name) for text in texts for name in _TITLED.findall(text)]
    issued = re.search(r"(?:印发|转发|下发|发布)(?:《)?(.{4,60}?)(?:》)?的通知$", frame.parts.title or "")
    if issued and "《" not in issued[1]:
        names.extend(part for part in re.split(r"和(?=.{4})", issued[1]) if document_kind(part))
    return names + frame.parts.attachments


def _drafts(lines: Sequence[Segment], names: Sequence[str], first: _Draft) -> list[_Draft]:
    """Cut lines into plans; ``first`` takes what stands before the first title."""
    drafts = [first]
    i = 0
    while i < len(lines):
        length = _title_at(lines, i, names, drafts[-1])
        if length:
            if drafts[-1].body and drafts[-1].body[-1].table is None and match("part.annex", drafts[-1].body[-1].text):
                drafts[-1].body.pop()
            drafts.append(_Draft(list(lines[i : i + length])))
            i += length
            continue
        drafts[-1].body.append(lines[i])
        i += 1
    return [d for d in drafts if d.title or d.body]


def _title_at(lines: Sequence[Segment], i: int, names: Sequence[str], current: _Draft) -> int:
    """How many lines from here are the title of a new plan; 0 where none begins."""
    for length in range(1, 5):
        group = lines[i : i + length]
        if len(group) < length or not all(_could_title(s) for s in group):
            return 0
        title = join_title([s.text for s in group])
        if len(title) > 100 or not (
            document_kind(title) or (_SERIES.search(title) and document_kind(_SERIES.sub("", title)))
        ):
            continue
        if (len(title) < 6 and title not in names) or is_recipients(title):
            continue
        if (
            i + length < len(lines)
            and _could_title(lines[i + length])
            and _longer_known(title, lines[i + length], names)
        ):
            continue
        return length if _speaks_for(lines, i, length, title, names, current) else 0
    return 0


def _could_title(segment: Segment) -> bool:
    text = segment.text.strip()
    return (
        segment.table is None and segment.mark is None and is_title_line(text) and len(text) <= 60
        and parse_date(text) is None and not is_tail(text) and not match("part.annex", text)
        and not match("part.attachment_list", text) and not re.match(r"^(?:填报|单位|注|备注|说明)[：:]?", text)
    )  # fmt: skip


def _longer_known(title: str, following: Segment, names: Sequence[str]) -> bool:
    longer = title + squeeze(following.text)
    return any(_alike(longer, name) > max(0.9, _alike(title, name)) for name in names)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, squeeze(one), squeeze(other), autojunk=False).ratio()


def _speaks_for(
    lines: Sequence[Segment], i: int, length: int, title: str, names: Sequence[str], current: _Draft
) -> bool:
    """Whether anything but its words makes a line the title of a new plan."""
    before = lines[i - 1] if i else None
    table_like = any(re.sub(r"[（(].*[）)]$", "", title).endswith(kind) for kind in words("annex_kinds"))
    if table_like:
        return False
    if before is None and not current.title and not current.body:
        return True
    if before is not None and match("part.annex", before.text) and _own_annex(title, current):
        return False
    if any(_alike(title, name) >= 0.8 for name in names):
        return not (current.title and _alike(title, join_title([s.text for s in current.title])) >= 0.95)
    if before is not None and (parse_date(before.text) or match("part.annex", before.text)):
        return True
    if _SERIES.search(title) and document_kind(_SERIES.sub("", title)):
        return True
    layout, following = lines[i].layout, lines[i + length] if i + length < len(lines) else None
    if following is None:
        return False
    sizes = layout.size, following.layout.size
    if layout.align == "center" and None not in sizes and (sizes[0] or 0) >= (sizes[1] or 0) + 3:
        return True
    return _restarts(lines, i + length, current)


def _own_annex(title: str, current: _Draft) -> bool:
    """Whether a title is that of an annex which the plan itself lists."""
    if not current.title:
        return False
    listed = [
        s.text
        for s in current.body
        if (s.table is None and re.match(r"附\s*件|[2-9１-９]\s*[.．、]", s.text)) or s.mark
    ]
    return any(
        _alike(title, re.sub(r"^附\s*件\s*[:：]?|^[1-9]\s*[.．、]", "", text)) >= 0.75
        for text in listed
        if len(text) < 80
    )


def _restarts(lines: Sequence[Segment], place: int, current: _Draft) -> bool:
    """Whether the outermost numbering starts anew below a line."""
    seen = [s.mark.number or 0 for s in current.body if s.mark and s.mark.scheme in ("chinese", "chapter")]
    following = next(
        (s.mark.number or 0 for s in lines[place : place + 60] if s.mark and s.mark.scheme in ("chinese", "chapter")),
        None,
    )
    return bool(seen) and following is not None and following <= seen[-1]


def _plan(draft: _Draft, frame: Frame) -> PlanOutline:
    title: str | None = join_title([s.text for s in draft.title]) if draft.title else None
    spans = [Span(block=s.block, start=s.line, end=s.end) for s in draft.title]
    body = draft.body
    attached = _attachment_list(body, frame)
    nodes = build_tree(_without(body, attached))
    if title is None and frame.parts.title and not draft.annex:
        title, spans = frame.parts.title, list(frame.parts.spans.get("title", []))
    if title is None:
        title, spans = _words_for(body)
    anchor = spans[0] if spans else (body[0].span if body else Span(block=0, start=0, end=0))
    return PlanOutline(title, spans, anchor, nodes, body)


def _words_for(body: Sequence[Segment]) -> tuple[str | None, list[Span]]:
    """An untitled plan's name in its body's own words: 现就…有关事项通知如下."""
    for segment in body[:6]:
        found = re.search(
            r"现(?:就|将|对)(?:做好|进一步)?(?P<what>[^，。：:；]{4,60}?)的?(?:有关|相关)?(?:事项|问题|工作)?(?:具体)?(?:通知|安排|要求|部署|制定|方案|意见)?如下",
            segment.text,
        )
        if found:
            return found["what"], [segment.part(found.start("what"), found.end("what"))]
    return None, []


def year_span(text: str) -> tuple[date, date] | None:
    """The time of work that a title or a sentence names: 2021年, 2021-2022年, （2021—2023年）, “十四五”, 三年行动."""
    plan = re.search(r"[“\"]?十([三四五六])五[”\"]?(?=规划|期间|时期|计划|发展|[^一-鿿]|.)", text)
    many = re.search(r"(20\d{2})\s*年?(?:度)?\s*[-—－–~～至到―─]{1,2}\s*(20\d{2})\s*(?:年|学年)", text)
    if many:
        first, last = int(many[1]), int(many[2])
        return (date(first, 1, 1), date(last, 12, 31)) if first <= last else (date(first, 1, 1), date(first, 12, 31))
    one = re.search(r"(?<![\d])(20\d{2})\s*年", text)
    if one and not re.match(r"\s*[\d一二三四五六七八九十]{1,2}\s*月", text[one.end() :]):
        return date(int(one[1]), 1, 1), date(int(one[1]), 12, 31)
    if plan:
        start = {"三": 2016, "四": 2021, "五": 2026, "六": 2031}[plan[1]]
        return date(start, 1, 1), date(start + 4, 12, 31)
    return None
