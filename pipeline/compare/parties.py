"""The notices that are compared: who issued them, at which level, for which years, and which pairs differ in kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.compare.told import Told, told
from pipeline.compare.types import Caution, Level, Party
from schemas.record import NoticeRecord, Region

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_YEAR_OF_WORK = re.compile(
    r"(20\d{2})\s*年(?:度)?(?:的)?(?:重点|主要|政府|经济|工作|总体|目标|任务|发展|全市|度|.{0,6}(?:工作|任务|目标|安排|建议))"
)
_SPOKEN = re.compile(r"(20\d{2})\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日.{0,12}(?:在|市|省|第)|今年.{0,4}(20\d{2})年")
_REPORT = re.compile(r"政府工作报告|代表[，,！!：:]|向大会报告")
_PLACE = re.compile(r"^.{1,8}?(?<!城)(?:省|自治区|市|自治州|州(?!市)|盟|地区|县|区|旗)(?!场|划|域)(?=.)")
#: Bodies that sign beside an agency.
_HELPS = re.compile(r"(?:中心|协会|学会|联合会|商会|公司|研究院|基金会|志愿者(?:总队|队|联盟))$")
#: One agency under the names that cities give it.
_SAME_KIND = (
    ("城市管理局", re.compile(r"^(?:城市管理|综合行政执法|城市管理和?(?:综合)?(?:行政)?执法|城管)(?:局|委|委员会)$")),
    ("发展和改革委员会", re.compile(r"^(?:发展和?改革|发改)(?:局|委|委员会)$")),
    ("工业和信息化局", re.compile(r"^(?:工业和信息化|经济和信息化|工信|经信)(?:局|委|委员会)$")),
    ("科学技术局", re.compile(r"^(?:科学技术|科技)局$")),
    ("卫生健康委员会", re.compile(r"^(?:卫生健康|卫健)(?:局|委|委员会)$")),
    ("人民政府", re.compile(r"^人民政府(?:办公室|办公厅)?$")),
)
_COMMON_KINDS = {"计划": "计划要点", "要点": "计划要点", "方案": "方案", "办法": "制度", "细则": "制度", "规定": "制度"}
#: Years further from each other than this are not compared without a word.
_YEARS_APART = 1
_UNKNOWN = Told("不明", "unknown")


def parties_of(records: Sequence[NoticeRecord]) -> list[tuple[Party, NoticeRecord]]:
    """Each record with its party, ordered by region and date; keys ``n1``, ``n2`` … in this order."""
    made = [(_party(record), record) for record in records]
    made.sort(key=lambda one: (one[0].region or "999999", one[0].years or (9999, 9999), one[0].notice_id))
    cities = Counter(party.city for party, _ in made)
    labels: Counter[str] = Counter()
    result = []
    for number, (party, record) in enumerate(made, 1):
        label = party.city
        if cities[party.city] > 1:
            label = f"{party.city}·{_short(party)}"
            labels[label] += 1
            label = f"{label}（{labels[label]}）" if labels[label] > 1 else label
        result.append((replace(party, key=f"n{number}", label=label), record))
    return result


def cautions_of(parties: Sequence[Party]) -> list[Caution]:
    """Pairs of notices that are 不宜直接比较, with the reasons."""
    found = []
    for place, left in enumerate(parties):
        for right in parties[place + 1 :]:
            reasons = differences(left, right)
            if reasons:
                found.append(Caution(left.key, right.key, reasons))
    return found


def differences(left: Party, right: Party) -> tuple[str, ...]:
    """Why two notices are 不宜直接比较, in Chinese; empty where they may be."""
    from pipeline.compare.labels import LEVELS

    reasons = []
    if left.level != right.level:
        reasons.append(_differ("层级", "level", LEVELS[left.level], LEVELS[right.level]))
    if left.agency_kind != right.agency_kind:
        reasons.append(
            _differ("机关类型", "kind of agency", left.agency_kind or _UNKNOWN, right.agency_kind or _UNKNOWN)
        )
    kinds = [_COMMON_KINDS.get(party.kind or "", party.kind) for party in (left, right)]
    if kinds[0] != kinds[1]:
        reasons.append(_differ("文种", "kind of document", left.kind or _UNKNOWN, right.kind or _UNKNOWN))
    if left.years and right.years:
        apart = max(left.years[0], right.years[0]) - min(left.years[1], right.years[1])
        if apart >= _YEARS_APART:
            reasons.append(_differ("年度", "period", _years(left), _years(right)))
    elif left.years != right.years:
        reasons.append(Told("其中一份看不出年度", "the period of one is unknown"))
    return tuple(reasons)


def _differ(zh: str, en: str, left: str, right: str) -> Told:
    return told(zh + "不同（{left}与{right}）", "different " + en + " ({left}, {right})", left=left, right=right)


def class_of(party: Party) -> tuple[str, ...]:
    """What parties must share to be ranked with each other."""
    kind = _COMMON_KINDS.get(party.kind or "", party.kind or "")
    return (party.level, party.agency_kind or "", kind, str(party.years or ""))


def _years(party: Party) -> Told:
    if party.years is None:
        return _UNKNOWN
    span = "—".join(dict.fromkeys(map(str, party.years)))
    return Told(f"{span}年", span)


def _short(party: Party) -> str:
    name = party.title or party.document_number or party.supplied[0]
    inner = re.search(r"《([^》]{2,40})》", name)
    name = inner[1] if inner else name
    return name if len(name) <= 24 else f"{name[:23]}…"


def _party(record: NoticeRecord) -> Party:
    notice = record.notice
    report = _is_report(record)
    region = notice.region or (_region_of_report(record) if report else None)
    names = [issuer.name for issuer in notice.issuers]
    agency = _governing(names)
    return Party(
        key="",
        notice_id=notice.id,
        city=_city(record, region, agency),
        label="",
        title=notice.title,
        kind="政府工作报告" if report else (record.plans[0].kind or notice.kind),
        document_number=notice.document_number.text if notice.document_number else None,
        agency="、".join(names) or None,
        agency_kind="人民政府" if report else _agency_kind(agency, region.path if region else ()),
        level=_level(record, region, agency),
        region=region.code if region else None,
        provinces=tuple(region.path) if region else (),
        issue_date=notice.issue_date,
        years=years_of(record),
        supplied=tuple(source.name for source in notice.sources),
        tasks=len(record.tasks),
        quotas=len(record.quotas),
        unread=sum(warning.code.startswith("coverage.") for warning in record.warnings),
        region_inferred=region is not None and notice.region is None,
    )


def _governing(names: Sequence[str]) -> str | None:
    """The issuer of a joint notice that governs: 综合行政执法局 before 志愿者协会; else the first."""
    return next((name for name in names if not _HELPS.search(name)), names[0] if names else None)


def _region_of_report(record: NoticeRecord) -> Region | None:
    """The region that the whole of a report speaks of, where its head doesn't tell."""
    from extractors.values.regions import region_of

    names = [issuer.name for issuer in record.notice.issuers]
    return region_of(names, "\n".join(block.text or "" for block in record.blocks))


def _is_report(record: NoticeRecord) -> bool:
    """A report to a people's congress: addressed to its deputies, or so titled."""
    if "政府工作报告" in (record.notice.title or ""):
        return True
    texts = [block.text or "" for block in record.blocks]
    return record.notice.document_number is None and sum(bool(_REPORT.search(text)) for text in texts) >= 2


def _level(record: NoticeRecord, region: Region | None, agency: str | None) -> Level:
    if region is None:
        texts = "".join(block.text or "" for block in record.blocks[:6])
        own = re.search(r"^(?:国务院|国家|中共中央|[一-龥]{2,12}部$)", agency or "")
        return "national" if own or "代表国务院" in texts else "unknown"
    if agency and re.search(r"(?:街道办事处|镇人民政府|乡人民政府|镇党委|街道党工委)", agency):
        return "township"
    if region.code.endswith("0000"):
        return "provincial"
    return "prefectural" if region.code.endswith("00") else "county"


def _city(record: NoticeRecord, region: Region | None, agency: str | None) -> str:
    """What a party is called: its region with the province, so that 宿州 and 苏州 can't be confused."""
    if region is None and agency is None and _level(record, region, agency) == "national":
        return "国务院"
    if region is None:
        return agency or (record.notice.sources[0].name if record.notice.sources else "地区不明")
    if region.code.endswith("0000"):
        return region.name
    upper = [re.sub(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", name) for name in region.path[:-1]]
    if region.code[:2] in _MUNICIPALITIES:
        upper = upper[:1]
    return f"{region.name}（{''.join(upper)}）" if upper else region.name


def _agency_kind(agency: str | None, places: Sequence[str] = ()) -> str | None:
    """The agency's name without its place: 如皋市城市管理局 and 海宁市城市管理局 are of one kind."""
    if agency is None:
        return None
    bare = re.sub(r"^(?:中共|中国共产党)", "", agency)
    for name in places:
        bare = bare.removeprefix(name)
    if bare == agency:
        bare = _PLACE.sub("", agency)
    return next((kind for kind, pattern in _SAME_KIND if pattern.search(bare)), bare or agency)


def years_of(record: NoticeRecord) -> tuple[int, int] | None:
    """First and last year of a notice's work.

    A report that looks back and ahead is for the later of the years in its headings; else the plans' own time, the
    title, the issue date.
    """
    if _is_report(record):
        years = [int(y) for block in record.blocks for y in _YEAR_OF_WORK.findall((block.text or "")[:60])]
        spoken = [int(a or b) for block in record.blocks[:4] for a, b in _SPOKEN.findall(block.text or "")]
        found = max(spoken or years, default=0)
        if found:
            return found, found
    starts = [int(plan.start[:4]) for plan in record.plans if plan.start]
    ends = [int(plan.end[:4]) for plan in record.plans if plan.end]
    if starts and ends:
        return min(starts), max(ends)
    titled = re.findall(r"(20\d{2})\s*年", record.notice.title or "")
    if titled:
        return int(min(titled)), int(max(titled))
    if record.notice.issue_date:
        year = int(record.notice.issue_date[:4])
        return year, year
    return None
