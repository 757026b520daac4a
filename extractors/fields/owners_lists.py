"""Lists of names among words: 市教育局、财政局和各区人民政府等部门."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.fields.owners_predicates import is_predicate
from extractors.fields.units import (
    BRACKETED,
    LEVELS,
    MASK,
    Head,
    Listed,
    Name,
    Word,
    Words,
    head_at,
    is_boundary,
    modifier,
    shapes,
)  # fmt: skip

_OTHERS = re.compile(
    r"等(?:多个?|各|有关|相关|各有关|各相关|市级|省级|区级|县级|市直|行业|职能)*"
    r"(?:部门|单位|机构|企业|中队|人员|科室|同志|地区|地|区)?"
)
_HEADED_NUMBER = re.compile(r"(?:等)?[0-9一二三四五六七八九十百]+(?:个|支|家|所|名)")
_ASIDE = re.compile(r"[（(〈](?:含|包含|包括|以下|下称|简称|下同|不含|如)")
#: Head nouns that a list shares: 农业农村、财政|部门.
_SHARED = re.compile(r"(?:部门|中队|大队|支队|分局|分会|分队|支部|科室|处室|街道)$")
#: 我局 and 本行 are the issuer or whoever reads it; 每处 counts cases.
_OWN_OR_EACH = re.compile(
    r"我|每|该|其(?!他|它)|本(?:局|行|机构|单位|部门|院|校|公司|企业|市|区|县|省|镇|方案|办法|系统|级)"
)
_MODAL = re.compile(r"(?:都|均|也|还)?(?:必须|应当|应该|务必|不得|须|要(?![求点素件么])|应(?![急用付对]))")
_NO_START = frozenset("的了着过等")
#: Inside a name these join its parts (文化和旅游局); behind a complete one they join names.
_JOINTS = frozenset({"和", "及", "与"})
_LONGEST = 14
#: Heads of offices, which a verb before them names (招考机构).
_OFFICES = frozenset({"机构", "部门", "委", "办", "中心", "办公室", "委员会", "大队", "处", "所", "站", "队"})


def skip_dropped(words: Words, index: int) -> int:
    """Index behind 广大, 全体, 十四支 and the like, or ``index`` where none stands there."""
    match = shapes().dropped.match(words.text, words.offset(index))
    if match:
        behind = words.index(match.end())
        if behind is not None:
            return behind
    return index


def one_name(words: Words, index: int, end: int) -> tuple[Name | None, int]:
    """The longest name that begins at ``index``, and the index behind the noun that it belongs to.

    The two differ where more nouns follow the last head: 志愿者 in 志愿者服务活动.
    """
    items = words.items
    first = skip_dropped(words, index)
    best: Name | None = None
    at = first
    while at < end and at - first < _LONGEST:
        word = items[at]
        if at > first and _HEADED_NUMBER.match(words.text, word.start):
            break
        head: Head | None = head_at(items, first, at) if word.tag != BRACKETED else None
        if head:
            best = Name(first, at + 1, head.kind, head.type)
        elif word.tag == BRACKETED and (best is None or best.last < at) and _joins(words, at, first, end):
            pass
        elif word.tag == BRACKETED:
            if best is None or best.last != at or _ASIDE.match(word.text):
                if best is not None and best.last == at:
                    at += 1
                break
            best = best._replace(last=at + 1)
        elif word.text == "的" or word.text in _JOINTS:
            if not (best is None or _goes_on(best, at)) or at == first or not _noun_follows(items, at + 1, end):
                break
        elif word.text[0] in _NO_START or not (
            modifier(word) or (_inner_verb(words, at, first, end) if best is None else _of_office(items, best, at, end))
        ):
            break
        at += 1
    if best and _blocked(words, best):
        return None, at
    return best, max(at, best.last if best else at)


def _of_office(items: list[Word], best: Name, at: int, end: int) -> bool:
    """各区（市）县|招考|机构: behind a level of government a verb that an office is named by."""
    if best.kind != "region" or best.last != at or items[at].tag != "v" or items[at].text in shapes().stops:
        return False
    return at + 1 < end and items[at + 1].text in _OFFICES


def _goes_on(best: Name, at: int) -> bool:
    """湖南省发展|和改革委员会: behind a place a name goes on, one that has not reached its head."""
    return best.kind == "region" and best.last < at


def _joins(words: Words, at: int, first: int, end: int) -> bool:
    """法规|（服务）|科: a bracket inside a name, whose head stands behind it."""
    if at == first or at + 1 >= end or _ASIDE.match(words.items[at].text):
        return False
    return len(words.items[at + 1].text) == 1 and head_at(words.items, first, at + 1) is not None


def _parted(words: Words, name: Name) -> list[Name]:
    """各地区各有关部门 as two names."""
    inner = [at for at in range(name.first + 1, name.last) if words.items[at].text[0] == "各"]
    if len(inner) == 1 and words.items[name.first].text[0] == "各":
        head = head_at(words.items, name.first, inner[0] - 1)
        if head:
            return [Name(name.first, inner[0], head.kind, head.type), name._replace(first=inner[0])]
    return [name]


def _inner_verb(words: Words, at: int, first: int, end: int) -> bool:
    """A verb before a name's head (文明实践中心, 申请单位), unless it is one that ends names."""
    word = words.items[at]
    if word.tag != "v" or word.text in shapes().stops:
        return False
    if len(word.text) == 1:
        if at == first + 1 and words.items[first].text in ("各", "有关", "相关"):  # 各承训机构, 各用能单位
            return any(head_at(words.items, first, i) for i in range(at + 1, min(at + 3, end)))
        return at > first and at + 1 < end and words.items[at + 1].text in "办科所队局站"
    return at > first or (at + 1 < end and head_at(words.items, first, at + 1) is not None)


def _noun_follows(items: list[Word], at: int, end: int) -> bool:
    return at < end and modifier(items[at])


def _blocked(words: Words, name: Name) -> bool:
    text = words.text[words.offset(name.first) : words.items[name.last - 1].end]
    plain = re.sub(r"\s", "", text)
    return plain in shapes().none or len(plain) < 2 or MASK in plain or _OWN_OR_EACH.match(plain) is not None


def list_at(words: Words, index: int, end: int, *, elliptic: bool = False, places: bool = False) -> Listed | None:
    """The names in a row that begin at ``index``; None where there is none.

    Args:
        end: index of the first word that is no part of it.
        elliptic: whether 公安、城管等部门 counts, whose names lack their head nouns.
        places: whether bare places count (督促福田、盐田).
    """
    names, at, trailing, bare = _row(words, index, end)
    if not names:
        return None
    number = _HEADED_NUMBER.match(words.text, words.offset(at))
    counted = words.index(number.end()) if number and elliptic and bare else None
    if counted is not None:
        head, _ = one_name(words, counted, end)
        return Listed(names, head.last, ()) if head else None
    others = _OTHERS.match(words.text, words.offset(at))
    if others and words.items and at < end and words.items[at].text.startswith("等"):
        behind = words.index(others.end())
        at = behind if behind is not None else at + 1
        trailing = ()
        elliptic = elliptic or len(others[0]) > 1
    if bare and not _all_known(words, names, elliptic, places, bool(others)) and not _obliged(words, names, at):
        return None
    return Listed(names, at, trailing)


def _row(words: Words, index: int, end: int) -> tuple[list[Name], int, tuple[Word, ...], bool]:
    """Names with separators between them, the index behind, what trails the last, whether one lacks its head noun."""
    items = words.items
    names: list[Name] = []
    at = mark = index
    bare = False
    trailing: tuple[Word, ...] = ()
    while True:
        name, after = one_name(words, at, end)
        if name is None or (name.last < after and _separator(items, after, end)):
            piece = _bare(words, at, end)
            if piece is None:
                return names, mark, trailing, bare
            names.append(piece)
            bare = True
            after = piece.last
        else:
            names += _parted(words, name)
            trailing = tuple(items[name.last : after])
            after = name.last
            if after < end and items[after].tag == BRACKETED and _ASIDE.match(items[after].text):
                after += 1
                trailing = ()
        at = after
        if trailing or not _separator(items, at, end):
            return names, at, trailing, bare
        mark = at
        while _separator(items, at, end):
            at += 1


def _separator(items: list[Word], at: int, end: int) -> bool:
    return at < end and items[at].text in shapes().separators


def _bare(words: Words, index: int, end: int) -> Name | None:
    """A short noun without a head, up to the next separator, 等 or verb."""
    at = index
    items = words.items
    while at < end and at - index < 5 and (modifier(items[at]) or _bare_verb(items[at], at == index)):
        verb = items[at].tag == "v" and len(items[at].text) > 1 and not _closes(items, at, end)
        if at > index and (verb or _HEADED_NUMBER.match(words.text, words.offset(at))):
            break
        at += 1
    if at == index or words.offset(at) - words.offset(index) > 10:
        return None
    return Name(index, at, None, "agency")


def _closes(items: list[Word], at: int, end: int) -> bool:
    """Whether a piece of a list ends behind a word: 综合|协调、."""
    return at + 1 < end and (_separator(items, at + 1, end) or items[at + 1].text == "等")


def _bare_verb(word: Word, opens: bool) -> bool:
    """袁|花 and 抢险|救援: a verb inside or before a name that is no verb."""
    return word.tag == "v" and (len(word.text) == 1 or opens) and word.text not in shapes().stops


def _all_known(words: Words, names: list[Name], elliptic: bool, places: bool, others: bool) -> bool:
    """Whether names without head nouns are names: before one head noun, or places all of them."""
    if places and len(names) > 2 and sum(_is_place(words.items, name) for name in names) * 2 >= len(names):
        return True
    if len(names) < 2:
        return False
    shared = names[-1].kind == "unit" and _SHARED.search(words.items[names[-1].last - 1].text) is not None
    return shared or (elliptic and others)


def _obliged(words: Words, names: list[Name], at: int) -> bool:
    """Whether a list that must do something, or does it, is mostly names that are known: then all are names."""
    texts = [words.text[words.offset(name.first) : words.items[name.last - 1].end] for name in names]
    if any(len(text) < 2 for text in texts):
        return False
    known = sum(
        name.kind is not None or (len(text) > 2 and text[0] in "省市县区镇局校")
        for name, text in zip(names, texts, strict=True)
    )
    if _MODAL.match(words.text, words.offset(at)):
        return bool(known) and 2 * known >= len(names)
    if len(names) < 3 or known < len(names) - 1 or not is_predicate(words, Listed(names, at, ())):
        return False
    (last,) = [name for name in names if name.kind is None] or names[-1:]
    return last.last - last.first == 1 and words.items[last.first].tag == "n"


def _is_place(items: list[Word], name: Name) -> bool:
    return name.kind == "region" or any(word.tag in ("ns", "nr") for word in items[name.first : name.last])


def names_in(words: Words) -> Iterator[tuple[int, int, str]]:
    """Every name in a text, as offsets and kind, without overlap, in reading order."""
    at = 0
    items = words.items
    while at < len(items):
        if is_boundary(items[at]) or (items[at].tag not in (LEVELS,) and not modifier(items[at])):
            at += 1
            continue
        name, after = one_name(words, at, len(items))
        if name and name.kind:
            yield words.offset(name.first), items[name.last - 1].end, name.kind
        at = max(after, at + 1)
