"""What comes out of each format: how complete the text is beside another tool's, and how long reading takes.

python benchmarks/formats.py [FILE…]          # completeness; default: ../shared/notices and its folder more/
python benchmarks/formats.py --speed [FILE…]  # seconds a document; default: one sample of each format

The other tool is LibreOffice for office formats, pdftotext for pdf, readability-lxml (pip install it) for web pages, of
which LibreOffice would give the site's menus as well; for OFD, which none opens, the text of its page parts.

Counted are characters without white space: the share of the other tool's that is in ours (“complete”), and the share of
ours that is in the other's (“known”; rebuilt numbers, which LibreOffice writes too, and characters repaired count
against it).
"""

from __future__ import annotations

import argparse
import csv
import io
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "notices"
_OFFICE = frozenset({"doc", "wps", "docx", "rtf", "html", "xls", "xlsx", "odt", "ods", "word_xml", "mht"})
_ASCII = str.maketrans({chr(0xFF01 + i): chr(0x21 + i) for i in range(94)})


def our_text(path: Path) -> tuple[str, str]:
    """The text of a file as it is read, merged cells once; and what came out, in a few words."""
    from extractors.readers import read

    document = read(path)
    tables = {table.id: table for table in document.tables}
    parts: list[str] = []
    for block in document.blocks:
        if block.table:
            table = tables[block.table]
            covered = {(r, c) for top, left, high, wide in table.merges for r in range(top, top + high)
                       for c in range(left, left + wide) if (r, c) != (top, left)}  # fmt: skip
            parts += [text for r, row in enumerate(table.cells) for c, text in enumerate(row) if (r, c) not in covered]
        else:
            parts += [block.label or "", block.text or ""]
    cells = sum(len(row) for table in document.tables for row in table.cells)
    codes = Counter(warning.code for warning in document.warnings)
    said = ", ".join(f"{code} ×{count}" if count > 1 else code for code, count in codes.items())
    summary = f"{document.source.format}, {len(document.blocks)} blocks, {len(document.tables)} tables of {cells} cells"
    return "\n".join(parts), summary + (f"; {said}" if said else "")


def other_text(path: Path) -> str | None:
    """The text of a file by another tool; None where there is none for it."""
    from extractors.readers import load

    kind = load(path).format
    if kind == "pdf" and shutil.which("pdftotext"):
        return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, encoding="utf-8").stdout
    if kind == "ofd":
        with zipfile.ZipFile(path) as package:
            pages = [package.read(name).decode("utf-8", "replace") for name in package.namelist() if "Content" in name]
        return "".join(re.findall(r"<[\w:]*TextCode[^>]*>([^<]*)<", "".join(pages)))
    if kind == "txt":
        return path.read_bytes().decode("utf-8", "replace")
    if kind == "html":
        return _by_readability(path)
    if kind in _OFFICE and shutil.which("soffice"):
        return _by_office(path, kind, "csv" if kind in ("xls", "xlsx") else "txt:Text (encoded):UTF8")
    return None


def _by_readability(path: Path) -> str | None:
    """A page's main text as readability finds it, where that is installed."""
    try:
        from readability import Document
    except ImportError:
        return None
    from lxml import html

    from extractors.readers.html_page import decode_page

    logging.disable(logging.CRITICAL)
    return str(html.fromstring(Document(decode_page(path.read_bytes()).text).summary()).text_content())


def _by_office(path: Path, kind: str, target: str) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, f"copy.{kind}")
        shutil.copy(path, copy)
        if target == "csv":
            target = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        _convert(copy, target, folder)
        found = [*Path(folder).glob("copy*.txt"), *Path(folder).glob("copy*.csv")]
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in found]
        if target.startswith("csv"):
            texts = [cell for each in texts for row in csv.reader(io.StringIO(each)) for cell in row]
        return "\n".join(texts) if found else None


def _convert(path: Path, target: str, folder: str) -> None:
    profile = Path(tempfile.gettempdir(), "duban-bench-profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, "--outdir", folder, path],
        capture_output=True, timeout=180,
    )  # fmt: skip


def characters(text: str) -> Counter[str]:
    """Characters without white space, full-width forms as plain ones."""
    from extractors.readers.text import clean

    return Counter("".join(clean(text).translate(_ASCII).split()))


def completeness(paths: list[Path]) -> None:
    """A line a file."""
    for path in paths:
        try:
            text, summary = our_text(path)
        except Exception as error:  # a line a file, whatever it is
            print(f"{path.name:40} {error}")
            continue
        other = other_text(path)
        if other is None or not other.strip():
            print(f"{path.name:40} {'-':>8} {'-':>8}  {summary}")
            continue
        ours, theirs = characters(text), characters(other)
        shared = (ours & theirs).total()
        complete, known = shared / max(1, theirs.total()), shared / max(1, ours.total())
        print(f"{path.name:40} {complete:8.4f} {known:8.4f}  {summary}")


def speed(paths: list[Path]) -> None:
    """Seconds for reading and for the whole record, and for LibreOffice to make a text of the same file."""
    import duban

    print(f"{'file':40} {'read':>8} {'record':>8} {'LibreOffice':>12}")
    for path in paths:
        duban.extract(path)
        from extractors.readers import load, read

        reading, whole = _seconds(lambda path=path: read(path)), _seconds(lambda path=path: duban.extract(path))
        office = "-"
        if load(path).format in _OFFICE and shutil.which("soffice"):
            with tempfile.TemporaryDirectory() as folder:
                target = "csv" if load(path).format in ("xls", "xlsx") else "txt:Text (encoded):UTF8"
                office = (
                    f"{_seconds(lambda path=path, folder=folder, target=target: _convert(path, target, folder)):.3f}"
                )
        print(f"{path.name:40} {reading:8.3f} {whole:8.3f} {office:>12}")


def _seconds(action: Callable[[], object]) -> float:
    """The least of three."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", action="store_true", help="seconds a document instead of completeness")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.speed:
        endings = (
            "docx", "doc", "wps", "rtf", "pdf", "ofd", "txt", "html", "mht", "eml", "xlsx", "xls", "et", "csv", "zip",
        )  # fmt: skip
        chosen = (next(iter(sorted((ROOT / "samples").glob(f"*.{ending}"))), None) for ending in endings)
        speed(options.files or [path for path in chosen if path is not None])
        return
    if not options.files and not SHARED.is_dir():
        sys.exit(f"{SHARED} is missing: name the files")
    every = [
        path for folder in (SHARED, SHARED / "more") for path in sorted(folder.glob("*.*")) if path.suffix != ".tsv"
    ]
    completeness(options.files or [path for path in every if path.suffix != ".md"])


if __name__ == "__main__":
    main()
