"""What stands around a name in a clause: whether it is a subject, and whether a predicate follows it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from extractors.fields.units import Listed, Name, Words, is_boundary, is_head, shapes, stop_starts
from extractors.lexicons import load_rules

_VERBAL = ("v", "p", "d")
#: Parts of a city with an administration of their own, which act as units do.
_ZONES = ("高新区", "开发区", "经开区", "新区", "城区", "度假区", "园区", "功能区", "示范区", "保税区")
_GOVERNED = re.compile(r"(?:鼓励|支持|推动|引导|提倡|倡导)(?!和|、|并|与)[^，。；：！？\n]*$")
#: What happens to a building or a title is no work of its name's (医院投入使用, 中心建成运营).
_BUILT = re.compile(
    r"(?:加快|加速|全面|有序|顺利|高质量|高标准|正式|基本|如期|陆续|新)*(?:建成|建设|开工|投入|投用|启用|推进|扩建|迁建|落户|揭牌|"
    r"运营|挂牌|竣工|完工|迁入|升级|扩容)+(?:运营|使用|投用|建设|启用)*(?:(?=[，。；、,;等项])|$)|获评|入选|荣获|实现[^，。]{0,4}全覆盖|跻身"
)
_EVERY = re.compile(r"每隔?[0-9一二两三四五六七八九十]*个?(?:年|月|季度?|周|天|日|半年|学期|学年)度?")
#: Heads of names that a verb opens.
_BODIES = frozenset({"单位", "机构", "部门", "企业", "人员", "基地", "学校"})
#: A time by an event ends so (开学前, 汛期内).
_WHEN = frozenset({"前", "后", "期间", "之前", "之后", "以前", "以后"})
_MEASURED = re.compile(r"在[^，。；]{2,40}讲话|超过|不超过|不少于|不低于|达到?|占|签字|签章|盖章|签名|意见")


class Predicates(NamedTuple):
    """The word lists of ``[predicates]`` in ``owners.toml``."""

    never: frozenset[str]
    short: frozenset[str]
    bad_starts: frozenset[str]
    adjectives: frozenset[str]
    activities: frozenset[str]
    functionaries: re.Pattern[str]


@lru_cache(maxsize=1)
def predicates() -> Predicates:
    """The word lists that tell subjects and predicates, compiled."""
    data = load_rules("owners").tables["predicates"]
    return Predicates(
        frozenset(data["never"]), frozenset(data["short"]), frozenset(data["bad_starts"]),
        frozenset(data["adjectives"]), frozenset(data["activities"]), re.compile(data["functionaries"]),
    )  # fmt: skip


def governed(text: str, at: int) -> bool:
    """Whether the verb at ``at`` depends on 鼓励, 支持, 推动, 引导 before it in its clause: then nobody is obliged."""
    return _GOVERNED.search(text, max(0, at - 40), at) is not None


@lru_cache(maxsize=1)
def _verbal_starts() -> tuple[str, ...]:
    """Verbs and adverbs that a clause's first name does not begin with, also inside a longer word (积极争取)."""
    lists = shapes()
    return tuple(word for word in lists.stops | lists.adverbs if len(word) > 1 and word not in lists.nominal)


def nominal_start(words: Words, name: Name, verbal: bool) -> bool:
    """Whether a clause's first name begins with a noun: 监察队, but not 保障中心组, whose verb has an object.

    Before a word of obligation (``verbal``) also a verb that its head noun follows (申请单位), or a verbal noun.
    """
    first = words.items[name.first]
    text = words.text[first.start : words.offset(name.last)]
    if first.text in predicates().bad_starts:
        return False
    if first.text in predicates().adjectives or name.last - name.first == 1 or is_head(text):
        return True
    if first.text not in shapes().nominal and text.startswith(_verbal_starts()):
        return False
    if first.tag[:1] not in "vad" or first.tag == "an":
        return True
    if first.text in shapes().nominal and words.items[name.last - 1].text in _BODIES:
        return True  # 申报单位, 就业见习单位
    short = name.last - name.first <= 3 and len(text) <= 6
    if name.kind == "people":
        return short and words.items[name.last - 1].text == "人员"
    if verbal:
        return first.tag == "vn" or (first.tag == "v" and name.last - name.first <= 3)
    return short and first.tag == "vn" and name.kind == "unit"


def acting(words: Words, listed: Listed) -> bool:
    """Whether the nouns behind the last head are adverbs or verbal nouns (每日巡查, 参观科技馆), no longer name's.

    A time by an event (开学前) may stand between the names and their verb.
    """
    first, last = listed.trailing[0].text, listed.trailing[-1].text
    behind = listed.after + len(listed.trailing)
    if behind < len(words.items) and words.items[behind].text in predicates().never:
        return False
    words_between = "".join(word.text for word in listed.trailing)
    if (last in _WHEN or _EVERY.fullmatch(words_between)) and is_predicate(
        words, listed._replace(after=behind, trailing=())
    ):
        return True
    return first in shapes().adverbs | shapes().acts and last not in predicates().activities


def is_predicate(words: Words, listed: Listed) -> bool:
    """Whether what follows the names is a verb, or what stands before one."""
    if listed.after >= len(words.items):
        return False
    word = words.items[listed.after]
    following = words.items[listed.after + 1] if listed.after + 1 < len(words.items) else None
    if word.text in predicates().never or is_boundary(word) or word.text[0] in "、/":
        return False
    noun = word.text == "组织" and words.items[listed.after - 1].text in shapes().organisation
    if noun and (following is None or following.tag[:1] in "dpu" or is_boundary(following)):
        return False
    if _MEASURED.match(words.text, word.start) or _BUILT.match(words.text, word.start):
        return False
    if len(word.text) == 1 and word.text not in predicates().short:
        return False
    subject = word.tag[:1] == "v" and following is not None and following.text in ("是", "为", "作为")
    if subject or _is_attribute(words, listed.after):
        return False
    if is_head(word.text):  # 负责人 behind 等部门 acts for nobody
        return False
    if word.tag[:1] in _VERBAL or word.text in shapes().adverbs or word.text.startswith(stop_starts()):
        return True
    if word.tag in ("a", "ad", "an", "t") and following and following.tag[:1] in "vd":
        return True
    return word.tag == "vn" or bool(re.match(r"(?:每|于|在|自|20[0-9]{2}年|[0-9]{1,2}月)", word.text))


def _is_attribute(words: Words, at: int) -> bool:
    """管理使用的 behind a name: what it manages and uses, not what it shall do."""
    for index in range(at, min(at + 3, len(words.items))):
        if words.items[index].text == "的":
            return index > at
        if words.items[index].tag[:1] != "v":
            return False
    return False


def is_official(name: Name, text: str) -> bool:
    """Who, without a word of obligation, is taken to be told to act: offices and functionaries, no bare head noun."""
    if name.kind == "people":
        return bool(predicates().functionaries.search(text)) and not re.search(r"总书记|主席|总理", text)
    if name.kind == "region":
        return bool(re.match(r"各|有关|相关|所在|属地|试点", text)) or text.endswith((*_ZONES, "办事处", "政府"))
    return text not in shapes().generic and not text[0].isdigit()
