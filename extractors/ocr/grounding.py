"""How sure recognised words are, brought from characters to values: boxes and scores of spans, doubtful lines told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any, TypeVar

from pydantic import BaseModel

from extractors.readers.pdf_page import Seen, hull, rounded
from schemas.document import Document, Letters, Span, Warning
from schemas.record import NoticeRecord

#: A character less sure than this is named for comparing with the original.
SURE = 0.6
#: Of a line so many characters are quoted, around the doubtful one.
_AROUND = 12
#: So many doubtful places of a document are named one by one.
_MOST = 60

Key = tuple[int, int | None, int | None]
Record = TypeVar("Record", bound=BaseModel)


def letters_of(
    block: int, text: str, seen: Sequence[Seen], row: int | None = None, column: int | None = None
) -> Letters:  # fmt: skip
    """The characters of a text, one for each that is not white space, from those of its lines."""
    wanted = [letter for letter in text if not letter.isspace()]
    if len(wanted) != len(seen):
        seen = _aligned(wanted, seen)
    return Letters(
        block=block, row=row, column=column, pages=[each.page for each in seen],
        boxes=[rounded(each.box) for each in seen], scores=[round(each.score, 3) for each in seen],
    )  # fmt: skip


def _aligned(wanted: Sequence[str], seen: Sequence[Seen]) -> list[Seen]:
    """Where joining lines changed the text (a hyphen gone): each character with its own, or its neighbour's, place."""
    made: list[Seen | None] = [None] * len(wanted)
    matcher = SequenceMatcher(None, wanted, [each.text for each in seen], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        made[a : a + size] = seen[b : b + size]
    last = seen[0]
    for i, each in enumerate(made):
        last = made[i] = each or last
    return [each for each in made if each is not None]


class _Places:
    """Where the words of a document's spans stand in its pictures."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.letters = {(each.block, each.row, each.column): each for each in document.letters}
        self.tables = {table.block: table for table in document.tables}
        self.counts: dict[Key, list[int]] = {}

    def text(self, key: Key) -> str:
        block, row, column = key
        if row is None or column is None:
            return self.document.blocks[block].text or ""
        return self.tables[block].cells[row][column]

    def find(self, span: Span) -> Span:
        """A span with page, box and score; as it is where its words are not from a picture."""
        key = self._key(span)
        letters = self.letters.get(key)
        if letters is None or span.ocr is not None:
            return span
        if key not in self.counts:
            self.counts[key] = list(accumulate((not letter.isspace() for letter in self.text(key)), initial=0))
        first, last = (self.counts[key][min(at, len(self.counts[key]) - 1)] for at in (span.start, span.end))
        if first >= last:
            return span
        page = letters.pages[first]
        boxes = [
            box for box, at in zip(letters.boxes[first:last], letters.pages[first:last], strict=True) if at == page
        ]
        scores = [
            score for score, letter in zip(letters.scores[first:last], self._letters(key)[first:last], strict=True)
            if letter.isalnum()
        ] or letters.scores[first:last]  # fmt: skip
        return span.model_copy(update={"page": page, "bbox": rounded(hull(boxes)), "ocr": round(min(scores), 2)})

    def _letters(self, key: Key) -> str:
        return "".join(self.text(key).split())

    def _key(self, span: Span) -> Key:
        key = (span.block, span.row, span.column)
        if key in self.letters or span.row is None or span.column is None or span.block not in self.tables:
            return key
        for top, left, high, wide in self.tables[span.block].merges:
            if top <= span.row < top + high and left <= span.column < left + wide:
                return span.block, top, left
        return key


def ground(record: NoticeRecord, document: Document) -> NoticeRecord:
    """A record whose spans tell page, box and score of words from pictures, and whose values are no surer than these.

    A value's confidence is its rule's times the score of its most doubtful character; a task's that of its words on
    the whole.
    """
    if not document.letters:
        return record
    places = _Places(document)
    found: NoticeRecord = _placed(record, places)
    tasks = []
    for task in found.tasks:
        owners = [_doubted(owner) for owner in task.owners]
        times = [_doubted(time) for time in task.times]
        sure = round(task.confidence * _mean(places, task.spans), 3)
        tasks.append(task.model_copy(update={"owners": owners, "times": times, "confidence": sure}))
    quotas = [_doubted(quota) for quota in found.quotas]
    return found.model_copy(update={"tasks": tasks, "quotas": quotas})


def _doubted(value: Record) -> Record:
    """An owner, time or quota no surer than its words."""
    span: Span = value.span  # type: ignore[attr-defined]
    if span.ocr is None:
        return value
    return value.model_copy(update={"confidence": round(value.confidence * span.ocr, 3)})  # type: ignore[attr-defined]


def _mean(places: _Places, spans: Sequence[Span]) -> float:
    """The mean score of the characters of some spans; 1 where they are not from a picture."""
    scores: list[float] = []
    for span in spans:
        letters = places.letters.get(places._key(span))
        if letters is not None:
            text = places.text(places._key(span))
            first = sum(not letter.isspace() for letter in text[: span.start])
            last = first + sum(not letter.isspace() for letter in text[span.start : span.end])
            scores += letters.scores[first:last]
    return sum(scores) / len(scores) if scores else 1.0


def _placed(value: Any, places: _Places) -> Any:
    """A copy of a record's part in which every span tells where it stands."""
    if isinstance(value, Span):
        return places.find(value)
    if isinstance(value, BaseModel):
        changed = {}
        for name in type(value).model_fields:
            old = getattr(value, name)
            new = _placed(old, places)
            if new is not old:
                changed[name] = new
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, list) and value and isinstance(value[0], BaseModel):
        made = [_placed(each, places) for each in value]
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    if isinstance(value, dict):
        return {key: _placed(each, places) for key, each in value.items()}
    return value


def doubted(document: Document) -> Document:
    """A document with a warning for each line of recognised text that holds a doubtful character."""
    places = _Places(document)
    found = list(_doubts(places))
    warnings = [_warning(places, *each) for each in found[:_MOST]]
    if len(found) > _MOST:
        message = f"还有{len(found) - _MOST}处识别把握不大，未逐一列出；原件可能不清晰，请全文核对或重新扫描"
        warnings.append(Warning(code="ocr.doubtful", message=message))
    return document.model_copy(update={"warnings": [*document.warnings, *warnings]})


def _doubts(places: _Places) -> Iterator[tuple[Key, int, int]]:
    """Runs of doubtful letters and figures near each other: the text's key, the first and the last character."""
    for key, letters in places.letters.items():
        if places.document.blocks[key[0]].type == "slip":  # written by hand mostly, and no part of the notice
            continue
        text = places._letters(key)
        weak = [i for i, score in enumerate(letters.scores) if score < SURE and text[i : i + 1].isalnum()]
        runs: list[list[int]] = []
        for at in weak:
            if runs and at - runs[-1][1] <= _AROUND:
                runs[-1][1] = at
            else:
                runs.append([at, at])
        for first, last in runs:
            yield key, first, last


def _warning(places: _Places, key: Key, first: int, last: int) -> Warning:
    letters = places.letters[key]
    text = places.text(key)
    solid = [i for i, letter in enumerate(text) if not letter.isspace()]
    begin, end = solid[max(0, first - _AROUND)], solid[min(len(solid) - 1, last + _AROUND)] + 1
    span = places.find(Span(block=key[0], row=key[1], column=key[2], start=solid[first], end=solid[last] + 1))
    quoted = (
        text[begin : solid[first]] + "【" + text[solid[first] : solid[last] + 1] + "】" + text[solid[last] + 1 : end]
    )
    sure = round(100 * min(letters.scores[first : last + 1]))
    message = f"第{letters.pages[first]}页“{' '.join(quoted.split())}”识别把握不大（{sure}%）；请对照原件核对括出的字"
    return Warning(code="ocr.doubtful", message=message, span=span)
