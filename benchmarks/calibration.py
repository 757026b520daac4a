"""How often values are right, by their confidence and by the rule that found them, against gold annotation.

    python benchmarks/calibration.py ../shared            # by confidence
    python benchmarks/calibration.py ../shared --rules    # and by rule, worst first

A value counts as right when gold has an equal one in the same task. Values of tasks that gold does not have are wrong.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
from collections import defaultdict
from pathlib import Path
from types import ModuleType

from extractors import extract
from schemas.errors import DubanError
from schemas.record import NoticeRecord

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def scorer(shared: Path) -> ModuleType:
    """The scorer as a module: what it calls equal is equal here."""
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(score: ModuleType, gold: dict, record: NoticeRecord) -> list[tuple[str, float, str, bool, str]]:
    """Each exported value: field, confidence, rule, whether gold has it, and its words."""
    views = [score.bigrams(task["text"]) for task in gold["tasks"]]
    mine = [score.bigrams(task.text) for task in record.tasks]
    partner = {j: i for i, j in score.pair(views, mine, score.overlap, score.SAME_TASK)}
    quotas = {quota.id: quota for quota in record.quotas}
    rows = []
    for j, task in enumerate(record.tasks):
        other = gold["tasks"][partner[j]] if j in partner else {"owners": [], "times": [], "quotas": []}
        rows.append(("tasks", task.confidence, task.kind, j in partner, task.text[:30]))
        left = list(other["owners"])
        for owner in task.owners:
            hit = next((one for one in left if score.same_owner(one, (owner.name, owner.role))), None)
            if hit:
                left.remove(hit)
            rows.append(("owners", owner.confidence, owner.rule, hit is not None, owner.name))
        for time in task.times:
            hit = any(score.same_time(one, time.model_dump()) for one in other["times"])
            rows.append(("times", time.confidence, time.rule, hit, time.text))
        left = list(other["quotas"])
        for quota in (quotas[name] for name in task.quotas):
            hit = next((one for one in left if score.same_quota(one, quota.model_dump())), None)
            if hit:
                left.remove(hit)
            rows.append(("quotas", quota.confidence, quota.rule, hit is not None, quota.text))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--notices", type=Path, help="folder of the notices (default: SHARED/notices)")
    parser.add_argument("--gold", type=Path, help="folder of the gold (default: SHARED/eval/gold)")
    parser.add_argument("--rules", action="store_true", help="show each rule, worst first")
    arguments = parser.parse_args()
    score = scorer(arguments.shared)
    rows = []
    for path in sorted((arguments.gold or arguments.shared / "eval" / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        for ending in ("docx", "txt", "pdf"):
            source = (arguments.notices or arguments.shared / "notices") / f"{path.stem}.{ending}"
            if source.exists():
                break
        else:
            continue
        try:
            rows += judged(score, gold, extract(source)[0])
        except DubanError as error:
            print(error)
    show(rows)
    if arguments.rules:
        show_rules(rows)


def show(rows: list[tuple[str, float, str, bool, str]]) -> None:
    print(f"{'field':8} {'confidence':>12} {'values':>7} {'right':>7}")
    for field in ("tasks", "owners", "times", "quotas"):
        for low, high in itertools.pairwise(BINS):
            hits = [right for name, confidence, _, right, _ in rows if name == field and low <= confidence < high]
            if hits:
                print(f"{field:8} {low:5.2f}–{min(high, 1):.2f} {len(hits):8} {sum(hits) / len(hits):7.3f}")


def show_rules(rows: list[tuple[str, float, str, bool, str]]) -> None:
    by_rule = defaultdict(list)
    for field, confidence, rule, right, words in rows:
        by_rule[field, rule].append((confidence, right, words))
    table = sorted(by_rule.items(), key=lambda item: sum(right for _, right, _ in item[1]) / len(item[1]))
    for (field, rule), values in table:
        share = sum(right for _, right, _ in values) / len(values)
        mean = sum(confidence for confidence, _, _ in values) / len(values)
        wrong = "、".join("".join(words.split()) for _, right, words in values if not right)[:60]
        print(f"{field:7} {rule:34} {len(values):5} right {share:.3f} said {mean:.2f}  {wrong}")


if __name__ == "__main__":
    main()
