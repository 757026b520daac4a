"""Which words are tasks: from a plan's tree to drafts, and the list of what was not taken.

Follows the annotation guide: the deepest numbered item with text, a paragraph under the deepest heading that obliges,
each row of a schedule, assignment or assessment table; none from direction, background, the past, essays, blank forms.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.fields.drafts import Draft, Skipped
from extractors.fields.goals import states_goals
from extractors.fields.obligations import judge
from extractors.fields.rows import row_drafts
from extractors.passage import Passage
from extractors.structure.outline import build_tree
from extractors.structure.sections import SectionClass, section_class
from extractors.structure.tables import TableDescription
from schemas.document import Document, Span
from schemas.labels import TaskKind
from schemas.outline import Node, PlanOutline, Segment

_KINDS: dict[str | None, TaskKind] = {"requirement": "requirement", "goal": "goal", "criterion": "criterion"}
_REASONS = {
    "none": ("coverage.direction", "属于指导思想、原则、背景等内容"),
    "past": ("coverage.past", "属于过去的工作或存在的问题"),
    "list": ("coverage.list", "属于名单"),
    "essay": ("coverage.essay", "属于论述文字"),
    "lead": ("coverage.lead", "是下列各项的引语"),
    "heading": ("coverage.heading", "只有标题，没有内容"),
    "background": ("coverage.background", "没有看出要求谁做什么"),
    "cover": ("coverage.cover", "属于印发通知的正文"),
}
#: Shorter words that gave no task are not worth a line.
_WORDS = 8
#: A paper that is to be handed in, by its name.
_PAPER = re.compile(
    r"^[^，。；：]{2,24}(?:表|书|材料|证明|名单|报告|复印件|方案|清单|合同|协议|证|结论|说明|附件|文件|发票|照片|意见)"
    r"(?:[（(][^（）()]{1,20}[）)])?[。；;.]?$"
)
#: 有下列情形之一的，由……撤销：the items are the cases in which a duty holds.
_CASES = re.compile(
    r"(?:有|具有|属于|出现|存在|发生|符合)?(?:下列|以下|如下)[^，。；：]{0,8}(?:情形|情况|行为|条件)(?:之一)?"
)
#: Verbs that a heading of work begins with.
_WORKS = re.compile(
    r"推[行进动广]|建[立设]|健全|完善|加[强快大]|强化|落实|构建|创新|做好|抓[好实]|开展|实[行施](?!说明|日期|时间)"
    r"|提[高升]|深化|优化|严[格肃明]|明确|规范"
)
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明)\s*[：:]\s*")
_BRACKET_ALONE = re.compile(
    r"^[（(【\[]?(?:牵头|责任|配合|协办|协助|主办|承办|实施|负责|参加|支持)[^。：:]{0,12}[：:][^。]*[）)】\]]?[。；;]?$"
)
_BRACKET_END = re.compile(
    r"[（(【\[](?:[^（()）]*?)(?:牵头|责任|配合|协办|协助|主办|承办|实施|负责)[^（()）：:]{0,12}[：:](?:[^（()）]|[（(][^（()）]*[）)])*[）)】\]][。；;]?\s*$"
)


@dataclass(frozen=True)
class _Path:
    """Where in a plan's tree the walk is: headings with and without numbers, ordinals, and what they announce."""

    section: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    heads: tuple[Passage, ...] = ()
    ordinals: tuple[int, ...] = ()
    matter: SectionClass | None = None
    boxed: bool = False


def find_tasks(
    document: Document, plan: PlanOutline, ordinal: int, tables: Mapping[str, TableDescription]
) -> tuple[list[Draft], list[Skipped]]:
    """The drafts of one plan in reading order, and the words that look like tasks and were not taken.

    Args:
        document: what the plan's spans point into.
        plan: its outline.
        ordinal: its index among the notice's plans.
        tables: what each of the document's tables is, by its id.
    """
    walker = _Walker(document, ordinal, tables)
    if _is_essay(plan.segments):
        for segment in plan.segments:
            walker.skip(segment.span, segment.text, "essay")
        return [], walker.skipped
    walker.walk(plan.nodes, _Path())
    return walker.drafts, walker.skipped


def find_cover_tasks(
    document: Document, cover: Sequence[Segment], tables: Mapping[str, TableDescription]
) -> tuple[list[Draft], list[Skipped]]:
    """What a covering notice itself asks for beyond 请认真贯彻执行: numbered items, something to hand in, a deadline.

    They count to the first plan: the cover is none.
    """
    walker = _Walker(document, 0, tables, cover=True)
    walker.walk(build_tree(cover), _Path(ordinals=(0,)))
    return walker.drafts, walker.skipped


def _is_essay(segments: Sequence[Segment]) -> bool:
    """Whether a text argues instead of ordering: no numbers, and the joints of an essay."""
    words = "".join(segment.text for segment in segments if segment.table is None)
    joints = len(re.findall(r"(?:^|[。\s])(?:首先|其次|再次|最后|综上所述|总而言之|本文|总之)[，,]?", words))
    marked = sum(segment.mark is not None for segment in segments)
    return (joints >= 3 and marked <= 2) or ("本文" in words and marked <= 2)


class _Walker:
    def __init__(
        self, document: Document, plan: int, tables: Mapping[str, TableDescription], *, cover: bool = False
    ) -> None:
        self.document = document
        self.plan = plan
        self.tables = tables
        self.cover = cover
        self.drafts: list[Draft] = []
        self.skipped: list[Skipped] = []

    def skip(self, span: Span, text: str, why: str) -> None:
        if len(text.strip()) >= _WORDS:
            code, reason = _REASONS[why]
            self.skipped.append(Skipped(span, code, reason))

    def walk(self, nodes: Sequence[Node], path: _Path) -> None:
        leaves = all(not node.children and not node.body for node in nodes if node.kind == "item")
        first = len(self.drafts)
        numbered = next((i for i, node in enumerate(nodes) if node.kind == "item" and _numbered(node)), 0)
        principles = _are_principles(nodes)
        for place, node in enumerate(nodes):
            here = replace(path, ordinals=(*path.ordinals, node.ordinal))
            if principles and node.kind == "item" and not _numbered(node):
                here = replace(here, matter="none")
            if node.kind == "table":
                self._table(node, here)
            elif node.kind == "heading" or any(child.kind != "table" for child in node.children):
                self._section(node, here)
            elif node.kind == "paragraph":
                self._paragraph(node, here, lead=place < numbered)
            else:
                self._item(node, here, alone=leaves)
                self.walk(node.children, self._enter(node, here))
        self._share_bracket(nodes, first)

    def _enter(self, node: Node, path: _Path) -> _Path:
        found = section_class(node.title) if node.title and not node.run_in else None
        matter = found[0] if found and "总则" not in map(_plain, path.titles) else path.matter
        label = f"{node.mark.text if node.mark else ''}{node.title or ''}"
        return replace(
            path,
            section=(*path.section, label) if label else path.section,
            titles=(*path.titles, node.title) if node.title else path.titles,
            heads=(*path.heads, *_heading(node)),
            matter=matter,
            boxed=path.boxed or bool(node.mark and node.mark.scheme == "box"),
        )

    def _section(self, node: Node, path: _Path) -> None:
        inside = self._enter(node, path)
        if inside.matter not in ("none", "past", "list") and node.body and self._enumerates(node):
            # 应当提交下列材料：（一）申请表；（二）…… is one duty: its items only complete the sentence.
            items = _listed(node)
            words = [segment for child in items for segment in _words_of(child)]
            self._add(node, [*node.body, *words], path, node.title or _last(path.titles), 0.75)
            self.walk(node.children[len(items) :], inside)
            return
        if node.title and node.title_span and not node.run_in and judge(node.title, prior=0.0).score >= 2.0:
            # A heading that obliges by itself (一、各单位每月报送信息) is not lost behind its items.
            self.skip(node.title_span, node.title, "lead")
        lead = section_class(node.body[-1].text) if node.body and not node.title else None
        if lead and lead[0] == "criterion":
            inside = replace(inside, matter="criterion")
        for segment in node.body:
            if self._goal(node, segment, inside, node.title):
                continue
            judgement = judge(segment.text, prior=-2.0)
            if inside.matter not in ("none", "past", "list") and judgement.score >= 2.0 and not judgement.reason:
                self._add(node, [segment], inside, node.title, judgement.confidence)
            else:
                self.skip(
                    segment.span, segment.text, inside.matter if inside.matter in ("none", "past", "list") else "lead"
                )
        self.walk(node.children, inside)

    def _enumerates(self, node: Node) -> bool:
        """Whether a lead obliges and the items below it are only names of what it speaks of."""
        lead = node.body[-1].text
        children = _listed(node)
        items = [segment for child in children for segment in _words_of(child)]
        if len(items) < 2 or any(child.children for child in children) or section_class(lead):
            return False
        whole = judge("\n".join(segment.text for segment in node.body).rstrip("：:"), prior=0.0)
        if _CASES.search(lead) and whole.score >= 1.0:
            return True
        if not lead.endswith(("：", ":")):
            return False
        named = sum(
            bool(_PAPER.search(segment.text))
            or (not judge(segment.text, prior=-0.5).obliges and len(segment.text) <= 60)
            for segment in items
        )
        return named >= 0.7 * len(items) and whole.score >= 2.0

    def _goal(self, node: Node, segment: Segment, path: _Path, title: str | None) -> bool:
        """Takes a paragraph that states targets with numbers, which no place makes a lead or a direction."""
        headed = f"{node.title}：{segment.text}" if node.title else segment.text
        if path.matter in ("past", "list") or not states_goals(headed):
            return False
        here = replace(path, matter="goal") if path.matter == "none" else path
        self._add(node, [segment], here, title, 0.85)
        return True

    def _item(self, node: Node, path: _Path, *, alone: bool) -> None:
        inside = self._enter(node, path)
        if not path.section and _is_requirement(node):
            inside = replace(inside, matter="requirement")
        matter = path.matter if node.run_in or node.body else inside.matter
        if not node.body:
            self._title_alone(node, path, alone=alone)
            return
        text = "\n".join(segment.text for segment in node.body)
        if matter in ("none", "past", "list"):
            self.skip(_whole(node), text, str(matter))
            return
        # A numbered item under a task's heading is work until its words tell the past.
        judgement = judge(text, prior=-1.5 if matter == "object" else 5.0 if node.title else 2.0)
        if judgement.obliges:
            self._add(
                node, node.body, inside if node.title else path, node.title or _last(path.titles), judgement.confidence
            )
        else:
            self.skip(_whole(node), text, "background")

    def _title_alone(self, node: Node, path: _Path, *, alone: bool) -> None:
        """A numbered line with nothing beneath it: a short item, or a heading whose text is missing."""
        if node.title is None or node.title_span is None:
            return
        if path.matter in ("none", "past", "list"):
            self.skip(node.title_span, node.title, str(path.matter))
        elif (
            not node.children
            and path.titles
            and len(node.title) >= 4
            and (
                (node.closed and judge(node.title, prior=1.5).obliges)
                or (alone and judge(node.title, prior=-0.5).obliges)
            )
        ):
            segment = Segment(node.title_span.block, node.title_span.start, node.title_span.end, node.title)
            closed = self._with_stop(segment) if node.closed else segment
            self._add(node, [closed], path, _last(path.titles), 0.7)
        elif not node.children:
            self.skip(node.title_span, node.title, "heading")

    def _with_stop(self, segment: Segment) -> Segment:
        """A sentence with the full stop that its heading form left out."""
        text = self.document.blocks[segment.block].text or ""
        if text[segment.end : segment.end + 1] in "。；;":
            return replace(segment, end=segment.end + 1, text=text[segment.start : segment.end + 1])
        return segment

    def _paragraph(self, node: Node, path: _Path, *, lead: bool) -> None:
        """A paragraph under a heading; ``lead``: numbered items follow it, which say what it only announces."""
        segment = node.body[0]
        if not path.matter and _is_requirement(node):
            path = replace(path, matter="requirement")
        if self._goal(node, segment, path, node.title or _last(path.titles)):
            return
        if path.matter in ("none", "past", "list"):
            self.skip(segment.span, segment.text, str(path.matter))
            return
        if _BRACKET_ALONE.match(segment.text):
            return
        note = _NOTE.match(segment.text)
        if note:
            segment = replace(segment, start=segment.start + note.end(), text=segment.text[note.end() :])
        prior = 1.0 if path.matter or path.boxed else 0.5
        if lead or not path.titles or path.matter == "object":
            prior = -1.5
        judgement = judge(segment.text, prior=prior)
        doubtful = (lead or self.cover) and (judgement.reason or judgement.score < (1.5 if self.cover else 0))
        if judgement.obliges and len(segment.text) >= 6 and not doubtful:
            self._add(node, [segment], path, node.title or _last(path.titles), judgement.confidence)
        else:
            self.skip(segment.span, segment.text, "cover" if self.cover else "lead" if lead else "background")

    def _add(self, node: Node, body: Sequence[Segment], path: _Path, title: str | None, confidence: float) -> None:
        passages = [Passage(segment.text, segment.span) for segment in body]
        title_passage = (
            Passage(node.title, node.title_span) if node.title and node.title_span and node.title == title else None
        )
        self.drafts.append(
            Draft(
                self.plan, self._kind(path), list(path.section), list(path.ordinals), title, passages,
                confidence, title_passage, headings=list(path.heads),
            )
        )  # fmt: skip

    def _kind(self, path: _Path) -> TaskKind:
        """What the nearest heading says; a cover's own items say how its plans are to be carried out."""
        return _KINDS.get(path.matter, "requirement" if self.cover else "task")

    def _table(self, node: Node, path: _Path) -> None:
        if node.table is None:
            return
        table = next(table for table in self.document.tables if table.id == node.table)
        if path.matter in ("past", "list"):
            return
        drafts, skipped = row_drafts(
            table, self.tables[table.id], node.caption, self.plan, list(path.section), list(path.ordinals)
        )
        self.drafts.extend(drafts)
        self.skipped.extend(skipped)

    def _share_bracket(self, nodes: Sequence[Node], first: int) -> None:
        """A bracket of owners that closes an item of several paragraphs, or stands alone below them, is everybody's."""
        paragraphs = [node for node in nodes if node.kind == "paragraph"]
        if len(paragraphs) < 2 or len(paragraphs) != sum(node.kind != "table" and not _boxed(node) for node in nodes):
            return
        last = paragraphs[-1].body[0]
        alone = _BRACKET_ALONE.match(last.text)
        closing = alone or _BRACKET_END.search(last.text)
        if not closing or any(_BRACKET_END.search(node.body[0].text) for node in paragraphs[:-1]):
            return
        shared = Passage(last.text, last.span).part(closing.start(), closing.end())
        for draft in self.drafts[first : None if alone else -1]:
            if draft.table is None:
                draft.shared.append(shared)


def _listed(node: Node) -> list[Node]:
    """The items right below a node's lead, up to the first paragraph or table."""
    return list(itertools.takewhile(lambda child: child.kind == "item", node.children))


def _plain(title: str) -> str:
    return "".join(title.split())


def _words_of(node: Node) -> list[Segment]:
    """An item's words as segments: its body, else its heading."""
    if node.body or node.title is None or node.title_span is None:
        return list(node.body)
    span = node.title_span
    return [Segment(span.block, span.start, span.end, node.title)]


def _heading(node: Node) -> list[Passage]:
    """A node's heading with its place; none where it runs over several lines."""
    span = node.title_span
    whole = node.title and span and span.end - span.start == len(node.title)
    return [Passage(node.title, span)] if whole and node.title and span else []


def _is_requirement(node: Node) -> bool:
    """Whether a node's own heading is a section's (附则。, 职责分工。), and names no work (推行工作机制)."""
    found = section_class(node.title) if node.title and len(node.title) <= 8 else None
    return found is not None and found[0] == "requirement" and not _WORKS.match(node.title or "")


def _numbered(node: Node) -> bool:
    return node.mark is not None and node.mark.number is not None and not _boxed(node)


def _are_principles(nodes: Sequence[Node]) -> bool:
    """Whether bullets are principles to go by (——坚持围绕中心。……) and not work."""
    bullets = [node.title or "" for node in nodes if node.kind == "item" and not _numbered(node)]
    return len(bullets) >= 2 and sum(title.startswith("坚持") for title in bullets) >= 0.6 * len(bullets)


def _boxed(node: Node) -> bool:
    return bool(node.mark and node.mark.scheme == "box")


def _whole(node: Node) -> Span:
    first, last = node.body[0], node.body[-1]
    return first.span if first.block != last.block else Span(block=first.block, start=first.start, end=last.end)


def _last(titles: Sequence[str]) -> str | None:
    return titles[-1] if titles else None
