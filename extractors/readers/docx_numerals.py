"""A counter's value as a word processor shows it in a numbered list.

Source: ECMA-376 part 1, 17.18.59 ST_NumberFormat. Where a set of glyphs ends (①…), plain digits go on, as on screen.
"""

from __future__ import annotations

from collections.abc import Callable

_PLAIN = "零一二三四五六七八九"
_POSITIONAL = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_LEGAL_JAPANESE = "零壱弐参四伍六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_GANADA = "가나다라마바사아자차카타파하"
_CHOSUNG = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_CIRCLED = "".join(map(chr, [*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)]))
#: Bounds against lists that were made to fill memory.
_LETTERS_MOST, _PADDED_MOST = 26 * 30, 12

_ONES = (
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
)  # fmt: skip
_TENS = ("", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_ORDINALS = {
    "One": "First", "Two": "Second", "Three": "Third", "Five": "Fifth", "Eight": "Eighth", "Nine": "Ninth",
    "Twelve": "Twelfth",
}  # fmt: skip


def numeral(form: str, value: int) -> str:
    """A counter's value in a number format.

    Args:
        form: a value of ST_NumberFormat; an unknown one is read as ``decimal`` (see ``knows``).
        value: the counter, 0 or more.
    """
    maker = _MAKERS.get(form)
    if maker is None or (value < 1 and form not in _WITH_ZERO):
        return str(value)
    return maker(value)


def knows(form: str) -> bool:
    """Whether a number format is one that ``numeral`` renders as itself."""
    return form in _MAKERS


def padded(pattern: str, value: int) -> str:
    """A counter's value after a custom format such as ``001, 002, 003, ...``: digits with leading zeros."""
    first = pattern.split(",", 1)[0].strip()
    return str(value).zfill(min(len(first), _PADDED_MOST)) if first.isdigit() else str(value)


def counting(value: int, digits: str, units: str, *, bare_ten: bool, bare_unit: bool = False) -> str:
    """A number in the additive system: 一百二十三.

    Args:
        value: 0 or more; from 100 million on, digit by digit.
        digits: the ten digits, the first stands for a gap (一百零一).
        units: ten, hundred, thousand, ten thousand.
        bare_ten: 十二 for 12, not 一十二.
        bare_unit: no one before any unit (Japanese 百十).
    """
    if value >= 10**8:
        return _positional(value, digits)
    if value >= 10**4:
        high, low = divmod(value, 10**4)
        rest = counting(low, digits, units, bare_ten=False, bare_unit=bare_unit) if low else ""
        filler = digits[0] if 0 < low < 1000 and not bare_unit else ""
        return counting(high, digits, units, bare_ten=bare_ten, bare_unit=bare_unit) + units[3] + filler + rest
    if value == 0:
        return digits[0]
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit == 0:
            gap = bool(text)
            continue
        if gap and not bare_unit:
            text += digits[0]
        gap = False
        bare = power > 0 and digit == 1 and (bare_unit or (bare_ten and power == 1 and not text))
        text += ("" if bare else digits[digit]) + (units[power - 1] if power else "")
    return text


def circled(value: int, last: int = 20) -> str:
    """① and so on, to ``last`` (the glyphs end at 50), digits beyond."""
    return _CIRCLED[value - 1] if 1 <= value <= min(last, 50) else str(value)


def _positional(value: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(value))


def _short_counting(value: int) -> str:
    """To 99 additive, from 100 on digit by digit."""
    return counting(value, _PLAIN, "十百千万", bare_ten=True) if value < 100 else _positional(value, _POSITIONAL)


def _roman(value: int) -> str:
    if value > 3999:
        return str(value)
    text = ""
    for worth, glyphs in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        text += glyphs * (value // worth)
        value %= worth
    return text


def _letters(value: int) -> str:
    """A … Z, AA, BB, …: the letter is repeated, not counted up as in a spreadsheet."""
    if value > _LETTERS_MOST:
        return str(value)
    repeats, index = divmod(value - 1, 26)
    return chr(65 + index) * (repeats + 1)


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _cardinal_text(value: int) -> str:
    if value >= 1_000_000:
        return str(value)
    if value >= 1000:
        rest = f" {_cardinal_text(value % 1000)}" if value % 1000 else ""
        return f"{_cardinal_text(value // 1000)} Thousand{rest}"
    if value >= 100:
        rest = f" {_cardinal_text(value % 100)}" if value % 100 else ""
        return f"{_ONES[value // 100]} Hundred{rest}"
    if value < 20:
        return _ONES[value]
    return _TENS[value // 10] + (f"-{_ONES[value % 10].lower()}" if value % 10 else "")


def _ordinal_text(value: int) -> str:
    text = _cardinal_text(value)
    cut = max(text.rfind(" "), text.rfind("-")) + 1
    head, word = text[:cut], text[cut:]
    form = _ORDINALS.get(word.capitalize()) or (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th")
    return head + (form if word[:1].isupper() else form.lower())


def _cycle(glyphs: str) -> Callable[[int], str]:
    return lambda value: glyphs[(value - 1) % len(glyphs)]


def _until(first: int, last: int) -> Callable[[int], str]:
    """One glyph a number from a code point on, digits after the last."""
    return lambda value: chr(first + value - 1) if value <= last else str(value)


def _additive(digits: str, units: str, *, bare_ten: bool, bare_unit: bool = False) -> Callable[[int], str]:
    return lambda value: counting(value, digits, units, bare_ten=bare_ten, bare_unit=bare_unit)


def _digits(digits: str) -> Callable[[int], str]:
    return lambda value: _positional(value, digits)


_FULL_WIDTH = _digits("０１２３４５６７８９")
_MAKERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: str(value).zfill(2),
    "decimalFullWidth": _FULL_WIDTH,
    "decimalFullWidth2": _FULL_WIDTH,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedFullstop": _until(0x2488, 20),
    "decimalEnclosedParen": _until(0x2474, 20),
    "numberInDash": lambda value: f"- {value} -",
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "ordinal": _ordinal,
    "cardinalText": _cardinal_text,
    "ordinalText": _ordinal_text,
    "hex": lambda value: f"{value:X}",
    "chicago": lambda value: "*†‡§"[(value - 1) % 4] * min((value - 1) // 4 + 1, 9),
    "chineseCounting": _short_counting,
    "chineseCountingThousand": _additive(_PLAIN, "十百千万", bare_ten=True),
    "chineseLegalSimplified": _additive(_LEGAL, "拾佰仟万", bare_ten=False),
    "ideographDigital": _digits(_POSITIONAL),
    "ideographEnclosedCircle": _until(0x3220, 10),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda value: _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12],
    "ideographLegalTraditional": _additive(_LEGAL_TRADITIONAL, "拾佰仟萬", bare_ten=False),
    "taiwaneseCounting": _short_counting,
    "taiwaneseCountingThousand": _additive(_PLAIN, "十百千萬", bare_ten=True),
    "taiwaneseDigital": _digits(_POSITIONAL),
    "japaneseCounting": _additive(_PLAIN, "十百千万", bare_ten=True, bare_unit=True),
    "japaneseDigitalTenThousand": _digits(_POSITIONAL),
    "japaneseLegal": _additive(_LEGAL_JAPANESE, "拾百阡萬", bare_ten=False),
    "koreanDigital2": _digits(_POSITIONAL),
    "aiueo": _cycle(_AIUEO),
    "aiueoFullWidth": _cycle(_AIUEO),
    "iroha": _cycle(_IROHA),
    "irohaFullWidth": _cycle(_IROHA),
    "ganada": _cycle(_GANADA),
    "chosung": _cycle(_CHOSUNG),
    "none": lambda value: "",
    "bullet": lambda value: "•",
}
_WITH_ZERO = frozenset({
    "decimal", "decimalHalfWidth", "decimalZero", "decimalFullWidth", "decimalFullWidth2", "numberInDash", "none",
    "bullet", "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
    "taiwaneseCounting", "taiwaneseCountingThousand", "taiwaneseDigital",
})  # fmt: skip
