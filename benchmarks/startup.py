"""How long ``duban --help`` takes against an empty click program: ``python benchmarks/startup.py``.

Both run in turn, so that a busy machine slows both; the ratio is of the medians. Exit status 1 above the limit.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 20
#: With some fifty commands; what is heavy is imported by the command that needs it.
LIMIT = 2.0
EMPTY = "import click\n@click.command()\ndef main():\n    pass\nmain()"


def seconds(*arguments: str) -> float:
    """Wall time of one run of Python in a fresh process."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments, "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def measure() -> tuple[float, float]:
    """Median seconds of ``duban --help`` and of the empty program."""
    pairs = [(seconds("-m", "duban"), seconds("-c", EMPTY)) for _ in range(RUNS + 1)]
    ours, empty = zip(*pairs[1:], strict=True)  # the first fills the caches
    return statistics.median(ours), statistics.median(empty)


def main() -> int:
    ours, empty = measure()
    print(f"duban --help {ours * 1000:.0f} ms, empty click program {empty * 1000:.0f} ms, ratio {ours / empty:.2f}")
    return int(ours / empty > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
