"""How well tasks that ask for the same are found, and in which relation: ``python benchmarks/alignment.py [SHARED]``.

``tests/specs/alignment.json`` holds two samples, each pair labelled by reading both tasks. ``read`` points at tasks of
the reports in ``SHARED/notices/reports`` by how they begin; its pairs marked ``set`` are those that the thresholds were
set by, those marked ``held`` were drawn afterwards among the pairs that are found. ``written`` are duties of two city
management bureaus, written for this: some alike, others of one topic that ask for something else. ``handed`` are
items of the State Council's report with the task of a city's that takes each up, or none.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from pipeline.compare.types import Pair, TaskView
    from schemas.record import NoticeRecord

SPECS = ROOT / "tests" / "specs" / "alignment.json"
LABELS = ("same", "wider", "narrower", "overlapping", "none")
#: Of these labels a pair should be found; what overlaps in part may be.
ASKED = ("same", "wider", "narrower")
_PLAN = """{city}城市管理局关于印发《2023年城市管理工作计划》的通知

各科室：
现印发给你们，请认真贯彻执行。

{city}城市管理局
2023年2月10日

2023年城市管理工作计划

一、重点工作
{items}
"""
_NUMERALS = "一二三四五六七八九十"

#: Label and finding of each pair.
Told = list[tuple[str, str]]


def read_reports(shared: Path) -> list[NoticeRecord]:
    """The reports that ``read`` points at."""
    from extractors import extract

    return [record for path in sorted((shared / "notices" / "reports").glob("*.docx")) for record in extract(path)]


def read_pairs(records: Sequence[NoticeRecord]) -> dict[str, Told]:
    """Labels and findings of the pairs of reports, by ``set`` and ``held``."""
    cities = {record.notice.id: Path(record.notice.sources[0].name).stem for record in records}
    tasks, pairs = _found(records)
    named = {(cities[notice], task.text.strip()[:12]): task.key for notice, task in tasks}
    told: dict[str, Told] = {"set": [], "held": []}
    for left, begins, right, begins_too, label, which in json.loads(SPECS.read_text(encoding="utf-8"))["read"]:
        relation = _relation(named.get((left, begins)), named.get((right, begins_too)), pairs)
        told[which].append((label, relation))
    return told


def written_pairs(folder: Path) -> Told:
    """Labels and findings of the pairs that were written; ``folder`` takes the two notices."""
    from extractors import extract

    specs = json.loads(SPECS.read_text(encoding="utf-8"))["written"]
    records: list[NoticeRecord] = []
    for place, city in ((0, "如皋市"), (2, "海宁市")):
        items = "\n".join(f"（{_numeral(n)}）{row[place]}。{row[place + 1]}。" for n, row in enumerate(specs, 1))
        path = folder / f"{city}.txt"
        path.write_text(_PLAN.format(city=city, items=items), encoding="utf-8")
        records += extract(path)
    tasks, pairs = _found(records)
    named = {task.title: task.key for _, task in tasks}
    return [(row[4], _relation(named.get(row[0]), named.get(row[2]), pairs)) for row in specs]


def handed_down(records: Sequence[NoticeRecord]) -> tuple[float, float]:
    """Precision and recall of ``handed``: an item is right where its labelled task is among those that are found."""
    from pipeline.compare.upper import hand_down

    spec = json.loads(SPECS.read_text(encoding="utf-8"))["handed"]
    sides = {Path(record.notice.sources[0].name).stem: record for record in records}
    found = hand_down([sides[spec["upper"]]], [sides[spec["lower"]]])
    items = {found.tasks[item.upper].text.strip()[:12]: item for item in found.items}
    said = right = 0
    labelled = [(items[begins], label) for begins, label in spec["items"] if begins in items]
    for item, label in labelled:
        said += bool(item.lower)
        right += label in [found.tasks[key].text.strip()[:12] for key in item.lower]
    return right / max(1, said), right / max(1, sum(label is not None for _, label in labelled))


def precision_recall(told: Iterable[tuple[str, str]]) -> tuple[float, float, float]:
    """How many found pairs are labelled alike, how many of ``ASKED`` are found, how many relations agree."""
    told = list(told)
    found = [label for label, relation in told if relation in LABELS[:4]]
    asked = [relation for label, relation in told if label in ASKED]
    agreed = [label == relation for label, relation in told if label != "none" and relation in LABELS[:4]]
    return (
        sum(label != "none" for label in found) / max(1, len(found)),
        sum(relation in LABELS[:4] for relation in asked) / max(1, len(asked)),
        sum(agreed) / max(1, len(agreed)),
    )


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _NUMERALS[tens - 1]) + ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")


def _found(records: Sequence[NoticeRecord]) -> tuple[list[tuple[str, TaskView]], Mapping[frozenset[str], Pair]]:
    from pipeline.compare.analysis import compare

    found = compare(records)
    notices = {party.key: party.notice_id for party in found.parties}
    tasks = [(notices[task.party], task) for task in found.tasks.values()]
    return tasks, {frozenset((pair.left, pair.right)): pair for pair in found.pairs}


def _relation(left: str | None, right: str | None, pairs: Mapping[frozenset[str], Pair]) -> str:
    """The relation of a pair from the left task; ``none`` where they aren't paired, ``gone`` where one isn't there."""
    from pipeline.compare.likeness import turned

    if left is None or right is None:
        return "gone"
    pair = pairs.get(frozenset((left, right)))
    if pair is None:
        return "none"
    return pair.relation if pair.left == left else turned(pair).relation


def main(arguments: list[str]) -> int:
    """Prints precision, recall and agreement of each sample."""
    import tempfile

    shared = Path(arguments[0]) if arguments else ROOT.parent / "shared"
    samples: dict[str, Told] = {}
    with tempfile.TemporaryDirectory() as folder:
        samples["written"] = written_pairs(Path(folder))
    if (shared / "notices" / "reports").is_dir():
        records = read_reports(shared)
        samples |= read_pairs(records)
        precision, recall = handed_down(records)
        print(f"handed down: precision {precision:.2f}, recall {recall:.2f}")
    for name, told in samples.items():
        precision, recall, agreed = precision_recall(told)
        print(f"{name}: {len(told)} pairs, precision {precision:.2f}, recall {recall:.2f}, relation {agreed:.2f}")
        for (label, relation), count in sorted(Counter(told).items()):
            print(f"  {label:12} found as {relation:12} {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
