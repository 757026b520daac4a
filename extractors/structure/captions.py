"""Titles of tables and heads of annexes among the lines of a plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.structure.lines import document_kind, is_title_line, match, parse_date, words
from schemas.outline import Segment

# Lines between a table and its title: who fills it in, the unit of its figures, a date.
_BESIDE = re.compile(
    r"^[（(]?(?:填报|填表|制表|报送|编制|单位|时间|日期|截至|截止|联系人|数据来源)[^：:。]{0,8}[：:][^。]{0,50}$"
)


@dataclass
class Captions:
    """For each table's place its title's lines; for each annex's place its title's lines; what both take out."""

    tables: dict[int, list[int]] = field(default_factory=dict)
    annexes: dict[int, list[int]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)


def find_captions(lines: Sequence[Segment]) -> Captions:
    """Find them; indices are into ``lines``."""
    captions = Captions()
    for i, line in enumerate(lines):
        if line.table is None and line.mark is None and match("part.annex", line.text.strip()):
            title = _annex_title(lines, i + 1)
            captions.annexes[i] = title
            captions.taken.update(title)
    for i, line in enumerate(lines):
        if line.table is not None:
            _table_title(lines, i, captions)
    return captions


def _annex_title(lines: Sequence[Segment], start: int) -> list[int]:
    taken: list[int] = []
    for j in range(start, min(start + 4, len(lines))):
        line = lines[j]
        if line.table is not None or line.mark is not None or not is_title_line(line.text) or len(line.text) > 60:
            break
        if _BESIDE.match(line.text) or parse_date(line.text):
            break
        taken.append(j)
        joined = "".join(lines[k].text.strip() for k in taken)
        if _ends_title(joined):
            break
    return (
        taken
        if taken and (_ends_title("".join(lines[k].text.strip() for k in taken)) or len(taken) == 1)
        else taken[:1]
    )


def _ends_title(text: str) -> bool:
    bare = re.sub(r"(?:[（(][^（）()]*[）)]|\s)+$", "", text)
    return document_kind(bare) is not None or any(bare.endswith(kind) for kind in words("annex_kinds"))


def _table_title(lines: Sequence[Segment], place: int, captions: Captions) -> None:
    j, beside = place - 1, []
    while j >= 0 and place - j <= 4 and lines[j].table is None and _BESIDE.match(lines[j].text.strip()):
        beside.append(j)
        j -= 1
    if j in captions.taken:
        owner = next((i for i, title in captions.annexes.items() if j in title), None)
        captions.tables[place] = captions.annexes[owner] if owner is not None else []
        captions.taken.update(beside)
        return
    if j >= 0 and _is_caption(lines[j]):
        captions.tables[place] = [j]
        captions.taken.update([j, *beside])


def _is_caption(line: Segment) -> bool:
    text = line.text.strip()
    return line.table is None and line.mark is None and is_title_line(text) and len(text) <= 60 and _ends_title(text)
