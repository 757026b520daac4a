"""What a reader makes of a file: its text verbatim, in reading order, with tables as full grids."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.labels import BlockType

#: left, top, right, bottom, in points from the page's top left corner.
Box = tuple[float, float, float, float]
#: row, column, row span, column span.
Merge = tuple[int, int, int, int]


class Span(BaseModel):
    """Words in a document: offsets in Unicode code points into a block's text, or with row and column into a cell's.

    ``0 <= start <= end <= len(text)``. ``page`` and ``bbox`` may repeat where that is on the page. ``ocr`` is how sure
    the recogniser is of the words' most doubtful character, 0 to 1, where they were recognised from a picture.
    """

    model_config = ConfigDict(frozen=True)

    block: int
    row: int | None = None
    column: int | None = None
    start: int
    end: int
    page: int | None = None
    bbox: Box | None = None
    ocr: float | None = Field(default=None, ge=0, le=1)


class Warning(BaseModel):
    """Something that a person should look at: a code for machines, a message with the remedy, and the place."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    span: Span | None = None


class SourceFile(BaseModel):
    """A file's bytes and what they turned out to be.

    ``format`` is sniffed from the bytes; the name's ending is not trusted. ``sha256`` is lower-case hex.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    format: str
    data: bytes = Field(repr=False)
    sha256: str

    @classmethod
    def of(cls, data: bytes, name: str, format: str) -> SourceFile:
        """Bytes with a name and a known format as a source."""
        return cls(name=Path(name).name, format=format, data=data, sha256=hashlib.sha256(data).hexdigest())


class Source(BaseModel):
    """A source as the record names it. ``pages`` is null where the format has none."""

    name: str
    format: str
    sha256: str
    bytes: int
    pages: int | None = None


class Layout(BaseModel):
    """How a paragraph looks, where the format tells: hints for headings and letterheads, never exported.

    ``size`` in points (the commonest of the paragraph); ``indent`` the first line's indent in points;
    ``outline`` the format's own heading level, 1 the highest, where it marks one; ``colour`` ``#rrggbb``.
    """

    align: Literal["left", "center", "right", "justify"] | None = None
    size: float | None = None
    bold: bool = False
    indent: float | None = None
    outline: int | None = None
    colour: str | None = None


class Block(BaseModel):
    """A paragraph, a table's place in the reading order, or a text box, footnote, header, footer.

    ``text`` is null for a table and never ends or begins with white space that the file's layout alone put there;
    soft line breaks are joined, hard ones are ``\\n``. ``label`` is an automatic number as a person sees it (``一、``).
    ``depth`` is that number's level in its list, 0 the outermost. ``source`` is an index into the document's sources:
    0 the document's own, from 1 those of ``Document.more``.
    """

    id: int
    type: BlockType = "paragraph"
    text: str | None = None
    label: str | None = None
    depth: int | None = None
    table: str | None = None
    page: int | None = None
    bbox: Box | None = None
    source: int = 0
    layout: Layout = Layout()


class Table(BaseModel):
    """A full grid: every row has the same number of cells, and a merged cell's text stands in each position it covers.

    ``row_pages`` tells each row's page where the format has pages.
    """

    id: str
    block: int
    cells: list[list[str]]
    merges: list[Merge] = []
    row_pages: list[int] | None = None


class Letters(BaseModel):
    """The characters of a block's text, or of a cell's, that were recognised from a picture.

    Each list has an entry for every character that is not white space; ``scores`` tells how sure the recogniser is of
    it, 0 to 1.
    """

    model_config = ConfigDict(frozen=True)

    block: int
    row: int | None = None
    column: int | None = None
    pages: list[int]
    boxes: list[Box]
    scores: list[float]


class Document(BaseModel):
    """A file as text and tables. Block ids count from 0 in reading order; table ids are t1, t2, …

    ``more`` are further files that blocks come from, or that hold the same. An archive or a mail is the first of its
    documents, with the others in ``others`` as they were read; ``extractors.bundle`` tells what belongs together.
    ``linked`` names attachments that a web page links to and that its notice does not name. ``letters`` tells of text
    that was recognised from pictures where each character stands and how sure it is.
    """

    source: Source
    blocks: list[Block]
    tables: list[Table] = []
    warnings: list[Warning] = []
    more: list[Source] = []
    others: list[Document] = []
    linked: list[str] = []
    letters: list[Letters] = []

    def text_at(self, span: Span) -> str:
        """The words at a span, to the letter.

        Raises:
            IndexError: the span points outside the document.
        """
        block = self.blocks[span.block]
        if span.row is None or span.column is None:
            return (block.text or "")[span.start : span.end]
        table = next(table for table in self.tables if table.id == block.table)
        return table.cells[span.row][span.column][span.start : span.end]
