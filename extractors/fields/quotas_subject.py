"""What a quota counts or measures."""

from __future__ import annotations

import re

from extractors.values.quantities import QuantityMatch

_COUNTED = re.compile(r"(?:的)?(?:[^，,。；;：:、（）()\n]{0,30}的)?([一-龥A-Za-z“”]{2,20})")
_MEASURED = re.compile(
    r"(?:其中|确保|完成|实施|开展|组织|报送|新建|力争|实现|推动|举办|撰写|提供|配备|占)*([一-龥A-Za-z“”]{2,20}?)"
    r"(?:达到?|为|是|比例|不得|不|要|应|须|力争|确保|报送|完成|至少|总体|一般|原则上|控制在|保持在?|稳定在|[扣加得])*\s*$"
)

#: When and how it is done, before its name; how often and whither, behind it.
_BEFORE = re.compile(
    r"(?:[0-9一二三四五六七八九十]*(?:年|月|日|号|周|星期)*[0-9一二三四五六日天]?[底末初]?(?:下班)?(?:之|以)?(?:前|内|起)"
    r"(?![沿端景期言往])|[年月]?[底末终](?=[一-龥]{2})|每(?:年|月|周|日|天|季度?|半年|学期|学年)度?"
    r"|(?:力争|确保|争取|组织|开展|完成|实施|报送|上报|举办|对|被|按时|及时|年)(?=[一-龥]{2}))+"
)
_BEHIND = re.compile(
    r"(?:每(?:年|月|周|日|天|季度?|半年|学期|学年)度?|全年|分别|均|各|降至|降到|降低到|提高到|提升到|增至|增加到|升至|上升到|下降到)+$"
)
#: What is left where nothing is named.
_NONE = re.compile(
    r"[篇次个条项例起处人名家件]?[扣加得减计]|每(?:年|月|周|日|天|季度?|半年|学期|学年|次|篇|项|个|人)|[发被应须]?[现生]?"
    r"|[年月]?[底末]?前?各?"
)

_FARTHEST = 200


def subject_of(text: str, match: QuantityMatch) -> tuple[int, int] | None:
    """Where the thing that is counted or measured stands: after the unit for counts, before the number for others."""
    found = _found(text, match)
    if found is None:
        return None
    start, end = found
    while (behind := _BEHIND.search(text[start:end])) and behind.group():
        end = start + behind.start()
    before = _BEFORE.match(text[start:end])
    if before and before.end() < end - start - 1:
        start += before.end()
    return None if end <= start or _NONE.fullmatch(text[start:end]) else (start, end)


def _found(text: str, match: QuantityMatch) -> tuple[int, int] | None:
    after = _COUNTED.match(text, match.end)
    if after and match.quantity.kind in ("count", "length", "amount") and match.end == match.core[1]:
        return after.span(1)
    stop = min(match.core[0], match.comparator[0]) if match.comparator else match.core[0]
    floor = max(0, stop - 30)
    behind = match.period[1] if match.period and match.period[1] < stop else stop
    for begin, end in ((max(behind, stop - _FARTHEST), stop), (floor, stop)):
        before = _MEASURED.search(text[begin:end])
        if before:
            mark = text.rfind("的", begin + before.start(1), begin + before.end(1) - 1)
            return (mark + 1 if mark >= 0 else begin + before.start(1)), begin + before.end(1)
    return after.span(1) if after else None
