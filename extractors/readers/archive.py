"""Archives that Python opens by itself (gz, tgz) or by a program of the machine (rar, 7z): bsdtar or 7-Zip.

The program is asked for one tar stream, which is read here to bounds: nothing that is in an archive is ever written to
disk, and a path in it is a name and no more.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from extractors.readers.limits import Limits
from extractors.readers.members import Member, is_litter, is_outside, read, tidy_name
from schemas.document import SourceFile
from schemas.errors import DubanError, LimitError, SourceError

__all__ = ["members", "read"]

_SECONDS = 60
_CHUNK = 1024 * 1024
_PLACES = (r"C:\Program Files\7-Zip\7z.exe", r"C:\Windows\System32\tar.exe")
_ASK_AGAIN = "请重新下载或向来文单位索取"


@lru_cache(maxsize=1)
def program() -> str | None:
    """A program that opens rar and 7z: bsdtar (Windows' own tar is one) or 7-Zip; None where there is none.

    ``DUBAN_UNPACK`` names another, empty for none.
    """
    stated = os.environ.get("DUBAN_UNPACK")
    if stated is not None:
        return stated or None
    found = next((path for name in ("bsdtar", "7zz", "7z") if (path := shutil.which(name))), None)
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def members(source: SourceFile, limits: Limits) -> Iterator[Member]:
    """The files in an archive.

    Raises:
        SourceError: source.no_reader, source.damaged, source.encrypted.
        LimitError: limit.entries, limit.expansion, limit.time.
    """
    if source.format == "gz":
        yield from _gz(source, limits)
        return
    found = program()
    if found is None:
        raise SourceError(
            "source.no_reader", f"是压缩包（{source.format}），本机没有能打开它的程序", file=source.name,
            remedy="请解压后把里面的文件逐个放入，或安装 7-Zip（7z）或 bsdtar",
        )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="duban-") as folder:
        path = Path(folder, f"archive.{source.format}")
        path.write_bytes(source.data)
        if Path(found).stem.lower() in ("bsdtar", "tar"):
            yield from _by_tar(source, found, path, limits)
        else:
            yield from _by_7z(source, found, path, limits)


def _gz(source: SourceFile, limits: Limits) -> Iterator[Member]:
    unzipped = zlib.decompressobj(31)
    try:
        data = unzipped.decompress(source.data, limits.max_expansion + 1)
    except zlib.error as error:
        raise SourceError("source.damaged", "压缩包损坏，打不开", file=source.name, remedy=_ASK_AGAIN) from error
    if len(data) > limits.max_expansion:
        raise _bomb(source)
    if data[257:262] == b"ustar":
        yield from _entries(source, io.BytesIO(data), limits)
        return
    if len(data) > limits.max_bytes:
        raise _bomb(source)
    yield Member(Path(source.name).stem or source.name, data)


def _by_tar(source: SourceFile, found: str, path: Path, limits: Limits) -> Iterator[Member]:
    """bsdtar rewrites any archive as a tar stream.

    A rar comes to it through a pipe: at the end of a file it would find the directory of a docx that was stored in it.
    """
    piped = source.format == "rar"
    command = [found, "-cf", "-", "--format=pax", "@-" if piped else f"@{path}"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    given = subprocess.PIPE if piped else subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        if process.stdin:
            threading.Thread(target=_feed, args=(process.stdin, source.data), daemon=True).start()
        ended = threading.Timer(_SECONDS, process.kill)
        ended.start()
        words: list[bytes] = []
        listener = threading.Thread(target=lambda: words.append(process.stderr.read() if process.stderr else b""))
        listener.start()
        count = 0
        try:
            assert process.stdout
            for member in _entries(source, process.stdout, limits):
                count += 1
                yield member
            process.stdout.read(1)
            status = process.wait()
        finally:
            ended.cancel()
            with suppress(OSError):
                process.kill()
            listener.join(5)
    complaint = b"".join(words).decode("utf-8", "replace").lower()
    if status and ("passphrase" in complaint or "encrypt" in complaint):
        error: DubanError = _locked(source)
    elif status:
        error = SourceError("source.damaged", "压缩包损坏或不完整", file=source.name, remedy=_ASK_AGAIN)
    else:
        return
    if not count:
        raise error
    yield Member(f"{source.name}的其余文件", error=error)


def _feed(stream: IO[bytes], data: bytes) -> None:
    with suppress(OSError), stream:
        stream.write(data)


def _entries(source: SourceFile, stream: IO[bytes], limits: Limits) -> Iterator[Member]:
    """The files of a tar stream, to bounds."""
    count = size = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|") as package:
            for entry in package:
                if not entry.isfile():
                    continue
                count += 1
                size += entry.size
                name = tidy_name(entry.name)
                if count > limits.max_entries:
                    message = f"压缩包里的文件超过上限{limits.max_entries}个"
                    raise LimitError("limit.entries", message, file=source.name, remedy="请解压后分批放入")
                if size > limits.max_expansion:
                    raise _bomb(source)
                if is_litter(name):
                    continue
                if is_outside(entry.name):
                    words = "路径越出压缩包自身的目录"
                    yield Member(name, error=SourceError("source.bad_entry", words, file=name, remedy=_ASK_AGAIN))
                    continue
                if entry.size > limits.max_bytes:
                    yield Member(
                        name, error=LimitError("limit.bytes", "文件超过上限", file=name, remedy="请拆分后放入")
                    )
                    continue
                opened = package.extractfile(entry)
                yield Member(name, opened.read() if opened else b"")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        if not count:
            return
        message = "压缩包损坏或不完整，后面的文件没有读到"
        damage = SourceError("source.damaged", message, file=source.name, remedy=_ASK_AGAIN)
        damage.__cause__ = error
        yield Member(f"{source.name}的其余文件", error=damage)


def _by_7z(source: SourceFile, found: str, path: Path, limits: Limits) -> Iterator[Member]:
    """7-Zip lists an archive, and gives one file at a time."""
    listed = _run([found, "l", "-slt", "-ba", "-sccUTF-8", "-p", "--", str(path)], _CHUNK * 16)
    text = listed.decode("utf-8", "replace")
    entries = [dict(line.split(" = ", 1) for line in part.splitlines() if " = " in line) for part in text.split("\n\n")]
    files = [entry for entry in entries if entry.get("Path") and not entry.get("Attributes", "").startswith("D")]
    if not files:
        raise SourceError("source.damaged", "压缩包损坏，或有密码打不开", file=source.name, remedy=_ASK_AGAIN)
    if len(files) > limits.max_entries:
        message = f"压缩包里的文件超过上限{limits.max_entries}个"
        raise LimitError("limit.entries", message, file=source.name, remedy="请解压后分批放入")
    sizes = [int(entry["Size"]) if entry.get("Size", "").isdigit() else 0 for entry in files]
    if sum(sizes) > limits.max_expansion:
        raise _bomb(source)
    if all(entry.get("Encrypted") == "+" for entry in files):
        raise _locked(source)
    for entry, size in zip(files, sizes, strict=True):
        name = tidy_name(entry["Path"])
        if is_litter(name):
            continue
        if entry.get("Encrypted") == "+":
            yield Member(name, error=SourceError("source.encrypted", "文件有密码", file=name, remedy="请解压后再放入"))
            continue
        if size > limits.max_bytes:
            yield Member(name, error=LimitError("limit.bytes", "文件超过上限", file=name, remedy="请拆分后放入"))
            continue
        data = _run([found, "x", "-so", "-spd", "-p", "--", str(path), entry["Path"]], limits.max_bytes)
        if len(data) != size and size:
            damage = SourceError("source.damaged", "压缩包损坏，这个文件不完整", file=name, remedy=_ASK_AGAIN)
            yield Member(name, error=damage)
        else:
            yield Member(name, data)


def _run(command: list[str], bound: int) -> bytes:
    """A program's output, no more than a bound."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        ended = threading.Timer(_SECONDS, process.kill)
        ended.start()
        try:
            assert process.stdout
            data = process.stdout.read(bound + 1)
        finally:
            ended.cancel()
            with suppress(OSError):
                process.kill()
    return data[:bound]


def _locked(source: SourceFile) -> SourceError:
    return SourceError("source.encrypted", "压缩包有密码", file=source.name, remedy="请解压后把里面的文件逐个放入")


def _bomb(source: SourceFile) -> LimitError:
    return LimitError(
        "limit.expansion", "解压后体积超过上限", file=source.name,
        remedy="可能是压缩炸弹，请向来文单位重新索取，或解压后逐个放入",
    )  # fmt: skip
