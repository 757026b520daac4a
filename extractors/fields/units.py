"""Recognising names of units, bodies and people among a text's words: where one begins, ends, and what it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from extractors.lexicons import load_list, load_rules
from extractors.nlp import Word as Word
from extractors.nlp import segment
from schemas.labels import OwnerType

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: What stands for blanked-out words, and for a wide gap: a clause may begin behind the second.
MASK, GAP = "\ue000", "\ue001"
BRACKETED, LEVELS, QUOTED = "BR", "LV", "QU"
#: 村“两委” and “一把手” name somebody in spite of their marks.
_QUOTED_NAME = re.compile(r"[“\"](?:两委|一把手)[”\"]")
_QUOTED = re.compile(
    r"(?![“\"](?:两委|一把手)[”\"])"
    r"(?:《[^《》\n]{0,80}》|“[^“”\n]{0,60}”|「[^」\n]{0,60}」|\"[^\"\n]{0,60}\"|‘[^’\n]{0,60}’)"
)
#: Wide gaps stand between a heading and its text where a line was lost.
_GAP = re.compile(r"[ \u3000]{2,}")
#: A牵头、B配合: the mark parts clauses, not names.
_PART_ENDS = re.compile(
    r"(?<=牵头|负责|配合|协助|主办|承办|参与)、(?!责任|负责|配合|协助|参与|牵头|实施|主办|承办|协办|指导|组织)"
)
_SHORT_BRACKET = re.compile(r"[（(〈][^（）()〈〉。；：\n]{1,24}[）)〉]")
_LEVEL = (
    r"(?:自治区|直辖市|省|市|州|盟|县|区|旗|乡|镇|街道|地级市|设区市|自治州|自治县|开发区)"
    r"(?:[（(][^（）()]{1,14}[）)])?"
)
#: 各市、县（市、区）人民政府 is one name, and so are 县（市、区） and 各市、区.
LEVEL_NAMES = re.compile(
    rf"各?{_LEVEL}(?:[、和及]各?{_LEVEL})+[两二三四]级(?=[^，。；、]{{1,12}}(?:部门|单位|机关|长|局|委|政府|组织|党委))"
    rf"|各?(?:设区的?)?{_LEVEL}(?:[、和及]各?{_LEVEL})+(?:人民政府|政府|党委政府|党委|党委和政府)"
    r"|各?(?:设区的?)?(?:乡镇|县|区|市|镇|乡|街道)"
    r"[（(](?:[市县区旗镇乡街]道?|开发区|园区|场|街道办|、|，|/)+[）)](?:[市县区旗](?![级直委]))?(?:人民政府|政府|党委)?"
    r"|各?村[（(]居[）)](?:民委员会|委会|委)?"
    rf"|各{_LEVEL}(?:[、和及]{_LEVEL})+(?=[要应须，。；]|必须|务必|结合|根据|按照|在|于)"
    r"|各(?:[委办厅局部]、){1,3}[委办厅局院]|各?(?:基层)?党[（(]总[）)]支部"
    r"|各?[区县市]?[（(][市县区]{1,2}[）)][市县区](?:人民政府|政府)?"
)
_ASIDE = re.compile(r"[（(〈](?:含|包含|包括|以下|下称|简称|下同|不含|及|和|如)")
_ROLE_ASIDE = re.compile(r"牵头|负责|配合|责任|协助|承办|主办|协办|参与|：|:")
BOUNDARY = frozenset("，。；：！？,;:!?.\n\t（）()〈〉【】[]〔〕「」《》“”\"'‘’…—" + MASK + GAP)


class Head(NamedTuple):
    """The last characters of a name and what they make it."""

    kind: str
    type: OwnerType


class Name(NamedTuple):
    """A name among words: indices of its first word and of the word behind it; ``kind`` is None without a head."""

    first: int
    last: int
    kind: str | None
    type: OwnerType


class Listed(NamedTuple):
    """Names in a row, the index of the word behind them, and whether words of a longer noun follow the last head."""

    names: list[Name]
    after: int
    trailing: tuple[Word, ...]


class Shapes(NamedTuple):
    """The word lists of ``owners.toml``."""

    dropped: re.Pattern[str]
    opening: re.Pattern[str]
    separators: frozenset[str]
    none: frozenset[str]
    none_ending: tuple[str, ...]
    nominal: frozenset[str]
    adverbs: frozenset[str]
    stops: frozenset[str]
    organisation: frozenset[str]
    acts: frozenset[str]
    generic: frozenset[str]


@lru_cache(maxsize=1)
def shapes() -> Shapes:
    """The word lists that shape names, compiled."""
    data = load_rules("owners").tables["names"]
    return Shapes(
        re.compile(data["dropped"]), re.compile(data["opening"]), frozenset(data["separators"]),
        frozenset(data["none"]), tuple(data["none_ending"]), frozenset(data["nominal"]),
        frozenset(data["adverbs"]), frozenset(data["stops"]), frozenset(data["organisation"]),
        frozenset(data["acts"]), frozenset(data["generic"]),
    )  # fmt: skip


@lru_cache(maxsize=1)
def stop_starts() -> tuple[str, ...]:
    """Verbs that no name begins with, also inside a longer word (结合实际)."""
    return tuple(word for word in shapes().stops if len(word) > 1)


@lru_cache(maxsize=1)
def _heads() -> tuple[dict[str, Head], dict[str, Head]]:
    words: dict[str, Head] = {}
    chars: dict[str, Head] = {}
    for row in load_list("unit_suffixes"):
        target = chars if row["match"] == "char" else words
        target[row["suffix"]] = Head(row["kind"], cast(OwnerType, row["type"]))
    for row in load_list("positions"):
        words[row["word"]] = Head("people", "position")
    return words, chars


def is_head(text: str) -> bool:
    """Whether a text is a head noun of the list by itself (采购人, 考生)."""
    return text in _heads()[0]


class Words:
    """A text's words for the finders: quotations blanked out, short brackets and levels of government one word each."""

    def __init__(self, text: str) -> None:
        self.text = _QUOTED.sub(lambda match: MASK * len(match[0]), text)
        self.text = _GAP.sub(lambda match: GAP * len(match[0]), self.text)
        self.text = _PART_ENDS.sub("，", self.text)
        self.items = _merge(segment(self.text), self.text)
        self.starts = [word.start for word in self.items]

    def index(self, offset: int) -> int | None:
        """Index of the word that starts at ``offset``, or None where none does."""
        at = bisect_left(self.starts, offset)
        return at if at < len(self.items) and self.starts[at] == offset else None

    def offset(self, index: int) -> int:
        """Where the word at ``index`` starts; the text's length behind the last."""
        return self.starts[index] if index < len(self.items) else len(self.text)

    def clause_end(self, index: int) -> int:
        """Index of the first boundary at or behind ``index``."""
        while index < len(self.items) and not is_boundary(self.items[index]):
            index += 1
        return index


def is_boundary(word: Word) -> bool:
    """Whether a word is a mark that no name goes across; brackets that belong to a name are words."""
    return word.text[0] in BOUNDARY and word.tag not in (BRACKETED, LEVELS, QUOTED)


def _merge(words: list[Word], text: str) -> list[Word]:
    """Words inside a level of government, or a short bracket that belongs to a name, become one."""
    areas = [(match.start(), match.end(), LEVELS) for match in LEVEL_NAMES.finditer(text)]
    areas += [(match.start(), match.end(), QUOTED) for match in _QUOTED_NAME.finditer(text)]
    for match in _SHORT_BRACKET.finditer(text):
        inside = any(start < match.end() and match.start() < end for start, end, _ in areas)
        if not inside and not _ROLE_ASIDE.search(match[0]) and MASK not in match[0]:
            areas.append((match.start(), match.end(), BRACKETED))
    if not areas:
        return words
    areas.sort()
    merged: list[Word] = []
    at = 0
    for start, end, tag in areas:
        while at < len(words) and words[at].end <= start:
            merged.append(words[at])
            at += 1
        if at < len(words) and words[at].start < start:
            merged.append(Word(text[words[at].start : start], words[at].tag, words[at].start, start))
        merged.append(Word(text[start:end], tag, start, end))
        while at < len(words) and words[at].end <= end:
            at += 1
        if at < len(words) and words[at].start < end:
            merged.append(Word(text[end : words[at].end], words[at].tag, end, words[at].end))
            at += 1
    return merged + words[at:]


def head_at(words: list[Word], first: int, last: int) -> Head | None:
    """What the words from ``first`` to ``last`` (with it) are by their ending, or None."""
    word = words[last]
    if word.tag == QUOTED:
        return Head("people", "position") if "手" in word.text else Head("unit", "collective")
    if word.tag == LEVELS:
        return Head("region", "collective")
    if word.tag == BRACKETED or is_boundary(word):
        return None
    known, chars = _heads()
    text = word.text
    at = last
    while len(text) < 8 and at > first and words[at - 1].tag != BRACKETED:
        at -= 1
        text = words[at].text + text
    whole = "".join(w.text for w in words[first : last + 1])
    if whole.endswith(shapes().none_ending):
        return None
    for length in range(min(8, len(text)), 1, -1):
        suffix = text[-length:]
        head = known.get(suffix)
        if head and (length <= len(word.text) or _at_boundary(words, first, last, length)):
            return head
    head = chars.get(word.text[-1])
    if head is None or not (len(word.text) >= 3 or (len(word.text) == 1 and last > first)):
        return _place(words, first, last)
    return _place(words, first, last) if head.kind == "region" else head


def _at_boundary(words: list[Word], first: int, last: int, length: int) -> bool:
    end = words[last].end
    return any(words[at].start == end - length for at in range(first, last))


def _place(words: list[Word], first: int, last: int) -> Head | None:
    """各市, 有关县, 福田区: a single level of government."""
    word = words[last]
    if word.text[-1] not in "省市区县州旗镇乡村":
        return None
    before = "".join(w.text for w in words[first:last])
    if re.search(r"(?:各|有关|相关|试点|所在|属地|设区|地级|重点|全市|其他|直管)$", before) or word.text[0] == "各":
        return Head("region", "collective")
    if (len(word.text) >= 3 and word.tag == "ns") or (before and words[last - 1].tag == "ns" and len(word.text) == 1):
        return Head("region", "agency")
    return None


def modifier(word: Word) -> bool:
    """Whether a word can stand in a name before its head."""
    if word.tag in (BRACKETED, LEVELS, QUOTED):
        return True
    if word.text in shapes().stops or word.text[0] in BOUNDARY or word.text[0] in "、/／":
        return False
    if word.text in shapes().nominal:
        return True
    if len(word.text) > 2 and word.text.startswith(stop_starts()):
        return False
    if len(word.text) > 1 and word.text[-1].isdigit():
        return False
    return word.tag == "vn" or word.tag[:1] in "nabjlfsrmqxizhgt" or word.text in "村县市区镇级"


def mark_names(doc: Doc) -> Doc:
    """A component of the spaCy pipeline: the names of units and people become ``doc.spans["names"]``."""
    from extractors.fields.owners_lists import names_in

    words = Words(doc.text)
    spans = [doc.char_span(start, end, label=kind, alignment_mode="expand") for start, end, kind in names_in(words)]
    doc.spans["names"] = [span for span in spans if span is not None]
    return doc
