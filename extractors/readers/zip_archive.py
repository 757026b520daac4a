"""Zip archives of files, with names as Chinese systems write them. Source: PKWARE APPNOTE 6.3.10, 4.4.17, 4.6.9."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator

from extractors.readers.limits import Limits, entry_bytes, open_zip
from extractors.readers.members import Member, is_litter, is_outside, read, tidy_name
from schemas.document import SourceFile
from schemas.errors import DubanError, LimitError, SourceError

__all__ = ["members", "read"]

_UTF8, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
_RATIO_FROM = 10 * 1024 * 1024
_ASK_AGAIN = "文件可能被恶意改动，请向来文单位重新索取"


def members(source: SourceFile, limits: Limits) -> Iterator[Member]:
    """The files in a zip, unpacked in pieces and to bounds; nothing is written to disk.

    Raises:
        SourceError: source.damaged, source.encrypted, source.bad_entry (entries on top of each other),
            source.no_reader (a package of a program, not an archive of files).
        LimitError: limit.entries, limit.expansion.
    """
    with open_zip(source) as package:
        entries = [entry for entry in package.infolist() if not entry.is_dir()]
        _check(source, entries, limits)
        if any(entry.filename == "[Content_Types].xml" for entry in entries):
            raise SourceError(
                "source.no_reader", "是认不出的 Office 文件", file=source.name,
                remedy="请用 Office 或 WPS 打开后另存为 docx；如是压缩包，请解压后逐个放入",
            )  # fmt: skip
        if entries and all(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise SourceError(
                "source.encrypted", "压缩包有密码", file=source.name, remedy="请解压后把里面的文件逐个放入"
            )
        for entry in entries:
            name = name_of(entry)
            if is_litter(name):
                continue
            if is_outside(name):
                error: DubanError = SourceError(
                    "source.bad_entry", "路径越出压缩包自身的目录", file=tidy_name(name), remedy=_ASK_AGAIN
                )
                yield Member(tidy_name(name), error=error)
                continue
            try:
                yield Member(tidy_name(name), entry_bytes(package, entry, limits.max_bytes, file=tidy_name(name)))
            except DubanError as error:
                yield Member(tidy_name(name), error=error)


def name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name: by its UTF-8 flag, its Unicode path field, else UTF-8 or GB18030 by its bytes."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    if (told := _unicode_path(entry.extra, raw)) is not None:
        return told
    for coding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", "replace")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and size > 5 and at + 4 + size <= len(extra):
            version, check = struct.unpack_from("<BI", extra, at + 4)
            if version == 1 and check == zlib.crc32(raw):
                return extra[at + 9 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size
    return None


def _check(source: SourceFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.max_entries:
        message = f"压缩包里有{len(entries)}个文件，超过上限{limits.max_entries}个"
        raise LimitError("limit.entries", message, file=source.name, remedy="请解压后分批放入")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise SourceError("source.bad_entry", "压缩包内的文件相互重叠", file=source.name, remedy=_ASK_AGAIN)
        end = entry.header_offset + 30 + entry.compress_size
        if entry.file_size > _RATIO_FROM and entry.file_size > limits.max_ratio * max(1, entry.compress_size):
            raise _bomb(source, tidy_name(name_of(entry)))
    if sum(entry.file_size for entry in entries) > limits.max_expansion:
        raise _bomb(source, "")


def _bomb(source: SourceFile, place: str) -> LimitError:
    return LimitError(
        "limit.expansion", "解压后体积异常，超过上限或压缩比过高", file=source.name, place=place,
        remedy="可能是压缩炸弹，请向来文单位重新索取，或解压后逐个放入",
    )  # fmt: skip
