"""A sample as a text file, the way notices are copied from web pages."""

from __future__ import annotations

from source import Element, PageBreak, Paragraph, Sample, Table

_ASCII = str.maketrans("，：；（）！？", ",:;()!?")


def build(sample: Sample) -> bytes:
    """The notice line by line, or all on one line with ASCII punctuation, in the sample's encoding."""
    if sample.one_line:
        parts = [element.number + element.text for element in sample.elements if isinstance(element, Paragraph)]
        return " ".join(parts).translate(_ASCII).encode(sample.encoding)
    head = [sample.letterhead, sample.number] if sample.letterhead_as != "none" else []
    lines = [line for line in head if line]
    for element in sample.elements:
        lines += _lines(element)
        if sample.spaced and not isinstance(element, Table | PageBreak):
            lines.append("")
    return ("\n".join(lines).rstrip("\n") + "\n").encode(sample.encoding)


def _lines(element: Element) -> list[str]:
    if isinstance(element, Paragraph):
        return [element.number + element.text]
    return [] if isinstance(element, PageBreak) else _flattened(element)


def _flattened(table: Table) -> list[str]:
    """A cell starts with a tab, a row after an empty line, what follows the table after two.

    Of a merged cell each further row keeps an empty one; what it covers to the right is not there.
    """
    lines: list[str] = []
    first = {(merge.row, merge.column): merge for merge in table.merges}
    below = {(row, m.column) for m in table.merges for row in range(m.row + 1, m.row + m.rows)}
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells):
            if cell is not None or (row, column) in below or (row, column) in first:
                lines.append(f"\t{cell or ''}")
        lines.append("")
    return [*lines, ""]
