"""Lines of one thing over and over: what looks harmless must not take time that grows with its square."""

from __future__ import annotations

import time

import pytest

from extractors.assemble import extract_document
from extractors.readers import read_source
from schemas.document import SourceFile

LENGTH = 60_000
#: Seconds for one line of that length; what grew with the square took from 15 to 80.
MOST = 10
REPEATED = {
    "letters": "a", "digits": "1", "ideographs": "城", "numerals": "一", "commas": "、", "brackets": "（", "quotes": "“甲",
    "titles": "《甲", "years": "2021年", "dashes": "-", "dotted digits": "1.", "numbers and months": "1、2.3月",
    "units": "城管科、", "counts": "3次、", "owners in brackets": "（牵头单位：", "duties": "各科室每月2日前报送信息3篇，",
}  # fmt: skip


@pytest.mark.parametrize("words", REPEATED.values(), ids=REPEATED)
def test_a_long_line_takes_time_in_proportion(words: str) -> None:
    run = (words * LENGTH)[:LENGTH]
    text = (
        "关于印发2021年工作计划的通知\n各科室：\n2021年工作计划\n"
        f"一、加强学习。各科室要每月2日前报送信息不少于3篇{run}，责任单位：办公室。\n二、做好整治。由局办公室牵头。\n"
    )
    start = time.perf_counter()
    records = extract_document(read_source(SourceFile.of(text.encode(), "通知.txt", "txt")))
    assert time.perf_counter() - start < MOST
    assert len(records[0].tasks) == 2
