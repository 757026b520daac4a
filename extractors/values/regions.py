"""The regions of GB/T 2260 that the names of agencies and places stand for.

Data: ``lexicons/regions.csv``, codes and names down to the county, with the years in which a unit that changed its
code or name came (``since``) and went (``until``); blank where it is older than 2000 or still there. Sources: codes
and names of September 2026 from the national place-name database of the Ministry of Civil Affairs, and changes since
2019, as collected by 中国行政区划数据集 (github.com/nbsetsail/real-china-division, data CC BY 4.0); codes and names of
2000 to 2019 from the revisions of GB/T 2260 as collected by GB2260 (github.com/bosondata/GB2260.py, BSD, copyright
2014 Hsiaoming Yang). Misspelt names and pseudo-units (市辖区) were left out, and years that neither has filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.lexicons import load_list
from schemas.record import Region

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春"
    "|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(rf"(?:(?:{_PEOPLES})族|蒙古|哈萨克|维吾尔|柯尔克孜|塔吉克)*自治[区州县旗]$")
_SUFFIX = re.compile(r"(?:特别行政区|地区|新区|林区|特区|省|市|区|县|旗|盟)$")
_ENDS = "省市区县旗盟州"
_LONGEST = 16

#: Bodies of the whole country; their own name has no region.
_NATIONAL = re.compile(
    r"^(?:国务院|中共中央|中央|全国|最高人民|中华人民共和国|国家(?!级)|海关总署|审计署|中国(?:共产党)?(?:科学院|工程院|中央|气象局|地震局|科协"
    r"|人民银行|银行保险监督|证券监督|残疾人联合会|红十字|作家协会)|中国(?:银保监会|证监会|银监会|保监会)"
    r"|(?:外交|教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源和?社会保障|自然资源|国土资源|生态环境|环境保护|住房和?城乡建设"
    r"|交通运输|水利|农业农村|农业|商务|文化和旅游|文化|退役军人事务|应急管理|国防)部)"
)
#: What may stand before the short name of a province or city (中国银保监会江苏监管局).
_BEFORE = re.compile(
    r"(?:^|中国共产党|中共|共青团|银保监会|证监会|银监会|保监会|监督管理委员会|总局|总署|银行|监察局|管理局|邮政局|统计局|气象局|调查队"
    r"|联合会|总工会|红十字会|国家|中国|公司|集团|移动|电信|联通|邮政|财政部|审计署|民革|民盟|民建|民进|农工党|致公党|九三学社|台盟|中新)$"
)
#: What a county's short name must stand before (如皋海关).
_LOCAL_BODY = re.compile(
    r"海关|海事|银保?监|监管|金融监管|支行|分局|供电|烟草|气象|边检|师范|学院|中学|一中|车站|开发区|高新区"
)
#: Short names that are mostly parts of other names.
_COMMON = re.compile(r"中山(?:大学|医院|陵)|东方(?!市)|新华(?!区)|长安(?!区)|河北(?=区)")
#: Names of districts that are also common words; they count only right after a region or at the start.
_PLAIN = frozenset(
    ("新区", "城区", "郊区", "矿区", "市区", "东区", "西区", "南区", "北区", "老城区", "新城区", "全州县", "开发区")
)
#: Without a year, units that went before this one are taken only where nothing else has the name.
_RECENT = 2012
_BODY = re.compile(
    r"(?:人民政府|政府|委员会|管委会|局|厅|委|办公室|党委|党组|法院|检察院|总工会|联合会|办|中心|大队|支队|公司|学校|医院)"
)
#: What makes a region in a text an agency's, wherever it stands.
_AGENCY = re.compile(r"[一-鿿]{0,8}?(?:人民政府|委员会|局|厅|办公室|法院|检察院|总工会)")
_CODE_NAME = re.compile(r"^[一-鿿]{2,9}(?:发|办|函|规|字|令|文|党委|秘|通|监|标|综|改|建)$")

#: One-character names of provinces and of cities, as document numbers begin with them.
_SIGNS = (
    "京11 津12 冀13 晋14 蒙15 辽21 吉22 黑23 沪31 苏32 浙33 皖34 闽35 赣36 鲁37 豫41 鄂42 湘43 粤44 桂45 "
    "琼46 渝50 川51 黔52 贵52 云53 滇53 藏54 陕61 甘62 青63 宁64 新65 穗4401 深4403 锡3202 常3204 "
    "通3206 盐3209 扬3210 镇3211 泰3212 宿3213 杭3301 甬3302 温3303 嘉3304 合3401 厦3502 榕3501 "
    "洪3601 济3701 郑4101 武4201 长4301 蓉5101 筑5201 昆5301 哈2301 沈2101 大2102"
)
_ABBREVIATIONS = {sign[0]: sign[1:] for sign in _SIGNS.split()}


#: How a government's work report begins.
_REPORT = re.compile(r"代表[省市州县区盟]?(?:人民政府|行署)[，,]?向大会报告")


@dataclass(frozen=True)
class Unit:
    """A row of the list: a region under one code and one name, and the years of that."""

    code: str
    name: str
    since: int
    until: int

    @property
    def level(self) -> int:
        """1 province, 2 prefecture, 3 county."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3

    @property
    def current(self) -> bool:
        return self.until == 9999

    @property
    def short(self) -> str:
        """The name without what kind of region it is; the name itself where one character would be left."""
        stem = _AUTONOMOUS.sub("", self.name) if "自治" in self.name else _SUFFIX.sub("", self.name)
        return stem if len(stem) >= 2 else self.name


@dataclass(frozen=True)
class _Index:
    by_name: dict[str, tuple[Unit, ...]]
    by_short: dict[str, tuple[Unit, ...]]
    by_code: dict[str, tuple[Unit, ...]]


@lru_cache(maxsize=1)
def _index() -> _Index:
    names: dict[str, list[Unit]] = {}
    shorts: dict[str, list[Unit]] = {}
    codes: dict[str, list[Unit]] = {}
    aliases: list[tuple[str, Unit]] = []
    for row in load_list("regions"):
        unit = Unit(row["code"], row["name"], int(row["since"] or 0), int(row["until"] or 9999))
        names.setdefault(unit.name, []).append(unit)
        codes.setdefault(unit.code, []).append(unit)
        if "自治" in unit.name and unit.level > 1:
            aliases.append((unit.short + unit.name[-1], unit))
        if unit.short != unit.name:
            shorts.setdefault(unit.short, []).append(unit)
    for alias, unit in aliases:  # 恩施州 for 恩施土家族苗族自治州
        if all("自治" in other.name for other in names.get(alias, ())):
            names.setdefault(alias, []).append(unit)
    return _Index(
        *({key: tuple(sorted(units, key=_order)) for key, units in d.items()} for d in (names, shorts, codes))
    )


def _order(unit: Unit) -> tuple[int, int, str]:
    return (-unit.until, unit.level, unit.code)


def regions_named(name: str, year: int | None = None) -> tuple[Region, ...]:
    """All regions of a name, full (如皋市) or short (如皋); those that are still there first, then higher ones.

    ``year`` leaves only those of that year, where there are any.
    """
    return tuple(_region(unit, year) for unit in _units(re.sub(r"\s+", "", name), year))


def region_of(names: Sequence[str], text: str = "", year: int | None = None) -> Region | None:
    """The region that issuing agencies act for.

    Args:
        names: the agencies' names, the leading one first. A name without a region is passed over for the next;
            bodies of the whole country have none.
        text: the notice, for a district whose name several cities have, and for agencies that name no region (局党组).
        year: the notice's year, for regions that changed their code or name.

    Returns:
        None where nothing tells it, or where the evidence leaves several (``region_candidates`` gives them).
    """
    found = region_candidates(names, text, year)
    return found[0] if len(found) == 1 else None


def region_candidates(names: Sequence[str], text: str = "", year: int | None = None) -> tuple[Region, ...]:
    """The regions that agencies may act for: one where it is clear, several where equal evidence speaks for each."""
    squeezed = [re.sub(r"\s+", "", name) for name in names if name.strip()]
    national = False
    for position, name in enumerate(squeezed):
        units = _in_name(name, year)
        if units:
            others = "".join(squeezed[:position] + squeezed[position + 1 :])
            return tuple(_region(unit, year) for unit in _weigh(units, name + others + re.sub(r"\s+", "", text)))
        national = national or bool(_NATIONAL.match(name))
    if national:
        return ()
    for name in squeezed:
        if _CODE_NAME.match(name) and name[0] in _ABBREVIATIONS:
            units = _by_code_name(name[0], text, year)
            if units:
                return tuple(_region(unit, year) for unit in units)
    return tuple(_region(unit, year) for unit in _in_text(text, year))


def resolve_city(text: str, issuer_region: Region | None) -> Region | None:
    """Which region words like 市, 全市, 我省, 区政府 mean for an issuer; one that they name themselves goes first.

    市 alone is the issuer's city: itself for a city, a county-level one too; for a district or county the city that it
    belongs to. None where the issuer has no such level.
    """
    squeezed = re.sub(r"\s+", "", text)
    named = _in_name(squeezed, None)
    if len(named) == 1:
        return _region(named[0], None)
    if issuer_region is None:
        return None
    chain = [_region(unit, None) for unit in _chain(issuer_region.code)]
    inside = [unit for unit in named if unit.code[:4] == issuer_region.code[:4]]
    if len(inside) == 1:
        return _region(inside[0], None)
    match = re.search(r"^(?:全|我|本|各|该)?([省市县区州])", squeezed)
    if named or not match:
        return None
    level = match[1]
    if level == "省":
        return next(
            (region for region in chain if region.code.endswith("0000") and not region.name.endswith("市")), None
        )
    return next((region for region in reversed(chain) if region.name.endswith(level)), None)


def _units(name: str, year: int | None) -> list[Unit]:
    index = _index()
    units = [*index.by_name.get(name, ()), *index.by_short.get(name, ())]
    if year is not None:
        then = [unit for unit in units if unit.since <= year <= unit.until]
        units = then or units
    return sorted(units, key=_order)


def _in_name(name: str, year: int | None) -> list[Unit]:
    """The units that an agency's name names: the lowest of a chain (江苏省南通市如皋市), or all of one name."""
    found: list[Unit] = []
    for units in _mentions(name, year):
        nested = [unit for unit in units if any(_within(unit, upper) for upper in found)]
        if not found or nested:
            found = nested or units
    if year is None:
        found = [unit for unit in found if unit.until >= _RECENT] or found
    now = {(unit.code[:2], unit.name) for unit in found if unit.current}
    return [unit for unit in found if unit.current or (unit.code[:2], unit.name) not in now]


def _mentions(name: str, year: int | None) -> Iterator[list[Unit]]:
    index = _index()
    start, last = 0, 0
    while start < len(name):
        for end in range(min(len(name), start + _LONGEST), start + 1, -1):
            word = name[start:end]
            if word in _PLAIN and start != last:
                continue
            units = list(index.by_name.get(word, ())) if word[-1] in _ENDS else []
            units = units or _short_units(name, start, end)
            if year is not None:
                units = [unit for unit in units if unit.since <= year <= unit.until] or units
            if units:
                yield units
                last = end
                start = end - 1
                break
        start += 1


def _short_units(name: str, start: int, end: int) -> list[Unit]:
    """Units whose short name stands at a place where agencies put it, and not as a part of another word."""
    units = _index().by_short.get(name[start:end])
    if not units or not _BEFORE.search(name[:start]) or _COMMON.match(name, start):
        return []
    higher = [unit for unit in units if unit.level < 3 and unit.current]
    if higher:
        return higher[:1]
    lower = [unit for unit in units if unit.current]
    return lower if _LOCAL_BODY.match(name, end) else []


def _within(unit: Unit, upper: Unit) -> bool:
    digits = {1: 2, 2: 4, 3: 6}[upper.level]
    return unit.level > upper.level and unit.code[:digits] == upper.code[:digits]


def _weigh(units: Sequence[Unit], text: str) -> list[Unit]:
    """Of several units of one name those that the text speaks for most: their upper regions, then their neighbours."""
    if len(units) < 2:
        return list(units)
    scores = {unit: _support(unit, text) for unit in units}
    best = max(scores.values())
    return [unit for unit in units if scores[unit] == best]


def _support(unit: Unit, text: str) -> int:
    score = 0
    for upper in _chain(unit.code)[:-1]:
        if upper.name in text:
            score += 6
        elif upper.short in text:
            score += 4
    for code, units in _index().by_code.items():
        if code[:4] == unit.code[:4] and code != unit.code and units[0].level == 3 and units[0].name in text:
            score += 1
    return score


def _by_code_name(initial: str, text: str, year: int | None) -> list[Unit]:
    """The region that a document number's agency code begins with, where the text names it or one inside it."""
    prefix = _ABBREVIATIONS[initial]
    if initial == "宁" and "南京" in text:
        prefix = "3201"
    unit = next((u for u in _index().by_code.get(prefix.ljust(6, "0"), ()) if u.current), None)
    if unit is None:
        return []
    inside = [u for u in _index().by_short.get(unit.short, ())] and unit.short in text
    return [unit] if inside or any(u.code.startswith(prefix) for u in _in_text(text, year)) else []


def _in_text(text: str, year: int | None) -> list[Unit]:
    """The region that a text's agencies and title speak of most, where one clearly leads."""
    squeezed = re.sub(r"[ \t　]+", "", text)
    scores: dict[str, float] = {}
    seen: dict[str, list[Unit]] = {}
    anchored: set[str] = set()
    for match in re.finditer(f"[{_ENDS}]", squeezed):
        end = match.end()
        for start in range(max(0, end - _LONGEST), end - 1):
            units = _index().by_name.get(squeezed[start:end])
            if units is None:
                continue
            if squeezed[start:end] in _PLAIN:
                break
            weight = 1.0 if _BODY.match(squeezed, end) or _BODY.search(squeezed, end, end + 12) else 0.3
            if end < 120:
                weight += 1.2
            name = squeezed[start:end]
            scores[name] = scores.get(name, 0.0) + weight
            seen[name] = list(units)
            if end < 300 or end > len(squeezed) - 300 or _AGENCY.match(squeezed, end):
                anchored.add(name)
            break
    if not anchored:
        return _in_report(squeezed)
    ranked = sorted(anchored, key=lambda name: (-scores[name], name))
    best = ranked[0]
    lowest = _weigh([unit for unit in seen[best] if unit.current] or seen[best], squeezed)
    rivals = [name for name in ranked[1:] if scores[name] > 0.6 * scores[best]]
    related = all(any(_within(u, v) or _within(v, u) for u in seen[name] for v in lowest) for name in rivals)
    if scores[best] < 2 or not related:
        return _in_report(squeezed)
    nested = [name for name in rivals if any(_within(u, v) for u in seen[name] for v in lowest)]
    if len(nested) == 1 and scores[nested[0]] >= 2:
        return [u for u in seen[nested[0]] if any(_within(u, v) for v in lowest)]
    return lowest


def _in_report(text: str) -> list[Unit]:
    """The region of a government's work report, which says 市人民政府 and names its city by its short name alone."""
    if not _REPORT.search(text, 0, 300):
        return []
    counts: dict[str, int] = {}
    for match in _short_pattern().finditer(text):
        counts[match[0]] = counts.get(match[0], 0) + 1
    ranked = sorted(counts, key=lambda name: -counts[name])[:2]
    units = [unit for name in ranked for unit in _index().by_short[name] if unit.current and unit.level < 3][:2]
    if not ranked or not units or counts[ranked[0]] < 5:
        return []
    clear = len(ranked) < 2 or counts[ranked[0]] >= 3 * counts[ranked[1]] or _within(units[0], units[-1])
    return units[:1] if clear else []


@lru_cache(maxsize=1)
def _short_pattern() -> re.Pattern[str]:
    """The short names of provinces and prefectures as one pattern, longest first."""
    index = _index()
    names = [name for name, units in index.by_short.items() if any(u.current and u.level < 3 for u in units)]
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def _chain(code: str, year: int | None = None) -> list[Unit]:
    """The units from the province down to a code itself; a county right under its province has no prefecture."""
    index = _index()
    out: list[Unit] = []
    for part in dict.fromkeys((code[:2] + "0000", code[:4] + "00", code)):
        units = index.by_code.get(part, ())
        if year is not None:
            units = tuple(unit for unit in units if unit.since <= year <= unit.until) or units
        if units:
            out.append(units[0])
    return out


def _region(unit: Unit, year: int | None) -> Region:
    path = [upper.name for upper in _chain(unit.code, year)[:-1]]
    return Region(code=unit.code, name=unit.name, path=[*path, unit.name])
