"""The taxonomy: topics with their words, read from the packaged table and from a user's own."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from schemas.errors import SourceError

_COLUMNS = ("code", "name", "parent", "words", "negative", "examples")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
#: The weight of a word that is given without one.
_WEIGHT = 3.0
_HEAVIEST = 10.0


@dataclass(frozen=True)
class Topic:
    """A topic. ``words`` and their weights speak for it; inside a phrase of ``negative`` they don't."""

    code: str
    name: str
    parent: str | None
    words: tuple[tuple[str, float], ...]
    negative: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    """Topics by their code, in the table's order; ``digest`` changes with any of them."""

    topics: Mapping[str, Topic]

    @cached_property
    def digest(self) -> str:
        """Equal for equal tables: what a store compares to see whether its labels are out of date."""
        return hashlib.sha256(repr(list(self.topics.values())).encode()).hexdigest()[:12]

    @cached_property
    def index(self) -> Mapping[str, tuple[tuple[str, tuple[tuple[str, float], ...]], ...]]:
        """By first character: every word, the longest first, with the topics and weights that it speaks for.

        A negative phrase stands here as a word with weight 0: it takes the place of the words inside it.
        """
        words: dict[str, dict[str, float]] = {}
        for topic in self.topics.values():
            for word, weight in topic.words:
                words.setdefault(word, {})[topic.code] = weight
            for phrase in topic.negative:
                words.setdefault(phrase, {}).setdefault(topic.code, 0.0)
        by_head: dict[str, list[tuple[str, tuple[tuple[str, float], ...]]]] = {}
        for word, weights in words.items():
            by_head.setdefault(word[0], []).append((word, tuple(weights.items())))
        return {head: tuple(sorted(found, key=lambda one: (-len(one[0]), one[0]))) for head, found in by_head.items()}

    def name(self, code: str) -> str:
        """A topic's Chinese name; a code that is not known stands for itself."""
        return self.topics[code].name if code in self.topics else code

    def parent(self, code: str) -> str | None:
        """The code of the level above."""
        return self.topics[code].parent if code in self.topics else None

    def order(self, code: str) -> int:
        """A topic's place in the table; unknown ones are last."""
        return self._places.get(code, len(self._places))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.topics)}


@cache
def packaged() -> Taxonomy:
    """The taxonomy that comes with duban."""
    text = (files(__package__) / "taxonomy.csv").read_text(encoding="utf-8")
    return _taxonomy({}, _rows(text, "taxonomy.csv"), "taxonomy.csv")


def read_topics(path: Path | None = None) -> Taxonomy:
    """The packaged taxonomy, with a user's table over it: a known code is replaced, a new one added.

    A row of a known code without words takes the topic out.

    Args:
        path: a CSV in UTF-8 or GB18030, as Excel and WPS save it; None: the packaged taxonomy alone.

    Raises:
        SourceError: the file can't be read, a column is missing, or a row can't be used; the row is named.
    """
    if path is None:
        return packaged()
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"主题表打不开（{error.strerror or error}）"
        raise SourceError("topics.unreadable", reason, file=str(path), remedy="请检查路径和权限") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return _taxonomy(packaged().topics, _rows(text, str(path)), str(path))


def _rows(text: str, file: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text))
    heads = {name.strip() for name in rows.fieldnames or () if name}
    if not {"code", "name", "words"} <= heads:
        message = f"主题表的表头应是 {'、'.join(_COLUMNS)}"
        raise SourceError("topics.columns", message, file=file, remedy="请补上表头（code、name、words 必须有）")
    return [{key.strip(): (value or "").strip() for key, value in row.items() if isinstance(key, str)} for row in rows]


def _taxonomy(base: Mapping[str, Topic], rows: Iterable[dict[str, str]], file: str) -> Taxonomy:
    topics = dict(base)
    places: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        if not any(row.values()):
            continue
        topic = _topic(row, file, f"第{number}行")
        if topic.code in places:
            message = f"code {topic.code} 重复，第{places[topic.code]}行已有"
            raise SourceError("topics.row", message, file=file, place=f"第{number}行", remedy="请删去一行")
        places[topic.code] = number
        if topic.code in base and not topic.words and topic.parent:
            del topics[topic.code]
        else:
            topics[topic.code] = topic
    for code, number in places.items():
        _check_parent(topics, code, file, f"第{number}行")
    return Taxonomy(topics)


def _check_parent(topics: Mapping[str, Topic], code: str, file: str, place: str) -> None:
    parent = topics[code].parent if code in topics else None
    if parent is None:
        return
    if parent not in topics:
        message = f"parent {parent} 不是主题表中的 code"
        raise SourceError("topics.row", message, file=file, place=place, remedy="请先写上级主题，或留空")
    if topics[parent].parent is not None:
        message = f"主题只有两级，{parent} 已是第二级"
        raise SourceError("topics.row", message, file=file, place=place, remedy="请改挂到第一级主题下")


def _topic(row: Mapping[str, str], file: str, place: str) -> Topic:
    code, name = row.get("code", ""), row.get("name", "")
    if not _CODE.fullmatch(code) or not name:
        message = "code 应由小写英文字母、数字和下划线组成，name 要填"
        raise SourceError("topics.row", message, file=file, place=place, remedy="请改正这一行")
    return Topic(
        code,
        name,
        row.get("parent") or None,
        tuple(_word(entry, file, place) for entry in row.get("words", "").split()),
        tuple(row.get("negative", "").split()),
        tuple(part.strip() for part in row.get("examples", "").split("|") if part.strip()),
    )


def _word(entry: str, file: str, place: str) -> tuple[str, float]:
    word, mark, weight = entry.replace("：", ":").rpartition(":")
    if not mark:
        return entry, _WEIGHT
    try:
        value = float(weight)
    except ValueError:
        value = -1.0
    if not word or not 0 < value <= _HEAVIEST:
        message = f"“{entry}”的权重应是大于 0、不大于 {_HEAVIEST:g} 的数，写作 垃圾分类:5"
        raise SourceError("topics.row", message, file=file, place=place, remedy="请改正权重，或只写词语")
    return word, value
