"""The files in an archive or a mail, each read by the reader of what it is; a bad one never loses the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from extractors.readers.limits import Limits
from schemas.document import Document, SourceFile, Warning
from schemas.errors import DubanError, LimitError, SourceError

#: Formats that hold files.
CONTAINERS = frozenset({"zip", "rar", "7z", "gz", "eml"})
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")
_NUMERALS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")


@dataclass(frozen=True)
class Member:
    """A file in an archive or a mail: its path there, and its bytes or why there are none."""

    name: str
    data: bytes = b""
    error: DubanError | None = None


def is_litter(name: str) -> bool:
    """Whether a file is what systems leave in archives: previews, folders' settings, resource forks."""
    return bool(_LITTER.search(name.replace("\\", "/")))


def is_outside(name: str) -> bool:
    """Whether a path leads out of the archive's own folder. Nothing is written to disk, so it can do no harm."""
    return bool(_OUTSIDE.search(name))


def tidy_name(name: str) -> str:
    """A member's path for people: slashes, no control characters, of bounded length."""
    plain = "".join(c for c in name.replace("\\", "/") if unicodedata.category(c) not in ("Cc", "Cf"))
    return plain.strip("/")[-200:] or "未命名"


def in_order(name: str) -> tuple[object, ...]:
    """A sort key for names as people count: 附件2 before 附件10, 附件二 before 附件十."""
    folder, _, last = name.rpartition("/")
    last = re.sub(
        r"(?<=[件表录])([一二三四五六七八九十])(?![一二三四五六七八九十])", lambda m: str(_NUMERALS[m[1]]), last
    )
    pieces = _DIGITS.split(unicodedata.normalize("NFKC", last))
    return folder, [(1, int(p), "") if p.isdigit() else (0, 0, p) for p in pieces if p]


def unpack(source: SourceFile, limits: Limits) -> list[Member]:
    """The files in an archive or a mail, in order, without what systems leave there.

    Raises:
        SourceError: source.damaged, source.encrypted, source.bad_entry, source.no_reader.
        LimitError: limit.entries, limit.expansion.
    """
    if source.format == "eml":
        from extractors.readers.eml import members
    elif source.format == "zip":
        from extractors.readers.zip_archive import members
    else:
        from extractors.readers.archive import members
    return [member for member in members(source, limits) if not is_litter(member.name)]


def sources(source: SourceFile, limits: Limits, depth: int = 1) -> Iterator[SourceFile | Member]:
    """The files in an archive or a mail with their formats, those of archives in it too; a bad one as a member.

    Raises:
        SourceError, LimitError: as ``unpack``; and limit.members, for all that an archive in it holds as well.
    """
    from extractors.readers.sniff import sniff

    for member in sorted(unpack(source, limits), key=lambda m: () if source.format == "eml" else in_order(m.name)):
        if member.error is not None:
            yield member
            continue
        try:
            format = sniff(member.data, PurePosixPath(member.name).name)
            inner = SourceFile.of(member.data, PurePosixPath(member.name).name, format)
            inner = inner.model_copy(update={"name": member.name})
            if format not in CONTAINERS:
                yield Member(member.name, member.data, _foreign(member.name)) if _is_foreign(inner) else inner
            elif depth >= limits.max_depth:
                message = f"压缩包套压缩包超过{limits.max_depth}层，里面的文件没有读取"
                error = LimitError("limit.depth", message, file=member.name, remedy="请解压后再放入")
                yield Member(member.name, error=error)
            else:
                for each in sources(inner, limits, depth + 1):
                    yield (
                        each.model_copy(update={"name": f"{member.name}/{each.name}"})
                        if isinstance(each, SourceFile)
                        else Member(f"{member.name}/{each.name}", error=each.error)
                    )
        except DubanError as error:
            yield Member(member.name, error=error)


def _is_foreign(source: SourceFile) -> bool:
    """Whether a file is text of programs: settings, data, sources, by its name's ending."""
    from extractors.readers.table import FORMATS

    ending = PurePosixPath(source.name).suffix.lower().lstrip(".")
    known = any(ending in row.endings for row in FORMATS if row.format not in ("word_xml",))
    return source.format in ("txt", "csv") and bool(ending) and ending.isascii() and ending.isalnum() and not known


def _foreign(name: str) -> SourceError:
    ending = PurePosixPath(name).suffix.lstrip(".")
    return SourceError(
        "source.no_reader", f"是程序用的文件（{ending}），不是公文", file=name,
        remedy="如确是公文，请解压后另存为 docx 或 txt 再放入",
    )  # fmt: skip


def read(source: SourceFile, limits: Limits) -> Document:
    """An archive or a mail: the first document in it, with the others beside it as they were read.

    Args:
        source: its bytes.
        limits: upper bounds, for each file and for all together.

    Raises:
        SourceError, LimitError: it can't be opened, or nothing in it can be read.
    """
    from extractors.readers import read_source

    documents: list[Document] = []
    failed: list[Member] = []
    count = size = 0
    for each in sources(source, limits):
        count += 1
        size += len(each.data)
        if count > limits.max_members:
            message = f"里面的文件超过上限{limits.max_members}个"
            raise LimitError("limit.members", message, file=source.name, remedy="请解压后分批放入")
        if size > limits.max_expansion:
            message = "里面的文件解压后体积超过上限"
            raise LimitError("limit.expansion", message, file=source.name, remedy="请解压后分批放入")
        if isinstance(each, Member):
            failed.append(each)
            continue
        try:
            found = read_source(each, limits)
            about = found.source.model_copy(update={"name": f"{source.name}/{each.name}"})
            documents.append(found.model_copy(update={"source": about}))
        except DubanError as error:
            failed.append(Member(each.name, error=error))
    if not documents:
        raise _nothing(source, failed)
    first, *others = documents
    told = [_told(member) for member in failed]
    return first.model_copy(update={"warnings": [*first.warnings, *told], "others": others})


def _told(member: Member) -> Warning:
    error = member.error
    assert error is not None
    message = f"里面的文件“{member.name}”没有读取：{error.message}" + (f"；{error.remedy}" if error.remedy else "")
    return Warning(code=error.code, message=message)


def _nothing(source: SourceFile, failed: list[Member]) -> DubanError:
    error = failed[0].error if failed else None
    if error is None:
        return SourceError(
            "source.no_member", "里面没有文件", file=source.name, remedy="请确认文件完好，或解压后逐个放入"
        )
    more = f"（共{len(failed)}个文件都没有读成）" if len(failed) > 1 else ""
    kind = type(error)
    return kind(
        error.code, error.message + more, file=source.name, place=f"里面的“{failed[0].name}”", remedy=error.remedy
    )
