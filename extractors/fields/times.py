"""Times of a task: when its work is done, due or repeated.

The rules of ``values/dates`` find the expressions; the tests here look at what stands around one (a policy cited, an
aim, an activity's name) and let it pass or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from extractors.passage import Context, Passage
from extractors.values.dates import Found, Plain, plain, scan
from extractors.values.recurrences import each_year
from extractors.values.timevalue import Frame
from schemas.record import Time

_CLAUSE_END = re.compile(r"[,，;。:!?]")
_HEAD = re.compile(r"月份|月度|时间|时限|日期|周期|频次|频率|进度|期限|节点")
_TITLE = re.compile(r"《[^《》]*》")
_QUOTE = re.compile(r"“[^“”]*”|\"[^\"]*\"")
_BETWEEN_FESTIVALS = re.compile(r"[、,和及与·“”\"'‘’ ]{0,4}|[”\"]?等?[、和及]?[^、,。;]{0,8}(?:月|节|日|周)[、和及]")
_BEFORE_FESTIVAL = re.compile(
    r"(?:在|于|结合|利用|借助|借|围绕|抓住|依托|以|每?逢|遇|趁|值|至|到|从|紧扣|把握|适逢|抓好?|紧抓|立足|通过|聚焦|突出|于?每年)"
    r"(?:传统节日|重要节日|重大节日|法定节日|重要(?:时间)?节点|节日|今年|每年|国家|全国)?[“\"‘《(]?$"
)
_AFTER_FESTIVAL = re.compile(
    r"[”\"’]?(?:等[^,。;]{0,10}(?:节|日|期间|节点|时机|契机)|期间|前后|前夕|来临|到来|之际|假期|当[天日]|这一?天|小长假|时节|[^,。;]{0,4}(?:为契机|契机|节点|之机))"
)
_ACTIVITY = re.compile(r"[”\"’]?(?:系列|主题|专题|志愿|文化|宣传|安全|慰问|学雷锋|活动|特别|晚会|联欢)")
_VERB = re.compile(
    r"[、和,]?(?:[^、,。;的]{1,3}化|长效)?(?:地|性地)?(?:开展|组织|进行|推进|抓好?|做好?|落实|实施|运行|管[控护理](?!机制|制度|办法|的)|宣传|巡[查检逻]"
    r"|检查|监[管督]|保洁|保持|坚持|举办|召开|发布|通报|报送|上报|更新|推送|播放|走访|深入|督[查导促]|调度|排查|整治|清[理洁]|维护|推广|推出"
    r"|联系|听取|研[究判]|分析|对|向|到|与|在|参加|参与|邀请|选派|派|征集|收集|公布|公示|评|培训|慰问|帮扶|执法|下沉|执行|提供)"
)
_AIM = re.compile(r"(?:推动|推进|促进|实现|形成|走向|构建|建立|健全|完善|趋于|步入|实行|确保|建立健全)$")
_SYSTEM = re.compile(r"[^,;:]{0,16}(?:制度|机制)")
_SYSTEM_NAME = re.compile(
    r"(?!修订|完善|梳理|检查|评估|更新|开展|召开|落实|组织|研究|听取)[^,;:。]{1,16}(?:制度|机制)(?=$|[,。;、等)”])"
)
_NAMED = re.compile(
    r"(?:主题|系列|志愿|专题|特色|实践|公益|文明|宣传|服务|教育|党日)*(?:活动|行动|品牌|工程|栏目|项目)"
)
_SETS_UP = re.compile(r"建立|健全|完善|落实|执行|坚持|实行|制定|修订|形成")
_REPORT = re.compile(r"[^;。]{0,24}?(?:报(?!名|道|纸|警)|反馈|提交|书面|上交|备案|抄送|交至|送[交达至]?|汇总|总结)")
_SERVICE = re.compile(r"[^,;。]{0,6}(?:办结|到场|到达|处置|受理|答复|作出|出具|审[核批查]|拨付|兑现|响应)")
_CITED = re.compile(r"[^,;。]{0,8}(?:印发|发布|公布|下发|召开|通过|修订|出台|批准|施行|实施|成立|签署)(?:的|了|《)")
_CONDITION = re.compile(
    r"(?:期间|之?间|以?[前后])?[^,;。]{0,10}(?:到期|发放|取得|注册|登记|成立|毕业|备案|投产|获得|认定|出生|入职|参保|缴纳|签订|立项|竣工)(?:的|且)"
)
_EFFECT = re.compile(r"(?:正式|开始|起)?(?:施行|执行|实施|生效|试行|废止)(?=[,;)]|$)|(?:正式)?(?:施行|生效|废止)")
_VALIDITY = re.compile(r"有效期[^,;。]{0,8}$|试行期[^,;。]{0,4}$")
_YEAR_OF = re.compile(
    r"[“\"《(第版〕\]]|年?度|(?:主要|重点|各项|党建)?(?:工作|任务|目标)(?=$|[,、。;:”)的])|预算|决算|中央|以前|之前|后|出生|毕业|应届|[春夏秋冬][季天]|[寒暑]假"
    r"|[^,。;、]{0,8}(?:工作(?:要点|计划|方案|总结|报告|会议|目标|重点|安排|思路)|新年|贺词|献词|一号文|政府工作报告|目标任务)"
)
_BEFORE_YEAR = re.compile(r"(?:^|[,;:、)“\n]|在|于|力争|确保|争取|计划|预计|拟|其中|保证|自|从)$")
_AFTER_YEAR = re.compile(
    r"要|将|应(?!届)|须|需|力争|计划|完成|实现|建成|底|新增|新建|新创|全[市省区县年面]|各|争取|启动|开展"
    r"|实施|推进"
)
_PLAN_NAME = re.compile(r"[^,。;:]{0,24}(?:方案|计划|意见|规划|要点|目录|范围|办法|通知|指南)")
_COMMEMORATION = re.compile(r"[”\"]?等?[^,。;]{0,8}活动")
_KEEP_UP = re.compile(r"坚持|开展|保持|抓|推进|执行|实施|落实|组织|进行|巡查|受理|开放|接受|公布|提供|设立|运行|征集")

Test = Callable[[Found, Plain, list[Found]], bool]


def find_times(passage: Passage, context: Context) -> list[Time]:
    """The times that a passage states, in reading order.

    Args:
        passage: a task's text, a cell, or a bracket.
        context: the year of unwritten dates, the plan's time, the column's meaning.

    Returns:
        One ``Time`` for each value, so 1、7月 gives two of the same words. Equal values may come several times.
    """
    year = context.year or (context.plan_start.year if context.plan_start else None)
    unwritten = context.year_span if context.year else None
    frame = Frame(year, context.issue_date, context.plan_start, context.plan_end)
    text = plain(passage.text)
    cell = is_time_cell(context)
    found = scan(text, frame, ("prose", "cell") if cell else ("prose",))
    if not cell:
        found = _stated(found, text, frame)
        if context.plan_start is None:
            found = _yearly(found, context.yearly)
    times: list[Time] = []
    for one in found:
        start, end = text.original(one.start, one.end)
        for value in one.values:
            times.append(
                Time(
                    text=re.sub(r"\s+", "", passage.text[start:end]),
                    kind=value.kind,
                    due=value.due,
                    start=value.start.isoformat() if value.start else None,
                    end=value.end.isoformat() if value.end else None,
                    rrule=value.rrule,
                    inherited="inferred" if value.inferred and (value.start or value.end) else None,
                    inferred_from=unwritten if value.inferred and (value.start or value.end) else None,
                    confidence=one.rule.data.get("confidence", 0.95),
                    rule=one.rule.id,
                    span=passage.at(start, end),
                )
            )
    return times


def is_time_cell(context: Context) -> bool:
    """Whether a passage is a cell that holds nothing but times, by its column's meaning or head."""
    if context.role == "time":
        return True
    if context.role not in (None, "other", "quota") or not context.heads:
        return False
    head = re.sub(r"\s+", "", context.heads[-1].text)
    return len(head) <= 10 and _HEAD.search(head) is not None


def _stated(found: list[Found], text: Plain, frame: Frame) -> list[Found]:
    """What of the finds says when the work is done, and not what policy is cited or how an activity is called."""
    titles = [match.span() for match in _TITLE.finditer(text.text)]
    kept = []
    for one in found:
        licence = _LICENCES.get(one.rule.data.get("licence", ""))
        if (
            not _inside(one, titles)
            and not _is_past(one, frame)
            and not _is_cited(one, text)
            and (licence is None or licence(one, text, found))
        ):
            kept.append(one)
    return kept


def _yearly(found: list[Found], opened: bool) -> list[Found]:
    """In a standing rule the days of a yearly procedure (每年评选一次，5月底前申报) recur, also without 每年.

    Args:
        opened: the procedure was called yearly before.
    """
    result: list[Found] = []
    for one in found:
        if any(value.rrule and value.rrule.startswith("FREQ=YEARLY") for value in one.values):
            opened = True
        elif opened:
            one = replace(one, values=tuple(value if value.rrule else each_year(value) for value in one.values))
        result.append(one)
    return result


def _inside(one: Found, spans: list[tuple[int, int]]) -> bool:
    return any(start < one.start and one.end < end for start, end in spans)


def _before(one: Found, text: Plain, reach: int = 20) -> str:
    """The words of the clause before a find."""
    return _CLAUSE_END.split(text.text[max(0, one.start - reach) : one.start])[-1]


def _after(one: Found, text: Plain, reach: int = 30) -> str:
    return text.text[one.end : one.end + reach]


def _is_past(one: Found, frame: Frame) -> bool:
    """A time that was over before the plan's year tells what was, or is a basis of comparison."""
    first = frame.plan_start.year if frame.plan_start else frame.year
    if frame.year is not None and first is not None:
        first = min(first, frame.year)
    if all(value.inferred for value in one.values) and not (one.groups.get("y") or "").startswith(("去", "上", "前")):
        return False
    ends = [value.end for value in one.values if value.end is not None]
    return first is not None and bool(ends) and all(end.year < first for end in ends)


def _is_cited(one: Found, text: Plain) -> bool:
    """The date of a policy or meeting, the day a rule takes effect, or a signature's date."""
    value = one.values[0] if one.values else None
    if value is None:
        return False
    after, before = _after(one, text), _before(one, text)
    if _VALIDITY.search(before):
        return True
    if (value.kind == "date" or (value.kind == "period" and value.end is None)) and _EFFECT.match(after):
        return True
    if value.inferred or value.kind not in ("date", "period") or value.end is None:
        return False
    whole = one.start == 0 and one.end == len(text.text) and one.rule.id in ("time.day", "time.iso_day")
    in_bracket = before.endswith("》(") or (before.endswith("(") and re.search(r"(?:计划|规划|方案|行动)\($", before))
    return whole or bool(in_bracket) or bool(_CITED.match(after) or _CONDITION.match(after))


def _year(one: Found, text: Plain, found: list[Found]) -> bool:
    """A bare year dates the work where it opens a clause or a verb follows, not within a name."""
    if one.groups.get("whole") in ("内", "全年", "度内"):
        return True
    after = _after(one, text)
    if one.groups.get("whole") == "度" or _YEAR_OF.match(after):
        return False
    return bool(_BEFORE_YEAR.search(text.text[max(0, one.start - 4) : one.start]) or _AFTER_YEAR.match(after))


def _year_range(one: Found, text: Plain, found: list[Found]) -> bool:
    """2021-2023年 in the name of a plan or scheme (2021-2023年实施方案) is none of its times."""
    return not _PLAN_NAME.match(_after(one, text))


def _not_object(one: Found, text: Plain, found: list[Found]) -> bool:
    """将全年情况汇总: the year tells what is reported on, not when."""
    return not _before(one, text).endswith(("将", "对", "把"))


def _repeated(one: Found, text: Plain, found: list[Found]) -> bool:
    """What is done again and again; not a condition (连续两年每年…) or a name."""
    return not re.search(r"连续[0-9一二两三四五]+[年月]$", _before(one, text)) and _quoted(one, text)


def _quoted(one: Found, text: Plain) -> bool:
    """Inside quotes a recurrence counts at the head of a part (“每月一交”, “年度有计划、月月有活动”), not in a name."""
    for match in _QUOTE.finditer(text.text):
        if match.start() < one.start and one.end < match.end():
            lead = text.text[match.start() + 1 : one.start]
            return (not lead or lead[-1] in "、,;") and not _NAMED.match(text.text, match.end())
    return True


def _standing(one: Found, text: Plain, found: list[Found]) -> bool:
    """An adverb before a verb is a time; an aim (推动…常态化) or an attribute (定期通报制度) is none."""
    word, after, before = text.text[one.start : one.end], _after(one, text), _before(one, text)
    if after.startswith(("的", "以来")):
        return False
    if word.startswith(("定期", "不定期", "适时", "经常")) and not word.startswith("经常性"):
        return not (_SYSTEM.match(after) and _SETS_UP.search(before)) and not _SYSTEM_NAME.match(after)
    if word.startswith(("长期", "常年")):
        return bool(_KEEP_UP.match(after)) and not re.match(r"[^,;:]{0,8}的", after)
    if word == "经常性" and after.startswith("学习"):
        return False
    return bool(_VERB.match(after)) and not _AIM.search(before) and not re.match(r"[^,;:]{0,8}(?:制度|机制)", after)


def _report(one: Found, text: Plain, found: list[Found]) -> bool:
    """X日内 is a deadline where a report is due; as a limit on a service it is a quota."""
    after = _after(one, text, 40)
    return bool(_REPORT.match(after)) and not _SERVICE.match(after)


def _festival(one: Found, text: Plain, found: list[Found]) -> bool:
    """A festival is its date after 结合, 利用, 在 and the like, before 期间, 等节日, and in a series; not in a name."""
    if one.groups.get("period") or one.groups.get("around") or one.groups.get("before"):
        return True
    quote = _quote_of(one, text)
    if quote is not None and _words_beside_festivals(quote, text, found):
        return False
    first, last, size = _series(one, text, found)
    around = _quote_of(first, text)
    start = around[0] if around is not None else first.start
    around = _quote_of(last, text)
    end = around[1] if around is not None else last.end
    before, after = text.text[max(0, start - 14) : start], text.text[end : end + 24]
    if size == 1 and quote is not None and _ACTIVITY.match(after.lstrip('”"')):
        return False
    if _AFTER_FESTIVAL.match(after):
        return True
    if _ACTIVITY.match(after) and size == 1:
        return False
    return bool(_BEFORE_FESTIVAL.search(before)) or (size > 1 and not _COMMEMORATION.match(after))


def _quote_of(one: Found, text: Plain) -> tuple[int, int] | None:
    """Where the quotation stands that holds a find, whose own ends may be its marks."""
    for match in _QUOTE.finditer(text.text):
        if match.start() <= one.start and one.end <= match.end():
            return match.span()
    return None


def _words_beside_festivals(quote: tuple[int, int], text: Plain, found: list[Found]) -> bool:
    """Whether a quotation holds more than festivals: then it is a name (“我们的节日·春节”)."""
    rest, at = "", quote[0] + 1
    for other in found:
        if other.groups.get("festival") and quote[0] <= other.start and other.end <= quote[1]:
            rest += text.text[at : other.start]
            at = other.end
    return bool((rest + text.text[at : quote[1] - 1]).strip('”“"、,和及与'))


def _series(one: Found, text: Plain, found: list[Found]) -> tuple[Found, Found, int]:
    """The first and last of a series of festivals that a find belongs to, and how many they are."""
    days = [other for other in found if other.rule.id == one.rule.id]
    at = days.index(one)
    low = high = at
    while low > 0 and _BETWEEN_FESTIVALS.fullmatch(text.text, days[low - 1].end, days[low].start):
        low -= 1
    while high + 1 < len(days) and _BETWEEN_FESTIVALS.fullmatch(text.text, days[high].end, days[high + 1].start):
        high += 1
    return days[low], days[high], high - low + 1


_LICENCES: dict[str, Test] = {
    "year": _year,
    "year_range": _year_range,
    "not_object": _not_object,
    "repeated": _repeated,
    "standing": _standing,
    "report": _report,
    "festival": _festival,
}
