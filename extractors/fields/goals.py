"""Whether a paragraph states targets with numbers (主要预期目标是：…增长6%): a goal, wherever it stands."""

from __future__ import annotations

import re

from extractors.lexicons import load_rules

_PAST = re.compile(r"去年|过去|上年|回顾|已(?:经)?(?:完成|实现)|圆满(?:完成|实现)|超额完成")


def states_goals(text: str) -> bool:
    """Whether targets are stated in a text, and not that they were reached."""
    for rule in load_rules("goals").rules:
        for match in rule.pattern.finditer(text):
            begin = max(text.rfind(mark, 0, match.start()) for mark in "。；;\n") + 1
            if not _PAST.search(text[begin : match.end()]):
                return True
    return False
