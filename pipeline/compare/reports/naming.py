"""How a report names parties, topics and measures, in its language, and how parties stand under their provinces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from pipeline.compare.told import in_language, joined
from pipeline.compare.types import Comparison, Party


class Names:
    """Names of a comparison in a language; English adds a code to what has only a Chinese name."""

    def __init__(self, found: Comparison, lang: str) -> None:
        self._lang = lang
        self._parties = {party.key: party for party in found.parties}
        self._topics = {topic.code: topic.name for topic in found.topics}
        self._order = {topic.code: place for place, topic in enumerate(found.topics)}
        self._measures = {quota.measure: quota.name for quota in found.quotas.values()}

    def party(self, key: str) -> str:
        """A notice's label."""
        return self._parties[key].label

    def topic(self, code: str) -> str:
        """A topic's name."""
        return self._with_code(self._topics.get(code, code), code)

    def topics(self, codes: Sequence[str]) -> str:
        """Topics in a row."""
        return self.row(map(self.topic, codes))

    def row(self, texts: Iterable[str]) -> str:
        """Texts in a row."""
        return in_language(joined(texts), self._lang)

    def topic_order(self, code: str) -> int:
        """A topic's place in the taxonomy; those that aren't of it come last."""
        return self._order.get(code, len(self._order))

    def measure(self, code: str) -> str:
        """A measure's name."""
        return self._with_code(self._measures.get(code, code), code)

    def told(self, text: str) -> str:
        """What the analysis says."""
        return in_language(text, self._lang)

    def _with_code(self, name: str, code: str) -> str:
        return f"{name} ({code})" if self._lang == "en" and code.isascii() and code and code != name else name


def place_of(party: Party, w: Mapping[str, str]) -> str:
    """What a notice stands under: its province and, for a county, its prefecture."""
    if party.level == "national":
        return w["national"]
    if not party.provinces:
        return w["no_region"]
    return "　".join(party.provinces[:2]) if len(party.provinces) > 2 else party.provinces[0]


def place_heads(parties: Sequence[Party], w: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Heads over a column of each notice, behind an empty one: places with how many notices stand under each."""
    return (("", 1), *((name, len(list(group))) for name, group in groupby(place_of(one, w) for one in parties)))


def place_groups(parties: Sequence[Party], w: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    """Headings over rows of a notice each: the first row's place, and the heading."""
    places = [place_of(one, w) for one in parties]
    return tuple((n, name) for n, name in enumerate(places) if n == 0 or places[n - 1] != name)
