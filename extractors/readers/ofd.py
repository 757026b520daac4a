"""OFD files (GB/T 33190-2016): text where it stands on the page, tables by the same finder as in pdf files.

Seals, signatures and annotations are parts of their own in the package and are not looked at.
"""

from __future__ import annotations

from extractors.readers.limits import Limits
from extractors.readers.ofd_package import Package
from extractors.readers.ofd_page import read_page
from extractors.readers.pdf import assemble
from extractors.readers.pdf_grid import layout_page
from extractors.readers.pdf_page import PageContent
from schemas.document import Document, SourceFile, Warning
from schemas.errors import LimitError


def read(source: SourceFile, limits: Limits) -> Document:
    """The text and tables of an OFD file, page numbers and running heads left out.

    Args:
        source: its bytes; several documents in one package follow one another.
        limits: upper bounds.

    Returns:
        Blocks in reading order with page and box in points from the page's top left corner. A page that holds only
        pictures or outlines gives a warning.

    Raises:
        SourceError: source.damaged, source.encrypted, source.bad_entry, source.unsafe_xml.
        LimitError: limit.pages, limit.text, limit.blocks, limit.cells, limit.expansion, limit.entries.
    """
    package = Package(source, limits)
    try:
        pages: list[PageContent] = []
        glyphs = 0
        for number, page in enumerate(package.pages(), 1):
            pages.append(layout_page(read_page(page, number)))
            glyphs += pages[-1].glyphs
            if glyphs > limits.max_text_chars:
                raise LimitError(
                    "limit.text", f"文字超过上限{limits.max_text_chars}字", file=source.name, place=f"第{number}页",
                    remedy="请拆成几个文件再放入",
                )  # fmt: skip
    finally:
        package.close()
    warnings = [*package.warnings]
    for content in pages:
        if not content.glyphs:
            message = f"第{content.number}页没有文字，可能是图片；请先做文字识别（OCR）再放入，或改放可复制文字的版本"
            warnings.append(Warning(code="source.scan_page", message=message))
    return assemble(pages, source, limits, warnings)
