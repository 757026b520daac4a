"""The slip that an office lays before a paper that came in (收文处理笺, 阅办单), told from the paper itself.

Its number, dates and names are not the notice's, and what was written on it by hand is nobody's order yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extractors.readers.pdf_page import SLIP, Line, PageContent, Part
from schemas.document import Block, Span, Warning

#: Slips stand before the notice, on so many pages at most.
PAGES = 2
#: With a name in this upper share of the page so many labels make a slip, and so many of its own without a name.
TOP, NAMED, NAMELESS = 0.4, 2, 4
#: Of them, in both cases, so many must be labels that stand on nothing else.
STRONG = 1


def mark_slips(pages: Sequence[PageContent]) -> list[int]:
    """Sets the region of lines and tables on slips, and gives the numbers of their pages."""
    found: list[int] = []
    for page in pages[:PAGES]:
        if not is_slip(page):
            break
        found.append(page.number)
        for item in page.items:
            if isinstance(item, Part):
                item.slip = True
            for line in item.loose if isinstance(item, Part) else [item]:
                line.region = SLIP
    return found


def is_slip(page: PageContent) -> bool:
    """Whether a page is a slip: by its name and labels, or by many labels of its own."""
    lines = list(_lines(page))
    named = any(_holds("slip.name", text) for text, top in lines if top < TOP * page.height)
    labels = {text for text, _ in lines}
    strong = sum(1 for text in labels if _holds("slip.strong", text))
    weak = sum(1 for text in labels if _holds("slip.weak", text))
    if named:
        return strong >= STRONG and strong + weak >= NAMED
    return strong >= NAMELESS


def slip_warning(pages: Sequence[int], blocks: Sequence[Block]) -> Warning:
    """What a person should know of a slip, with the place of its first words."""
    first = next((block for block in blocks if block.type == "slip" and block.text), None)
    span = Span(block=first.id, start=0, end=len(first.text or "")) if first else None
    named = "、".join(str(page) for page in pages)
    message = f"第{named}页是收文处理笺一类的处理单，文字照录，不作为公文的内容；其中的拟办、批示意见请人工查看"
    return Warning(code="source.slip", message=message, span=span)


def _lines(page: PageContent) -> Iterator[tuple[str, float]]:
    """The words of a page's lines and cells, white space left out, with how far down they stand."""
    for item in page.items:
        if isinstance(item, Line):
            # Labels in one line are parted by wide blanks; a heading's letters by even ones.
            for text in {item.text, *re.split(r"\s{2,}", item.text)}:
                yield _squeezed(text), item.top
            continue
        for cell in item.cells:
            yield _squeezed("".join(line.text for line in cell.lines)), cell.top
            for line in cell.lines:
                yield _squeezed(line.text), line.top


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _holds(rule: str, text: str) -> bool:
    return bool(text and _rules()[rule].search(text))


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    from extractors.lexicons import load_rules

    return {rule.id: rule.pattern for rule in load_rules("scans").rules}
