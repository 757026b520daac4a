"""Plain text: paragraphs, flattened tables, encodings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.readers.limits import Limits
from extractors.readers.txt import read
from schemas.document import Document, SourceFile
from schemas.errors import LimitError

SPECS = json.loads((Path(__file__).resolve().parents[2] / "specs" / "txt.json").read_text("utf-8"))
WORDS = "一、各科室要于6月底前完成整治。\t 　（）：；\n"


def document(text: str | bytes, limits: Limits | None = None) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return read(SourceFile.of(data, "通知.txt", "txt"), limits or Limits())


def shape(found: Document) -> list[Any]:
    """Blocks as their texts, tables as their cells and merges."""
    tables = {table.id: table for table in found.tables}
    return [
        {"cells": tables[block.table].cells, "merges": [list(merge) for merge in tables[block.table].merges]}
        if block.table
        else block.text
        for block in found.blocks
    ]


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["name"])
def test_specs(case: dict[str, Any]) -> None:
    assert shape(document(case["text"])) == case["blocks"], case["why"]


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_line_breaks(breaks: str) -> None:
    assert shape(document(breaks.join(["通知", "", "各科室：", "请落实。"]))) == ["通知", "各科室：", "请落实。"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("case", SPECS[:2], ids=lambda case: case["name"])
def test_encodings(case: dict[str, Any], encoding: str) -> None:
    found = document(case["text"].encode(encoding))
    assert shape(found) == case["blocks"]
    assert not found.warnings


def test_bad_characters() -> None:
    text = "关于开展检查的通知，请各科室认真抓好落实。" * 3
    data = text.encode("gb18030")
    found = document(data[:20] + b"\xff" + data[20:])
    assert [warning.code for warning in found.warnings] == ["source.bad_characters"]
    assert "1处" in found.warnings[0].message and "�" in (found.blocks[0].text or "")


def test_alignment() -> None:
    found = document("　　　　　　　　　　关于检查的通知\n　　请落实。\n                        2024年3月1日\n")
    assert [block.layout.align for block in found.blocks] == ["center", None, "right"]


def test_doubt_is_told() -> None:
    found = document("\t单位\n\t数\n\t人\n\t时\n\t地\n\n\t一科\n\t1\n\t王\n\t3月\n\t市\n\n\t合为一格\n\t二\n\t三\n")
    assert [warning.code for warning in found.warnings] == ["table.ragged_row"]
    assert found.warnings[0].span is not None and found.text_at(found.warnings[0].span) == "单位"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_blocks=1), "limit.blocks"),
        (Limits(max_cells=3), "limit.cells"),
        (Limits(max_text_chars=9), "limit.text"),
    ],
)
def test_limits(limits: Limits, code: str) -> None:
    with pytest.raises(LimitError) as caught:
        document("一\n二\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n", limits)
    assert caught.value.code == code


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(WORDS, max_size=30), max_size=12).map("\n".join))
def test_nothing_is_lost_or_invented(text: str) -> None:
    """Each character but white space is in the document and no other; grids are full, merges of one text."""
    found = document(text)
    said = "".join(block.text or "" for block in found.blocks)
    said += "".join(cell for table in found.tables for row in table.cells for cell in row)
    assert {char for char in text if not char.isspace()} == {char for char in said if not char.isspace()}
    for block in found.blocks:
        assert block.table or (block.text and block.text == block.text.strip())
    for table in found.tables:
        assert len({len(row) for row in table.cells}) == 1
        for row, column, height, width in table.merges:
            covered = {table.cells[r][c] for r in range(row, row + height) for c in range(column, column + width)}
            assert len(covered) == 1


@pytest.mark.parametrize("stem", ["suzhou-anhui-chengguan-2020", "wuxi-jiguan-2020-6"])
def test_same_in_every_encoding(stem: str, shared: Path) -> None:
    plain = document((shared / "notices" / f"{stem}.txt").read_bytes())
    variants = sorted((shared / "notices" / "variants").glob(f"*/{stem}.txt"))
    assert variants
    for variant in variants:
        assert shape(document(variant.read_bytes())) == shape(plain), variant
