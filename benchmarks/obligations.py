"""How well paragraphs that oblige are told from those that don't, apart from everything else.

    python benchmarks/obligations.py ../shared [--gold FOLDER --notices FOLDER]

A candidate is every text that became a task or is listed as left out (prose only; rows of tables are decided by their
table's kind). Gold says which of them are tasks. Shown: precision, recall, what the rules cost and bring one by one
(the F1 with that rule left out), and the misjudged candidates.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from unittest import mock

from calibration import scorer

from extractors import lexicons
from extractors.assemble import extract_document
from extractors.fields import obligations
from extractors.readers import read
from schemas.document import Document


def documents(notices: Path, golds: Path) -> list[tuple[str, Document, dict]]:
    """The notices that have gold, each read once."""
    found = []
    for path in sorted(golds.glob("*.json")):
        for ending in ("docx", "txt", "pdf"):
            source = notices / f"{path.stem}.{ending}"
            if source.exists():
                found.append((path.stem, read(source), json.loads(path.read_text(encoding="utf-8"))))
                break
    return found


def measure(score, notices) -> tuple[int, int, int, list[str]]:
    """Hits, gold's and given prose tasks, and the misjudged, over all notices."""
    hits = wanted = given = 0
    wrong = []
    for name, document, gold in notices:
        record = extract_document(document)[0]
        cells = {"".join(cell.split()) for table in gold["tables"] for row in table["cells"] for cell in row}
        tasks = [task for task in gold["tasks"] if "".join(task["text"].split()) not in cells]
        mine = [task for task in record.tasks if task.spans[0].row is None]
        pairs = score.pair(
            [score.bigrams(task["text"]) for task in tasks],
            [score.bigrams(task.text) for task in mine],
            score.overlap,
            score.SAME_TASK,
        )
        hits, wanted, given = hits + len(pairs), wanted + len(tasks), given + len(mine)
        matched, found = {i for i, _ in pairs}, {j for _, j in pairs}
        wrong += [f"{name}: missed  {task['text'][:60]}" for i, task in enumerate(tasks) if i not in matched]
        wrong += [f"{name}: extra   {task.text[:60]}" for j, task in enumerate(mine) if j not in found]
    return hits, wanted, given, wrong


def f1(hits: int, wanted: int, given: int) -> float:
    return 2 * hits / (wanted + given) if wanted + given else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--notices", type=Path)
    parser.add_argument("--gold", type=Path)
    arguments = parser.parse_args()
    score = scorer(arguments.shared)
    notices = documents(
        arguments.notices or arguments.shared / "notices", arguments.gold or arguments.shared / "eval" / "gold"
    )
    hits, wanted, given, wrong = measure(score, notices)
    print(f"prose tasks: gold {wanted}, given {given}, hits {hits}, F1 {f1(hits, wanted, given):.3f}")
    print(*wrong, sep="\n")
    whole = lexicons.load_rules("obligations")
    print(f"\n{'without the rule':28} {'F1':>6}")
    for rule in whole.rules:
        fewer = replace(whole, rules=tuple(one for one in whole.rules if one is not rule))
        with mock.patch.object(obligations, "load_rules", lambda name, fewer=fewer: fewer):
            print(f"{rule.id:28} {f1(*measure(score, notices)[:3]):6.3f}")


if __name__ == "__main__":
    main()
