"""Numbers before items: 一、 （一） 1. （1） ① 第一条 第一章 专栏1 ——, typed or automatic.

Source: GB/T 9704-2012, 7.3.3, names the four levels 一、 （一） 1. （1）; agencies write many more.
"""

from __future__ import annotations

import re

from schemas.outline import Mark

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_CHINESE = "一二三四五六七八九十百零〇"
_CIRCLED = "".join(chr(c) for c in [*range(0x2460, 0x2474), *range(0x2776, 0x2780), *range(0x24F5, 0x24FF)])

#: Scheme -> depth that it usually has; an item of an unseen scheme goes under the last item of a smaller one.
RANK = {
    "part": 0, "chapter": 1, "section": 2, "chinese": 3, "article": 4, "chinese_paren": 5, "arabic": 6,
    "decimal2": 7, "arabic_paren": 8, "decimal3": 8, "circled": 9, "letter": 9, "box": 9, "bullet": 10,
}  # fmt: skip

_C = rf"[{_CHINESE}]{{1,4}}"
_N = r"[0-9０-９]{1,3}"
# The part in ‹mark› is the number itself; what follows it is the item's text.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (scheme, re.compile(pattern))
    for scheme, pattern in (
        ("part", rf"第(?P<n>{_C}|{_N})(?:编|部分|篇)(?=[\s　:：、]|$)[、:：]?"),
        ("chapter", rf"第(?P<n>{_C}|{_N})章(?=[\s　]|[^\d的中至和、，,。])"),
        ("section", rf"第(?P<n>{_C}|{_N})节(?=[\s　]|[^\d的中至和、，,。课])"),
        (
            "article",
            rf"第\s?(?:(?P<n>{_C})\s?条(?=[\s　:：]|(?!规定)[^的中至和、，,。第款])"
            rf"|(?P<m>{_N})\s?条(?=[\s　:：]))[:：]?",
        ),
        ("box", rf"专\s*栏\s*(?P<n>{_C}|{_N})[\s　:：、.．]*"),
        ("chinese_paren", rf"[（(〔\[【]\s*(?P<n>{_C})\s*[）)〕\]】][、.．，]?"),
        ("chinese", rf"(?P<n>{_C})\s*(?:、(?![{_CHINESE}]+(?:是|[、，]))|[.．﹒](?=[\s　]*\D)|[:：](?=\S))"),
        ("decimal3", rf"(?P<n>{_N}[.．]{_N}[.．]{_N})[.．]?(?=[\s　]+\D|[一-鿿“《（])"),
        (
            "decimal2",
            r"(?P<n>[1-9][0-9]?[.．][1-9][0-9]?)[.．]?(?=[\s　]+[一-鿿“《（]|"
            r"(?![万亿倍千百元米公平吨个度年月日天小分秒人名次成至到])[一-鿿“《])",
        ),
        ("arabic_paren", rf"(?:[（(]\s*(?P<n>{_N})\s*[）)]|(?P<m>{_N})\s*[）)])[、.．]?"),
        ("arabic", r"(?P<n>[1-9１-９][0-9０-９]?)\s*(?:[.．﹒](?![\s　]*[0-9０-９])|、(?![0-9０-９]))"),
        ("circled", rf"(?P<n>[{_CIRCLED}])[、.．]?"),
        ("letter", r"(?P<n>[A-H])[.．、）)](?![A-Za-z0-9.])"),
        ("bullet", "(?:——|--|—(?!—)|–|●|■|◆|▲|★|☆|※|○(?=[一-鿿])|•|·(?=\\s)|[\ue000-\uf8ff])"),
    )
)


def parse_mark(text: str) -> tuple[Mark, int] | None:
    """The mark that a line starts with, and the offset of its words; None where there is none.

    White space before and after the mark is skipped. Inline enumerations that only look like a mark
    (一、二、三产业, 3.5万, 2021.3.5, 第一条规定) are none.
    """
    lead = len(text) - len(text.lstrip())
    for scheme, pattern in _PATTERNS:
        match = pattern.match(text, lead)
        if not match:
            continue
        groups = match.groupdict()
        raw = groups.get("n") or groups.get("m")
        number = _value(raw) if raw else None
        if raw and number is None:
            continue
        end = match.end()
        while end < len(text) and text[end].isspace():
            end += 1
        if end >= len(text) and scheme in ("bullet", "letter"):
            continue
        return Mark(scheme, number, match.group().strip()), end
    return None


def parse_label(label: str) -> Mark | None:
    """An automatic number, as a reader rebuilt it, as a mark; an unknown glyph is a bullet."""
    found = parse_mark(f"{label.strip()} 文")
    if found:
        mark = found[0]
        return Mark(mark.scheme, mark.number, label.strip(), automatic=True)
    digits = re.fullmatch(rf"\s*(?:({_N})|({_C}))\s*", label)
    if digits:
        scheme = "arabic" if digits[1] else "chinese"
        return Mark(scheme, _value(digits[1] or digits[2]), label.strip(), automatic=True)
    return Mark("bullet", None, label.strip(), automatic=True) if label.strip() else None


def _value(raw: str) -> int | None:
    """The value of a mark's numeral; of 1.2.3 the last part."""
    if raw in _CIRCLED:
        code = ord(raw)
        base = 0x2460 if code < 0x2474 else (0x2776 if code < 0x2780 and code >= 0x2776 else 0x24F5)
        return code - base + 1
    if len(raw) == 1 and "A" <= raw <= "H":
        return ord(raw) - ord("A") + 1
    last = re.split(r"[.．]", raw)[-1]
    if re.fullmatch(r"[0-9０-９]+", last):
        return int(last)
    return chinese_value(last)


def chinese_value(text: str) -> int | None:
    """一 to 九百九十九 as a number; None for what is no numeral (十十)."""
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if text else None
    total, digit = 0, None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in "十百":
            unit = 10 if char == "十" else 100
            if unit >= 10 and total % unit and unit > 10:
                return None
            total += (1 if digit is None else digit) * unit
            digit = None
        else:
            return None
    return total + (digit or 0)


def inline_series(text: str, mark: Mark) -> bool:
    """Whether a paragraph that starts with a mark holds the next number too: a series that is one item's words."""
    if mark.number is None or mark.scheme not in ("circled", "arabic_paren", "arabic", "chinese_paren"):
        return False
    following = mark.number + 1
    if mark.scheme == "circled":
        base = ord(mark.text[0]) + 1
        return chr(base) in text
    if mark.scheme == "chinese_paren":
        return False
    if mark.scheme == "arabic_paren":
        return bool(re.search(rf"[；;。，,：:]\s*[（(]{following}[）)]", text))
    return bool(re.search(rf"[；;。]\s*{following}\s*[.．、](?![0-9])", text))
