"""Loads what every file needs. Imported in the process that workers are forked from; called where there is none."""

from __future__ import annotations

import importlib
from functools import cache

_NOTICE = """江苏省某市某局关于印发《2021年某项工作方案》的通知

某局发〔2021〕1号

各科室、下属单位：

现将方案印发给你们，请认真组织实施。

一、工作目标

全年完成改造项目20个，完成率达到95%以上，群众满意度明显提高。（责任单位：办公室；配合单位：财务科、各街道）

二、重点任务

（一）加强信息报送。办公室牵头，各科室每月5日前报送信息不少于2篇，11月底前完成全部整改任务。

某市某局
2021年1月5日
"""


@cache
def load() -> None:
    """Extracts a notice of a few lines, and so loads dictionary, rules and libraries; those of other formats too."""
    for name in ("lxml.etree", "pdfplumber", "pypdfium2"):
        importlib.import_module(name)

    from extractors import nlp
    from extractors.assemble import extract_document
    from extractors.readers import read_source
    from schemas.document import SourceFile

    nlp.segment("督办")
    extract_document(read_source(SourceFile.of(_NOTICE.encode("utf-8"), "a.txt", "txt")))


load()
