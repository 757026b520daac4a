"""What every reader does to characters: glyph variants repaired, invisible ones dropped, soft-wrapped lines joined."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: CJK Radicals Supplement (U+2E80-2EF3) to the unified ideograph of the same shape.
#: Source: Unicode Character Database, EquivalentUnifiedIdeograph; outside the BMP the common form is taken.
_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月"
    "⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳㓁⺴网⺵网⺶羊⺷羊⺸羊"
    "⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长"
    "⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿"
    "⻯竜⻰龙⻱龜⻲亀⻳龟"
)
#: Where the decomposition is not the form that simplified Chinese writes.
_SIMPLIFIED = {"戶": "户", "靑": "青"}
_REPAIRED = ((0x2F00, 0x2FD5), (0xF900, 0xFAD9), (0x2F800, 0x2FA1D))
#: Zero-width and direction marks, soft hyphen, BOM, variation selectors, surrogates, noncharacters, control characters.
_DROPPED = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x180E, 0x180E), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFFE, 0xFFFF), (0xD800, 0xDFFF),
    (0xE0100, 0xE01EF),
)  # fmt: skip
_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F)
_BREAKS = (0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)

_LATIN = r"[A-Za-z0-9À-ɏ]"
_SPACED = re.compile(rf"(?:{_LATIN}[%)\]\"'”’]*[,.;:!?&]?|[&])$")
_WORD = re.compile(rf"[(\[\"'“‘&]?{_LATIN}")
_SEAM = 12
_HYPHEN = re.compile(r"[a-zà-ɏ]{2}[-‐]$")


@lru_cache(maxsize=1)
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for first, last in _REPAIRED:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = plain
    table.update({code: _SIMPLIFIED[form] for code, form in table.items() if form in _SIMPLIFIED and code < 0x2FD6})
    table.update({ord(_SUPPLEMENT[i]): _SUPPLEMENT[i + 1] for i in range(0, len(_SUPPLEMENT), 2)})
    table.update({code: None for first, last in _DROPPED for code in range(first, last + 1)})
    table.update(dict.fromkeys(_SPACES, " "))
    table.update(dict.fromkeys(_BREAKS, "\n"))
    return table


def clean(text: str) -> str:
    """Text as a person reads it: each character is kept, replaced by one other, or dropped.

    Glyphs of the Kangxi radicals, the radicals supplement and the compatibility blocks become unified ideographs;
    control, zero-width and direction characters, soft hyphens and byte order marks go; rare spaces become a plain
    one, other line breaks ``\\n``. Full-width digits, letters, punctuation and the ideographic space stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.replace("\r\n", "\n").translate(_table())


def glue(first: str, second: str) -> str:
    """Two pieces of one soft-wrapped line joined: a space between Latin words, none beside Chinese.

    White space at the seam goes. A hyphen that breaks a lower-case word goes too, any other stays.
    """
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first + second
    seam = first[-_SEAM:]
    if _HYPHEN.search(seam) and re.match(r"[a-zà-ɏ]{2}", second):
        return first[:-1] + second
    if _SPACED.search(seam) and _WORD.match(second):
        return f"{first} {second}"
    return first + second
