"""Whether a quantity is a quota: what stands around it, and whether it stands inside a name or a date."""

from __future__ import annotations

import re
from functools import cache

from extractors.lexicons import Rule, load_list, load_rules
from extractors.passage import Context
from extractors.values.quantities import QuantityMatch

_MASKS = re.compile(
    r"《[^》\n]{1,80}》|[〔\[【（(][12][0-9]{3}[〕\]】）)]\s*[0-9]+号|“[^”\n]{1,14}”|‘[^’\n]{1,14}’|\"[^\"\n]{1,14}\""
    r"|https?://\S+|[\w.+-]+@[\w.-]+|[0-9]{3,4}-[0-9]{7,8}|(?<![0-9.])[0-9]{7,}(?![0-9.万亿元个])"
    r"|(?:19|20)[0-9]{2}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}日?|[0-9]{1,2}月[0-9]{1,2}日"
    r"|(?:19|20)[0-9]{2}\s*(?:[-—–~～至]\s*(?:19|20)?[0-9]{2}\s*)?年"
)
#: A zero is a target in quotation marks too: “零差错”.
_QUOTED = re.compile(r"^[“‘\"]")
_SENTENCE = re.compile(r"[。；;！？!?\n]")
#: Verbs that bring about what is counted.
_DELIVER = re.compile(
    r"(?:新建|新增|新开|新创|新改建|改建|扩建|建成|建设|建立|设立|设置|增设|组建|创建|打造|培育|培养|引进|引育|招引|评选|遴选|选树|推出|推选|选派"
    r"|选聘|发布|编发|编印|编写|刊发|播出|出版|举办|召开|开展|组织|承办|完成|实施|启动|推进|推广|整治|改造|修缮|提升|增加|配备|配置|购置|安装"
    r"|发展|申报|争取|争创|面向|推动|引导|组织|报送|撰写|发表|制作|拍摄|形成|制定|出台|帮扶|走访|慰问|结对|安排|解决|办好|化解|攻克|突破|转化|命名|认定|落地|签约|发放"
    r"|种植|栽植|绿化|创成|建好|开设|开通|投放|上架|达到?|实现|确保|提供|招聘|吸纳|带动|培训|支持|资助|补助|奖励|给予|提交|报|交)"
    r"[^，,。；;：:0-9]{0,12}$"
)
#: Things that are counted in Chinese numerals when they are counted at all.
_FIRM = {"家", "座", "名", "户", "台", "辆", "篇", "场", "次", "份", "册", "人", "所", "处", "期", "节", "堂", "公里", "场次", "人次"}
_PHASE = re.compile(r"^(?:工程|项目|建设|提标|改造|库区|扩建|厂|和|及|规划|用地|填埋)")
_ISSUES = re.compile(r"(?:举办|召开|开展|组织|编发|编印|刊发|出版|播出|制作|推出|开设|编辑)[^，,。；;、]{0,8}$")
_ISSUED = re.compile(r"[^，,。；;、]{0,6}(?:会|班|刊|报|培训|专题|栏目|节目|活动|讲座|课|论坛|沙龙)")
_VAGUE = {"批", "种", "类", "队", "套", "村", "镇", "县", "市", "省", "位", "组", "面", "口", "道", "块", "片", "门", "对", "支", "头", "部", "床", "车", "站", "间", "起", "根", "班", "批次", "轮", "届", "例", "户", "年"}
_COUNTED = re.compile(r"(?:的)?(?:[^，,。；;：:、（）()\n]{0,30}的)?([一-龥A-Za-z“”]{2,20})")
_MEASURED = re.compile(
    r"(?:其中|确保|完成|实施|开展|组织|报送|新建|力争|实现|推动|举办|撰写|提供|配备|占)*([一-龥A-Za-z“”]{2,20}?)"
    r"(?:达到?|为|是|比例|不得|不|要|应|须|力争|确保|报送|完成|至少|总体|一般|原则上|控制在|保持在?|稳定在|[扣加得])*\s*$"
)
_LASTS = re.compile(
    r"(?:时间|时长|时限|期限|有效期|周期|为期|任期|服务期|公示期|保存期|质保期|建设期|期|达到?|累计|时|学习|培训|课程|轮训|工时)(?:均|应|原则上|一般)?(?:为|是|达|共|计)?\s*$"
)
_LASTING = re.compile(r"^\s*的?(?:集中|脱产|专题|业务|岗位|志愿)?(?:培训|轮训|公示|学习|实践|锻炼|服务|授课)")


def masked(text: str) -> list[tuple[int, int]]:
    """Where titles, short quotations, dates, addresses and fixed phrases stand: no number inside is a quota."""
    spans = [match.span() for match in _MASKS.finditer(text)]
    spans += [match.span() for match in _phrases().finditer(text)]
    return spans


@cache
def _phrases() -> re.Pattern[str]:
    phrases = sorted((row["phrase"] for row in load_list("fixed_phrases")), key=lambda phrase: -len(phrase))
    return re.compile("|".join(map(re.escape, phrases)))


def is_quota(text: str, match: QuantityMatch, hidden: list[tuple[int, int]], context: Context) -> bool:
    """Whether a quantity of the text binds somebody, by the words around it."""
    for start, end in hidden:
        if start < match.core[1] and match.core[0] < end:
            if match.rule == "quota.zero" and _QUOTED.match(text[start:end]):
                continue
            return False
    sentence, stop = _bounds(text, match)
    if dropped_by(text, match, sentence, stop) is not None:
        return False
    before, after = text[sentence : match.core[0]], text[match.core[1] : stop]
    bare = match.comparator is None and match.quantity.per is None
    if match.quantity.kind == "duration":
        return _lasts(match, before, after)
    if match.quantity.kind == "score":
        return not match.chinese or not bare or match.quantity.value < 0 or match.start < match.core[0]
    if match.chinese and bare and match.quantity.unit in ("字", "字符"):
        return False
    if match.chinese and match.quantity.kind == "count" and match.rule.startswith("quota.count"):
        return _counted_in_words(match, before, after, bare)
    if bare and match.quantity.kind == "count" and not match.chinese and match.rule == "quota.count":
        return _delivered(text, match, before, after)
    return True


def follows(text: str, one: QuantityMatch, other: QuantityMatch) -> bool:
    """Whether a bare count goes on with a list whose last number was none: 对33处国保单位、150处省保单位."""
    bare = all(m.comparator is None and m.quantity.per is None and m.quantity.kind == "count" for m in (one, other))
    between = text[one.core[1] : other.core[0]]
    return bare and one.quantity.unit == other.quantity.unit and bool(re.fullmatch(r"[^，,。；;：:0-9\n]{0,16}[、和及与]", between))


def dropped_by(text: str, match: QuantityMatch, sentence: int, stop: int) -> str | None:
    """The id of the rule by which the quantity is none, or None."""
    unsaid = match.comparator is None
    bare = unsaid and (match.quantity.per in (None, "event") or match.carried)
    start, end = match.start, match.end
    if match.period and match.period[0] < match.core[0]:
        start = min(match.core[0], match.comparator[0]) if match.comparator else match.core[0]
    before, after = text[sentence:start], text[end:stop]
    around = f"{text[match.core[0] : end]}】{after}"
    for rule in _drops():
        kinds = rule.data.get("kinds")
        needs = rule.data.get("bare")
        if (kinds and match.quantity.kind not in kinds) or (needs and not (unsaid if needs == "comparator" else bare)):
            continue
        if rule.data.get("adjacent") and match.start != match.core[0]:
            continue
        where = {"before": before, "after": after, "around": around}[rule.data["side"]]
        if not rule.pattern.search(where):
            continue
        unless = rule.data.get("unless_before")
        if unless and re.search(unless, before):
            continue
        if "unless_after" in rule.data and re.search(rule.data["unless_after"], after):
            continue
        return rule.id
    return None


@cache
def _drops() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("quotas").rules if rule.data["use"] == "drop")


def _bounds(text: str, match: QuantityMatch) -> tuple[int, int]:
    """The sentence around a quantity."""
    start = max(text.rfind(mark, 0, match.start) for mark in "。；;！？!?\n") + 1
    later = _SENTENCE.search(text, match.end)
    return start, later.start() if later else len(text)


def _lasts(match: QuantityMatch, before: str, after: str) -> bool:
    if match.quantity.comparator in (">=", "<=", ">", "<"):
        return True
    if match.quantity.unit in ("学时", "课时", "个学时", "个课时"):
        return True
    if match.quantity.unit in ("岁", "周岁", "年") and match.quantity.comparator != "between":
        return bool(_LASTS.search(before)) and not before.endswith("达")
    return bool((match.quantity.per and match.quantity.unit not in ("日", "年")) or _LASTS.search(before) or _LASTING.match(after))


def _counted_in_words(match: QuantityMatch, before: str, after: str, bare: bool) -> bool:
    """四期新闻发布会, 每季一期, 一式两份 are counts; 三个保护区, 十二个镇, 一批 are none."""
    unit, value = match.quantity.unit, match.quantity.value
    if not bare:
        return not (value == 1 and unit in _VAGUE)
    if unit == "份" and re.search(r"(?:一式|各|交|报送?|提供|提交|版|稿|件|表|料|告|书)\s*$", before):
        return True
    if value == 1 or unit in _VAGUE or (match.quantity.value_max is not None and value < 2):
        return False
    if unit == "期":
        return bool(_ISSUES.search(before) or _ISSUED.match(after)) and not _PHASE.match(after)
    if re.search(r"[、和及]\s*$", before) and not _DELIVER.search(before):
        return False
    if unit in _FIRM:
        return bool(_DELIVER.search(before)) or not before.strip()
    return bool(re.search(r"(?:新建|新增|建成|创建|培育|引进|评选|遴选|打造|举办|新改建|改造|发布|组建|争创|创成|出台)[^，,。；;、]{0,4}$", before))


def _delivered(text: str, match: QuantityMatch, before: str, after: str) -> bool:
    """A bare Arabic count: after its noun (信息员1名), or with a verb of delivery before it in the clause."""
    if match.quantity.unit in ("位", "级", "类", "种", "村", "镇", "县", "市", "省", "组", "站", "点"):
        return bool(_DELIVER.search(before))
    if match.quantity.unit not in ("个", "项", "条", "件", "种类", "套", "张") or not re.match(r"\s*[一-龥“]", after):
        return True
    clause = re.split(r"[，,：:]", before)[-1]
    return bool(_DELIVER.search(clause) or re.search(r"[等和、及与]\s*$", clause) or re.search(_VERB, clause) or not clause.strip())


_VERB = _DELIVER.pattern.removesuffix("[^，,。；;：:0-9]{0,12}$")


def subject_of(text: str, match: QuantityMatch) -> tuple[int, int] | None:
    """Where the thing that is counted or measured stands: after the unit for counts, before the number for others."""
    after = _COUNTED.match(text, match.end)
    if after and match.quantity.kind in ("count", "length", "amount") and match.end == match.core[1]:
        return after.span(1)
    stop = min(match.core[0], match.comparator[0]) if match.comparator else match.core[0]
    floor = max(0, stop - 30)
    for begin, end in ((match.period[1], stop) if match.period and match.period[1] < stop else (stop, stop), (floor, stop)):
        before = _MEASURED.search(text[begin:end])
        if before:
            mark = text.rfind("的", begin + before.start(1), begin + before.end(1) - 1)
            return (mark + 1 if mark >= 0 else begin + before.start(1)), begin + before.end(1)
    return after.span(1) if after else None
