"""Which files a run reads, and what their records are called."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Endings of files that may be notices. In a folder only these are read, so that one which can't be read yet is named
#: as such; a file that is named by itself is always read. What a file really is, the reader finds from its bytes.
ENDINGS = frozenset({
    "doc", "docx", "docm", "dot", "dotx", "wps", "wpt", "rtf", "odt", "pdf", "ofd", "ceb", "txt", "text",
    "htm", "html", "shtml", "xhtml", "aspx", "jsp", "mht", "mhtml", "xml", "eml", "msg", "zip", "rar", "7z",
    "xls", "xlsx", "xlsm", "et", "csv",
    "png", "jpg", "jpeg", "tif", "tiff", "bmp",
})  # fmt: skip

#: The longest file name in bytes that common file systems take is 255; this leaves room for a number and a hash.
LONGEST_STEM = 200


class MissingPathError(ValueError):
    """A path that isn't there; its message is the path."""


@dataclass(frozen=True)
class Inbox:
    """Files to read, in a fixed order, and how many others lay beside them."""

    files: tuple[Path, ...]
    passed_over: int = 0


def find(paths: Iterable[Path]) -> Inbox:
    """The files to read under files and folders (recursively), sorted, each once.

    Hidden files and folders, Word's lock files (``~$…``) and unfinished ``.part`` files are left alone.

    Raises:
        MissingPathError: a path that doesn't exist, or that can't be looked into.
    """
    found: dict[Path, Path] = {}
    passed_over = 0
    for path in paths:
        if not path.exists():
            raise MissingPathError(str(path))
        for file in _walk(path) if path.is_dir() else [path]:
            if _unfinished(file):
                continue
            if file != path and file.suffix.lower().lstrip(".") not in ENDINGS:
                passed_over += 1
                continue
            found.setdefault(file.resolve(), file)
    files = sorted(found.values(), key=lambda file: (str(file.parent), file.name))
    return Inbox(tuple(files), passed_over)


def record_names(files: Sequence[Path]) -> list[str]:
    """A name without ending for each file's record: no two are equal, whatever the file system folds together.

    The stem; where files share one, ``STEM.FORMAT`` for all of them; where that is shared too, or another record's
    name, a short hash of the path behind it.
    """
    names = [_shorten(file.stem) for file in files]
    shared = Counter(map(_fold, names))
    names = [
        f"{name}.{_format(file)}" if shared[_fold(name)] > 1 else name for name, file in zip(names, files, strict=True)
    ]
    shared = Counter(map(_fold, names))
    return [
        f"{name}-{_hash(file)}" if shared[_fold(name)] > 1 else name for name, file in zip(names, files, strict=True)
    ]


def several(name: str, count: int, taken: Iterable[str]) -> list[str]:
    """Names for the records of a file that holds several notices: ``NAME.1``, ``NAME.2`` …, none of ``taken``."""
    if count == 1:
        return [name]
    folded = set(map(_fold, taken))
    names = [f"{name}.{number}" for number in range(1, count + 1)]
    return [f"{each}-{_digest(each)}" if _fold(each) in folded else each for each in names]


def _walk(folder: Path) -> Iterable[Path]:
    for root, folders, files in os.walk(folder):
        pages = {Path(name).stem for name in files if name.lower().endswith((".htm", ".html", ".shtml", ".aspx"))}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _of_page(name, pages))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file():
                yield path


def _of_page(folder: str, pages: set[str]) -> bool:
    """Whether a folder holds what belongs to a web page that was saved beside it."""
    return any(folder in (f"{page}_files", f"{page}.files", f"{page}_文件") for page in pages)


def _unfinished(file: Path) -> bool:
    return file.name.startswith("~$") or file.name.lower().endswith(".part")


def _format(file: Path) -> str:
    return file.suffix.lower().lstrip(".") or "file"


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _shorten(stem: str) -> str:
    if len(stem.encode("utf-8", "surrogateescape")) <= LONGEST_STEM:
        return stem
    kept = stem.encode("utf-8", "surrogateescape")[: LONGEST_STEM - 9].decode("utf-8", "ignore")
    return f"{kept}-{_digest(stem)}"


def _hash(file: Path) -> str:
    return _digest(file.as_posix())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
