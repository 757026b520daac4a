"""How long the comparison of many long documents takes, and how it grows: ``python benchmarks/compare.py [SHARED]``.

The documents are made of the reports of city governments in ``SHARED/notices/reports`` (else of the samples): each
again with some sentences left out, others in another order, and other numbers, so that much is alike and nothing the
same. Growth is told by processor time, which other work on the machine doesn't change.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from schemas.record import NoticeRecord

SIZES = (38, 75, 150)
LIMIT = 60.0


def texts(shared: Path) -> list[str]:
    """The documents' texts as extraction reads them."""
    from extractors import extract

    reports = sorted((shared / "notices" / "reports").glob("*.docx")) or sorted((ROOT / "samples").glob("*.docx"))
    records = [record for path in reports for record in extract(path)]
    return ["\n".join(block.text for block in record.blocks if block.text) for record in records]


def perturbed(text: str, chance: random.Random) -> str:
    """A text with a fifth of its sentences left out, some swapped, and a third of its numbers changed."""
    lines = []
    for line in text.split("\n"):
        sentences = re.findall(r"[^。]+。?", line)
        kept = [one for one in sentences if len(sentences) == 1 or chance.random() > 0.2]
        if len(kept) > 3 and chance.random() < 0.3:
            place = chance.randrange(1, len(kept) - 1)
            kept[place], kept[place + 1] = kept[place + 1], kept[place]
        lines.append("".join(kept))
    return re.sub(
        r"(?<![\d年])[1-9]\d?(?=[%个家项万])",
        lambda match: str(chance.randrange(1, 100)) if chance.random() < 0.33 else match[0],
        "\n".join(lines),
    )


def documents(count: int, shared: Path) -> list[NoticeRecord]:
    """So many records of perturbed documents."""
    from extractors import extract

    chance = random.Random(20240101)
    originals = texts(shared)
    records: list[NoticeRecord] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            path = Path(folder) / f"{number:04}.txt"
            path.write_text(perturbed(originals[number % len(originals)], chance), encoding="utf-8")
            records += extract(path)
    return records


def main(arguments: list[str]) -> int:
    """Prints seconds for each number of documents and the growth between them; 1 where it is too slow."""
    from extractors import nlp
    from pipeline.compare.analysis import compare

    shared = Path(arguments[0]) if arguments else ROOT.parent / "shared"
    nlp.segment("先装入词典")
    records = documents(max(SIZES), shared)
    characters = sum(len(block.text or "") for record in records for block in record.blocks)
    print(f"{len(records)} documents of {characters // len(records)} characters on average")
    seconds: list[float] = []
    for size in SIZES:
        # Words of the sizes before are not to be had for nothing.
        nlp._segment.cache_clear()
        start, at_work = time.perf_counter(), time.process_time()
        found = compare(records[:size])
        took = time.perf_counter() - start
        seconds.append(time.process_time() - at_work)
        print(
            f"{size:4} documents {took:6.1f} s ({seconds[-1]:.1f} s of processor time)  "
            f"{len(found.tasks)} tasks, {len(found.pairs)} pairs, "
            f"{len(found.taken_over)} passages taken over, {len(found.tables)} tables of quotas"
        )
    growth = [later / earlier for earlier, later in pairwise(seconds)]
    for size, ratio in zip(SIZES[1:], growth, strict=True):
        print(f"twice the documents up to {size}: {ratio:.2f} times as long (linear 2, quadratic 4)")
    return 0 if took < LIMIT and growth[-1] < 4 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
