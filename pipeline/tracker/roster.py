"""The roster of units (单位名册): who is meant by a name on a day, and by 各单位, 各中队.

A name is looked up among full and short names, with or without its agency's name before it. A set's name means what the
roster says and nothing else: without a definition it stays as it is, and that is a warning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.tracker.types import Party, Unit, UnitSet

_GAPS = re.compile(r"[\s（）()·、，,“”\"]+")
#: 本局, 我局, 局属 and the like before a unit's name within its agency.
_WITHIN = re.compile(r"^(?:本|我)?(?:局|委|办|厅|院|中心|支队|总队)(?:机关)?(?=.{2,})")
#: What units that are meant together are called; people (志愿者, 党员) are no units.
_UNITS = re.compile(
    r"(?:单位|部门|科室|处室|股室|室|科|处|所|站|队|中心|支部|总支|党委|党组织|党组|工会|社区|村|居|镇|乡|街道|园区|开发区|学校|医院|企业|公司|局|委|办"
    r"|政府|委员会|组)(?:（[^）]*）|\([^)]*\))?$"
)
_ALL = re.compile(r"各|所有|全体|全部|有关|相关|其他|其它")


@dataclass(frozen=True)
class Problem:
    """Something of a roster, or of a name, that a person has to settle."""

    code: str
    message: str


@dataclass(frozen=True)
class Expansion:
    """What a set's name stands for on a day; ``problem`` says why it stands for nothing."""

    name: str
    units: tuple[str, ...] = ()
    problem: Problem | None = None


def plain(name: str) -> str:
    """A name as names are compared: full width as half, no spaces, no brackets' marks."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", name))


def valid(one: Unit | UnitSet, on: date) -> bool:
    """Whether a unit or set is there on a day; both days of its validity count."""
    return (one.valid_from is None or one.valid_from <= on) and (one.valid_to is None or on <= one.valid_to)


class Roster:
    """Units and sets, to look names up in; made once, used for many names."""

    def __init__(self, units: Iterable[Unit], sets: Iterable[UnitSet] = ()) -> None:
        self.units = tuple(units)
        self.sets = tuple(sets)
        self._named: dict[str, list[Unit]] = {}
        self._sets: dict[str, list[UnitSet]] = {}
        for unit in self.units:
            for name in dict.fromkeys(plain(name) for name in (unit.name, *unit.short_names) if name):
                self._named.setdefault(name, []).append(unit)
        for one in self.sets:
            for name in {plain(one.name), _bare(one.name)}:
                self._sets.setdefault(name, []).append(one)

    def resolve(self, name: str, on: date, agency: str | None = None) -> str | None:
        """The roster's name of a unit on a day; None where it has none, or several.

        Args:
            agency: whose notice names it; a unit of this agency goes before another's of the same short name.
        """
        for spelt in _spellings(name, agency):
            found = [unit for unit in self._named.get(spelt, ()) if valid(unit, on)]
            near = [unit for unit in found if agency and unit.agency and plain(unit.agency) == plain(agency)]
            full = [unit for unit in near or found if plain(unit.name) == spelt]
            names = {unit.name for unit in full or near or found}
            if names:
                return names.pop() if len(names) == 1 else None
        return None

    def expand(self, name: str, on: date, agency: str | None = None) -> Expansion:
        """The units that a set's name means on a day, in the roster's order; sets within sets are resolved.

        Without a definition, or where two differ, it means nothing, and ``problem`` says so.
        """
        return self._expand(name, on, agency, ())

    def defined(self, name: str, on: date, agency: str | None = None) -> bool:
        """Whether the roster has a set of this name on a day."""
        return bool(self._definitions(name, on, agency))

    def parties(self, parties: Sequence[Party], on: date, agency: str | None = None) -> tuple[Party, ...]:
        """The same parties with the roster's names of those that it knows; what a person set stays."""
        return tuple(
            party
            if party.unit or party.type == "person"
            else Party(party.name, party.role, party.type, self.resolve(party.name, on, agency))
            for party in parties
        )

    def check(self) -> list[Problem]:
        """What is wrong with the roster itself: names twice, members that are no units, sets in themselves."""
        found = [*_twice(self.units)]
        for one in self.sets:
            if not one.members:
                found.append(Problem("ledger.set_empty", f"集合“{one.name}”没有成员；请在名册“集合”表中填写成员"))
            on = one.valid_from or one.valid_to
            for member in one.members:
                known = plain(member) in self._named or plain(member) in self._sets or _bare(member) in self._sets
                if not known:
                    message = f"集合“{one.name}”的成员“{member}”不在单位名册中；请在“单位”表中登记，或改正写法"
                    found.append(Problem("ledger.set_member_unknown", message))
            if on is None or self._definitions(one.name, on, one.agency):
                problem = self._expand(one.name, on or date.max, one.agency, ()).problem
                if problem and problem.code == "ledger.set_circular":
                    found.append(problem)
        return list(dict.fromkeys(found))

    def _definitions(self, name: str, on: date, agency: str | None) -> list[UnitSet]:
        found = [
            one for spelt in dict.fromkeys((plain(name), _bare(name))) for one in self._sets.get(spelt, ())
            if valid(one, on)
        ]  # fmt: skip
        exact = [one for one in found if plain(one.name) == plain(name)] or found
        own = [one for one in exact if agency and one.agency and plain(one.agency) == plain(agency)]
        return own or [one for one in exact if not one.agency or not agency]

    def _expand(self, name: str, on: date, agency: str | None, above: tuple[str, ...]) -> Expansion:
        found = self._definitions(name, on, agency)
        if not found:
            message = f"名册里没有“{name}”的定义，没有分解；请在名册“集合”表中写明它包括哪些单位，再重新导入名册"
            return Expansion(name, problem=Problem("ledger.set_undefined", message))
        if len({one.members for one in found}) > 1:
            message = f"名册里“{name}”有几种定义，没有分解；请只保留一种，或填写所属机关、起止日期"
            return Expansion(name, problem=Problem("ledger.set_ambiguous", message))
        if found[0].name in above:
            message = f"集合“{name}”包含了它自己，没有分解；请在名册“集合”表中改正"
            return Expansion(name, problem=Problem("ledger.set_circular", message))
        units: list[str] = []
        for member in found[0].members:
            unit = self.resolve(member, on, agency or found[0].agency)
            if unit is None and self._definitions(member, on, agency):
                inner = self._expand(member, on, agency, (*above, found[0].name))
                if inner.problem:
                    return Expansion(name, problem=inner.problem)
                units += inner.units
            elif unit is not None:
                units.append(unit)
            elif not self._gone(member, on):
                message = f"集合“{name}”的成员“{member}”不在单位名册中，没有分解；请先在“单位”表中登记"
                return Expansion(name, problem=Problem("ledger.set_member_unknown", message))
        return Expansion(name, tuple(dict.fromkeys(units)))

    def _gone(self, member: str, on: date) -> bool:
        """Whether a member is a unit of another time: then it just doesn't count on this day."""
        known = self._named.get(plain(member), ())
        return bool(known) and not any(valid(unit, on) for unit in known)


def collective(party: Party) -> bool:
    """Whether a party is several units at once (各单位, 各中队), each of which has to act; groups of people are not."""
    if party.type in ("person", "group", "position"):
        return False
    name = plain(party.name)
    return bool(_UNITS.search(name)) and (party.type == "collective" or bool(_ALL.search(name)))


def people(party: Party) -> bool:
    """Whether a party is people whom nobody answers for by its name: a person, a post, 志愿者, 职工."""
    if party.type == "collective":
        return party.unit is None and not _UNITS.search(plain(party.name))
    return party.type in ("person", "position")


def _bare(name: str) -> str:
    """A set's name without its 各: 下属单位 and 各下属单位 are one."""
    return plain(name).replace("各", "")


def _spellings(name: str, agency: str | None) -> list[str]:
    """A name as it stands, and without its agency's before it."""
    spelt = [plain(name)]
    if agency and spelt[0].startswith(plain(agency)) and spelt[0] != plain(agency):
        spelt.append(spelt[0].removeprefix(plain(agency)))
    if agency and (within := _WITHIN.sub("", spelt[0])) != spelt[0]:
        spelt.append(within)
    if agency:
        spelt.append(plain(agency) + spelt[0])
    return list(dict.fromkeys(spelt))


def _twice(units: Sequence[Unit]) -> Iterable[Problem]:
    """Names that two units bear at one time."""
    seen: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        for name in dict.fromkeys(plain(name) for name in (unit.name, *unit.short_names) if name):
            for other in seen.setdefault((plain(unit.agency), name), []):
                if _overlap(unit, other) and plain(unit.name) == plain(other.name):
                    message = f"单位“{unit.name}”登记了两次；请只留一行，或填写启用、停用日期"
                    yield Problem("ledger.unit_twice", message)
                elif _overlap(unit, other):
                    message = f"“{name}”同时是“{other.name}”和“{unit.name}”的名称；请改简称，或填写启用、停用日期"
                    yield Problem("ledger.unit_twice", message)
            seen[plain(unit.agency), name].append(unit)


def _overlap(one: Unit, other: Unit) -> bool:
    low = max(one.valid_from or date.min, other.valid_from or date.min)
    return low <= min(one.valid_to or date.max, other.valid_to or date.max)
