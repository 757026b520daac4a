"""What a report holds, before any format: sections of prose and tables, whose cells point at words of notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.compare.types import Words


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


@dataclass(frozen=True)
class Table:
    """A table; ``cap`` rows are shown where there is no room for all; ``bars`` are (label, value) of its chart."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cap: int = 60
    bars: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """A section; ``cap`` of its tables are shown where there is no room for all; ``sheet`` names it in a workbook."""

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


def capped(content: Content, section: Section) -> tuple[Sequence[tuple[Table, int]], int]:
    """The tables that are shown, each with the number of its rows left out, and the number of tables left out."""
    shown = [(table, max(0, len(table.rows) - table.cap)) for table in section.tables[: section.cap]]
    return shown, max(0, len(section.tables) - section.cap)
