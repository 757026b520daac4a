"""One unit, several names: what an owner is called in full, as far as its own notice tells."""

from __future__ import annotations

import re

from extractors.fields.owners_rules import is_subsequence
from schemas.record import Owner

_OWN = re.compile(r"^(?:我|本|市|县|区|省)?(?P<kind>局|厅|委|院|校|行|办|处)(?P<rest>(?:属|机关)?[一-鿿（）()]{2,})$")
_LEVEL = re.compile(r"^(?P<level>省|市|县|区|州)(?P<rest>[一-鿿（）()]{2,})$")
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
    if level:
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
