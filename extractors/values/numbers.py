"""Numbers as notices write them: Arabic, full-width, Chinese, mixed, and as shares.

Pure functions over text. Capital numerals follow the forms for bills (壹贰叁…), others GB/T 15835-2011.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

#: One character for one, so that offsets into the normalised text are offsets into the original.
_FORMS = str.maketrans(
    "０１２３４５６７８９．％－−ｋＫＭ〇○壹贰叁肆伍陆柒捌玖拾佰仟貳參叄陸廿萬億負兩點個",
    "0123456789.%--kKM零零一二三四五六七八九十百千二三三六廿万亿负两点个",
)
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}
_BASES = {"百": "%", "千": "‰", "万": "‱"}

_S = "[ \u3000]*"
_D = "零一二两三四五六七八九"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_ONE = rf"(?:{_ARABIC}|[{_D}]+(?:点[{_D}]+)?)"
#: 千米, 千克, 千瓦, 兆瓦 are units: the scale belongs to them.
_SCALE = (
    rf"(?:[十万亿]|百(?!{_S}分{_S}点)|千(?!{_S}分{_S}点|米|克|瓦|伏|帕|卡|赫|焦|方百计|家万)"
    r"|兆(?!瓦|伏|字节|赫|帕|欧|位))"
)
_MORE = (
    rf"(?:{_S}(?:[余多来]{_S})?{_SCALE}(?:{_S}{_ONE})?)*"
    rf"(?:(?<=[{_D}十百千万亿兆])(?:{_S}点{_S}[{_D}]+(?!{_S}[分刻时钟])|点[{_D}]+))?"
)
#: 15k个百分点, 2M元; in front of other words K and M are part of a name (4K超高清, 100M带宽).
_THOUSANDS = rf"(?:{_S}(?P<kilo>[kKM])(?=$|{_S}(?:个|人|元|美元|港元|欧元)))"
_HEAD = rf"(?:{_ONE}|[廿十](?:[一二三四五六七八九](?!十))?|[百千万][一二两三四五六七八九])"
NUMERAL = rf"(?:{_HEAD}{_MORE})"

_FIND = re.compile(
    rf"(?P<sign>负|(?:(?<=[（(：:，,、；; ])|^)-(?=[0-9]))?"
    rf"(?:(?P<base>[百千万]){_S}分{_S}之{_S}(?P<share>{NUMERAL}|百)(?:{_S}(?P<share_kilo>[kK])(?![A-Za-z0-9]))?"
    rf"|(?P<whole>{NUMERAL}){_S}分{_S}之{_S}(?P<part>{NUMERAL})"
    rf"|(?P<number>{NUMERAL}){_THOUSANDS}?(?:{_S}(?:(?P<mark>[%‰])|(?P<tenths>成(?![立果员功效本为熟长就绩品都分因交])"
    rf"(?:{_S}(?P<tenth>[0-9一二三四五六七八九](?![0-9{_D}十百千])))?)))?"
    rf"(?:/(?P<under>[0-9]+)(?![0-9/]))?)"
)
_ADDRESS = re.compile(r"[A-Za-z]+://[!-~]+")
_TOKEN = re.compile(rf"{_ARABIC}|[{_D}]+(?:点[{_D}]+)?|[十百千万亿兆廿]|点[{_D}]+|[余多来]")
#: No number of a notice is written longer than this; longer runs of digits are codes.
_LONGEST = 32
_HINT = re.compile(r"[0-9０-９零〇○一二两三四五六七八九十百千廿壹贰叁肆伍陆柒捌玖拾佰仟兩]")

Style = Literal["arabic", "chinese", "mixed"]


@dataclass(frozen=True)
class NumberMatch:
    """A number in a text: ``text[start:end]`` reads as ``value``.

    Attributes:
        unit: ``%`` for shares (百分之五, 九成, 三分之二 and 2/3 as 66.666667), ``‰``, ``‱``; None for plain numbers.
        scale: what its trailing 万, 亿, … multiplied by; 1 without one. A range's first number may borrow it.
        approximate: 余, 多 stand inside (180余万).
        colloquial: two digits that name a vague range (三五, 两三); the value is not to be trusted.
    """

    start: int
    end: int
    text: str
    value: float
    unit: str | None = None
    style: Style = "arabic"
    scale: int = 1
    approximate: bool = False
    colloquial: bool = False


def normalise(text: str) -> str:
    """The text with full-width, capital and traditional numerals in their common form, character for character."""
    return text.translate(_FORMS)


def has_number(text: str) -> bool:
    """Whether any character of a numeral stands in the text: the cheap question to ask first."""
    return _HINT.search(text) is not None


def parse_number(text: str) -> float | None:
    """The value of a text that is one number and nothing else; shares as written (百分之九十五 → 95), fractions as %.

    八折 is 80, 对半 50.

    Returns None where the text is no number or holds more than one.
    """
    words = normalise(text.strip())
    if words in ("一半", "对半"):
        return 50.0
    if words.endswith("折"):
        tenths = parse_number(words[:-1])
        return None if tenths is None or not 0 < tenths < 100 else tenths * 10 if tenths < 10 else tenths
    matches = find_numbers(text.strip())
    if len(matches) != 1 or len(matches[0].text) != len(text.strip()):
        return None
    return matches[0].value


def find_numbers(text: str) -> list[NumberMatch]:
    """Every number of a text, in order and without overlap. Digits of words (统一, 三农) are numbers here too."""
    if not has_number(text):
        return []
    plain = normalise(text)
    found = []
    addresses = [one.span() for one in _ADDRESS.finditer(plain)] if "://" in plain else []
    for match in _FIND.finditer(plain):
        if any(start <= match.start() < end for start, end in addresses):
            continue
        number = _read(match)
        if number is not None:
            found.append(number if text is plain else _requote(number, text))
    return found


def _requote(number: NumberMatch, text: str) -> NumberMatch:
    from dataclasses import replace

    return replace(number, text=text[number.start : number.end])


def _read(match: re.Match[str]) -> NumberMatch | None:
    unit: str | None = None
    words = match["number"] or match["share"] or match["part"]
    if max(map(len, (words, match["whole"] or ""))) > _LONGEST:
        return None
    value, scale = _evaluate(re.sub(r"\s", "", words))
    if kilo := match["kilo"] or match["share_kilo"]:
        value *= 1_000 if kilo in "kK" else 1_000_000
    if match["base"]:
        unit = _BASES[match["base"]]
    elif match["whole"]:
        whole, _ = _evaluate(match["whole"])
        if not whole:
            return None
        value, unit = round(value / whole * 100, 6), "%"
    elif match["mark"]:
        unit = match["mark"]
    elif match["tenths"]:
        value, unit = round(value * 10 + (_evaluate(match["tenth"])[0] if match["tenth"] else 0), 6), "%"
    elif match["under"]:
        if float(match["under"]) == 0:
            return None
        value = value / float(match["under"])
        if 0 < value < 1:
            value, unit = round(value * 100, 6), "%"
    if match["sign"]:
        value = -value
    arabic, chinese = bool(re.search("[0-9]", words)), bool(re.search(f"[{_D}十百千]", words))
    return NumberMatch(
        match.start(),
        match.end(),
        match[0],
        value,
        unit,
        "mixed" if arabic and chinese else "arabic" if arabic else "chinese",
        scale,
        bool(re.search("[余多来]", words)),
        bool(re.match(rf"[{_D}]{{2}}(?![{_D}点])", words)) and "零" not in words[:2],
    )


def _evaluate(words: str) -> tuple[float, int]:
    """The value of a numeral and the scale that its last scale character gives."""
    total = section = 0.0
    number: float | None = None
    last, decimals, shorthand = 1, 0.0, False
    for token in _TOKEN.findall(words):
        if token in ("余", "多", "来"):
            continue
        if token in _SCALES:
            scale, shorthand = _SCALES[token], False
            if scale < 10_000:
                section += (number or 1) * scale
            else:
                section += number or 0
                if total and total < scale:
                    total, section = (total + section) * scale, 0.0
                else:
                    total, section = total + (section or 1) * scale, 0.0
            number, last = None, scale
        elif token == "廿":
            section, last = section + 20, 10
        elif token.startswith("点"):
            decimals = float("0." + _spell(token[1:]))
        else:
            shorthand = last >= 100 and len(token) == 1 and token != "零"
            number = _one(token)
    tail = 0.0 if number is None else number * (last / 10 if shorthand and last >= 100 else 1)
    ends_scaled = words and words[-1] in _SCALES
    return _tidy(total + section + tail + decimals), _trailing(words) if ends_scaled else 1


def _trailing(words: str) -> int:
    scale = 1
    for character in reversed(words):
        if character not in _SCALES or character == "十":
            break
        scale *= _SCALES[character]
    return scale


def _one(token: str) -> float:
    if token[0] in _DIGITS:
        head, _, tail = token.partition("点")
        return float(_spell(head) + ("." + _spell(tail) if tail else ""))
    return float(token.replace(",", ""))


def _spell(digits: str) -> str:
    return "".join(str(_DIGITS[digit]) for digit in digits)


def _tidy(value: float) -> float:
    """16.4 × 10⁸ is 1640000000, not a hair beside it."""
    return float(round(value)) if abs(value - round(value)) < 1e-6 and abs(value) >= 1 else round(value, 9)
