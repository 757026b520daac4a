from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from typing import Any

import pytest

from pipeline import parallel
from pipeline.parallel import Lost, Returned

MEGABYTE = 1024 * 1024


def work(item: Any) -> Any:
    match item:
        case "die":
            os._exit(3)
        case "abort":
            os.abort()
        case "hang":
            time.sleep(60)
        case "raise":
            raise ValueError("坏了")
        case "exit":
            sys.exit(4)
        case "memory":
            return len(bytearray(1024 * MEGABYTE))
        case "unpicklable":
            return lambda: None
        case "print":
            os.write(1, b"noise on standard output\n")
            print("more noise")
            return os.getpid()
        case "pid":
            return os.getpid()
        case ("after", seconds, value):
            time.sleep(seconds)
            return value
    return item


def broken_start() -> None:
    os._exit(1)


def outcomes(items: list[Any], **options: Any) -> list[Any]:
    options = {"jobs": 2, "timeout": 20, **options}
    return [outcome for _, outcome in sorted(parallel.each(work, items, **options), key=lambda pair: pair[0])]


def test_every_call_comes_back_under_its_index() -> None:
    assert outcomes([1, "二", None, [3]]) == [Returned(1), Returned("二"), Returned(None), Returned([3])]


def test_nothing_to_do() -> None:
    assert outcomes([]) == []


@pytest.mark.parametrize(
    ("item", "reason"), [("die", "crashed"), ("abort", "crashed"), ("raise", "raised"), ("exit", "raised")]
)
def test_a_call_that_fails_fails_alone(item: str, reason: str) -> None:
    first, lost, *rest = outcomes([1, item, 2, 3, 4])
    assert [first, *rest] == [Returned(1), Returned(2), Returned(3), Returned(4)]
    assert lost.reason == reason


def test_a_crash_names_its_signal_and_an_exception_itself() -> None:
    assert outcomes(["abort"]) == [Lost("crashed", signal.SIGABRT.name)]
    (raised,) = outcomes(["raise"])
    assert raised.detail.rstrip().endswith("ValueError: 坏了")


def test_a_call_that_hangs_is_ended_and_the_rest_goes_on() -> None:
    started = time.monotonic()
    assert outcomes(["hang", 1, 2], timeout=1) == [Lost("timeout"), Returned(1), Returned(2)]
    assert time.monotonic() - started < 30


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is only limited on Linux")
def test_a_call_that_eats_memory_is_lost_alone() -> None:
    assert outcomes(["memory", 1], memory=200 * MEGABYTE) == [Lost("memory"), Returned(1)]


def test_a_value_that_cannot_cross_is_an_error_of_its_call() -> None:
    lost, fine = outcomes(["unpicklable", 1])
    assert lost.reason == "raised"
    assert fine == Returned(1)


def test_workers_are_used_again() -> None:
    pids = {outcome.value for outcome in outcomes(["pid"] * 6, jobs=1)}
    assert len(pids) == 1
    assert pids != {os.getpid()}


def test_outcomes_come_as_they_are_ready() -> None:
    order = [index for index, _ in parallel.each(work, [("after", 1.5, 1), 2], jobs=2, timeout=20)]
    assert order == [1, 0]


def test_what_workers_print_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    outcomes(["print"])
    assert capfd.readouterr() == ("", "")


def test_workers_that_cannot_start_end_the_run() -> None:
    found = list(parallel.each(work, [1, 2], jobs=2, timeout=20, warm=broken_start))
    assert sorted(found, key=lambda pair: pair[0]) == [(0, Lost("start")), (1, Lost("start"))]


def test_leaving_early_ends_the_workers() -> None:
    calls = parallel.each(work, ["pid", "hang", "hang"], jobs=2, timeout=60)
    _, first = next(calls)
    assert isinstance(first, Returned)
    calls.close()
    with pytest.raises(ProcessLookupError):
        os.kill(first.value, 0)


def test_ctrl_c_while_a_worker_starts_leaves_none(monkeypatch):
    """The exit waits for all workers, and one that nobody knew of would sleep for ever."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(parallel, "_Worker", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(parallel.each(work, ["hang"], jobs=1, timeout=60))
    assert not multiprocessing.active_children()
