"""Several processes that make one store at the same moment: SQLite doesn't wait with the change to WAL mode."""

from __future__ import annotations

import multiprocessing
import traceback
from pathlib import Path

ROUNDS, PROCESSES = 30, 3


def make(barrier, told, folder):
    from pipeline.store import open_store

    for number in range(ROUNDS):
        barrier.wait(60)
        try:
            open_store(Path(folder) / f"{number}.db").close()
            told.put("")
        except Exception:
            told.put(traceback.format_exc())


def test_a_store_is_made_by_several_at_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    barrier, told = context.Barrier(PROCESSES), context.Queue()
    started = [context.Process(target=make, args=(barrier, told, str(tmp_path))) for _ in range(PROCESSES)]
    for each in started:
        each.start()
    faults = [fault for _ in range(ROUNDS * PROCESSES) if (fault := told.get(timeout=120))]
    for each in started:
        each.join(60)
    assert not faults
