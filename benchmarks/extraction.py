"""Characters a second for the whole extraction, and where the time goes.

    python benchmarks/extraction.py [FILE …]     # default: the samples

Each file is extracted once to warm up and then several times; the best time counts. Shares are of one profiled run.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from pathlib import Path

from extractors import extract

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
#: What the profile's lines are summed under: a part of the path, and what it is.
PARTS = (
    ("extractors/readers", "reading the file"),
    ("extractors/structure", "structure"),
    ("extractors/fields/owners", "owners"),
    ("extractors/fields/units", "owners"),
    ("extractors/nlp", "segmentation"),
    ("jieba", "segmentation"),
    ("extractors/fields/times", "times"),
    ("extractors/values/dates", "times"),
    ("extractors/fields/quotas", "quotas"),
    ("extractors/values/quant", "quotas"),
    ("extractors/values/numbers", "quotas"),
    ("extractors/values/regions", "regions"),
    ("extractors/", "tasks and record"),
    ("pydantic", "models"),
)


def best(path: Path) -> tuple[float, int]:
    """Seconds of the fastest round, and the characters that the record holds."""
    record = extract(path)[0]
    cells = sum(len(cell) for table in record.tables for row in table.cells for cell in row)
    characters = cells + sum(len(block.text or "") for block in record.blocks)
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        extract(path)
        seconds.append(time.perf_counter() - start)
    return min(seconds), characters


def shares(path: Path) -> dict[str, float]:
    """The share of each part in one profiled extraction; library code counts where it stands."""
    profile = cProfile.Profile()
    profile.enable()
    extract(path)
    profile.disable()
    spent: dict[str, float] = {}
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        where = file.replace("\\", "/")
        part = next((name for piece, name in PARTS if piece in where), "other (regular expressions …)")
        spent[part] = spent.get(part, 0) + own
    total = sum(spent.values())
    return {part: seconds / total for part, seconds in sorted(spent.items(), key=lambda item: -item[1])}


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "samples").glob("*.docx"))
    start = time.perf_counter()
    extract(files[0])
    print(f"first file, with dictionaries: {time.perf_counter() - start:.2f} s")
    print(f"{'file':44} {'characters':>11} {'seconds':>8} {'a second':>10}")
    whole_time = whole_characters = 0.0
    for path in files:
        seconds, characters = best(path)
        whole_time += seconds
        whole_characters += characters
        print(f"{path.name[:44]:44} {characters:11,} {seconds:8.3f} {characters / seconds:10,.0f}")
    print(f"{'all':44} {whole_characters:11,.0f} {whole_time:8.3f} {whole_characters / whole_time:10,.0f}")
    longest = max(files, key=lambda path: path.stat().st_size)
    print(f"\nwhere the time goes in {longest.name}:")
    for part, share in shares(longest).items():
        print(f"  {part:32} {share:6.1%}")


if __name__ == "__main__":
    main()
