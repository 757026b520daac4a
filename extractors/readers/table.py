"""The table of formats: each one's name, name endings and reader, and what to do where there is no reader."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from extractors.readers.limits import Limits
from schemas.document import Document, SourceFile

Reader = Callable[[SourceFile, Limits], Document]


@dataclass(frozen=True)
class Row:
    """A format.

    Attributes:
        format: its key, as ``sniff`` gives it.
        title: its name for people.
        endings: of file names, without the dot, the usual one first.
        module: what reads it, beside this file; empty where nothing does yet.
        remedy: what a person can do where nothing does.
    """

    format: str
    title: str
    endings: tuple[str, ...]
    module: str = ""
    remedy: str = ""


_SAVE_DOCX = "请用 Word 或 WPS 另存为 docx 再放入"
_SHEET = "请用 Excel 或 WPS 导出为 pdf，或把表格复制到 docx 再放入"
_SLIDES = "请用 PowerPoint 或 WPS 导出为 pdf 再放入"

FORMATS: tuple[Row, ...] = (
    Row("docx", "Word 文档（docx）", ("docx", "docm", "dotx", "dotm"), "docx"),
    Row("pdf", "PDF 文件", ("pdf",), "pdf"),
    Row("txt", "纯文本（txt）", ("txt", "text", "md"), "txt"),
    Row("csv", "逗号或制表符分隔的表格（csv）", ("csv", "tsv"), "csv_table"),
    Row("doc", "旧版 Word 文档（doc）", ("doc", "dot"), "doc"),
    Row("wps", "WPS 文字文档（wps）", ("wps", "wpt"), "doc"),
    Row("word_xml", "Word XML 文档", ("xml",), "word_xml"),
    Row("rtf", "RTF 文档", ("rtf",), "rtf"),
    Row("odt", "OpenDocument 文档（odt）", ("odt",), remedy="请用 LibreOffice、Word 或 WPS 另存为 docx 再放入"),
    Row("ofd", "OFD 版式文件", ("ofd",), "ofd"),
    Row("html", "网页（html）", ("html", "htm", "xhtml", "shtml", "aspx", "jsp", "asp", "php"), "html"),
    Row("mht", "网页归档（mht）", ("mht", "mhtml"), "mht"),
    Row("eml", "电子邮件（eml）", ("eml",), "eml"),
    Row("xlsx", "Excel 表格（xlsx）", ("xlsx", "xlsm", "xltx", "xltm"), "xlsx"),
    Row("xls", "旧版 Excel 表格（xls）", ("xls", "et", "ett", "xlt"), "xls"),
    Row("ods", "OpenDocument 表格（ods）", ("ods",), remedy=_SHEET),
    Row("pptx", "PowerPoint 演示文稿（pptx）", ("pptx", "pptm"), remedy=_SLIDES),
    Row("ppt", "旧版 PowerPoint 演示文稿（ppt）", ("ppt", "dps"), remedy=_SLIDES),
    Row("odp", "OpenDocument 演示文稿（odp）", ("odp",), remedy=_SLIDES),
    Row("png", "图片（png）", ("png",), "image"),
    Row("jpg", "图片（jpg）", ("jpg", "jpeg"), "image"),
    Row("tif", "图片（tif）", ("tif", "tiff"), "image"),
    Row("bmp", "图片（bmp）", ("bmp",), "image"),
    Row("gif", "图片（gif）", ("gif",), "image"),
    Row("webp", "图片（webp）", ("webp",), "image"),
    Row("zip", "压缩包（zip）", ("zip",), "zip_archive"),
    Row("rar", "压缩包（rar）", ("rar",), "archive"),
    Row("7z", "压缩包（7z）", ("7z",), "archive"),
    Row("gz", "压缩包（gz）", ("gz", "tgz"), "archive"),
    Row("ole", "旧版 Office 格式的文件", (), remedy="请用 Office 或 WPS 打开后另存为 docx 再放入"),
    Row("unknown", "格式不明的文件", (), remedy="请确认文件完好，并另存为 docx、pdf 或 txt 再放入"),
)


@lru_cache(maxsize=1)
def _by_format() -> dict[str, Row]:
    return {row.format: row for row in FORMATS}


def row_of(format: str) -> Row:
    """A format's row; that of ``unknown`` for one the table does not hold."""
    return _by_format().get(format, _by_format()["unknown"])


def readable() -> tuple[Row, ...]:
    """The formats that can be read."""
    return tuple(row for row in FORMATS if row.module)


def reader_of(row: Row) -> Reader:
    """The reader of a format, loaded now: its libraries are not needed by whoever reads another format."""
    module = importlib.import_module(f"extractors.readers.{row.module}")
    return cast(Reader, module.read)
