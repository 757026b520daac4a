"""Compound files, which the old Office formats stand in: their streams, as far as the file holds them.

Source: [MS-CFB]. Chains of sectors are followed no further than the file is long, so loops end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_ENTRY = 128
_END = 0xFFFFFFFA
_MINI, _CUTOFF = 64, 4096
_STREAM, _ROOT = 2, 5


class NotCompound(ValueError):
    """The bytes are no compound file that can be followed."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    sector: int
    size: int


class Compound:
    """A compound file.

    Args:
        data: its bytes; a file that was cut off is followed as far as it goes.

    Raises:
        NotCompound: its header or directory can't be read.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            shift, mini = struct.unpack_from("<HH", data, 30)
            if shift not in (9, 12) or mini != 6:
                raise NotCompound("sector sizes")
            self._size = 1 << shift
            self._fat = self._table()
            directory = self._joined(struct.unpack_from("<I", data, 48)[0])
            self._entries = [_entry(directory, at) for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
            root = self._entries[0]
            self._mini_fat = _numbers(self._joined(struct.unpack_from("<I", data, 60)[0]))
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise NotCompound(str(error)) from error
        self._mini = self._joined(root.sector)

    def stream(self, name: str) -> bytes | None:
        """A stream of the root storage by its name; None where there is none."""
        for entry in self._root():
            if entry.name == name and entry.kind == _STREAM:
                return self._content(entry)
        return None

    def _root(self) -> Iterator[_Entry]:
        todo, seen = [self._entries[0].child], set()
        while todo:
            at = todo.pop()
            if at < len(self._entries) and at not in seen:
                seen.add(at)
                todo += [self._entries[at].left, self._entries[at].right]
                yield self._entries[at]

    def _content(self, entry: _Entry) -> bytes:
        if entry.size >= _CUTOFF:
            return self._joined(entry.sector)[: entry.size]
        pieces = [self._mini[at * _MINI : (at + 1) * _MINI] for at in _chain(self._mini_fat, entry.sector)]
        return b"".join(pieces)[: entry.size]

    def _joined(self, sector: int) -> bytes:
        size = self._size
        return b"".join(self._data[(at + 1) * size : (at + 2) * size] for at in _chain(self._fat, sector))

    def _table(self) -> list[int]:
        """The allocation table: sectors named in the header, then those in a chain of further lists."""
        size, data = self._size, self._data
        most = len(data) // size + 1
        named = list(struct.unpack_from("<109I", data, 76))
        more, seen = struct.unpack_from("<I", data, 68)[0], set()
        while more < _END and more not in seen and len(named) < most:
            seen.add(more)
            numbers = _numbers(data[(more + 1) * size : (more + 2) * size])
            if not numbers:
                break
            named += numbers[:-1]
            more = numbers[-1]
        table: list[int] = []
        for at in list(dict.fromkeys(at for at in named if at < _END))[:most]:
            sector = data[(at + 1) * size : (at + 2) * size]
            table += _numbers(sector.ljust(size, b"\xff"))
        return table


def _chain(table: list[int], sector: int) -> Iterator[int]:
    """The sectors of a chain, each once."""
    seen: set[int] = set()
    while sector < len(table) and sector not in seen:
        seen.add(sector)
        yield sector
        sector = table[sector]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack_from(f"<{len(data) // 4}I", data))


def _entry(directory: bytes, at: int) -> _Entry:
    length, kind = struct.unpack_from("<HB", directory, at + 64)
    left, right, child = struct.unpack_from("<III", directory, at + 68)
    sector, size = struct.unpack_from("<II", directory, at + 116)
    name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, sector, size)
