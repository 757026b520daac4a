"""The words of a web page as paragraphs and tables, as a browser lays them out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from extractors.readers import docx_tables
from extractors.readers.html_grid import cells_of, rows_of, slots
from extractors.readers.html_page import local
from extractors.readers.html_style import Look, look_of
from extractors.readers.text import clean
from schemas.document import Layout, Merge

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul xmp html head"
)
BLOCKS = frozenset(_NAMES.split())
_WIDE = "　-〿㐀-鿿豈-﫿！-～“”‘’—…·"
_GAP = r"[ \t\f]*[\r\n][ \t\r\n\f]*"
_BREAK = re.compile(rf"(?<=[{_WIDE}]){_GAP}(?=[{_WIDE}0-9])|(?<=[0-9]){_GAP}(?=[{_WIDE}])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
#: Cells of a table that only lays a page out hold whole paragraphs.
_LONG_CELL, _PARAGRAPHS = 200, 4


@dataclass(frozen=True)
class Words:
    """A paragraph. ``label`` is a list's number, ``element`` the block that it stands in."""

    text: str
    layout: Layout
    element: _Element
    label: str | None = None
    depth: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table: a full grid with its merges, rows that lack cells, and the tables that stood in its cells."""

    cells: list[list[str]]
    merges: list[Merge]
    element: _Element
    ragged: list[tuple[int, int]] = field(default_factory=list)
    nested: list[tuple[int, int, Grid]] = field(default_factory=list)


class TooManyCellsError(Exception):
    """A table has more cells than may be read."""


def flow(root: _Element, max_cells: int) -> Iterator[Words | Grid]:
    """What stands in an element, in reading order.

    Raises:
        TooManyCellsError: a table is larger than ``max_cells``.
    """
    walker = _Walker(max_cells)
    above = Look()
    for element in reversed(list(root.iterancestors())):
        above = look_of(element, above)
    walker.element(root, above)
    walker.flush()
    return iter(walker.items)


class _Walker:
    def __init__(self, max_cells: int) -> None:
        self.items: list[Words | Grid] = []
        self._max_cells = max_cells
        self._runs: list[tuple[str, Look]] = []
        self._home: _Element | None = None
        self._label: tuple[str, int] | None = None
        self._lists: list[int | None] = []

    def element(self, element: _Element, above: Look) -> None:
        name = local(element)
        look = look_of(element, above)
        if name == "br":
            self.flush()
            return
        if name == "table" and not is_layout(element):
            self.flush()
            self.items.append(grid_of(element, self._max_cells, look))
            return
        block = name in BLOCKS
        if block:
            self.flush()
            self._open(element, name)
        home, self._home = self._home, element if block or self._home is None else self._home
        self._text(element.text, look)
        for child in element:
            if local(child):
                self.element(child, look)
            self._text(child.tail, look)
        if block:
            self.flush()
            self._close(name)
        self._home = home

    def _open(self, element: _Element, name: str) -> None:
        if name in ("ol", "ul", "menu", "dir"):
            start = re.match(r"-?\d{1,6}", element.get("start") or "1")
            self._lists.append(int(start[0]) if name == "ol" and start else 1 if name == "ol" else None)
        elif name == "li" and self._lists and self._lists[-1] is not None:
            given = re.fullmatch(r"\s*(\d{1,6})\s*", element.get("value") or "")
            number = int(given[1]) if given else self._lists[-1]
            self._lists[-1] = number + 1
            if not re.search(r"list-style(?:-type)?\s*:\s*none", _style(element) + _style(element.getparent())):
                self._label = (_number(number, element), len(self._lists) - 1)

    def _close(self, name: str) -> None:
        if name in ("ol", "ul", "menu", "dir") and self._lists:
            self._lists.pop()
        elif name == "li":
            self._label = None

    def _text(self, text: str | None, look: Look) -> None:
        if not text:
            return
        if look.pre and "\n" in text:
            lines = text.split("\n")
            for line in lines[:-1]:
                self._runs.append((line, look))
                self.flush()
            text = lines[-1]
        self._runs.append((text, look))

    def flush(self) -> None:
        """Ends a paragraph."""
        runs, self._runs = self._runs, []
        text = joined(runs)
        if not text or self._home is None:
            return
        label, self._label = self._label, None
        if label and re.match(
            r"[0-9０-９]{1,3}[.．、]|[（(]?[一二三四五六七八九十]{1,3}[、）)]|第[一二三四五六七八九十]+[条章]", text
        ):
            label = None  # numbered by hand, in a list whose own numbers a page hides
        layout = _layout(runs)
        self.items.append(Words(text, layout, self._home, label[0] if label else None, label[1] if label else None))


def joined(runs: list[tuple[str, Look]]) -> str:
    """Runs of words as one text: white space of the page's source becomes one space, or none between Chinese."""
    text = _BREAK.sub("", "".join(piece for piece, _ in runs))
    return clean(_SPACE.sub(" ", text)).strip()


def _layout(runs: list[tuple[str, Look]]) -> Layout:
    sizes: Counter[float] = Counter()
    bold = total = 0
    look = next((look for piece, look in runs if piece.strip()), Look())
    for piece, each in runs:
        size = len("".join(piece.split()))
        total += size
        bold += size * each.bold
        if each.sized:
            sizes[each.size] += size
    common = sizes.most_common(1)
    known = bool(common) and common[0][1] * 2 > total
    return Layout(align=look.align, size=common[0][0] if known else None, bold=bold * 2 > total, indent=look.indent)


def is_layout(table: _Element) -> bool:
    """Whether a table only lays out the page: a single cell, or cells that hold pages of paragraphs or tables."""
    rows = [cells_of(row) for _, row in rows_of(table)]
    cells = [cell for row in rows for cell in row]
    if len(cells) <= 1:
        return True
    if table.get("role") == "presentation":
        return True
    columns = max(map(len, rows))
    for cell in cells:
        inner = sum(_length(each) for each in cell.iter() if local(each) == "table" and each is not cell)
        if inner > 200 and inner * 2 > _length(cell) and len(cells) <= 12:
            return True
        paragraphs = sum(local(each) in ("p", "br") for each in cell.iter())
        share = _length(cell) / max(1, _length(table))
        if columns <= 3 and len(rows) <= 3 and _length(cell) > _LONG_CELL * 4 and share > 0.9 and paragraphs > 20:
            return True
    # Without a border, one column of long cells is text, and a few short rows are a letterhead or an imprint.
    styles = "".join(map(_style, (table, *cells)))
    border = (table.get("border") or "0").strip() not in ("0", "") or "border" in styles
    if columns == 1 and not border and any(_length(cell) > _LONG_CELL for cell in cells):
        return True
    if len(rows) > 8 or columns > 4:
        return False
    texts = [["\n".join("".join(cell.itertext()).split()) for cell in row] for row in rows]
    ruled = border or table.get("border") is None
    lines = docx_tables.Lines(vertical=ruled, horizontal=ruled)
    return docx_tables.lays_out(texts, lines, red="red" in styles, size=0.0, nested=False)


def grid_of(table: _Element, max_cells: int, above: Look) -> Grid:
    """A table's cells as text. A caption stands in no cell; tables inside cells are given beside.

    Raises:
        TooManyCellsError: it has more than ``max_cells`` places.
    """
    places = slots(table, max_cells)
    if places is None:
        raise TooManyCellsError
    cells = [[""] * places.columns for _ in range(places.rows)]
    nested: list[tuple[tuple[int, int], Grid]] = []
    for cell, row, column, high, wide in places.cells:
        text, inner = _cell(cell, max_cells, look_of(cell, replace(above, align=None)))
        nested += [((row, column), each) for each in inner]
        for r in range(row, row + high):
            for c in range(column, column + wide):
                cells[r][c] = text
    at = [place for place, _ in nested]
    whole = docx_tables.Grid(cells, places.merges, [None] * places.rows, places.ragged, dict(enumerate(at)))
    whole = docx_tables.without_repeats(whole)
    moved = [(*whole.places[i], grid) for i, grid in enumerate(inner for _, inner in nested)]
    return Grid(whole.cells, whole.merges, table, whole.ragged, moved)


def _cell(cell: _Element, max_cells: int, look: Look) -> tuple[str, list[Grid]]:
    walker = _Walker(max_cells)
    walker.element(cell, look)
    walker.flush()
    lines = [f"{each.label or ''}{each.text}" for each in walker.items if isinstance(each, Words)]
    return "\n".join(lines), [each for each in walker.items if isinstance(each, Grid)]


def caption_of(table: _Element) -> str:
    """The words of a table's caption element."""
    for child in table:
        if local(child) == "caption":
            return " ".join("".join(child.itertext()).split())
    return ""


def _number(number: int, item: _Element) -> str:
    kind = (item.get("type") or getattr(item.getparent(), "get", lambda _: None)("type") or "1").strip()
    style = _style(item.getparent()) + _style(item)
    if "cjk-ideographic" in style or "chinese" in style:
        from extractors.readers.docx_numerals import numeral

        return f"{numeral('chineseCounting', number)}、"
    if kind in ("a", "A") and 1 <= number <= 26:
        return f"{chr(ord(kind) + number - 1)}."
    return f"{number}."


def _style(element: _Element | None) -> str:
    return (element.get("style") or "").lower() if element is not None else ""


def _length(element: _Element) -> int:
    return sum(len("".join(text.split())) for text in element.itertext())
