"""The rows of a table as drafts: one a body row, with the row's other cells beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.fields.drafts import Cell, Draft, Skipped
from extractors.fields.obligations import judge, worth_listing
from extractors.passage import Passage
from extractors.structure.numbering import parse_mark
from extractors.structure.tables import Column, TableDescription, task_kind
from schemas.document import Span, Table

_BLANK = re.compile(r"^[\s—\-–－―/／\\无]*$")
_DITTO = re.compile(r"^(?:同上|同前|〃|″|\")$")
_NOTE = re.compile(r"^(?:注|备\s*注|说\s*明|填表说明)\s*[：:]?\s*")


def row_drafts(
    table: Table, description: TableDescription, caption: str | None, plan: int, section: list[str], ordinals: list[int]
) -> tuple[list[Draft], list[Skipped]]:
    """The drafts of a table's rows and of the obligations in its notes, and what was left.

    A row's text is the cell of the column that the table's description names; where that is blank, the row's title.
    """
    reader = _Rows(table, description, caption)
    section = [*section, *([caption] if caption and caption not in section else [])]
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    if description.gives_tasks:
        kind = task_kind(description, caption)
        for row in description.body_rows:
            draft = reader.draft(row, kind, plan, section, [*ordinals, row])
            if draft is not None:
                drafts.append(draft)
    else:
        skipped.extend(reader.left_out())
    for row, column in description.note_cells:
        notes, left = reader.notes(row, column, plan, section, [*ordinals, row], caption)
        drafts.extend(notes)
        skipped.extend(left)
    return drafts, skipped


@dataclass
class _Rows:
    table: Table
    description: TableDescription
    caption: str | None

    def __post_init__(self) -> None:
        self.origin: dict[tuple[int, int], tuple[int, int]] = {}
        for row, column, height, width in self.table.merges:
            for r in range(row, row + height):
                for c in range(column, column + width):
                    self.origin[r, c] = (row, column)

    def passage(self, row: int, column: int) -> Passage:
        """A cell's words at the merged cell's first position, without the white space around them."""
        row, column = self.origin.get((row, column), (row, column))
        text = self.table.cells[row][column]
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip()) if text.strip() else start
        return Passage(text[start:end], Span(block=self.table.block, row=row, column=column, start=start, end=end))

    def draft(self, row: int, kind: str, plan: int, section: list[str], ordinals: list[int]) -> Draft | None:
        words = self.description
        text_column, title_column = words.text_column, words.title_column
        text = self._words(row, text_column)
        title = self._words(row, title_column)
        text = text or title
        if text is None:
            return None
        used = {text_column if self._words(row, text_column) else title_column}
        text_at = next(iter(used))
        cells = [
            cell
            for column in words.columns
            if column.index not in used and (cell := self._cell(row, column)) is not None
        ]  # fmt: skip
        if words.kind == "matrix":
            cells.insert(0, Cell(text, "owner.responsible"))
        column = words.columns[text_at] if text_at is not None else None
        return Draft(
            plan, kind, section, ordinals, title.text if title else None, [text], 0.9,  # type: ignore[arg-type]
            cells=cells, table=self.table.id, text_role=column.role if column else None,
            text_heads=self.heads(column) if column else (),
        )  # fmt: skip

    def _words(self, row: int, column: int | None) -> Passage | None:
        if column is None:
            return None
        passage = self.passage(row, column)
        return None if _BLANK.match(passage.text) else passage

    def _cell(self, row: int, column: Column) -> Cell | None:
        passage = self.passage(row, column.index)
        if _BLANK.match(passage.text) or column.role == "index":
            return None
        title_column = self.description.title_column
        if column.role == "title" and title_column is not None and column.index < title_column:
            # The name of the group that a row belongs to, with the group's marks, gives the row nothing.
            return None
        at = (passage.span.row, passage.span.column)
        if at[1] != column.index:
            # A cell merged to the right is read once, at its own column.
            return None
        inherited = "merged_cell" if at[0] != row else None
        while _DITTO.match(passage.text) and (passage.span.row or 0) > self.description.header_rows:
            passage, inherited = self.passage((passage.span.row or 0) - 1, column.index), "inferred"
        return Cell(passage, column.role, self._heads_over(passage, column), inherited)  # type: ignore[arg-type]

    def _heads_over(self, passage: Passage, column: Column) -> tuple[Passage, ...]:
        """The heads of every column that a cell covers, each once, topmost first."""
        at = (passage.span.row, passage.span.column)
        width = next((width for row, left, _, width in self.table.merges if (row, left) == at), 1)
        covered = self.description.columns[column.index : column.index + width]
        return tuple(dict.fromkeys(head for one in covered for head in self.heads(one)))

    def heads(self, column: Column) -> tuple[Passage, ...]:
        return tuple(self.passage(head.row, head.column) for head in column.heads)

    def notes(
        self, row: int, column: int, plan: int, section: list[str], ordinals: list[int], caption: str | None
    ) -> tuple[list[Draft], list[Skipped]]:
        """A note's lines, each a draft where it obliges."""
        drafts: list[Draft] = []
        skipped: list[Skipped] = []
        whole = self.passage(row, column)
        for number, part in enumerate(_lines(whole), 1):
            judgement = judge(part.text, prior=0.5)
            if judgement.obliges and len(part.text) >= 8:
                title, body = _note_title(part)
                drafts.append(
                    Draft(
                        plan,
                        "task",
                        section,
                        [*ordinals, number],
                        title or caption,
                        [body],
                        judgement.confidence,
                        table=None,
                    )
                )
            elif worth_listing(part.text):
                skipped.append(Skipped(part.span, "coverage.note", "表格附注中没有看出要求谁做什么"))
        return drafts, skipped

    def left_out(self) -> list[Skipped]:
        """Cells of a form, list or layout table that look like work."""
        left = []
        for r, row in enumerate(self.table.cells):
            for c, text in enumerate(row):
                if self.origin.get((r, c), (r, c)) == (r, c) and len(text) > 20 and worth_listing(text):
                    passage = self.passage(r, c)
                    left.append(Skipped(passage.span, "coverage.table", "所在表格是填写用表、名单或排版用表"))
        return left


def _lines(passage: Passage) -> list[Passage]:
    """A note as its numbered lines, numbers and 注： cut off."""
    lines: list[Passage] = []
    start = 0
    for piece in passage.text.split("\n"):
        end = start + len(piece)
        begin = start + (len(piece) - len(piece.lstrip()))
        note = _NOTE.match(passage.text[begin:end])
        begin += note.end() if note else 0
        mark = parse_mark(passage.text[begin:end])
        begin += mark[1] if mark else 0
        if piece.strip():
            if mark or not lines:
                lines.append(passage.part(begin, end))
            else:
                # A line without a number of its own continues the one above.
                first = lines.pop()
                lines.append(passage.part(first.span.start - passage.span.start, end))
        start = end + 1
    return [line for line in lines if line.text.strip()]


def _note_title(part: Passage) -> tuple[str | None, Passage]:
    found = re.match(r"([^，。；：:]{2,16})[：:](?=.{6})", part.text)
    if not found:
        return None, part
    return found[1], part.part(found.end(), len(part.text))
