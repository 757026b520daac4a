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

from extractors.structure.captions import Captions, find_captions
from extractors.structure.headings import is_heading, item_node, paragraph_node
from extractors.structure.numbering import RANK
from schemas.outline import Mark, Node, Segment

# Openings that make a paragraph after an item's own words a matter of its own.
_APART = re.compile(
    r"^(?:此外|另外|除此之外|请各|请于|请将|以上|上述|各(?:单位|部门|科室|地|区|县|镇|街道)[^。]{0,12}(?:要|请|应|须|于)|"
    r"本(?:若干|实施|工作|行动|管理|暂行|试行|政策)*(?:方案|意见|办法|通知|政策|措施|计划|细则|规定|文件|要点|制度|条款)|"
    r"[^。：:]{0,8}(?:注|备注|说明|有效期|附则)[：:]|自(?:印发|发布|公布|下发|[0-9]{4}年[^，。]{1,10})(?:之日)?起(?:施行|实施|执行))"
)


@dataclass
class _Open:
    """An open item of the path from the root: its rank, scheme and node."""

    rank: float
    scheme: str
    node: Node


def build_tree(segments: Sequence[Segment]) -> list[Node]:
    """The nodes of one plan's body, outermost level; every segment is in exactly one node."""
    captions = find_captions(segments)
    builder = _Builder(segments, captions)
    for place, segment in enumerate(segments):
        if place not in captions.taken:
            builder.add(place, segment)
    _number(builder.root)
    return builder.root


class _Builder:
    def __init__(self, segments: Sequence[Segment], captions: Captions) -> None:
        self.segments = segments
        self.captions = captions
        self.root: list[Node] = []
        self.path: list[_Open] = []
        self.parent_of: dict[str, str] = {}  # scheme -> scheme of the item that it was last found under

    def add(self, place: int, segment: Segment) -> None:
        following = self.segments[place + 1] if place + 1 < len(self.segments) else None
        if segment.table is not None:
            self._add_table(place, segment)
        elif place in self.captions.annexes:
            self._add_annex(place, segment)
        elif segment.mark is not None:
            self._add_item(segment, segment.mark, following)
        elif is_heading(segment, following):
            self._add_heading(place, segment)
        else:
            self._add_paragraph(segment)

    def _add_table(self, place: int, segment: Segment) -> None:
        title = [self.segments[i] for i in self.captions.tables.get(place, [])]
        caption = "".join(line.text.strip() for line in title) or None
        self._append(Node("table", table=segment.table, caption=caption, caption_span=title[0].span if title else None))

    def _add_annex(self, place: int, segment: Segment) -> None:
        title = [self.segments[i] for i in self.captions.annexes[place]]
        words = "".join(line.text.strip() for line in title) or segment.text.strip()
        self.path.clear()
        self.parent_of.clear()
        node = Node("heading", title=words, title_span=(title[0] if title else segment).span, annex=True)
        self._append(node)
        self.path.append(_Open(-0.5, "annex", node))

    def _add_item(self, segment: Segment, mark: Mark, following: Segment | None) -> None:
        rank = self._place(mark)
        node = item_node(segment, mark, following)
        self._append(node)
        self.path.append(_Open(rank, mark.scheme, node))

    def _place(self, mark: Mark) -> float:
        """Close what an item of this scheme ends, and tell its rank on the path."""
        schemes = [open_.scheme for open_ in self.path]
        if mark.scheme in schemes:
            del self.path[schemes.index(mark.scheme) :]
        elif mark.scheme == "box":
            # A box stands beside the item that it comes after, not below it.
            while self.path and self.path[-1].node.body:
                self.path.pop()
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
        return mark.scheme not in self.parent_of and not last.node.body and last.scheme not in ("heading", "box")

    def _add_heading(self, place: int, segment: Segment) -> None:
        """A heading that lost its number, or never had one: one level above the number that follows it."""
        following = next((s.mark for s in islice(self.segments, place + 1, place + 40) if s.mark), None)
        scheme = following.scheme if following else "chinese"
        names = [open_.scheme for open_ in self.path]
        above = self.parent_of.get(scheme)
        if "heading" in names:
            del self.path[names.index("heading") :]
        elif scheme != "chinese" and above and above in names and above != "annex":
            del self.path[names.index(above) :]
        else:
            self.path = [open_ for open_ in self.path if open_.scheme in ("annex", "part", "chapter")]
        node = Node("heading", title=segment.text.strip(), title_span=segment.span)
        self._append(node)
        above_rank = self.path[-1].rank if self.path else 2.0
        self.path.append(_Open(max(above_rank + 0.1, float(RANK["chinese"])), "heading", node))

    def _add_paragraph(self, segment: Segment) -> None:
        self._leave_items_of_article()
        top = self.path[-1].node if self.path else None
        boxed = bool(self.path) and self.path[-1].scheme == "box"
        node = paragraph_node(segment, boxed=boxed)
        bare = top is not None and not top.body and not top.children
        if top is not None and bare and self.path[-1].scheme == "article" and node.title is None:
            top.body.append(segment)  # an article whose heading has a line of its own is one item all the same
            return
        if top is not None and top.kind == "item" and top.body and not top.children:
            apart = self.path[-1].scheme != "article" and bool(_APART.match(segment.text))
            if not apart and node.title is None:
                top.body.append(segment)
                return
            if apart:
                self.path.pop()
        self._append(node)

    def _leave_items_of_article(self) -> None:
        """A paragraph behind an article's items is the article's own: an item of one has no second paragraph.

        Source: 全国人大常委会法制工作委员会, 立法技术规范（试行）: 条, 款, 项.
        """
        schemes = [open_.scheme for open_ in self.path]
        last = self.path[-1].node if self.path else None
        if last is None or "article" not in schemes or schemes[-1] == "article" or not (last.body or last.closed):
            return
        if all(open_.node.kind == "item" for open_ in self.path[schemes.index("article") :]):
            del self.path[schemes.index("article") + 1 :]

    def _append(self, node: Node) -> None:
        (self.path[-1].node.children if self.path else self.root).append(node)


def _number(nodes: list[Node]) -> None:
    for ordinal, node in enumerate(nodes, 1):
        node.ordinal = ordinal
        _number(node.children)
