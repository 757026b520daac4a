"""Which topics a task has: the weights of the words found in it, its title and its headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.topics.taxonomy import Taxonomy

if TYPE_CHECKING:
    from schemas.record import NoticeRecord, Task

#: A topic is given from this score on, and only if it has this share of the best topic's score.
ENOUGH, SHARE = 3.0, 0.5
#: Where no topic has enough, the best one is given from here on.
LEAST = 2.0
MOST = 3
#: What words count in a task's own title, in the headings above it, and in its plan's title.
TITLE, HEADING, PLAN = 1.5, 0.6, 0.3
#: A word counts so often at most: three mentions are not three times the evidence.
_REPEATS = 2


@dataclass(frozen=True)
class Found:
    """A word that speaks for a topic: what it weighs, in all its places, and where it stands (text, title, …)."""

    topic: str
    word: str
    weight: float
    place: str


def label(record: NoticeRecord, taxonomy: Taxonomy) -> NoticeRecord:
    """A record whose tasks have their topics; the given one stays as it is.

    Topics are codes of the taxonomy, the likeliest first. The same record and taxonomy give the same topics.
    """
    titles = {plan.id: plan.title or "" for plan in record.plans}
    tasks = [
        task.model_copy(update={"topics": list(topics_of(_places(task, titles.get(task.plan, "")), taxonomy))})
        for task in record.tasks
    ]
    return record.model_copy(update={"tasks": tasks})


def explain(task: Task, taxonomy: Taxonomy, plan_title: str = "") -> list[Found]:
    """The words that spoke for a task's topics, the weightiest first; those of topics not given too."""
    found = _found(_places(task, plan_title), taxonomy)
    return sorted(found, key=lambda one: (-one.weight, one.topic, one.word))


def topics_of(places: Iterable[tuple[str, str, float]], taxonomy: Taxonomy) -> tuple[str, ...]:
    """The topics of texts, each with its place's name and what words in it count.

    A child that is given stands for its parent too, which is then left out.
    """
    scores: dict[str, float] = {}
    own: dict[str, float] = {}
    for one in _found(places, taxonomy):
        scores[one.topic] = scores.get(one.topic, 0.0) + one.weight
        if one.place in ("text", "title"):
            own[one.topic] = own.get(one.topic, 0.0) + one.weight
    ranked = sorted(scores, key=lambda code: (-scores[code], taxonomy.order(code)))
    if not ranked or scores[ranked[0]] < LEAST:
        return ()
    best = scores[ranked[0]]
    chosen = [code for code in ranked if scores[code] >= max(ENOUGH, SHARE * best) and own.get(code, 0.0) > 0]
    chosen = chosen or [ranked[0]]
    parents = {taxonomy.parent(code) for code in chosen}
    return tuple(code for code in chosen if code not in parents)[:MOST]


def _places(task: Task, plan_title: str) -> list[tuple[str, str, float]]:
    headings = [heading for heading in task.section[-2:] if heading != task.title]
    return [
        ("text", task.text, 1.0),
        ("title", task.title or "", TITLE),
        *(("section", heading, HEADING) for heading in headings),
        ("plan", plan_title, PLAN),
    ]


def _found(places: Iterable[tuple[str, str, float]], taxonomy: Taxonomy) -> list[Found]:
    found = []
    for place, text, factor in places:
        counts: dict[tuple[str, str], tuple[int, float]] = {}
        for word, weights in _words(text, taxonomy):
            for topic, weight in weights:
                times = counts.get((topic, word), (0, 0.0))[0] + 1
                counts[topic, word] = (times, weight)
        for (topic, word), (times, weight) in counts.items():
            # The second mention adds half a first one's weight.
            amount = weight * factor * (1 + 0.5 * (min(times, _REPEATS) - 1))
            if amount > 0:
                found.append(Found(topic, word, amount, place))
    return found


def _words(text: str, taxonomy: Taxonomy) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """The words in a text; for each topic, one that lies inside a longer one of the same topic doesn't count."""
    found = []
    reached: dict[str, int] = {}
    index = taxonomy.index
    for start, character in enumerate(text):
        for word, weights in index.get(character, ()):
            if text.startswith(word, start):
                end = start + len(word)
                counting = tuple(one for one in weights if reached.get(one[0], 0) < end)
                for topic, _ in counting:
                    reached[topic] = end
                if counting:
                    found.append((word, counting))
    return found
