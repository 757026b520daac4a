"""What a single line of a notice is: a title, recipients, a date, a unit's name, furniture."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from extractors.lexicons import Rule, load_rules
from extractors.structure.numbering import chinese_value

_UNIT_END = re.compile(
    r"(?:局|委|委员会|办|办公室|办公厅|部|厅|署|院|会|协会|联合会|公司|集团|中心|学校|大学|学院|中学|小学|处|室|科|股|队|站|所|"
    r"支部|总支|党委|党组|单位|部门|企业|机构|政府|银行|支行|分行|分局|乡镇|街道|镇|乡|市|县|区|州|省|盟|旗|园区|开发区|管委会|"
    r"组|领导小组|指挥部|医院|社区|村|场|馆|法院|检察院|人员|同志|职工|干部|老师|师生|联合社|成员单位|口岸)$"
)
_UNIT_START = re.compile(
    r"^(?:各|机关|局属|直属|下属|所属|市属|区属|县属|委属|厅属|驻|有关|相关|全[市县区局省]|本[市局]|中国|国家)"
)
_TERMINAL = "。；;！!？?"


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rules("parts").rules}


@cache
def words(name: str) -> tuple[str, ...]:
    """A word list of parts.toml, longest first."""
    return tuple(sorted(load_rules("parts").tables["words"][name], key=len, reverse=True))


def match(rule_id: str, text: str) -> re.Match[str] | None:
    """The first place in a line where a rule of parts.toml holds."""
    rule = _rules()[rule_id]
    return rule.pattern.search(squeeze(text) if rule.data.get("squeeze") else text)


def squeeze(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def is_furniture(text: str) -> bool:
    """Whether a line belongs to a page or database around the notice, or to its table of contents."""
    kinds = ("database", "web", "navigation", "title", "contents", "footnote")
    return any(match(f"furniture.{kind}", text.strip()) for kind in kinds)


def is_contents(text: str) -> bool:
    """Whether a numbered line belongs to a table of contents, or is a rule above footnotes."""
    return bool(match("furniture.contents", text.strip())) or bool(re.fullmatch(r"[-—_－=*]{4,}", text.strip()))


def document_kind(title: str) -> str | None:
    """What a title calls its document (通知, 方案, 要点 …); None where it ends with no such word."""
    bare = re.sub(r"(?:[（(【\[][^（）()]{1,30}[）)】\]]|\s|篇[一二三四五六七八九十]+|[》”>〉])+$", "", title.strip())
    for kind in words("kinds"):
        if bare.endswith(kind):
            return str(load_rules("parts").tables["words"]["plain_kinds"].get(kind, kind))
    return None


def is_unit(text: str) -> bool:
    """Whether words look like the name of a unit or of people addressed as one."""
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", squeeze(text)) or squeeze(text)
    return 2 <= len(bare) <= 40 and bool(_UNIT_END.search(bare)) and not re.search(r"[。，,；;：:！？《》]", bare)


def split_recipients(text: str) -> list[str]:
    """The single recipients of a 主送机关 line, brackets kept whole."""
    pieces, depth, current = [], 0, ""
    for char in text.strip().rstrip("：:"):
        if char in "（([【":
            depth += 1
        elif char in "）)]】":
            depth -= 1
        if depth == 0 and char in "，,、；;":
            pieces.append(current)
            current = ""
        else:
            current += char
    return _join_levels([squeeze(piece) for piece in [*pieces, current] if piece.strip()])


def _join_levels(pieces: list[str]) -> list[str]:
    """各市、县农业农村局 is one name, and so is 市政府各委、办、局: a bare level or kind goes with its neighbour."""
    names: list[str] = []
    carry = ""
    for piece in pieces:
        if (
            re.fullmatch(
                r"(?:各|全)?(?:设区的?|地级|省辖)?(?:省|自治区|直辖市|市|县|区|自治县|自治州|州|旗|盟|镇|乡|街道|乡镇)(?:[（(][^（）()]*[）)])?",
                piece,
            )
            and piece is not pieces[-1]
        ):
            carry += piece + "、"
        elif re.fullmatch(r"委|办|局|部|厅|处|室|科", piece) and names:
            names[-1] += "、" + piece
        else:
            names.append(carry + piece)
            carry = ""
    return names


def is_recipients(text: str) -> bool:
    """Whether a line is a 主送机关: names of units up to a colon. Source: GB/T 9704-2012, 7.3.2."""
    line = text.strip()
    if not re.search(r"[：:]$", line) or len(line) > 400 or re.search(rf"[{_TERMINAL}《》]", line):
        return False
    if re.search(
        r"(?:如下|下列|以下|附件|联系人|电话|要求|方面|通知|单位|部门|地点|时间)[：:]$", line
    ) and not re.search(
        r"(?:各|有关|相关|下属|局属|直属|成员|所属|企事业|中央|驻)[^、，]{0,12}(?:单位|部门)[：:]$", line
    ):
        return False
    pieces = split_recipients(line)
    named = sum(
        bool(_UNIT_END.search(re.sub(r"[（(][^（）()]*[）)]$", "", piece)) or _UNIT_START.match(piece))
        for piece in pieces
    )
    return bool(pieces) and named >= max(1, round(0.6 * len(pieces)))


def is_title_line(text: str) -> bool:
    """Whether a line could be part of a title: short, without a sentence's marks."""
    line = text.strip()
    return 2 <= len(line) <= 120 and not ends_sentence(line) and not re.search(r"[：:，]$|[。；;]", line)


def ends_sentence(text: str) -> bool:
    """Whether a line ends a sentence; a full stop may be a Latin one (…另行制订.)."""
    return bool(re.search(rf"[{_TERMINAL}]$|[一-鿿）)％%”»》][.．]$", text.strip()))


def parse_date(text: str) -> date | None:
    """The day that a line of its own names, in Arabic or Chinese numerals; None for anything else."""
    found = match("part.date", text.strip(" |｜\t　"))
    if not found:
        return None
    if found["dotted"]:
        year, month, day = (int(part) for part in re.split(r"[./-]", found["dotted"]))
    else:
        values = [_numeral(found[name]) for name in ("year", "month", "day")]
        if None in values:
            return None
        year, month, day = (value or 0 for value in values)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeral(text: str) -> int | None:
    if re.fullmatch(r"[0-9０-９]+", text):
        return int(text)
    return chinese_value(re.sub("[○ＯO0]", "〇", text))
