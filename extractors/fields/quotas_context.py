"""Whether a quantity is a quota: what stands around it, and whether it stands inside a name or a date."""

from __future__ import annotations

import re
from functools import cache

from extractors.lexicons import Rule, load_list, load_rules
from extractors.passage import Context
from extractors.values.quantities import QuantityMatch

_MASKS = re.compile(
    r"《[^》\n]{1,80}》|[〔\[【（(][12][0-9]{3}[〕\]】）)]\s*[0-9]+号|“[^”\n]{1,14}”|‘[^’\n]{1,14}’|\"[^\"\n]{1,14}\""
    r"|https?://\S+|[\w.+-]{1,64}@[\w.-]+|[0-9]{3,4}-[0-9]{7,8}"
    r"|(?:19|20)[0-9]{2}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}日?|[0-9]{1,2}月[0-9]{1,2}日"
    r"|(?:19|20)[0-9]{2}\s*(?:[-—–~～至]\s*(?:19|20)?[0-9]{2}\s*)?年"
)
_NOUN = re.compile(r"的?[一-龥]")
_FARTHEST = 240
_YEAR = re.compile(r"(?<![0-9比较与以从由])(20[0-9]{2})年(?!(?:度|末|底|的)*(?:基础|水平|同期|基数)|以来|起)")
_SENTENCE = re.compile(r"[。；;！？!?\n]")
_PHASE = re.compile(r"^(?:工程|项目|建设|提标|改造|库区|扩建|厂|和|及|规划|用地|填埋)")
_ISSUED = re.compile(r"[^，,。；;、]{0,6}(?:会|班|刊|报|培训|专题|栏目|节目|活动|讲座|课|论坛|沙龙)")
_COPIES = re.compile(r"(?:一式|各|交|报送?|提供|提交|版|稿|件|表|料|告|书)\s*$")
_LASTS = re.compile(
    r"(?:时间|时长|时限|期限|有效期|周期|为期|任期|服务期|公示期|保存期|质保期|建设期|期|达到?|累计|时|学习|培训|课程|轮训|工时)"
    r"(?:均|应|原则上|一般)?(?:为|是|达|共|计)?\s*$"
)
_APPLICANT = re.compile(
    r"申报|申请|具有|具备|注册|法人|资质|资格|成立|信用|违法|违规|学历|职称|从业|户籍|社保|社会保险|参评|入驻|营业执照|缴纳"
)
#: One heading before several times: 办理时限：一般件5个工作日，紧急件24小时.
_LIMITS = re.compile(r"(?:时限|期限)[^。；;]{0,4}[：:][^。；;]{0,40}$")
_LASTING = re.compile(r"^\s*的?(?:集中|脱产|专题|业务|岗位|志愿)?(?:培训|轮训|公示|学习|实践|锻炼|服务|授课)")


def masked(text: str) -> bytes:
    """For each character whether it stands in a title, date, address or fixed phrase (1) or short quotation (2).

    No number inside is a quota, but a zero in quotation marks is: “零差错”.
    """
    mask = bytearray(len(text))
    for match in _MASKS.finditer(text):
        quoted = match[0][0] in '“‘"'
        mask[match.start() : match.end()] = (b"\2" if quoted else b"\1") * len(match[0])
    for match in _phrases().finditer(text):
        mask[match.start() : match.end()] = b"\1" * len(match[0])
    return bytes(mask)


@cache
def _phrases() -> re.Pattern[str]:
    phrases = sorted((row["phrase"] for row in load_list("fixed_phrases")), key=lambda phrase: -len(phrase))
    return re.compile("|".join(map(re.escape, phrases)))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load_rules("quotas").tables["words"][name])


@cache
def _verbs(name: str, gap: int | None) -> re.Pattern[str]:
    """Any of the verbs; with a gap, at most so many characters before the end and in the same clause."""
    verbs = "|".join(sorted(_words(name), key=lambda verb: (-len(verb), verb)))
    return re.compile(f"(?:{verbs})" + ("" if gap is None else f"[^，,。；;：:、0-9]{{0,{gap}}}$"))


def is_quota(text: str, match: QuantityMatch, hidden: bytes) -> bool:
    """Whether a quantity of the text binds somebody, by the words around it.

    ``hidden`` is what :func:`masked` tells of the text.
    """
    cover = set(hidden[slice(*match.core)])
    if 1 in cover or (2 in cover and match.rule != "quota.zero"):
        return False
    sentence, stop = _bounds(text, match)
    if dropped_by(text, match, sentence, stop) is not None:
        return False
    before, after = text[sentence : match.core[0]], text[match.core[1] : stop]
    bare = match.comparator is None and match.period is None and match.quantity.comparator != "between"
    kind = match.quantity.kind
    if kind == "duration":
        return _lasts(match, before, after)
    if kind == "score":
        return not match.chinese or not bare or match.quantity.value < 0 or match.start < match.core[0]
    if match.chinese and bare and match.quantity.unit in ("字", "字符"):
        return False
    if match.chinese and bare and text.startswith("二", match.core[0]) and match.quantity.value == 2:
        return False
    if _describes(text, match) or (bare and kind == "ratio" and "/" in text[slice(*match.core)]):
        return False
    if match.chinese and match.rule.startswith("quota.count"):
        return _counted_in_words(match, before, after, bare)
    if bare and match.rule == "quota.count":
        return _delivered(match, before, after)
    return True


def _describes(text: str, match: QuantityMatch) -> bool:
    """Whether a number without a unit tells what kind of thing follows: 50亿以上重大项目."""
    if match.quantity.unit is not None or match.comparator is None or match.comparator[0] < match.core[1]:
        return False
    return _NOUN.match(text, match.end) is not None


def qualifies_only(text: str, context: Context, matches: list[QuantityMatch]) -> bool:
    """Whether a criterion in prose only says who may apply (成立满2年, 从业人员20人以上) and gives no scores."""
    if context.task_kind != "criterion" or context.role or context.heads:
        return False
    return bool(_APPLICANT.search(text)) and all(match.quantity.kind != "score" for match in matches)


def is_told(text: str, match: QuantityMatch, context: Context) -> bool:
    """Whether the year before the number in its sentence lies before the plan: what was reached then is no quota."""
    begin = context.plan_start.year if context.plan_start else context.year
    if begin is None:
        return False
    sentence, _ = _bounds(text, match)
    years = [int(year[1]) for year in _YEAR.finditer(text, sentence, match.core[0])]
    return bool(years) and max(years) < begin


def follows(text: str, one: QuantityMatch, other: QuantityMatch) -> bool:
    """Whether a bare count goes on with a list whose last number was none: 对33处国保单位、150处省保单位."""
    bare = all(m.comparator is None and m.quantity.per is None and m.quantity.kind == "count" for m in (one, other))
    between = text[one.core[1] : other.core[0]]
    same = one.quantity.unit == other.quantity.unit
    return bare and same and bool(re.fullmatch(r"[^，,。；;：:0-9\n]{0,16}[、和及与]", between))


def dropped_by(text: str, match: QuantityMatch, sentence: int, stop: int) -> str | None:
    """The id of the rule by which the quantity is none, or None; the sentence around it ends at ``stop``."""
    start, end = match.start, match.end
    if match.period and match.period[0] < match.core[0]:
        start = min(match.core[0], match.comparator[0]) if match.comparator else match.core[0]
    before, after = text[sentence:start], text[end:stop]
    sides = {"before": before, "after": after, "around": f"{text[match.core[0] : end]}】{after}"}
    for rule in _drops():
        if not _concerns(rule, match) or not rule.pattern.search(sides[rule.data["side"]]):
            continue
        unless_before, unless_after = rule.data.get("unless_before"), rule.data.get("unless_after")
        if unless_before and re.search(unless_before, before):
            continue
        if unless_after and re.search(unless_after, after):
            continue
        return rule.id
    return None


def _concerns(rule: Rule, match: QuantityMatch) -> bool:
    """Whether a rule is meant for quantities like this one."""
    kinds, bare = rule.data.get("kinds"), rule.data.get("bare")
    if kinds and match.quantity.kind not in kinds:
        return False
    if rule.data.get("adjacent") and match.comparator and match.comparator[0] < match.core[0]:
        return False
    if bare and match.comparator is not None:
        return False
    return bare is not True or match.quantity.per in (None, "event") or match.carried


@cache
def _drops() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("quotas").rules if rule.data["use"] == "drop")


def _bounds(text: str, match: QuantityMatch) -> tuple[int, int]:
    """The sentence around a quantity, no farther than a sentence goes."""
    floor, ceiling = max(0, match.start - _FARTHEST), min(len(text), match.end + _FARTHEST)
    start = max(max(text.rfind(mark, floor, match.start) for mark in "。；;！？!?\n") + 1, floor)
    later = _SENTENCE.search(text, match.end, ceiling)
    return start, later.start() if later else ceiling


def _lasts(match: QuantityMatch, before: str, after: str) -> bool:
    """A time that binds: with a comparator or a period, or after 时长, 公示期 and the like; not 近三年, 用三年."""
    unit = match.quantity.unit
    if match.quantity.comparator in (">=", "<=", ">", "<") or unit in ("学时", "课时", "个学时", "个课时"):
        return True
    if unit in ("岁", "周岁", "年") and match.quantity.comparator != "between":
        return bool(_LASTS.search(before)) and not before.endswith("达")
    if match.quantity.per and unit not in ("日", "年"):
        return True
    if before.endswith("为期"):
        return unit not in ("个月", "年")
    return bool(_LASTS.search(before) or _LASTING.match(after) or _LIMITS.search(before))


def _counted_in_words(match: QuantityMatch, before: str, after: str, bare: bool) -> bool:
    """四期新闻发布会, 每季一期, 一式两份 are counts; 三个保护区, 十二个镇, 一批 are none."""
    unit, value = match.quantity.unit, match.quantity.value
    vague = unit in _words("vague_units")
    if not bare:
        return not (value == 1 and vague)
    if unit == "份" and _COPIES.search(before):
        return True
    if value == 1 or vague or (match.quantity.value_max is not None and value < 2):
        return False
    if unit == "期":
        issued = _verbs("issue", 8).search(before) or _ISSUED.match(after)
        return bool(issued) and not _PHASE.match(after)
    if unit in _words("firm_units"):
        return bool(_verbs("deliver", 12).search(before)) or not before.strip()
    return bool(_verbs("deliver_few", 4).search(before))


def _delivered(match: QuantityMatch, before: str, after: str) -> bool:
    """A bare Arabic count: of concrete things, after its noun (信息员1名), or with a verb of delivery in its clause."""
    if match.quantity.unit in ("位", "类", "种", "村", "镇", "县", "市", "省", "组", "站"):
        return bool(_verbs("deliver", 12).search(before))
    if match.quantity.unit not in _words("general_units") or not re.match(r"\s*[一-龥“]", after):
        return True
    clause = re.split(r"[，,：:]", before)[-1]
    listed = re.search(r"[等和、及与]\s*$", clause)
    return bool(listed or not clause.strip() or _verbs("deliver", None).search(clause))
