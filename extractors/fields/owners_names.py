"""One unit, several names: what an owner is called in full, as far as its own notice tells."""

from __future__ import annotations

import re

from extractors.fields.owners_rules import is_subsequence
from schemas.record import Owner

_OWN = re.compile(r"^(?:我|本|市|县|区|省)?(?P<kind>局|厅|委|院|校|行|办|处)(?P<rest>(?:属|机关)?[一-鿿（）()]{2,})$")
_LEVEL = re.compile(r"^(?P<level>省|市|县|区|州)(?P<rest>[一-鿿（）()]{2,})$")
#: 市容科 and 市场规范科 begin with 市 and are no city's.
_DEPARTMENT = re.compile(
    r"^(?:市容|市场|市政|市民|市监|县域|区域|区划|州际|省际)[^局委厅]{0,8}(?:科|股|室|处|队|中心|站|所|组)$"
)
#: Offices of party and government that other agencies name in passing; whose they are, the notice does not say.
_OUTSIDE = re.compile(
    r"^(?:组织部|宣传部|统战部|政法委|纪委|纪委监委|政府办|府办|委办|党办|网信办|编办|文明办|信访局|人大|政协|法院|"
    r"检察院|公安局|财政局|审计局)$"
)
_REGION = re.compile(r"[一-鿿]{2,}?(?:省|自治区|自治州|州|市|县|区)")
_KINDS = re.compile(r"(?:局|厅|委员会|委|院|学校|中学|小学|大学|银行|行|办公室|办|处)$")
_ENDS = {"局": ("局",), "厅": ("厅",), "委": ("委", "委员会"), "院": ("院",),
         "校": ("学校", "中学", "小学", "大学", "学院"),
         "行": ("行",), "办": ("办", "办公室"), "处": ("处",)}  # fmt: skip


def resolve(owners: list[Owner], issuers: tuple[str, ...]) -> list[Owner]:
    """The owners with ``canonical`` set where the notice itself tells it; others and their order untouched.

    局人事科, 人事科 and 如皋市城市管理局人事科 are one where 如皋市城市管理局 signs; 省财政厅 is 江苏省财政厅 in a
    notice of 江苏省. Collectives and people have no canonical name.

    Args:
        issuers: the signing agencies in full, the leading one first.
    """
    leading = issuers[0] if issuers else None
    names = {owner.name for owner in owners}
    return [owner.model_copy(update={"canonical": _canonical(owner, leading, issuers, names)}) for owner in owners]


def _canonical(owner: Owner, leading: str | None, issuers: tuple[str, ...], names: set[str]) -> str | None:
    name = owner.name
    if leading is None or owner.type in ("collective", "person") or re.match(r"各|全|有关|相关|其他|局属|所属", name):
        return None
    if _OUTSIDE.match(name):
        return None
    if name in issuers:
        return name
    if any(name.startswith(issuer) for issuer in issuers):
        return name
    same = next((issuer for issuer in issuers if _abbreviates(name, issuer)), None)
    if same:
        return same
    own = _OWN.match(name)
    if own and leading.endswith(_ENDS[own["kind"]]) and (name[0] in "我本" or name[0] == own["kind"]):
        return leading + own["rest"]
    level = _LEVEL.match(name)
    if level and not _DEPARTMENT.match(name):
        return _with_region(level["level"], name, leading)
    if _REGION.match(name):
        return name
    if owner.type in ("department", "group", "position") and _KINDS.search(leading):
        return leading + name
    return None


def _abbreviates(name: str, issuer: str) -> bool:
    """城管局 for 如皋市城市管理局; 省科技厅 for 江苏省科学技术厅."""
    return len(name) >= 3 and name[-1] == issuer[-1] and len(issuer) > len(name) and is_subsequence(name, issuer)


def _with_region(level: str, name: str, leading: str) -> str | None:
    """省财政厅 with the issuer's province written out; None where the issuer's name tells no region of that level."""
    regions = [match[0] for match in _REGION.finditer(leading)]
    region = next((region for region in regions if region.endswith(level)), None)
    return region + name[1:] if region else None
