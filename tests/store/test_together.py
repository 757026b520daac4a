"""Several processes at one store: each notice once, no error, no change missed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SAVER = """
import json, sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from extractors import extract
from pipeline.store import Arrival, open_store

url, *paths = sys.argv[1:]
read = [(Path(path), extract(path)) for path in paths]
print("ready", flush=True)
sys.stdin.readline()
told = []
with open_store(url) as store:
    for path, records in read:
        data = path.read_bytes()
        arrival = Arrival(path.name, path.suffix[1:], sha256(data).hexdigest(), len(data))
        told += [saved.outcome for saved in store.save(records, arrival, by=path.name, at=datetime.now(UTC))]
print(json.dumps(told))
"""


def together(root, *arguments: list[str]) -> list[list[str]]:
    """Starts a process for each list of arguments, lets them go at once, and gives what each told."""
    started = [
        subprocess.Popen([sys.executable, "-c", SAVER, *each], cwd=root, stdin=-1, stdout=-1, stderr=-1, text=True)
        for each in arguments
    ]
    for each in started:
        assert each.stdout.readline() == "ready\n", each.stderr.read()
    for each in started:
        each.stdin.write("go\n")
        each.stdin.flush()
    results = [each.communicate(timeout=60) for each in started]
    assert [each.returncode for each in started] == [0] * len(started), results
    return [json.loads(output.splitlines()[-1]) for output, _ in results]


@pytest.mark.parametrize("same", [True, False], ids=["same-file", "two-formats"])
def test_one_notice_from_two_processes(empty_url, root, sample, same):
    """The store doesn't exist yet: both want to make it, too."""
    from pipeline.store import open_store

    names = ["xuzhou-renewal-projects", "haining-river-volunteers", "wuxi-office-targets", "rugao-water-plans"]
    first = [str(sample(f"{name}.docx")) for name in names]
    second = first if same else [str(sample(f"{name}.txt")) for name in names]
    told = together(root, [empty_url, *first], [empty_url, *second])
    with open_store(empty_url) as store:
        assert len(store.notices()) == 4 and all(row.version == 1 for row in store.notices())
        assert len(store.sources()) == (4 if same else 8)
        changes = store.changes(0)
    outcomes = sorted(told[0] + told[1])
    assert outcomes == ["duplicate" if same else "another_format"] * 4 + ["new"] * 4
    assert [change.seq for change in changes] == list(range(1, len(changes) + 1)) or not empty_url.startswith("sqlite")
    assert len(changes) == (4 if same else 8)
