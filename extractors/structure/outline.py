"""From logical lines to a tree: items under headings, paragraphs under items, tables in their place.

Levels are not taken from a fixed order: an item of a scheme that is open belongs beside its fellows, and one of a new
scheme goes under the last item, unless it usually stands above that. So numbering may restart, skip a level, or lose
a number, and the tree is still valid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from extractors.structure.lines import is_title_line
from extractors.structure.numbering import RANK
from schemas.document import Span
from schemas.outline import Mark, Node, Segment

_TERMINAL = re.compile(r"[。；;：:！!？?，,、]$")
# Openings that make a paragraph after an item's own words a matter of its own.
_APART = re.compile(r"^(?:此外|另外|除此之外|请各|请于|请将|以上|上述|各(?:单位|部门|科室|地|区|县|镇|街道)[^。]{0,12}(?:要|请|应|须|于)|本(?:方案|意见|办法|通知|政策|措施|计划))")
# Openings of a sentence that is no heading though it is short.
_NO_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]是|首先|其次|再次|最后|同时|此外|另外|其中|今年|截至|为|根据|按照|通过|目前|综上|以上|上述|总之|"
    r"注[：:]|备注|附件|联系人|填报|单位[：:])"
)
_OBLIGES = re.compile(r"(?:必须|不得|应当|严禁|不准|须|需要|应(?!急|用|对|届|收|有)|请|要(?!点|求|素|件|闻|害|道|务|领))")


@dataclass
class _Open:
    """An open item of the path from the root: its rank, scheme and node."""

    rank: float
    scheme: str
    node: Node


def build_tree(segments: Sequence[Segment]) -> list[Node]:
    """The nodes of one plan's body, outermost level; every segment is in exactly one node."""
    builder = _Builder(segments)
    for place, segment in enumerate(segments):
        builder.add(place, segment)
    _number(builder.root)
    return builder.root


class _Builder:
    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.root: list[Node] = []
        self.path: list[_Open] = []
        self.parent_of: dict[str, str] = {}  # scheme -> scheme of the item that it was last found under

    def add(self, place: int, segment: Segment) -> None:
        if segment.table is not None:
            self._append(Node("table", table=segment.table))
        elif segment.mark is not None:
            self._add_item(place, segment, segment.mark)
        elif self._is_heading(place, segment):
            self._add_heading(place, segment)
        else:
            self._add_paragraph(segment)

    def _add_item(self, place: int, segment: Segment, mark: Mark) -> None:
        rank = self._place(mark)
        node = _item(segment, mark)
        self._append(node)
        self.path.append(_Open(rank, mark.scheme, node))

    def _place(self, mark: Mark) -> float:
        """Close what an item of this scheme ends, and tell its rank on the path."""
        schemes = [open_.scheme for open_ in self.path]
        if mark.scheme in schemes:
            del self.path[schemes.index(mark.scheme) :]
        else:
            rank = RANK[mark.scheme]
            while self.path and self.path[-1].rank >= rank and not (mark.number == 1 and self._may_hold(mark)):
                self.path.pop()
        self.parent_of[mark.scheme] = self.path[-1].scheme if self.path else ""
        above = self.path[-1].rank if self.path else -1.0
        return max(float(RANK[mark.scheme]), above + 0.1)

    def _may_hold(self, mark: Mark) -> bool:
        """Whether a first item of a higher scheme opens inside the last one (1. with （一） below it)."""
        last = self.path[-1]
        return mark.scheme not in self.parent_of and not last.node.body and last.scheme != "heading"

    def _is_heading(self, place: int, segment: Segment) -> bool:
        text = segment.text
        if not is_title_line(text) or len(text) > 45 or _TERMINAL.search(text) or _NO_HEADING.match(text):
            return False
        following = self.segments[place + 1] if place + 1 < len(self.segments) else None
        if following is None or following.table is not None:
            return False
        if segment.layout.outline is not None:
            return True
        # A heading stands above something longer or numbered, not amid lines of its own length.
        return following.mark is not None or len(following.text) > max(30, len(text)) or (
            segment.layout.bold and not following.layout.bold
        )

    def _add_heading(self, place: int, segment: Segment) -> None:
        following = next((s.mark for s in islice(self.segments, place + 1, place + 40) if s.mark), None)
        scheme = following.scheme if following else "chinese"
        # It stands one level above the number that follows, where that number's level is known.
        above = self.parent_of.get(scheme)
        if scheme == "chinese":
            above = "heading"
        names = [open_.scheme for open_ in self.path]
        if above and above in names:
            del self.path[names.index(above) :]
        else:
            rank = RANK[scheme] if scheme != "chinese" else 99
            level = "heading" if "heading" in names else None
            if level:
                del self.path[names.index("heading") :]
            elif rank <= RANK["chinese_paren"]:
                self.path.clear()
            else:
                self.path = [open_ for open_ in self.path if open_.rank < min(rank, RANK["chinese"] + 0.5) - 1]
        node = Node("heading", title=segment.text.strip(), title_span=segment.span)
        self._append(node)
        above_rank = self.path[-1].rank if self.path else 2.0
        self.path.append(_Open(max(above_rank + 0.1, float(RANK["chinese"])), "heading", node))

    def _add_paragraph(self, segment: Segment) -> None:
        top = self.path[-1].node if self.path else None
        run_in = split_run_in(segment, marked=False)
        if top is not None and top.kind == "item" and top.body and top.table is None and not top.children:
            if not _APART.match(segment.text) and run_in is None:
                top.body.append(segment)
                return
            if _APART.match(segment.text) and len(self.path) > 1:
                self.path.pop()
        self._append(_paragraph(segment, run_in))

    def _append(self, node: Node) -> None:
        (self.path[-1].node.children if self.path else self.root).append(node)


def _item(segment: Segment, mark: Mark) -> Node:
    """A numbered item: a heading alone, a heading and its text, or text alone."""
    text = segment.text
    if not text:
        return Node("item", mark)
    run_in = split_run_in(segment, marked=True)
    if run_in:
        head, body = run_in
        return Node("item", mark, segment.text[: head.end - segment.start], head, True, [body])
    if mark.scheme == "box" or (len(text) <= 60 and not re.search(r"[。；;：:，,]", text.rstrip("。：:；;")) and not _sentence(text)):
        head = segment.part(0, len(text.rstrip("。：:；;")))
        return Node("item", mark, text.rstrip("。：:；;"), head)
    if len(text) <= 45 and not re.search(r"[。；;]", text.rstrip("。")) and not _OBLIGES.search(text) and not text.endswith(("；", ";", "：", ":")):
        return Node("item", mark, text.rstrip("。"), segment.part(0, len(text.rstrip("。"))))
    return Node("item", mark, body=[segment])


def _sentence(text: str) -> bool:
    return text.endswith(("；", ";")) or bool(_OBLIGES.search(text)) and text.endswith("。")


def _paragraph(segment: Segment, run_in: tuple[Span, Segment] | None) -> Node:
    if run_in:
        head, body = run_in
        return Node("paragraph", None, segment.text[: head.end - segment.start], head, True, [body])
    return Node("paragraph", body=[segment])


def split_run_in(segment: Segment, *, marked: bool) -> tuple[Span, Segment] | None:
    """A heading that runs into its text (抓好理论学习。把学习……): the heading's span, and the text after it.

    Args:
        segment: a logical line.
        marked: it is numbered. Without a number only a phrase without a comma is taken for a heading.
    """
    text = segment.text
    found = re.match(r"([^。：:；;！？]{2,45}?)([。：:])\s*(?=\S)", text)
    if not found or _NO_HEADING.match(text):
        return None
    head = found[1]
    article = segment.mark is not None and segment.mark.scheme == "article"
    if article and (len(head) > 12 or re.search("[，,]", head)):
        return None
    limit = 20 if found[2] in "：:" else 45
    balanced = all(head.count(a) == head.count(b) for a, b in ("“”", "《》", "（）", "()"))
    if len(head) > limit or not balanced or _OBLIGES.search(head):
        return None
    if not marked and (re.search(r"[，,]", head) or len(head) > 40 or found[2] in "：:" or _states(head)):
        return None
    if len(text) - found.end() < 6:
        return None
    body = Segment(segment.block, segment.start + found.end(), segment.end, text[found.end() :], layout=segment.layout)
    return segment.part(0, len(head)), body


def _states(head: str) -> bool:
    """Whether an unnumbered first sentence states something instead of naming a piece of work."""
    return bool(re.search(r"(?:是|有|将|已|已经|达到|为了|组织|利用|围绕|结合|依托)[^，]{4,}", head)) and not re.match(
        r"^(?:加强|强化|推进|推动|开展|建立|完善|提升|加快|巩固|守住|深化|优化|落实|做好|抓好|严格|健全|实施|打造|培育|支持|鼓励|建设|设立|拓展)", head
    )


def _number(nodes: list[Node]) -> None:
    for ordinal, node in enumerate(nodes, 1):
        node.ordinal = ordinal
        _number(node.children)
