"""Whether a paragraph obliges somebody: a score over rules, so that it can be measured and improved on its own."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from extractors.lexicons import load_rules

#: Words that make a paragraph worth listing where it gave no task.
_WORTH = re.compile(
    r"必须|应当|不得|严禁|须|请|要(?![点求素件闻害道务领义])|报送|上报|负责|牵头|责任单位|每[月季年周日半]|[0-9一二三四五六七八九十]+(?:次|篇|个|家|项|%|％|万|元|人|名|场|期|公里|平方米)"
)


@dataclass(frozen=True)
class Judgement:
    """A verdict on a paragraph: whether it obliges, how sure (0 to 1), and the rules that held."""

    obliges: bool
    confidence: float
    score: float
    rules: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The rule that spoke most against an obligation; empty where none did."""
        return next((rule for rule in self.rules if rule.startswith("background.")), "")


def judge(text: str, *, prior: float = 0.5) -> Judgement:
    """Weigh a paragraph.

    Args:
        text: its words.
        prior: what its place says before it is read: above zero where the notice lists what is to be done.
    """
    score, held = prior, []
    for rule in load_rules("obligations").rules:
        unless = rule.data.get("unless")
        if rule.pattern.search(text) and not (unless and re.search(unless, text)):
            score += float(rule.data["weight"])
            held.append(rule.id)
    return Judgement(score > 0, round(1 / (1 + math.exp(-abs(score))), 2), score, tuple(held))


def worth_listing(text: str) -> bool:
    """Whether words hold an obligation word, a unit that acts, or a number with a unit."""
    return bool(_WORTH.search(text))
