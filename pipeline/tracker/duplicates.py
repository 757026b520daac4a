"""Equal duties that a notice states twice: in its text and again in a table. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.tracker.source import Proposed

#: From which share of common character pairs on two texts are taken for one duty.
ALIKE = 0.85
_SHORTEST = 6
_NUMERALS = str.maketrans("零〇一二两三四五六七八九", "001223456789")


def repeated(found: Sequence[Proposed]) -> dict[int, int]:
    """Of a notice's items, by their places, those that say what an earlier one says, with that one's place.

    They must have the same numbers in the same order, and neither may name units or times that the other contradicts.
    """
    shapes = [_Shape(each) for each in found]
    same_numbers: dict[tuple[str, ...], list[int]] = defaultdict(list)
    result: dict[int, int] = {}
    for place, shape in enumerate(shapes):
        if len(shape.words) < _SHORTEST or found[place].filing != "filed":
            continue
        earlier = same_numbers[shape.numbers]
        match = next((other for other in earlier if _one_duty(shapes[other], shape)), None)
        if match is None:
            earlier.append(place)
        else:
            result[place] = match
    return result


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


class _Shape:
    """What of an item is compared."""

    def __init__(self, item: Proposed) -> None:
        fields = item.fields
        title = _plain(fields["title"] or "")
        self.words = _plain(fields["text"])
        # A title in a column of its own tells apart what is else the same; one from the text's own words doesn't.
        self.title = "" if title in self.words else title
        self.numbers = tuple(re.findall(r"\d+", (self.title + self.words).translate(_NUMERALS)))
        self.pairs = {self.words[i : i + 2] for i in range(len(self.words) - 1)}
        self.row = (fields["table"], fields["title"])
        self.parties, self.due = fields["parties"], (fields["due"], fields["rrule"])


def _one_duty(one: _Shape, other: _Shape) -> bool:
    if one.parties != other.parties and "[]" not in (one.parties, other.parties):
        return False
    if one.due != other.due and (None, None) not in (one.due, other.due):
        return False
    if one.row[0] and one.row[0] == other.row[0] and one.row[1] != other.row[1]:
        # Rows with titles of their own under one merged cell (报纸, 杂志) are two.
        return False
    if one.title and other.title and one.title != other.title:
        return False
    if one.words == other.words:
        return True
    small, large = sorted((len(one.pairs), len(other.pairs)))
    if not large or small / large < ALIKE:
        return False
    return len(one.pairs & other.pairs) / len(one.pairs | other.pairs) >= ALIKE
