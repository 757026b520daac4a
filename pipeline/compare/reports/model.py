"""What a report holds, before any format: sections of prose and tables, whose cells point at words of notices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.compare.types import Words

#: Longer cells are shown in part where there is no room.
BRIEF = 240
#: A chart is worth its room from so many bars on.
FEWEST_BARS = 3


@dataclass(frozen=True)
class Cell:
    """A cell: its text, the words of notices that it rests on, and the stretches of the text to be marked."""

    text: str
    words: tuple[Words, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in stretches, each with whether it is marked."""
        at = 0
        for start, end in sorted(self.marks):
            if start < at:
                continue
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False

    def brief(self, most: int = BRIEF) -> Cell:
        """The cell itself, or its sentences that have the most marks, ``…`` where others were left out."""
        if len(self.text) <= most:
            return self
        sentences = [(match.start(), match.end()) for match in re.finditer(r"[^。；;\n]+[。；;\n]*", self.text)]
        weights = [sum(max(0, min(e, b) - max(s, a)) for a, b in self.marks) for s, e in sentences]
        kept: list[tuple[int, int]] = []
        room = most
        for place in sorted(range(len(sentences)), key=lambda n: (-weights[n], n)):
            start, end = sentences[place]
            if end - start <= room:
                kept.append((start, end))
                room -= end - start
        return self._only(sorted(kept) or [(0, most)])

    def _only(self, kept: Sequence[tuple[int, int]]) -> Cell:
        text, marks, last = "", [], 0
        for start, end in kept:
            text += "…" if start > last else ""
            shift = len(text) - start
            marks += [(max(a, start) + shift, min(b, end) + shift) for a, b in self.marks if a < end and b > start]
            text += self.text[start:end]
            last = end
        return Cell(text + ("…" if last < len(self.text) else ""), self.words, tuple(marks))


@dataclass(frozen=True)
class Chart:
    """Bars: a label, a value and what is written at its end."""

    title: str
    bars: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        cap: so many rows are shown where there is no room for all.
        notes: sentences between title and table.
        heads: a head over the columns: names with the number of columns below each.
        groups: headings between rows: the first row's place, and the heading.
        name: what a worksheet of it is called, where its section has several.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cap: int = 60
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    heads: tuple[tuple[str, int], ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Section:
    """A section; ``cap`` of its tables are shown where there is no room for all."""

    key: str
    title: str
    prose: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    cap: int = 40


@dataclass(frozen=True)
class Content:
    """A whole report. ``places`` names a notice by its key."""

    title: str
    sections: tuple[Section, ...]
    places: Mapping[str, str]
    words: Mapping[str, str]
    lang: str = "zh"
    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    evidence: list[Words] = field(default_factory=list)

    def number(self, words: Words) -> int:
        """The number of words in the appendix; the same words have the same number."""
        key = (words.party, words.span.block, words.around, words.start, words.end)
        if key not in self.numbers:
            self.evidence.append(words)
            self.numbers[key] = len(self.evidence)
        return self.numbers[key]

    def number_all(self) -> None:
        """Gives each word of each cell its number, in reading order."""
        for section in self.sections:
            for table in section.tables:
                for row in table.rows:
                    for cell in row:
                        for words in cell.words:
                            self.number(words)


def capped(section: Section) -> tuple[Sequence[tuple[Table, int]], int]:
    """The tables that are shown, each with the number of its rows left out, and the number of tables left out."""
    shown = [(table, max(0, len(table.rows) - table.cap)) for table in section.tables[: section.cap]]
    return shown, max(0, len(section.tables) - section.cap)


@dataclass(frozen=True)
class Sheet:
    """A worksheet: tables with the same columns under one head. ``told`` where a column says which row is of which."""

    name: str
    section: Section
    tables: tuple[Table, ...]
    told: bool


def sheets_of(content: Content) -> tuple[Sheet, ...]:
    """The worksheets of a report: one for a section's tables with the same columns; no two have one name."""
    made: list[Sheet] = []
    used: set[str] = {bare(content.words["evidence"]), bare(content.words["charts"]), bare(content.words["contents"])}
    for section in content.sections:
        alike: dict[tuple[str, ...], list[Table]] = {}
        for table in section.tables:
            alike.setdefault(table.columns, []).append(table)
        for tables in alike.values():
            name = bare(tables[0].name or section.title)
            number = 2
            while name in used:
                name = f"{bare(tables[0].name or section.title)[:27]}{number}"
                number += 1
            used.add(name)
            made.append(Sheet(name, section, tuple(tables), len(tables) > 1))
    return tuple(made)


def sheet_for(content: Content) -> Mapping[tuple[str, tuple[str, ...]], str]:
    """Names of worksheets by a section's key and a table's columns."""
    return {(sheet.section.key, sheet.tables[0].columns): sheet.name for sheet in sheets_of(content)}


def bare(title: str) -> str:
    """A heading as a worksheet's name: without its number, at most 31 characters, none that Excel forbids."""
    words = re.sub(r"^(?:[一二三四五六七八九十]+、|\d+\s+|[^：:]{1,12}[：:]\s*)", "", title)
    return re.sub(r"[\[\]:*?/\\]", "-", words)[:31]
