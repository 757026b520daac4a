"""Recognition of scans: seconds a page, and how complete and true the text is.

    python benchmarks/scans.py                      # pages of samples/*.pdf, painted, turned by a degree and grained
    python benchmarks/scans.py FILE.pdf …           # pages of these; with --as-is files that are scans already
    python benchmarks/scans.py --score ../shared    # the notices with gold that exist as pdf, scored as scans

Counted are characters without white space against the text layer that the page was painted from: the share of it that
was recognised (“complete”), and the share of what was recognised that is in it (“known”). Needs the extra ``ocr``.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SCALE = 200 / 72


def scanned(path: Path) -> bytes:
    """A pdf of pictures of a pdf's pages, each turned by up to 1.2 degrees, greyed and grained; always the same."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    random = np.random.default_rng(int(hashlib.sha256(path.name.encode()).hexdigest()[:8], 16))
    pages = []
    document = pypdfium2.PdfDocument(path)
    for page in document:
        picture = page.render(scale=SCALE).to_pil().convert("RGB")
        picture = picture.rotate(
            random.uniform(-1.2, 1.2), resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
        )
        grey = np.asarray(picture).astype(np.float32)
        grey = grey * 0.88 + 12 + random.normal(0, 7, grey.shape)
        pages.append(Image.fromarray(grey.clip(0, 255).astype(np.uint8)))
    stream = io.BytesIO()
    pages[0].save(stream, "pdf", save_all=True, append_images=pages[1:], resolution=200, quality=60)
    return stream.getvalue()


def words(document: Any) -> Counter[str]:
    """Characters without white space, full-width forms as plain ones, merged cells once."""
    from benchmarks.formats import characters

    parts = [block.text or "" for block in document.blocks]
    for table in document.tables:
        covered = {(r, c) for top, left, high, wide in table.merges for r in range(top, top + high)
                   for c in range(left, left + wide) if (r, c) != (top, left)}  # fmt: skip
        parts += [text for r, row in enumerate(table.cells) for c, text in enumerate(row) if (r, c) not in covered]
    return characters("\n".join(parts))


def measure(paths: list[Path], *, as_is: bool) -> None:
    """A line a file."""
    from extractors.readers import load, read_source
    from schemas.document import SourceFile

    print(f"{'file':40} {'pages':>5} {'s a page':>8} {'complete':>8} {'known':>8} {'sure':>6}")
    for path in paths:
        source = load(path) if as_is else SourceFile.of(scanned(path), path.name, "pdf")
        start = time.perf_counter()
        document = read_source(source)
        taken = (time.perf_counter() - start) / max(1, document.source.pages or 1)
        scores = [score for letters in document.letters for score in letters.scores]
        sure = sum(scores) / max(1, len(scores))
        complete = known = "-"
        if not as_is:
            ours, theirs = words(document), words(read_source(load(path)))
            shared = (ours & theirs).total()
            complete, known = f"{shared / max(1, theirs.total()):.4f}", f"{shared / max(1, ours.total()):.4f}"
        print(f"{path.name:40} {document.source.pages:5} {taken:8.2f} {complete:>8} {known:>8} {sure:6.3f}", flush=True)


def score(shared: Path) -> None:
    """The scorer's table of the notices with gold, read from pictures of their pdf."""
    from extractors.assemble import extract_document
    from extractors.readers import read_source
    from schemas.document import SourceFile

    with tempfile.TemporaryDirectory() as folder:
        names = []
        for path in sorted((shared / "notices").glob("*.pdf")):
            if (shared / "eval" / "gold" / f"{path.stem}.json").exists():
                found = extract_document(read_source(SourceFile.of(scanned(path), path.name, "pdf")))
                Path(folder, f"{path.stem}.json").write_text(found[0].to_json(), encoding="utf-8")
                names.append(path.stem)
        subprocess.run([sys.executable, shared / "eval" / "score.py", folder, "--only", *names], check=True)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-is", action="store_true", help="the files are scans already")
    parser.add_argument("--score", type=Path, metavar="SHARED", help="score the notices with gold as scans")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    from extractors.ocr import INSTALL, installed

    if not installed():
        sys.exit(INSTALL)
    if options.score:
        score(options.score)
        return
    measure(options.files or sorted((ROOT / "samples").glob("*.pdf")), as_is=options.as_is)


if __name__ == "__main__":
    main()
