"""Small Word 97-2003 files made for tests: a container, an information block, pieces of text, properties."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

SECTOR = 512
TEXT_AT = 2048
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass
class Paragraph:
    """Text with its mark (``\\r`` or ``\\x07``), paragraph modifiers, and runs (start, end, modifiers) in it."""

    text: str
    sprms: bytes = b""
    runs: Sequence[tuple[int, int, bytes]] = ()


def container(streams: dict[str, bytes]) -> bytes:
    """A compound file of streams in its root, each long enough to stand in sectors of its own."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = [b"", b""]
    chain: list[int] = [TABLE, END]
    starts = {}
    for name, data in padded.items():
        starts[name] = len(sectors)
        pieces = [data[i : i + SECTOR].ljust(SECTOR, b"\0") for i in range(0, len(data), SECTOR)]
        for _ in pieces:
            chain.append(len(chain) + 1)
        chain[-1] = END
        sectors += pieces
    assert len(chain) <= SECTOR // 4, "more than one sector of allocation table"
    entries = [_entry("Root Entry", 5, FREE, 1, END, 0)]
    for number, (name, data) in enumerate(padded.items(), 1):
        entries.append(_entry(name, 2, number + 1 if number < len(padded) else FREE, FREE, starts[name], len(data)))
    sectors[0] = b"".join(struct.pack("<I", each) for each in chain).ljust(SECTOR, b"\xff")
    sectors[1] = b"".join(entries).ljust(SECTOR, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    return header + struct.pack("<I", 0).ljust(436, b"\xff") + b"".join(sectors)


def _entry(name: str, kind: int, right: int, child: int, sector: int, size: int) -> bytes:
    coded = name.encode("utf-16-le")
    head = coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded) + 2, kind, 1, FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", sector, size)


def word(
    paragraphs: Sequence[Paragraph], *, order: Sequence[int] | None = None, flags: int = 0, **parts: bytes
) -> bytes:
    """A document.

    Args:
        paragraphs: its body.
        order: in which the paragraphs' text lies in the file, as fast saving leaves it; each is a piece then.
        flags: more bits of the information block (0x100: encrypted).
        parts: bytes of ``lists`` (with its levels behind it as ``levels``) and ``list_uses``.
    """
    paragraphs = [replace(each, text=_units(each.text)) for each in paragraphs]
    order = order if order is not None else range(len(paragraphs))
    offsets, at = {}, TEXT_AT
    for index in order:
        offsets[index] = at
        at += 2 * len(paragraphs[index].text)
    main = bytearray(at)
    for index, offset in offsets.items():
        coded = paragraphs[index].text.encode("utf-16-le", "surrogatepass")
        main[offset : offset + len(coded)] = coded
    laid = [(offsets[index], paragraphs[index]) for index in order]
    bins = {}
    for index, entries, size in ((13, _papx(laid), 13), (12, _chpx(laid), 1)):
        main += bytes(-len(main) % SECTOR)
        chunks = [entries[i : i + 4] for i in range(0, len(entries), 4)]
        starts = [chunk[0][0] for chunk in chunks] + [at]
        bins[index] = struct.pack(f"<{len(starts)}I", *starts)
        for chunk, end in zip(chunks, starts[1:], strict=True):
            bins[index] += struct.pack("<I", len(main) // SECTOR)
            main += _page(chunk, end, size)
    table = bytearray()
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 10, 0x0200 | flags)
    struct.pack_into("<H", main, 32, 14)
    struct.pack_into("<H", main, 62, 22)
    struct.pack_into("<H", main, 152, 93)
    struct.pack_into("<i", main, 76, sum(len(each.text) for each in paragraphs))
    placed = {33: _clx(paragraphs, offsets), **bins}
    if "lists" in parts:
        placed |= {73: parts["lists"], 74: parts["list_uses"]}
    for index, data in placed.items():
        struct.pack_into("<II", main, 154 + 8 * index, len(table), len(data))
        table += data
        if index == 73:
            table += parts["levels"]
    return container({"WordDocument": bytes(main), "1Table": bytes(table)})


def _clx(paragraphs: Sequence[Paragraph], offsets: dict[int, int]) -> bytes:
    marks, pieces, at = [0], b"", 0
    for index, paragraph in enumerate(paragraphs):
        at += len(paragraph.text)
        marks.append(at)
        pieces += struct.pack("<HIH", 0, offsets[index], 0)
    plc = struct.pack(f"<{len(marks)}I", *marks) + pieces
    return b"\x02" + struct.pack("<I", len(plc)) + plc


def _units(text: str) -> str:
    """One character a code unit."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _page(entries: Sequence[tuple[int, bytes]], end: int, size: int) -> bytes:
    """A page of runs: their starts, places of their data, the data from the page's end."""
    page = bytearray(SECTOR)
    page[-1] = len(entries)
    struct.pack_into(f"<{len(entries) + 1}I", page, 0, *(start for start, _ in entries), end)
    place = SECTOR - 2
    for i, (_, data) in enumerate(entries):
        if data:
            place = (place - len(data)) // 2 * 2
            assert place > (len(entries) + 1) * (4 + size), "too much for one page"
            page[place : place + len(data)] = data
            page[4 * (len(entries) + 1) + size * i] = place // 2
    return bytes(page)


def _papx(laid: Sequence[tuple[int, Paragraph]]) -> list[tuple[int, bytes]]:
    entries = []
    for offset, paragraph in laid:
        grpprl = b"\0\0" + paragraph.sprms
        grpprl += b"\0" * (len(grpprl) & 1)
        entries.append((offset, bytes((0, len(grpprl) // 2)) + grpprl))
    return entries


def _chpx(laid: Sequence[tuple[int, Paragraph]]) -> list[tuple[int, bytes]]:
    entries: list[tuple[int, bytes]] = []
    for offset, paragraph in laid:
        at = 0
        for start, stop, sprms in paragraph.runs:
            if start > at:
                entries.append((offset + 2 * at, b""))
            entries.append((offset + 2 * start, bytes((len(sprms),)) + sprms))
            at = stop
        if at < len(paragraph.text):
            entries.append((offset + 2 * at, b""))
    return entries


def sprm(code: int, *values: int) -> bytes:
    """A modifier with an operand of single bytes."""
    return struct.pack("<H", code) + bytes(values)


IN_TABLE = sprm(0x2416, 1)
ROW_END = IN_TABLE + sprm(0x2417, 1)


def row(edges: Sequence[int], cells: Sequence[int]) -> bytes:
    """A row's end: edges in twips, each cell's bits of merging, lines all around."""
    body = bytes((len(cells),)) + struct.pack(f"<{len(edges)}h", *edges)
    line = bytes((4, 1, 1, 0))
    body += b"".join(struct.pack("<HH", bits, 0) + line * 4 for bits in cells)
    return ROW_END + struct.pack("<HH", 0xD608, len(body) + 1) + body


def numbered(start: int = 1) -> dict[str, bytes]:
    """A list of one level, 一、 二、 …, and its use number 1."""
    pattern = "\0、".encode("utf-16-le")
    level = struct.pack("<iBB", start, 39, 0) + bytes(9) + b"\2" + bytes(8) + bytes(4) + struct.pack("<H", 2) + pattern
    entry = struct.pack("<ii", 7, 0) + b"\xff\x0f" * 9 + b"\1\0"
    return {
        "lists": struct.pack("<h", 1) + entry,
        "levels": level,
        "list_uses": struct.pack("<i", 1) + struct.pack("<i", 7) + bytes(12) + struct.pack("<I", 0xFFFFFFFF),
    }
