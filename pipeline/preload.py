"""Loads what every file needs. Imported in the process that workers are forked from; called where there is none."""

from __future__ import annotations

from functools import cache

_NOTICE = """某市某局关于做好某项工作的通知

各科室：

一、某科每月5日前报送信息不少于2篇。

某市某局
2021年1月5日
"""


@cache
def load() -> None:
    """Extracts a notice of a few lines, and so loads dictionary, rules and libraries."""
    from extractors.assemble import extract_document
    from extractors.readers import read_source
    from schemas.document import SourceFile

    extract_document(read_source(SourceFile.of(_NOTICE.encode("utf-8"), "a.txt", "txt")))


load()
