"""Which of the old Office formats a compound file is. Source: [MS-CFB], [MS-DOC] 2.5.1, [MS-OFFCRYPTO] 2.3.1."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ENTRY = 128
_NONE = 0xFFFFFFFA
_MOST = 4096
_KINDS = (
    ("EncryptedPackage", "encrypted"), ("EncryptionInfo", "encrypted"), ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"), ("Workbook", "xls"), ("Book", "xls"),
)  # fmt: skip


def kind(data: bytes) -> str:
    """``doc``, ``xls``, ``ppt``, ``encrypted`` (a package behind a password, a Word file with one), or ``ole``.

    A file whose directory can't be followed, being cut off, is told by the stream names that stand in it.
    """
    try:
        streams = dict(_root_streams(data))
    except (struct.error, IndexError, ValueError):
        streams = {}
    if not streams:
        streams = {name: -1 for name, _ in _KINDS if name.encode("utf-16-le") in data}
    for name, format in _KINDS:
        if name in streams:
            return "encrypted" if format == "doc" and _word_encrypted(data, streams[name]) else format
    return "ole"


def _root_streams(data: bytes) -> Iterator[tuple[str, int]]:
    """Names and first sectors of what stands in the root storage: what is embedded deeper says nothing."""
    size = _sector_size(data)
    directory = b"".join(_chain(data, size, struct.unpack_from("<I", data, 48)[0]))
    entries = [directory[i : i + _ENTRY] for i in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    todo, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set()
    while todo:
        index = todo.pop()
        if index >= len(entries) or index in seen:
            continue
        seen.add(index)
        entry = entries[index]
        length = struct.unpack_from("<H", entry, 64)[0]
        left, right = struct.unpack_from("<II", entry, 68)
        todo += [left, right]
        yield entry[: max(0, length - 2)].decode("utf-16-le", "replace"), struct.unpack_from("<I", entry, 116)[0]


def _chain(data: bytes, size: int, sector: int) -> Iterator[bytes]:
    table = [index for index in struct.unpack_from("<109I", data, 76) if index < _NONE]
    per = size // 4
    for _ in range(_MOST):
        if sector >= _NONE:
            return
        yield data[(sector + 1) * size : (sector + 2) * size]
        sector = struct.unpack_from("<I", data, (table[sector // per] + 1) * size + 4 * (sector % per))[0]


def _sector_size(data: bytes) -> int:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("no sector size")
    return 1 << int(shift)


def _word_encrypted(data: bytes, sector: int) -> bool:
    """The bit fEncrypted of a Word file's information block."""
    if sector < 0:
        return False
    try:
        start = (sector + 1) * _sector_size(data)
        magic, flags = struct.unpack_from("<H8xH", data, start)
    except (struct.error, ValueError):
        return False
    return magic in (0xA5EC, 0xA5DC) and bool(flags & 0x0100)
