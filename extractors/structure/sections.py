"""What kind of matter stands under a heading."""

from __future__ import annotations

import re
from typing import Literal, cast

from extractors.lexicons import load_rules

SectionClass = Literal["none", "past", "goal", "requirement", "criterion", "task", "list", "object"]


def section_class(heading: str) -> tuple[SectionClass, str] | None:
    """The class of matter that a heading announces, and the rule that says so; None where its words tell nothing.

    Args:
        heading: its words, without the number.
    """
    words = re.sub(r"\s+|[（(][^（）()]*[）)]$", "", heading).rstrip("。：:")
    for rule in load_rules("sections").rules:
        if rule.pattern.search(words):
            return cast(SectionClass, rule.data["class"]), rule.id
    return None
