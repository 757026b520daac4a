"""What a comparison finds, as frozen types that reports and notebooks read. No analysis is done here.

A notice is a ``Party`` and is named by its ``key``; a task by ``TaskView.key``, a quota by ``QuotaView.key``. Whatever
is found points at its words by ``Words``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.document import Span
from schemas.labels import Comparator, OwnerRole, Period, QuotaKind, TaskKind

#: 省 市 县 乡, the state's, or unknown.
Level = Literal["national", "provincial", "prefectural", "county", "township", "unknown"]
#: How strongly somebody is bound: 约束性 指标, 必须, 应, 要, 预期性 指标, 鼓励, or without a word of it.
Force = Literal["binding", "must", "should", "shall", "expected", "encouraged", "plain"]
#: What a number is: a target, a service limit (受理后3日内办结), what a grant pays, a penalty or score, a past result.
Nature = Literal["target", "limit", "grant", "penalty", "result"]
#: From the left task to the right one: the left asks for the same, for more, for less, or for something in part else.
Relation = Literal["same", "wider", "narrower", "overlapping"]


@dataclass(frozen=True)
class Words:
    """Words of a notice with the sentence or cell around them.

    Attributes:
        party: the notice's key.
        text: the words, to the letter.
        span: where they stand in the record's blocks.
        around: the sentence, or the cell; ``around[start:end]`` is ``text``.
        page: where the format has pages.
    """

    party: str
    text: str
    span: Span
    around: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True)
class Party:
    """One notice that is compared.

    Attributes:
        key: ``n1``, ``n2`` …, in the order of regions.
        city: what it is named by in tables, never confusable: 宿州市（安徽）; the issuer where no region is known.
        label: ``city``, and what tells this notice from others of the same city.
        agency: the issuers' names; ``agency_kind`` the kind of the one that governs, equal over cities (城市管理局).
        provinces: names from the province down, for grouping.
        years: first and last year of its plans' work, else of its issue.
        supplied: names of the files.
        unread: how many warnings say that something was left out (``coverage.*``).
        region_inferred: no words name the region as the issuer's; the whole text speaks of it most.
    """

    key: str
    notice_id: str
    city: str
    label: str
    title: str | None
    kind: str | None
    document_number: str | None
    agency: str | None
    agency_kind: str | None
    level: Level
    region: str | None
    provinces: tuple[str, ...]
    issue_date: str | None
    years: tuple[int, int] | None
    supplied: tuple[str, ...]
    tasks: int
    quotas: int
    unread: int
    region_inferred: bool = False


@dataclass(frozen=True)
class Caution:
    """Two notices that are 不宜直接比较, and why: each reason in Chinese."""

    left: str
    right: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TaskView:
    """A task as it is compared; ``task`` is its id in the record. ``owners`` are (role, name)."""

    key: str
    party: str
    task: str
    kind: TaskKind
    title: str | None
    text: str
    section: tuple[str, ...]
    topics: tuple[str, ...]
    force: Force
    owners: tuple[tuple[OwnerRole, str], ...]
    quotas: tuple[str, ...]
    deadlines: tuple[str, ...]
    words: Words


@dataclass(frozen=True)
class QuotaView:
    """A quota as it is compared.

    Attributes:
        measure: code of what is counted (``gdp_growth``), or its own words where no code is known.
        name: the measure in Chinese.
        base: what values of one measure must share to stand beside each other: unit, period, denominator, whom it
            binds. Quotas of one measure with different bases are shown, never converted.
        value, value_max: in ``unit``, per year where ``per`` was brought to a year (``converted`` says how).
        written: (value, unit, per) as the record has them.
        binds: whom it binds, as a word for the scope (每中队, 全局); ``owners`` the names.
        denominator: 占…比重, 每万人 and the like; empty: none.
        relative: the words that stand for a number: 与经济增长同步, 高于全省平均. Then ``value`` is None.
        stretch: a further value that is striven for (力争6%以上).
        year: the year that the number is for, as far as the words or the plan tell.
    """

    key: str
    party: str
    task: str
    quota: str | None
    measure: str
    name: str
    kind: QuotaKind
    comparator: Comparator
    value: float | None
    value_max: float | None
    unit: str | None
    per: Period | None
    converted: str
    written: tuple[float | None, str | None, Period | None]
    base: str
    binds: str
    owners: tuple[str, ...]
    denominator: str
    force: Force
    nature: Nature
    year: int | None
    words: Words
    relative: str = ""
    stretch: QuotaView | None = None


@dataclass(frozen=True)
class QuotaRow:
    """A quota in its table; ``rank`` is None where it must not be ranked.

    ``why`` says so in Chinese; beside a rank, that values of another comparator are ranked with it (下限, 约数).
    """

    quota: QuotaView
    rank: int | None = None
    why: str = ""


@dataclass(frozen=True)
class QuotaTable:
    """All quotas of one measure, nature and base, with rank and spread among those that are comparable.

    Attributes:
        others: keys of tables of the same measure with another base, which are shown beside it.
        low, high, middle: of the ranked ones; None where fewer than two are.
        missing: parties without such a quota among what was supplied.
    """

    key: str
    measure: str
    name: str
    nature: Nature
    base: str
    base_name: str
    rows: tuple[QuotaRow, ...]
    low: float | None = None
    high: float | None = None
    middle: float | None = None
    missing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two tasks of different notices that ask for the same, with the evidence for it.

    Attributes:
        likeness: cosine of the two TF-IDF vectors, 0 to 1.
        common: words of both, the weightiest first.
        measures: what both count.
        topics: topics of both.
        left_marks, right_marks: where the common words stand in the tasks' texts, as (start, end).
        cautious: the two notices are 不宜直接比较.
    """

    left: str
    right: str
    relation: Relation
    likeness: float
    common: tuple[str, ...]
    measures: tuple[str, ...]
    topics: tuple[str, ...]
    left_marks: tuple[tuple[int, int], ...]
    right_marks: tuple[tuple[int, int], ...]
    cautious: bool = False


@dataclass(frozen=True)
class Group:
    """Tasks of several notices that ask for the same: what the pairs connect."""

    key: str
    name: str
    topics: tuple[str, ...]
    tasks: tuple[str, ...]
    parties: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """A stretch of a block: ``text`` is block ``block``'s (or cell's) words from ``start`` to ``end``."""

    party: str
    task: str | None
    block: int
    row: int | None
    column: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class TakenOver:
    """Text taken over nearly word for word (文本沿用).

    ``matches`` are (start in left.text, start in right.text, length) of what is equal to the letter; ``share`` is
    the equal characters' part of the longer side.
    """

    left: Passage
    right: Passage
    matches: tuple[tuple[int, int, int], ...]
    share: float
    length: int


@dataclass(frozen=True)
class Coverage:
    """How many tasks of a topic a notice has, and with what force; ``tasks`` are their keys."""

    topic: str
    party: str
    tasks: tuple[str, ...]
    forces: Mapping[Force, int]


@dataclass(frozen=True)
class Lead:
    """Who has which role in a topic in a notice, and in which tasks."""

    topic: str
    party: str
    role: OwnerRole
    name: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """A deadline, event or recurring time of a task: ``months`` are those of ``year`` in which it falls."""

    party: str
    task: str
    year: int | None
    months: tuple[int, ...]
    day: str | None
    recurring: bool
    words: Words


@dataclass(frozen=True)
class Topic:
    """A topic as tables name it; ``parent`` is None on the first level."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison found.

    Attributes:
        topics: those that occur, in the taxonomy's order.
        only: keys of tasks without a counterpart, by party: ``ONLY_HERE``.
        notes: what a reader of the results must know, in Chinese (nothing comparable, a population that is missing).
        settings: thresholds and counts of the method, for the report's last part.
    """

    parties: tuple[Party, ...]
    cautions: tuple[Caution, ...]
    topics: tuple[Topic, ...]
    tasks: Mapping[str, TaskView]
    quotas: Mapping[str, QuotaView]
    coverage: tuple[Coverage, ...]
    tables: tuple[QuotaTable, ...]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]
    only: Mapping[str, tuple[str, ...]]
    taken_over: tuple[TakenOver, ...]
    leads: tuple[Lead, ...]
    calendar: tuple[Due, ...]
    notes: tuple[str, ...] = ()
    settings: Mapping[str, float | int | str] = field(default_factory=dict)

    def party(self, key: str) -> Party:
        """The notice of a key."""
        return next(party for party in self.parties if party.key == key)
