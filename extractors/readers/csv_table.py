"""Tables as text, a row a line (csv, tsv). Source: RFC 4180, and what Excel and WPS write."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from extractors.readers import txt
from extractors.readers.limits import Limits
from extractors.readers.sheets import Sheet, assemble
from extractors.readers.txt_decode import decode
from schemas.document import Document, SourceFile, Warning
from schemas.errors import LimitError

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE = 200


def read(source: SourceFile, limits: Limits) -> Document:
    """A table in a text file, in whatever encoding; a text that is none is read as text.

    Args:
        source: its bytes.
        limits: upper bounds.

    Raises:
        LimitError: limit.text, limit.cells, limit.blocks.
    """
    decoded = decode(source.data)
    if len(source.data) > limits.max_text_bytes or len(decoded.text) > limits.max_text_chars:
        message = f"正文有{len(decoded.text)}字，超过上限"
        raise LimitError("limit.text", message, file=source.name, remedy="请拆分后再放入")
    text = re.sub(r"\Asep=(.)\r?\n", "", decoded.text.replace("\x00", ""))
    delimiter = delimiter_of(text)
    if delimiter is None:
        return txt.read(source, limits)
    warnings = []
    if decoded.bad:
        message = f"有{decoded.bad}处字符解不出来，文中以 � 代替；请核对原文，或另存为 UTF-8 编码再放入"
        warnings.append(Warning(code="source.bad_characters", message=message))
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([_plain(cell) for cell in row])
            cells += len(row)
            if cells > limits.max_cells:
                message = f"表格单元格超过上限{limits.max_cells}个"
                raise LimitError("limit.cells", message, file=source.name, remedy="请拆分后再放入")
    except csv.Error:
        return txt.read(source, limits)
    return assemble([Sheet("", rows)], source, limits, warnings)


def delimiter_of(text: str) -> str | None:
    """What divides a table's cells: what most rows hold equally often. None where no two rows agree."""
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            rows = list(islice(reader, _SAMPLE))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        wide = [width for width in widths if width > 1]
        if len(wide) < 2 or len(wide) * 2 < len(widths):
            continue
        common = max(set(wide), key=wide.count)
        score = wide.count(common) * (2 if delimiter in ",\t" else 1)
        if wide.count(common) * 2 >= len(wide) and (best is None or score > best[0]):
            best = score, delimiter
    return best[1] if best else None


def _plain(cell: str) -> str:
    """A cell without Excel's guard against its being taken for a number."""
    guarded = re.fullmatch(r'="(.*)"', cell, re.DOTALL)
    return guarded[1] if guarded else cell
