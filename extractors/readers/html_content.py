"""Where on a web page the notice stands: by the names that site systems give its element, and by where the text is.

A page's menus, lists of other pages and share buttons are links, or short; a notice is sentences. The innermost element
that holds nearly all of a page's sentences is the notice's, and where an element with a known name holds most of them,
that one is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from extractors.lexicons import load_rules
from extractors.readers.html_flow import BLOCKS
from extractors.readers.html_grid import cells_of, rows_of
from extractors.readers.html_page import drop, local

if TYPE_CHECKING:
    from lxml.etree import _Element

#: The share of a page's sentences that the notice's element holds: one with a known name, any other.
_NAMED, _ANY = 0.5, 0.92
_LEFT_OUT = 60
_PARTS = {("ul", "li"), ("ol", "li")}
_TEXTS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_WORD = re.compile(r"[a-z0-9]+|[A-Z][a-z0-9]*|[A-Z]+(?![a-z])")
_STOPS = re.compile(r"[，。；：、！？（）《》]")
#: A line of signature: who, and a day.
_SIGNED = re.compile(
    r"[局委府厅部会院办室司处校心队署]\d{4}年\d{1,2}月\d{1,2}日$|^[二〇○零一\d]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$"
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"})


@dataclass(frozen=True)
class Content:
    """The notice's element, and words of the page that look like text and stand outside it."""

    element: _Element
    left_out: str = ""


@cache
def _names() -> dict[str, frozenset[str]]:
    table: dict[str, Any] = dict(load_rules("web").tables)["content"]
    return {key: frozenset(words) for key, words in table.items()}


@cache
def beside() -> re.Pattern[str]:
    """What a line begins with that a site puts beside a notice."""
    return load_rules("web").rules[0].pattern


def find_content(body: _Element) -> Content:
    """The element that holds a page's notice; what is plainly furniture is taken out of it, in place."""
    weights = _weights(body)
    _strip_furniture(body, weights)
    weights = _weights(body)
    total = weights.get(body, 0.0)
    element = _innermost(body, weights, total * _ANY)
    named = [each for each in body.iter() if local(each) and is_named(each) and weights.get(each, 0) >= total * _NAMED]
    if named and total:
        # The outermost of those inside each other: an editor's element may stand once for each of its parts.
        best = max(named, key=lambda each: weights.get(each, 0))
        outer = next(each for each in named if each is best or each in best.iterancestors())
        if outer is not element and element in outer.iterancestors():
            element = outer
    return Content(element, _left_out(body, element))


def is_named(element: _Element) -> bool:
    """Whether an element has a name that sites give to the notice's."""
    return any(name in _names()["names"] for name in _given(element))


def is_furniture(element: _Element) -> bool:
    """Whether an element's kind, role or name tells that it is part of the site, not of the notice."""
    if local(element) in ("nav", "footer", "aside", "menu"):
        return True
    if (element.get("role") or "").lower() in _ROLES:
        return True
    return any(
        name in _names()["furniture"] or any(word.lower() in _names()["furniture"] for word in _WORD.findall(raw))
        for raw, name in ((raw, raw.lower()) for raw in _raw(element))
    )


def sentence_weight(text: str, linked: int) -> float:
    """How much of a block's words is text: its length without links, little for words without punctuation."""
    length = len("".join(text.split()))
    own = length - linked
    if own <= 0 or linked > length * 0.6:
        return 0.0
    return own * (1.0 if _STOPS.search(text) or length > 40 else 0.3)


def _raw(element: _Element) -> list[str]:
    return [word for key in ("id", "class") for word in (element.get(key) or "").split()]


def _given(element: _Element) -> list[str]:
    return [word.lower() for word in _raw(element)]


def _weights(body: _Element) -> dict[_Element, float]:
    """How much text stands in each element; an inline element has none of its own."""
    weights: dict[_Element, float] = {}
    for element in body.iter():
        if not local(element) or (local(element) not in BLOCKS and element is not body):
            continue
        text, linked = _own(element)
        weight = 0.0 if beside().match(text.strip()) else sentence_weight(text, linked)
        if weight:
            weights[element] = weights.get(element, 0.0) + weight
            for above in element.iterancestors():
                weights[above] = weights.get(above, 0.0) + weight
                if above is body:
                    break
    return weights


def _own(element: _Element) -> tuple[str, int]:
    """The words of a block that stand in no block inside it, and how many of them are links."""
    words: list[str] = [element.text or ""]
    linked = 0

    def inside(each: _Element, link: bool) -> None:
        nonlocal linked
        for child in each:
            if local(child) and local(child) not in BLOCKS:
                into = link or (local(child) == "a" and bool(child.get("href")))
                words.append(child.text or "")
                linked += len("".join((child.text or "").split())) if into else 0
                inside(child, into)
            words.append(child.tail or "")
            linked += len("".join((child.tail or "").split())) if link else 0

    inside(element, False)
    return "".join(words), linked


def _strip_furniture(body: _Element, weights: dict[_Element, float]) -> None:
    """Takes out furniture, but for what holds much of the page's text, and what is signed: names deceive."""
    total = weights.get(body, 0.0)
    for element in list(body.iter()):
        if element is body or not local(element) or element.getparent() is None:
            continue
        if not is_furniture(element) or is_named(element) or weights.get(element, 0.0) > total * 0.2:
            continue
        text = "".join("".join(element.itertext()).split())
        if len(text) < 80 and _SIGNED.search(text):
            continue
        # Inside the notice's own element only what is plainly the site's goes: links, buttons, lines of its own.
        linked = sum(len("".join("".join(link.itertext()).split())) for link in element.iter("a"))
        own = any(is_named(each) for each in element.iterancestors())
        if own and text and linked * 2 <= len(text) and not beside().match(text):
            continue
        drop(element)


def _innermost(body: _Element, weights: dict[_Element, float], least: float) -> _Element:
    element = body
    while least > 0:
        inside = next((child for child in element if local(child) and weights.get(child, 0.0) >= least), None)
        if inside is not None and local(inside) == "table":
            # A cell that holds nearly all is the page's frame; a table's own cells never do.
            inside = _cell(inside, weights, least)
        if inside is None or local(inside) in _TEXTS or (local(element), local(inside)) in _PARTS:
            break
        element = inside
    return element


def _cell(table: _Element, weights: dict[_Element, float], least: float) -> _Element | None:
    for _, row in rows_of(table):
        for cell in cells_of(row):
            if weights.get(cell, 0.0) >= least:
                return cell
    return None


def _left_out(body: _Element, content: _Element) -> str:
    """The longest text outside the notice's element that reads like text of a notice."""
    inner = set(content.iter())
    above = set(content.iterancestors())
    longest = ""
    for element in body.iter():
        if element in inner or element in above or local(element) not in BLOCKS:
            continue
        text, linked = _own(element)
        text = " ".join(text.split())
        if linked * 2 < len(text) and "。" in text and len(text) > max(_LEFT_OUT, len(longest)):
            longest = text if not beside().match(text) else longest
    return longest
