"""Tasks of different notices that ask for the same: TF-IDF likeness of their words, shared measures and topics.

Candidates come from an inverted index over each task's weightiest words, and a word that very many tasks have finds
none: so the work grows with the number of tasks, not with its square.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.compare.types import Pair, QuotaView, Relation, TaskView

#: A pair is given from this likeness on; less is enough where both count the same thing.
LIKE, LIKE_COUNTED = 0.32, 0.18
#: Long tasks that are alike have a lower likeness: this one is enough where so many words are common.
LIKE_LONG, MANY = 0.26, 10
#: Between two sides, where few tasks can be meant, this is enough with so many common words; without a topic, more.
LIKE_SIDES, SOME, LIKE_OFF_TOPIC = 0.20, 8, 0.28
#: Two words alone say no more than the topic does.
FEW = 3
#: Tasks so much alike need no topic in common.
ALIKE = 0.6
#: Two tasks ask for the same where each has this part of the other's weight.
SAME = 0.36
#: One is wider where it has this part of the other's weight, and the other so many times less of its own.
COVERED, BROADER = 0.4, 1.9
#: So many of a task's weightiest words look for candidates, among at most so many tasks that have the word.
SEEDS, CROWD = 16, 120
#: Words that every notice is made of.
_STOP = frozenset([
    "工作", "要求", "加强", "推进", "开展", "进一步", "组织", "落实", "做好", "建设", "提高", "提升", "积极", "推动",
    "完善", "强化", "深入", "全面", "有效", "相关", "单位", "部门", "管理", "实施", "确保", "实现", "以及", "通过",
    "进行", "建立", "健全", "促进", "情况", "活动", "认真", "切实", "不断", "及时", "全市", "完成", "重点", "继续",
    "任务", "各位", "代表",
])  # fmt: skip
_WORD = re.compile(r"[一-龥A-Za-z]{2,}")


@dataclass(frozen=True)
class Vector:
    """A task's words with their weights, of length 1."""

    weights: Mapping[str, float]
    seeds: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """A text's words that say something: two characters and more, no stop words, no numbers."""
    from extractors.nlp import segment

    return [word.text for word in segment(text) if _WORD.fullmatch(word.text) and word.text not in _STOP]


def vectors(tasks: Sequence[TaskView]) -> dict[str, Vector]:
    """TF-IDF vectors by the tasks' keys; a title counts twice."""
    counts = {task.key: Counter(words_of(task.text)) + _twice(task.title) for task in tasks}
    spread: Counter[str] = Counter()
    for found in counts.values():
        spread.update(found.keys())
    total = len(tasks)
    made = {}
    for key, found in counts.items():
        weights = {w: (1 + math.log(n)) * math.log((total + 1) / (spread[w] + 0.5)) for w, n in found.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        weights = {word: weight / length for word, weight in weights.items() if weight > 0}
        rare = [word for word in weights if 1 < spread[word] <= CROWD]
        seeds = sorted(rare, key=lambda word: (-weights[word], word))[:SEEDS]
        made[key] = Vector(weights, tuple(seeds))
    return made


def _twice(title: str | None) -> Counter[str]:
    return Counter({word: 2 * n for word, n in Counter(words_of(title or "")).items()})


def cosine(left: Vector, right: Vector) -> float:
    """Cosine of two vectors of length 1."""
    small, large = sorted((left.weights, right.weights), key=len)
    return sum(weight * large[word] for word, weight in small.items() if word in large)


def pairs_of(
    tasks: Sequence[TaskView], quotas: Mapping[str, QuotaView], between: Iterable[tuple[str, str]] | None = None,
    *, sides: bool = False,
) -> list[Pair]:  # fmt: skip
    """Pairs of tasks of different notices that ask for the same, the likeliest first.

    A task has at most one counterpart in each other notice, and a pair is kept where it is the best for one of both.

    Args:
        tasks: those to be compared; ``quotas`` theirs by key.
        between: the pairs of parties to look at; None: all.
        sides: one side hands down to the other, so that less likeness is enough.
    """
    allowed = None if between is None else {frozenset(pair) for pair in between}
    by_key = {task.key: task for task in tasks}
    made = vectors(tasks)
    counted = {task.key: measures_of(task, quotas) for task in tasks}
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for left, right in _candidates(tasks, made, counted):
        one, other = by_key[left], by_key[right]
        if allowed is not None and frozenset((one.party, other.party)) not in allowed:
            continue
        likeness = cosine(made[left], made[right])
        shared = counted[left] & counted[right]
        topical = bool(set(one.topics) & set(other.topics))
        if not _paired(made[left], made[right], likeness, bool(shared), topical, sides):
            continue
        score = likeness + (0.15 if shared else 0.0) + (0.05 if topical else 0.0)
        for mine, its, party in ((left, right, other.party), (right, left, one.party)):
            held = best.get((mine, party))
            if held is None or (score, held[1]) > (held[0], its):
                best[mine, party] = (score, its)
    chosen = {tuple(sorted((mine, its), key=_order)) for (mine, _), (_, its) in best.items()}
    pairs = [_pair(by_key[a], by_key[b], made, counted, quotas) for a, b in chosen]
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.left, pair.right))


def _paired(left: Vector, right: Vector, likeness: float, counted: bool, topical: bool, sides: bool) -> bool:
    """Whether two tasks are alike enough: less is needed where they count the same, or have many words in common."""
    common = sum(word in right.weights for word in left.weights)
    if sides and common >= SOME and likeness >= (LIKE_SIDES if topical else LIKE_OFF_TOPIC):
        return True
    if not (topical or counted or likeness >= ALIKE):
        return False
    if likeness >= (LIKE_COUNTED if counted else LIKE):
        return counted or common >= FEW
    return likeness >= LIKE_LONG and common >= MANY


def measures_of(task: TaskView, quotas: Mapping[str, QuotaView]) -> frozenset[str]:
    """What a task counts."""
    found = (quotas[key] for key in task.quotas)
    return frozenset(quota.measure for quota in found if quota.measure and quota.nature in ("target", "limit"))


def _order(key: str) -> tuple[int, str]:
    party, _, rest = key.partition("/")
    return int(party[1:]), rest


def _candidates(
    tasks: Sequence[TaskView], made: Mapping[str, Vector], counted: Mapping[str, frozenset[str]]
) -> Iterable[tuple[str, str]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for place, task in enumerate(tasks):
        for word in made[task.key].seeds:
            postings[word].append(place)
        for measure in counted[task.key]:
            postings[f"#{measure}"].append(place)
    for place, task in enumerate(tasks):
        shared: Counter[int] = Counter()
        for word in made[task.key].seeds:
            shared.update(postings[word])
        for measure in counted[task.key]:
            if len(postings[f"#{measure}"]) <= CROWD:
                shared.update({other: 2 for other in postings[f"#{measure}"]})
        for other, number in shared.items():
            # One rare word in common is chance; two are a reason to look.
            if other > place and number >= 2 and tasks[other].party != task.party:
                yield task.key, tasks[other].key


def _pair(
    left: TaskView, right: TaskView, made: Mapping[str, Vector], counted: Mapping[str, frozenset[str]],
    quotas: Mapping[str, QuotaView],
) -> Pair:  # fmt: skip
    one, other = made[left.key].weights, made[right.key].weights
    common = sorted((w for w in one if w in other), key=lambda w: (-one[w] * other[w], w))
    shown = tuple(common[:12])
    shared = counted[left.key] & counted[right.key]
    return Pair(
        left.key, right.key, _relation(left, right, made), round(cosine(made[left.key], made[right.key]), 3),
        shown, tuple(sorted(shared)), tuple(topic for topic in left.topics if topic in right.topics),
        marks(left.text, common), marks(right.text, common),
    )  # fmt: skip


def _relation(left: TaskView, right: TaskView, made: Mapping[str, Vector]) -> Relation:
    """By how much of each task's weight the other has too: much of both, of one alone, or a part of each."""
    one, other = made[left.key].weights, made[right.key].weights
    covered = sum(weight * weight for word, weight in one.items() if word in other)
    covering = sum(weight * weight for word, weight in other.items() if word in one)
    if min(covered, covering) >= ALIKE:
        return "same"
    if covering >= COVERED and covering >= BROADER * covered:
        return "wider"
    if covered >= COVERED and covered >= BROADER * covering:
        return "narrower"
    return "same" if min(covered, covering) >= SAME else "overlapping"


_TURNED: Mapping[Relation, Relation] = {
    "wider": "narrower", "narrower": "wider", "same": "same", "overlapping": "overlapping",
}  # fmt: skip


def turned(pair: Pair) -> Pair:
    """A pair seen from the other side."""
    return replace(
        pair, left=pair.right, right=pair.left, relation=_TURNED[pair.relation], left_marks=pair.right_marks,
        right_marks=pair.left_marks,
    )  # fmt: skip


def marks(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where words stand in a text, overlapping ones joined."""
    found = []
    for word in words:
        place = text.find(word)
        while place >= 0:
            found.append((place, place + len(word)))
            place = text.find(word, place + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
