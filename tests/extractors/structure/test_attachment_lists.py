"""Attachments that a cover lists in one line or in several."""

from __future__ import annotations

import pytest

from extractors.assemble import extract_document
from extractors.readers import read_source
from schemas.document import SourceFile
from schemas.record import NoticeRecord


def record(listed: str) -> NoticeRecord:
    text = f"关于报送2021年工作情况的通知\n各科室：\n请各科室于3月底前报送工作情况。\n{listed}\n某市城市管理局\n2021年3月1日\n"
    return extract_document(read_source(SourceFile.of(text.encode(), "通知.txt", "txt")))[0]


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("附件：1.任务分工表2.责任清单3.联系人名单", ["任务分工表", "责任清单", "联系人名单"]),
        ("附件：1．任务分工表 2．责任清单", ["任务分工表", "责任清单"]),
        ("附件：1、任务分工表；2、责任清单。", ["任务分工表", "责任清单"]),
        ("附件: 1. 《任务分工表》 2. 《责任清单》", ["任务分工表", "责任清单"]),
        ("附件：１．任务分工表２．责任清单", ["任务分工表", "责任清单"]),
        ("附件：任务分工表", ["任务分工表"]),
        ("附件：1.任务分工表\n2.责任清单", ["任务分工表", "责任清单"]),
        ("附件：1.2021年任务分工表2.2022年责任清单", ["2021年任务分工表", "2022年责任清单"]),
        ("附件：1.任务分工表（第2.0版）2.责任清单", ["任务分工表（第2.0版）", "责任清单"]),
        ("附件：PM2.5监测点位表", ["PM2.5监测点位表"]),
    ],
)
def test_each_attachment_is_named(listed: str, names: list[str]) -> None:
    found = record(listed)
    assert found.notice.attachments == names
    texts = {block.id: block.text or "" for block in found.blocks}
    spans = found.notice.spans["attachments"]
    assert len(spans) == len(names)
    for name, span in zip(names, spans, strict=True):
        assert name in "".join(texts[span.block][span.start : span.end].split())
