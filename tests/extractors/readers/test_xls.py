"""Workbooks of Excel 97-2003: what stands in their records."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from extractors.readers.limits import Limits
from extractors.readers.xls import read
from schemas.document import Document, SourceFile
from schemas.errors import SourceError

sys.path.insert(0, str(Path(__file__).parent))
from doc_build import container


def record(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


BOF, SHEET_BOF = (record(0x0809, struct.pack("<HHHHII", 0x600, kind, 0, 0x7CC, 0, 6)) for kind in (5, 16))
EOF = record(0x000A)


def workbook(*cells: bytes, globals_: bytes = b"") -> bytes:
    """A workbook of one sheet, named 任务."""
    name = "任务".encode("utf-16-le")
    front = BOF + globals_
    size = len(front) + 4 + 8 + len(name) + len(EOF)
    bound = record(0x0085, struct.pack("<IBBBB", size, 0, 0, 2, 1) + name)
    return container({"Workbook": front + bound + EOF + SHEET_BOF + b"".join(cells) + EOF})


def label(row: int, column: int, text: str) -> bytes:
    coded = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + coded)


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls(data: bytes) -> Document:
    return read(SourceFile.of(data, "台账.xls", "xls"), Limits())


def test_texts_and_numbers() -> None:
    cells = [label(0, 0, "任务"), label(0, 1, "数量"), label(1, 0, "植树"), number(1, 1, 1200.0)]
    (table,) = xls(workbook(*cells)).tables
    assert table.cells == [["任务", "数量"], ["植树", "1200"]]


def test_a_password() -> None:
    with pytest.raises(SourceError) as caught:
        xls(workbook(globals_=record(0x002F, bytes(6))))
    assert caught.value.code == "source.encrypted"


@pytest.mark.parametrize(
    "data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), container({"Workbook": b"x" * 5000})]
)
def test_damage(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        xls(data)
    assert caught.value.code == "source.damaged"
