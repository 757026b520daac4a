"""Owners as found, put right at their edges: one name for levels before one head, no words before a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.fields.owners_rules import Found

#: A level of government without a name of its own, alone or after 各.
_LEVEL = re.compile(
    r"^(?:各|有关|相关)?(?:设区的?)?(?:省|市|县|区|旗|州|镇|乡|街道)(?:（[^（）]{1,8}）|\([^()]{1,8}\))?$"
)
#: A unit of such a level: 区市场监督管理局, 县人民政府.
_OF_LEVEL = re.compile(
    r"^(?:省|市|县|区|旗|州|镇|乡|街道)[^各]*(?:局|委|办|厅|部|院|会|政府|中心|馆|站|所|校|处|科|队|机构|部门)$"
)
#: What stands before a name and is no part of it: the act that needs it, and when.
_BEFORE = re.compile(
    r"^.*(?:须|应|需|必须|应当|要)(?:报)?经(?!济|信|贸|发|开|营)|"
    r"^(?:汛期|冬季|夏季|春节期间|节日期间|节假日期间|活动期间|会议期间|考试期间|平时|节前|会前|会后|期间)(?=各|有关|相关|全|县|市|区|镇|乡)"
)


def tidy(text: str, found: Sequence[Found]) -> list[Found]:
    """Found owners with their edges put right.

    Args:
        text: the passage.
        found: owners by offsets into it, in any order.
    """
    return _join_levels(text, [_cut(text, one) for one in found])


def _cut(text: str, one: Found) -> Found:
    before = _BEFORE.match(text[one.start : one.end])
    if before and before.end() < one.end - one.start - 1:
        return one._replace(start=one.start + before.end())
    return one


def _join_levels(text: str, found: Sequence[Found]) -> list[Found]:
    """各县、区市场监督管理局 is one name, as 各市、县（市、区）人民政府 is; 省、市、县 alone stay apart."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        last = kept[-1] if kept else None
        if (
            last is not None
            and (last.role, last.rule) == (one.role, one.rule)
            and re.fullmatch(r"\s*[、,，]\s*", text[last.end : one.start])
            and _ends_level(text[last.start : last.end])
            and _OF_LEVEL.match(text[one.start : one.end])
        ):
            kept[-1] = last._replace(end=one.end, type=one.type)
        else:
            kept.append(one)
    return kept


def _ends_level(name: str) -> bool:
    """Whether a name is a bare level, or a run of them that was joined before."""
    return all(_LEVEL.match(part.strip()) for part in re.split(r"[、,，](?![^（(]*[）)])", name))
