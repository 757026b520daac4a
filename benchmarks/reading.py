"""How fast files are read, against the plain way with the libraries beneath: the same files, in one run, as ratios.

    python benchmarks/reading.py [FOLDER] [--rounds N]

PDF: ``extract_text`` and ``extract_tables`` of every page by pdfplumber. Word: every paragraph's and cell's text by
python-docx. Times are the best of the rounds; memory is the peak of a process that does nothing else.
"""

from __future__ import annotations

import argparse
import logging
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def ours_pdf(path: Path) -> None:
    """Our PDF reader."""
    from extractors.readers.limits import Limits
    from extractors.readers.pdf import read
    from schemas.document import SourceFile

    read(SourceFile.of(path.read_bytes(), path.name, "pdf"), Limits())


def plain_pdf(path: Path) -> None:
    """Text and tables of each page by pdfplumber, each page let go before the next."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()
            page.close()


def ours_docx(path: Path) -> None:
    """Our Word reader."""
    from extractors.readers.docx import read
    from extractors.readers.limits import Limits
    from schemas.document import SourceFile

    read(SourceFile.of(path.read_bytes(), path.name, "docx"), Limits())


def plain_docx(path: Path) -> None:
    """Paragraphs and cells by python-docx."""
    import docx

    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        _ = paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                _ = cell.text


READERS: dict[str, dict[str, Callable[[Path], None]]] = {
    "pdf": {"ours": ours_pdf, "plain": plain_pdf},
    "docx": {"ours": ours_docx, "plain": plain_docx},
}


def best(read: Callable[[Path], None], path: Path, rounds: int) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        read(path)
        times.append(time.perf_counter() - start)
    return min(times)


def peak(kind: str, whose: str, path: Path) -> float:
    """Peak memory in MB of a process that reads one file."""
    command = [sys.executable, __file__, "--peak", kind, whose, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def table(kind: str, paths: list[Path], peaks: dict[Path, list[float]], rounds: int) -> None:
    """Prints one line a file, and their sum."""
    names = {"pdf": "pdfplumber", "docx": "python-docx"}
    print(f"{kind:40} {'ours s':>9} {names[kind] + ' s':>15} {'faster':>8} {'ours MB':>9} {'plain MB':>9}")
    total = [0.0, 0.0]
    for path in paths:
        ours, plain = (best(READERS[kind][whose], path, rounds) for whose in ("ours", "plain"))
        total[0] += ours
        total[1] += plain
        memory = " ".join(f"{used:9.0f}" for used in peaks[path])
        print(f"{path.name[:40]:40} {ours:9.3f} {plain:15.3f} {plain / ours:7.1f}x {memory}", flush=True)
    print(f"{'all':40} {total[0]:9.3f} {total[1]:15.3f} {total[1] / total[0]:7.1f}x\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "samples")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peak", nargs=3, metavar=("KIND", "WHOSE", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    if arguments.peak:
        kind, whose, name = arguments.peak
        READERS[kind][whose](Path(name))
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(used / (1024 * 1024 if sys.platform == "darwin" else 1024))
        return
    files = {kind: sorted(arguments.folder.glob(f"*.{kind}")) for kind in READERS}
    # memory first: a process begins with its parent's peak
    peaks = {p: [peak(kind, whose, p) for whose in READERS[kind]] for kind, paths in files.items() for p in paths}
    for kind, paths in files.items():
        if paths:
            table(kind, paths, peaks, arguments.rounds)


if __name__ == "__main__":
    main()
