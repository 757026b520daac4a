"""What the columns of a table hold, told by the words of their heads and, where these leave it open, by their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.lexicons import Rule, load_rules
from schemas.labels import ColumnRole

_BRACKETS = re.compile(r"[（(【\[〔][^（()）【】\[\]〔〕]*[）)】\]〕]")
_DATE = re.compile(
    r"[0-9０-９一二三四五六七八九十]+\s*(?:月|日|号|年|季度?|周)|[每全][年月季周日天]|[上下]半年|[一二三四]季度|年底|月底"
    r"|常态|不?定期|长期|持续|适时|日常|[上中下]旬|即日|年内|第[一二三四]季|\d{1,2}[.．/-]\d{1,2}|立行立改|节前|寒假|暑假|星期"
)
_STANDING = re.compile(r"每|全年|常态|不?定期|长期|持续|适时|日常|经常|随时|年内")
_CALENDAR = re.compile(r"[一二三四]季度|第[一二三四]季度|[上下]半年|\d{1,2}月份?|(?:20)\d\d年度?|[前后]三年")
_SCORES = re.compile(r"[扣加减得计给][^，。；;]{0,8}\d分|[扣加减]\d+(?:\.\d+)?分|(?:不得|扣完|得满|酌情扣)分|\d分/")
_DUE = re.compile(r"(?:前|之前|以前|截止|完成|到位)$|截至|[底末]$")
_UNIT = re.compile(
    r"(?:局|委|办|科|处|室|股|部|厅|院|所|站|中心|大队|中队|支队|政府|街道|镇|乡|区|县|市|公司|单位|部门|支部|党委|党组|工会|团委"
    r"|小组|协会|学校|集团|银行|分行|办公室|县委|市委|系统|级党组织|馆|队|会|组|书记|领导|人员|科室|处室)"
    r"(?:、|，|,|；|;|\s|及|和|$|（|\()"
)
_NUMBER = re.compile(
    r"^[≥≤<>＜＞±+\-—~约]*\s*[0-9０-９][0-9０-９.,，．]*\s*(?:[-－—~～至/][0-9０-９.,]+)?\s*[%％‰]?[^\s，。；]{0,4}(?:/[年月季周日次天半]+)?$"
)
_MEASURE = re.compile(
    r"^(?:[%％‰]|[个家万亿元件人次篇项条户吨辆台套座处间所亩期场公里平方米立米千克小时天年分名位份册部幅株头只]+"
    r"|[万亿]?[元人次户亩吨].*|亿元.*|公里|平方.*|立方.*|—+|/|-|[a-zA-Z/²³㎡%]+)$"
)
_DASH = re.compile(r"^[—－\-–/／无]*$")
_INDEX = re.compile(
    r"^[（(]?(?:[0-9０-９]{1,4}|[一二三四五六七八九十百]{1,4})[）).．、]?$|^\d{1,2}[.\-]\d{1,2}$|^[①-⑳]$"
)


@dataclass(frozen=True)
class Head:
    """Words of one head cell of a column and where they stand (a merged cell's first position)."""

    text: str
    row: int
    column: int


@dataclass(frozen=True)
class Column:
    """A column: what it holds, its heads topmost first, and how well it serves as a row's text and title.

    ``due`` tells that its times are deadlines, ``rule`` the rule that its head met (``cells`` where the cells decided).
    ``unit`` tells that it names units without saying what they do.
    """

    index: int
    role: ColumnRole
    heads: tuple[Head, ...] = ()
    text: float = 0
    title: float = 0
    due: bool = False
    unit: bool = False
    assessed: bool = False
    scored: bool = False
    rule: str = ""


@dataclass(frozen=True)
class Evidence:
    """What the cells of a column look like: shares of the filled ones, and how far they tell rows apart."""

    filled: float = 0
    dates: float = 0
    dues: float = 0
    standing: float = 0
    scores: float = 0
    units: float = 0
    numbers: float = 0
    measures: float = 0
    indices: float = 0
    counts_up: bool = False
    dashes: float = 0
    length: float = 0
    distinct: float = 0
    count: int = 0


def squeeze(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def head_key(text: str) -> str:
    """A head's words for comparison: no white space, brackets, closing colon or footnote marks.

    A head that is wholly in brackets loses the brackets alone.
    """
    text = squeeze(text).strip("：:*＊※")
    bare = text
    for _ in range(3):
        bare = _BRACKETS.sub("", bare)
    return (bare or text.strip("（()）【】[]〔〕")).strip("：:*＊※、")


def find_rule(heads: Sequence[str]) -> Rule | None:
    """The rule that tells what a column with these heads holds: the lowest head speaks first, then those above it.

    A leaf that alone is no head (牵头 under 责任单位) is also tried together with the one above it.
    """
    keys = [key for key in (head_key(text) for text in heads) if key]
    if len(keys) > 1 and _CALENDAR.fullmatch(keys[-1]):
        keys = keys[:-1]  # 工作目标 by quarters: each quarter's column holds goals
    for key in reversed(keys):
        rule = _best(key)
        if rule is not None:
            return rule
    return _best("".join(keys[-2:])) if len(keys) > 1 else None


def _best(key: str) -> Rule | None:
    best: Rule | None = None
    if len(key) > 24:
        return None
    for rule in load_rules("columns").rules:
        if (best is None or rule.data["weight"] > best.data["weight"]) and rule.pattern.search(key):
            best = rule
    return best


def is_head_word(text: str) -> bool:
    """Whether a cell's words alone name a column."""
    key = head_key(text)
    return bool(key) and _best(key) is not None


def weigh(cells: Sequence[str]) -> Evidence:
    """What a column's cells look like; merged cells are given once for each row that they cover."""
    texts = [squeeze(cell) for cell in cells]
    filled = [text for text in texts if text]
    if not filled:
        return Evidence()
    solid = [text for text in filled if not _DASH.match(text)] or filled
    n = len(solid)

    def share(pattern: re.Pattern[str], limit: int = 10**9) -> float:
        return sum(1 for text in solid if len(text) <= limit and pattern.search(text)) / n

    return Evidence(
        filled=len(filled) / len(texts),
        dates=share(_DATE, 24),
        dues=share(_DUE, 24),
        standing=share(_STANDING, 24),
        scores=share(_SCORES),
        units=share(_UNIT, 60),
        numbers=share(_NUMBER, 14),
        measures=share(_MEASURE, 8),
        indices=share(_INDEX),
        counts_up=_counts_up(solid),
        dashes=1 - (len([t for t in filled if not _DASH.match(t)]) / len(filled)),
        length=sum(len(text) for text in solid) / n,
        distinct=len(set(solid)) / n,
        count=len(filled),
    )


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether cells are numbers that run on by one, as merged cells may repeat them."""
    digits = [re.sub(r"\D", "", text) for text in texts]
    if not all(digits) or any(len(text) > 4 for text in texts):
        return all(len(text) <= 4 and not text[0].isdigit() for text in texts)
    numbers = [int(text) for text in digits]
    return numbers[0] <= 1 and all(after - before in (0, 1) for before, after in pairwise(numbers))


def read_column(index: int, heads: Sequence[Head], cells: Sequence[str]) -> Column:
    """A column by its heads and its body cells.

    Heads that leave it open (单位 of measure or of people, 目标 in words or figures, a head that no rule knows) are
    settled by what most cells look like.
    """
    seen = weigh(cells)
    rule = find_rule([head.text for head in heads])
    if rule is None:
        role = _role_by_cells(seen)
        text, title = _fitness_by_cells(role, seen)
        return Column(index, role, tuple(heads), text=text, title=title, rule="cells")
    data = rule.data
    role = data["role"]
    if data.get("unit") and seen.count and seen.measures >= 0.6 and seen.units < 0.4:
        return Column(index, "other", tuple(heads), rule="cells")
    if data.get("measured") and seen.numbers >= 0.6:
        return Column(index, "quota", tuple(heads), rule="cells")
    if role == "quota" and seen.numbers < 0.2 and seen.length >= 10:
        return Column(index, "requirement", tuple(heads), text=5.0, rule="cells")
    if role == "other" and seen.scores >= 0.5:
        return Column(index, "score", tuple(heads), text=3.0, scored=True, rule="cells")
    if role == "index" and seen.count and seen.length > 8:
        role = "title"
    return Column(
        index,
        role,
        tuple(heads),
        text=float(data.get("text", 0)),
        title=float(data.get("title", 0)),
        due=bool(data.get("due")),
        unit=bool(data.get("unit")),
        assessed=bool(data.get("assessed")),
        scored=bool(data.get("scored")) or role == "score" or seen.scores >= 0.5,
        rule=rule.id,
    )


def _role_by_cells(seen: Evidence) -> ColumnRole:
    """What a column holds whose head says nothing."""
    if not seen.count:
        return "other"
    if seen.indices >= 0.9 and seen.count > 1 and seen.counts_up:
        return "index"
    if seen.numbers >= 0.7 and seen.dates < 0.5:
        return "quota"
    if seen.dates >= 0.7:
        return "time"
    if seen.units >= 0.75 and seen.length <= 24:
        return "owner.responsible"
    if seen.length >= 16:
        return "content"
    return "other"


def _fitness_by_cells(role: ColumnRole, seen: Evidence) -> tuple[float, float]:
    if role == "content":
        return 3.0, 1.0
    if role == "other" and seen.length >= 3:
        return 1.0, 2.0
    return 0.0, 0.0


def text_fitness(column: Column, seen: Evidence) -> float:
    """How well a column gives the rows their text: by its head's word, then by cells that tell rows apart."""
    if not column.text or not seen.count:
        return 0.0
    score = column.text
    score += min(seen.length / 12, 2.0)
    if seen.length < 7:
        score -= 2.5
    if seen.distinct < 0.5 and seen.count > 3:
        score -= 3.0
    if seen.filled < 0.5:
        score -= 3.0
    return max(score, 0.1)


def title_fitness(column: Column, seen: Evidence) -> float:
    """How well a column names the rows' work: finer names before those of groups, short before long."""
    if not column.title or not seen.count:
        return 0.0
    return column.title + 3 * seen.distinct - max(0.0, (seen.length - 30) / 15)
