"""How much of a file is read at most, and the checks of zip packages that keep to it.

A limit is met with a LimitError that names the file, the place and the way out, before memory or time is spent.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

MIB = 1024 * 1024
_CHUNK = MIB
#: Below this size an entry's ratio says nothing: small XML of nothing but tags packs very well.
_RATIO_FROM = 10 * MIB
_LOCAL_HEADER = 30
_ENTITY = tuple(word.encode(coding) for word in ("<!ENTITY",) for coding in ("utf-8", "utf-16-le", "utf-16-be"))
_XML = re.compile(r"\.(?:xml|rels)$", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file.

    Attributes:
        max_bytes: of a file.
        max_text_bytes: of a plain text file.
        max_text_chars: of the text of a document, whatever its format.
        max_pages: of a paginated document.
        max_block_chars: of one paragraph or one cell; a whole notice in one line has a quarter of it.
        max_blocks, max_cells: of a document; cells of all its tables together.
        max_entries: in a zip package.
        max_expansion: bytes of all entries of a package unpacked.
        max_ratio: unpacked to packed size of an entry above 10 MiB.
        max_part_bytes: of one XML part unpacked.
        max_members: files that are read in an archive or a mail, those of archives in it counted.
        max_depth: archives in archives.
        max_pixels: of a picture, or of one page of it.
        max_ocr_pages: pages of a file whose text is recognised from their picture.
    """

    max_bytes: int = 64 * MIB
    max_text_bytes: int = 20 * MIB
    max_text_chars: int = 20_000_000
    max_block_chars: int = 100_000
    max_pages: int = 1000
    max_blocks: int = 200_000
    max_cells: int = 500_000
    max_entries: int = 5_000
    max_expansion: int = 400 * MIB
    max_ratio: int = 200
    max_part_bytes: int = 48 * MIB
    max_members: int = 200
    max_depth: int = 3
    max_pixels: int = 80_000_000
    max_ocr_pages: int = 200


def size_text(size: int) -> str:
    """A number of bytes for people: ``64 MB``, ``12 KB``."""
    if size >= MIB:
        return f"{size / MIB:.0f} MB"
    return f"{max(1, round(size / 1024))} KB"


def check_lengths(document: Document, limits: Limits) -> None:
    """Refuse a document with a paragraph or cell of absurd length.

    Raises:
        LimitError: limit.block.
    """
    for block in document.blocks:
        check_length(block.text or "", document.source.name, limits, f"第{block.id + 1}段")
    for number, table in enumerate(document.tables, 1):
        for row, cells in enumerate(table.cells, 1):
            for cell in cells:
                check_length(cell, document.source.name, limits, f"第{number}张表第{row}行")


def check_length(text: str, file: str, limits: Limits, place: str) -> None:
    """Refuse one paragraph, line or cell beyond ``max_block_chars``. Raises LimitError: limit.block."""
    if len(text) > limits.max_block_chars:
        raise LimitError(
            "limit.block", f"一段（一格）就有{len(text)}字，超过上限{limits.max_block_chars}字", file=file, place=place,
            remedy="文件可能不是公文，或分段丢失；请用 Word 或 WPS 打开核对，分段后再放入",
        )  # fmt: skip


def open_zip(source: SourceFile) -> zipfile.ZipFile:
    """The package in a source's bytes.

    Raises:
        SourceError: source.damaged, where the bytes are no whole zip file.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise _damaged(source.name) from error


def check_zip(source: SourceFile, limits: Limits) -> None:
    """Refuse a package that unpacks to too much, is encrypted, damaged, or plays tricks with its entries.

    The central directory's figures are checked first; then every XML part is unpacked in pieces, to a bound, and
    looked through for entity declarations, which office packages never need and XML bombs are made of. A damaged
    part is passed over here: whether the document can do without it is known where it is opened.

    Raises:
        LimitError: limit.entries, limit.expansion, limit.xml_entities.
        SourceError: source.damaged, source.encrypted, source.bad_entry.
    """
    with open_zip(source) as package:
        entries = package.infolist()
        _check_directory(source, entries, limits)
        total = 0
        for entry in entries:
            if _XML.search(entry.filename):
                with suppress(SourceError):
                    total += _check_xml(package, entry, limits, source.name)
                if total > limits.max_expansion:
                    raise _too_large(source.name, entry.filename, limits.max_expansion)


def read_entry(package: zipfile.ZipFile, name: str, limits: Limits, *, file: str = "") -> bytes:
    """The bytes of one entry, unpacked in pieces and no further than ``limits.max_part_bytes``.

    Args:
        package: an open package.
        name: of the entry.
        file: the file's name, for messages.

    Raises:
        KeyError: there is no such entry.
        LimitError: limit.expansion.
        SourceError: source.damaged, source.encrypted.
    """
    return b"".join(_pieces(package, package.getinfo(name), limits.max_part_bytes, file))


def entry_bytes(package: zipfile.ZipFile, entry: zipfile.ZipInfo, bound: int, *, file: str = "") -> bytes:
    """The bytes of one entry, unpacked in pieces and no further than ``bound``.

    Raises:
        LimitError: limit.expansion.
        SourceError: source.damaged, source.encrypted.
    """
    return b"".join(_pieces(package, entry, bound, file))


def _check_directory(source: SourceFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.max_entries:
        raise LimitError(
            "limit.entries", f"压缩包里有{len(entries)}个文件，超过上限{limits.max_entries}个",
            file=source.name, remedy="请确认文件来源，用 Word 或 WPS 打开后另存再放入",
        )  # fmt: skip
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.flag_bits & 0x1:
            raise _encrypted(source.name)
        if re.match(r"[/\\]|[A-Za-z]:", entry.filename) or ".." in re.split(r"[/\\]", entry.filename):
            raise SourceError(
                "source.bad_entry", "压缩包内有越出自身目录的路径", file=source.name, place=entry.filename[:80],
                remedy="文件可能被恶意改动，请向来文单位重新索取",
            )  # fmt: skip
        if entry.header_offset < end:
            raise SourceError(
                "source.bad_entry", "压缩包内的文件相互重叠", file=source.name, place=entry.filename[:80],
                remedy="文件可能被恶意改动，请向来文单位重新索取",
            )  # fmt: skip
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        if entry.file_size > _RATIO_FROM and entry.file_size > limits.max_ratio * max(1, entry.compress_size):
            raise _too_large(source.name, entry.filename, limits.max_expansion)
    if sum(entry.file_size for entry in entries) > limits.max_expansion:
        raise _too_large(source.name, "", limits.max_expansion)


def _check_xml(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, file: str) -> int:
    """Unpacks a part to a bound, keeping nothing; returns its size."""
    size, tail = 0, b""
    for piece in _pieces(package, entry, limits.max_part_bytes, file):
        size += len(piece)
        window = tail + piece
        if any(word in window for word in _ENTITY):
            raise LimitError(
                "limit.xml_entities", "文件内部定义了 XML 实体，可能是攻击文件，不予读取", file=file,
                place=entry.filename, remedy="请用 Word 或 WPS 打开后另存再放入",
            )  # fmt: skip
        tail = window[-32:]
    return size


def _pieces(package: zipfile.ZipFile, entry: zipfile.ZipInfo, bound: int, file: str) -> Iterator[bytes]:
    if entry.file_size > bound:
        raise _too_large(file, entry.filename, bound)
    size = 0
    try:
        with package.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > bound:
                    raise _too_large(file, entry.filename, bound)
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise _damaged(file, entry.filename) from error
    except RuntimeError as error:  # zipfile's word for a missing password
        raise _encrypted(file) from error


def _too_large(file: str, place: str, bound: int) -> LimitError:
    return LimitError(
        "limit.expansion", f"解压后体积异常，超过上限（{size_text(bound)}或压缩比过高）", file=file, place=place,
        remedy="可能是压缩炸弹，请向来文单位重新索取，或另存为 pdf 再放入",
    )  # fmt: skip


def _damaged(file: str, place: str = "") -> SourceError:
    return SourceError(
        "source.damaged", "文件损坏或不完整，打不开", file=file, place=place, remedy="请重新下载或向来文单位索取",
    )  # fmt: skip


def _encrypted(file: str) -> SourceError:
    return SourceError("source.encrypted", "文件有打开密码", file=file, remedy="请去掉密码另存后再放入")
