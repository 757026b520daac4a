"""What a site tells of a notice beside it: its title, the table of 索引号, 文号, 成文日期, files it links to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from extractors.lexicons import load_rules
from extractors.readers.html_flow import Grid, Words
from extractors.readers.html_page import local
from extractors.readers.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLE_META = ("articletitle", "article:title", "og:title", "dc.title")
_TITLE_NAMES = re.compile(r"title|biaoti|bt$|^bt|headline", re.IGNORECASE)
#: What stands between a page's title and its site's name.
_SITE = re.compile(r"\s*(?:[-_|｜—–]{1,3}|>>|::)\s*")
_LABELLED = re.compile(r"^\s*([^:：]{2,14}?)\s*[:：]\s*(.*)$", re.DOTALL)


@dataclass
class Index:
    """A site's table above a notice: each field's words as they stand there."""

    fields: dict[str, str] = field(default_factory=dict)
    labels: int = 0


@dataclass(frozen=True)
class Linked:
    """A file that the page links to: its name as the page shows it, and the name in the address."""

    name: str
    target: str
    element: _Element


@cache
def _labels() -> dict[str, str]:
    table: dict[str, Any] = dict(load_rules("web").tables)["index"]
    return {label: key for key, labels in table.items() for label in labels}


def kind_of_label(text: str) -> str | None:
    """The field that a label names, ``other`` for one that says nothing of the notice's own parts."""
    return _labels().get(re.sub(r"[\s【】\[\]:：]", "", text))


def take_index(pairs: list[str], index: Index) -> bool:
    """Reads cells or lines of a site's table (labels and values in turn, or both in one) into an index.

    Returns whether it is such a table: two labels or more.
    """
    found: dict[str, str] = {}
    count = 0
    i = 0
    while i < len(pairs):
        text = pairs[i].strip()
        both = _LABELLED.match(text)
        if kind := kind_of_label(text):
            count += 1
            value = pairs[i + 1].strip() if i + 1 < len(pairs) and not kind_of_label(pairs[i + 1]) else ""
            i += 1 + bool(value)
        elif both and (kind := kind_of_label(both[1])):
            count += 1
            value = both[2].strip()
            i += 1
        else:
            i += 1
            continue
        if value and kind != "other" and "：" not in value[:1]:
            found.setdefault(kind, value)
    if count < 2:
        return False
    index.labels += count
    for key, value in found.items():
        index.fields.setdefault(key, value)
    return True


def index_of_grid(grid: Grid, index: Index) -> bool:
    """Whether a table is a site's own; its fields go into the index."""
    if len(grid.cells) > 12 or (grid.cells and len(grid.cells[0]) > 8):
        return False
    flat: list[str] = []
    for row in grid.cells:
        for column, text in enumerate(row):
            if column == 0 or text != row[column - 1]:
                flat.append(text)
    labels = sum(kind_of_label(text) is not None or _both(text) for text in flat)
    return labels >= 3 and labels * 3 >= len([text for text in flat if text]) and take_index(flat, index)


def is_index_line(text: str) -> bool:
    """Whether a line is a label of such a table, with or without its value."""
    return kind_of_label(text) is not None or _both(text)


def _both(text: str) -> bool:
    both = _LABELLED.match(text)
    return both is not None and kind_of_label(both[1]) is not None


def squeeze(text: str) -> str:
    """Words without white space and in one width, for comparison."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("“", '"').replace("”", '"')


def titles_of(root: _Element, index: Index) -> Iterator[str]:
    """What may be the notice's title, the likeliest first: what the page names as such, its headings, its own title."""
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name in _TITLE_META and (content := clean(meta.get("content") or "").strip()):
            yield " ".join(content.split())
    for element in root.iter():
        if local(element) == "h1" or (
            local(element) in ("h2", "h3", "div", "p", "td", "span") and _says_title(element)
        ):
            text = " ".join(clean("".join(element.itertext())).split())
            if 6 <= len(text) <= 120:
                yield text
    if title := index.fields.get("title"):
        yield title
    own = root.find(".//title")
    if own is not None:
        parts = [part for part in _SITE.split(" ".join(clean("".join(own.itertext())).split())) if part]
        yield from sorted(parts, key=len, reverse=True)[:1]


def _says_title(element: _Element) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return any(_TITLE_NAMES.search(name) for name in names.split())


def linked_files(root: _Element) -> list[Linked]:
    """The files that an element links to, each once, in order."""
    endings = "|".join(dict(load_rules("web").tables)["content"]["linked"])
    wanted = re.compile(rf"\.({endings})(?:$|[?#&])", re.IGNORECASE)
    found: dict[str, Linked] = {}
    for anchor in root.iter("a"):
        address = (anchor.get("href") or "").strip()
        name = " ".join(clean("".join(anchor.itertext())).split())
        if not wanted.search(address) and not re.search(rf"\.(?:{endings})$", name, re.IGNORECASE):
            continue
        target = unquote(re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2])[:120]
        name = name or clean(anchor.get("title") or anchor.get("textvalue") or "").strip() or target
        if name:
            found.setdefault(address or name, Linked(name, target, anchor))
    return list(found.values())


def lines_of_index(items: list[Words | Grid]) -> list[str]:
    """Lines and cells of a page in one list, for an index that is laid out by lists instead of a table."""
    flat: list[str] = []
    for item in items:
        if isinstance(item, Words):
            flat += item.text.split("\n")
        else:
            flat += [text for row in item.cells for text in row]
    return flat
