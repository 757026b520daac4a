"""One file a format, one table that names them."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import DubanError, LimitError, SourceError

if TYPE_CHECKING:
    from extractors.readers.limits import Limits
    from extractors.readers.table import Row
    from schemas.document import Document, SourceFile

_ASK_AGAIN = "请重新下载或向来文单位索取"


def read(path: str | Path, limits: Limits | None = None) -> Document:
    """A file as blocks and tables, by the reader of what its bytes are.

    Args:
        path: the file; its format is told from its bytes.
        limits: upper bounds; the defaults suit an office's notices.

    Raises:
        SourceError: the file can't be read, or nothing reads its format.
        LimitError: it goes beyond a limit.
    """
    from extractors.readers.limits import Limits

    limits = limits or Limits()
    return read_source(load(path, limits), limits)


def load(path: str | Path, limits: Limits | None = None) -> SourceFile:
    """A file's bytes and what they are. Size is asked before anything is read.

    Raises:
        SourceError: source.missing, source.not_a_file, source.unreadable, source.empty, source.encrypted.
        LimitError: limit.bytes.
    """
    from extractors.readers.limits import Limits
    from extractors.readers.sniff import sniff
    from schemas.document import SourceFile

    limits = limits or Limits()
    path = Path(path)
    data = _bytes(path, limits)
    format = sniff(data, path.name)
    if format == "txt" and len(data) > limits.max_text_bytes:
        raise _too_big(path.name, len(data), limits.max_text_bytes)
    return SourceFile.of(data, path.name, format)


def read_source(source: SourceFile, limits: Limits | None = None) -> Document:
    """A source as blocks and tables; ``source.format`` names the reader.

    Raises:
        SourceError: source.unknown, source.no_reader, source.damaged, source.encrypted, and what the reader adds.
        LimitError: it goes beyond a limit.
    """
    from extractors.readers.limits import Limits, check_lengths
    from extractors.readers.table import reader_of, row_of

    limits = limits or Limits()
    row = row_of(source.format)
    if row.format == "unknown":
        raise SourceError("source.unknown", "认不出是什么格式", file=source.name, remedy=row.remedy)
    if not row.module:
        raise SourceError("source.no_reader", f"是{row.title}，目前读不了", file=source.name, remedy=row.remedy)
    try:
        document = reader_of(row)(source, limits)
        check_lengths(document, limits)
    except (DubanError, MemoryError):
        raise
    except (Exception, RecursionError) as error:
        raise SourceError(
            "source.damaged", f"读取时出错（{type(error).__name__}），文件可能损坏", file=source.name, remedy=_ASK_AGAIN
        ) from error
    if note := _wrong_ending(source.name, row):
        from schemas.document import Warning

        warning = Warning(code="source.ending", message=note)
        document = document.model_copy(update={"warnings": [warning, *document.warnings]})
    return document


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "是文件夹，不是文件" if stat.S_ISDIR(status.st_mode) else "不是普通文件"
            raise SourceError("source.not_a_file", what, file=path.name, remedy="请指定公文文件")
        if status.st_size > limits.max_bytes:
            raise _too_big(path.name, status.st_size, limits.max_bytes)
        with path.open("rb") as stream:
            data = stream.read(limits.max_bytes + 1)
    except OSError as error:
        raise _unreadable(path.name, error) from error
    except ValueError as error:  # a null character in the name
        raise SourceError("source.missing", "文件名不合法", file=path.name, remedy="请检查路径") from error
    if len(data) > limits.max_bytes:
        raise _too_big(path.name, len(data), limits.max_bytes)
    return data


def _unreadable(name: str, error: OSError) -> SourceError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return SourceError("source.missing", "找不到这个文件", file=name, remedy="请检查路径和文件名")
    if error.errno == errno.ELOOP:
        return SourceError("source.unreadable", "链接指向自己，打不开", file=name, remedy="请放入文件本身而不是链接")
    if error.errno in (errno.EACCES, errno.EPERM):
        return SourceError("source.unreadable", "没有读取权限", file=name, remedy="请修改文件权限或换一个有权限的账号")
    return SourceError("source.unreadable", f"读取失败（{error.strerror}）", file=name, remedy="请检查磁盘或网络后重试")


def _too_big(name: str, size: int, bound: int) -> LimitError:
    from extractors.readers.limits import size_text

    return LimitError(
        "limit.bytes", f"文件有{size_text(size)}，超过上限{size_text(bound)}", file=name, remedy="请拆分后再放入"
    )


def _wrong_ending(name: str, row: Row) -> str:
    ending = Path(name).suffix.lower().lstrip(".")
    from extractors.readers.table import FORMATS

    if not ending or ending in row.endings or not any(ending in other.endings for other in FORMATS):
        return ""
    return f"文件名以 .{ending} 结尾，实际是{row.title}，已按后者读取；请核对并改正文件名"
