"""Telling a heading from a text: alone on its line, or run into the text that it heads."""

from __future__ import annotations

import re

from extractors.structure.lines import ends_sentence, is_title_line
from schemas.document import Span
from schemas.outline import Mark, Node, Segment

_TERMINAL = re.compile(r"[。；;：:！!？?，,、]$")
# Openings of a sentence that is no heading though it is short.
_NO_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]是|首先|其次|再次|最后|同时|此外|另外|其中|今年|截至|为|根据|按照|通过|目前|综上|以上|上述|总之|"
    r"注[：:]|备注|附件|联系人|填报|单位[：:]|[①②③④⑤])"
)
# The end of a sentence that the items below it complete.
_ENUMERATES = re.compile(r"(?:下列|以下|如下)[^，。；：:]{0,12}[：:]$")
# Labels of a fact, not of work.
_LABEL = re.compile(
    r"(?:单位|部门|科室|领导|电话|联系人|联系方式|地址|邮箱|时间|日期|地点|附件|备注|(?<!施行)(?<!实施)说明|传真|网址|来源|组长|成员|主任|人员|如下|下列|包括|"
    r"其中|例如|具体为|分别是|即|是|为|思路|要求是)$"
)
_OBLIGES = re.compile(
    r"(?:必须|不得|应当|严禁|不准|须|需要|(?<![反响供适对相回效感顺呼照报])应(?!急|用|对|届|收|有)|(?<![申邀聘敬])请(?!示|专)|(?<![主重需只])要(?!点|求|素|件|闻|害|道|务|领))"
)
# Verbs that open the name of a piece of work.
_WORK = re.compile(
    r"^(?:进一步|积极|认真|扎实|全面|深入|持续|大力|切实|着力|继续|不断|严格|加快|统筹|有序|稳步|广泛|充分|精心|科学|主动|高质量|高标准)?(?:地)?"
    r"(?:加强|强化|推进|推动|开展|建立|完善|提升|提高|加快|巩固|守住|深化|优化|落实|做好|抓好|健全|实施|打造|培育|支持|鼓励|建设|设立|"
    r"拓展|搞好|抓实|夯实|严格|严肃|突出|注重|构建|促进|扩大|规范|整治|创新|丰富|营造|树立|弘扬|践行|发挥|办好|组织|举办|拓宽|探索|壮大|"
    r"激发|畅通|制定|编制|建强|打响|做强|做大|做优|加大|严抓|狠抓|坚持|聚焦|明确|广泛|及时|定期|改善|改进|维护|保障|防范|化解|增强|增加|推行)"
)


def is_heading(segment: Segment, following: Segment | None) -> bool:
    """Whether a line without a number heads what follows it."""
    text = segment.text.strip()
    if not is_title_line(text) or len(text) > 45 or _TERMINAL.search(text) or _NO_HEADING.match(text):
        return False
    if following is None or following.table is not None:
        return False
    if segment.layout.outline is not None:
        return True
    # A heading stands above something longer or numbered, not amid lines of its own length.
    return (
        following.mark is not None
        or len(following.text) > max(30, len(text))
        or (segment.layout.bold and not following.layout.bold)
    )


def item_node(segment: Segment, mark: Mark, following: Segment | None) -> Node:
    """A numbered line as a node: a heading alone, a heading and its text, or text alone.

    Args:
        segment: the line; ``text`` is its words after the mark.
        mark: its number.
        following: the next line, which tells a long heading from a text.
    """
    text = segment.text
    if not text:
        return Node("item", mark)
    if mark.scheme == "box" and not (ends_sentence(text) and _OBLIGES.search(text)):
        return _headed(segment, mark)
    run_in = split_run_in(segment, marked=True)
    if run_in:
        head, body = run_in
        return Node("item", mark, text[: head.end - segment.start], head, True, [body])
    bare = text.rstrip("。：:")
    if mark.scheme == "article" and ends_sentence(text):
        return Node("item", mark, body=[segment])
    if text.endswith(("：", ":")) and (_OBLIGES.search(text) or _ENUMERATES.search(text)):
        return Node("item", mark, body=[segment])
    sentence = (
        bool(re.search(r"[。；;：:]", bare))
        or text.endswith(("；", ";"))
        or (_OBLIGES.search(bare) and text.endswith("。"))
    )
    if not sentence and (
        len(text) <= 45 or (len(text) <= 90 and not text.endswith("。") and _heads(segment, following))
    ):
        return _headed(segment, mark)
    return Node("item", mark, body=[segment])


def _headed(segment: Segment, mark: Mark) -> Node:
    bracketed = re.fullmatch(r"[（(]([^（）()]{2,20})[）)]", segment.text)
    if bracketed:
        return Node("item", mark, bracketed[1], segment.part(1, len(segment.text) - 1))
    bare = segment.text.rstrip("。：:；;" + ("." if ends_sentence(segment.text) else ""))
    return Node("item", mark, bare, segment.part(0, len(bare)), closed=ends_sentence(segment.text))


def _heads(segment: Segment, following: Segment | None) -> bool:
    """Whether a long line without a full stop heads the next one."""
    if following is None:
        return True
    return following.mark is None or segment.mark is None or following.mark.scheme != segment.mark.scheme


def paragraph_node(segment: Segment, *, boxed: bool = False) -> Node:
    """A line without a number as a node, its run-in heading told apart; in a box (专栏) the whole is text."""
    run_in = None if boxed else split_run_in(segment, marked=False)
    if run_in:
        head, body = run_in
        return Node("paragraph", None, segment.text[: head.end - segment.start], head, True, [body])
    return Node("paragraph", body=[segment])


def split_run_in(segment: Segment, *, marked: bool) -> tuple[Span, Segment] | None:
    """A heading that runs into its text (抓好理论学习。把学习……): the heading's span, and the text after it.

    Args:
        segment: a logical line.
        marked: it is numbered. Without a number only a phrase that names work, or a short noun, is a heading.
    """
    text = segment.text
    found = re.match(r"([^。：:；;！？]{2,45}?)([。：:])\s*(?=\S)", text)
    if not found or _NO_HEADING.match(text):
        return None
    head, colon = found[1], found[2] in "：:"
    balanced = all(head.count(a) == head.count(b) for a, b in ("“”", "《》", "（）", "()"))
    if len(head) > (20 if colon else 45) or not balanced or _OBLIGES.search(head) or len(text) - found.end() < 6:
        return None
    if segment.mark is not None and segment.mark.scheme == "article" and (len(head) > 12 or re.search("[，,]", head)):
        return None
    if not marked and not (_labels_work(head, len(text) - found.end()) if colon else _names_work(head)):
        return None
    body = Segment(segment.block, segment.start + found.end(), segment.end, text[found.end() :], layout=segment.layout)
    return segment.part(0, len(head)), body


def _labels_work(head: str, length: int) -> bool:
    """Whether words before a colon label a piece of work (金融支持：发挥……), told by the length of what follows."""
    return length >= 40 and len(head) <= 16 and not re.search(r"[，,、]", head) and not _LABEL.search(head)


def _names_work(head: str) -> bool:
    """Whether an unnumbered first sentence names a piece of work instead of telling something."""
    if re.search(r"[，,]", head) or len(head) > 40:
        return False
    if re.search(r"会同|负责|由[^，]{2,}(?:牵头|组织)|我[市县区省局]|是[^，]{4,}", head):
        return False
    return bool(_WORK.match(head)) or (len(head) <= 12 and not re.search(r"[是有已将]", head))
