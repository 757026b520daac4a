"""What a return (反馈表) would change, as plain values; nothing is changed before a person has seen it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Place:
    """A cell of a returned workbook; rows and columns are counted from 0, ``column`` None for the row as a whole."""

    file: str
    sheet: str
    row: int
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file} “{self.sheet}”第{self.row + 1}行" if self.sheet else self.file


@dataclass(frozen=True)
class Change:
    """A cell that will change an item.

    Attributes:
        item, number, title: of the item.
        field, head: the column, and what it is called.
        before: what the ledger shows now; value: what will be set; after: the same as it is shown.
        period: the item's period that it is about.
        sure: False where the row was told by its words only; such a change wants a person's word.
        unit: of a text on an item that several units lead, whose it is: it stands beside the others' in ``kept``.
    """

    item: int
    number: str
    title: str
    field: str
    head: str
    before: str
    value: Any
    after: str
    period: str
    place: Place
    sure: bool = True
    unit: str = ""
    kept: str = ""

    def beside(self, text: str) -> str:
        """A text of several units with this one's in it, in the place of what this one said before."""
        others = [line for line in text.splitlines() if not line.startswith(f"{self.unit}：")]
        return "\n".join([*others, self.value])


@dataclass(frozen=True)
class Conflict:
    """A cell that says other than the ledger, changed since the workbook was written, or than another file."""

    item: int
    number: str
    title: str
    head: str
    now: str
    returned: str
    place: Place
    why: str


@dataclass(frozen=True)
class Doubt:
    """A cell or row that can't be taken; it goes back with this as a comment."""

    place: Place
    message: str
    item: int | None = None


@dataclass(frozen=True)
class Told:
    """What a person should look at and nothing is done about: a remark, a duty whose words were changed."""

    place: Place
    message: str
    item: int | None = None


@dataclass
class Return:
    """One returned file."""

    path: Path
    unit: str = ""
    as_of: date | None = None
    rows: int = 0
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    problem: str = ""

    @property
    def came(self) -> bool:
        """Whether it is a return: it can be read, and has rows."""
        return bool(self.unit and self.rows and not self.problem)

    @property
    def says(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.problem or self.changes or self.conflicts or self.doubts or self.told)


@dataclass
class Plan:
    """What returned files would change.

    Attributes:
        files: each file with what it says; ``problem`` where it can't be read.
        missing: units that have items to report on and did not return a file.
        revisions: the revision of each item as the plan saw it.
    """

    files: list[Return] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    revisions: dict[int, int] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        return [each for file in self.files for each in file.changes]

    @property
    def conflicts(self) -> list[Conflict]:
        return [each for file in self.files for each in file.conflicts]

    @property
    def doubts(self) -> list[Doubt]:
        return [each for file in self.files for each in file.doubts]

    def lines(self) -> Iterator[str]:
        """The plan as lines to print: files that say something, those that say nothing, who returned none."""
        quiet = [file for file in self.files if not file.says]
        for file in (file for file in self.files if file.says):
            if file.problem:
                yield f"× {file.problem}"
                continue
            unit = f"（{file.unit}）" if file.unit else ""
            yield (
                f"{file.path.name}{unit}：{file.rows} 行，改动 {len(file.changes)} 处，冲突 {len(file.conflicts)} 处，"
                f"存疑 {len(file.doubts)} 处"
            )
            for change in file.changes:
                mark = "" if change.sure else "（按文字认出，待确认）"
                name, before = change.number or change.item, change.before or "（空）"
                yield f"  {name} {change.head}：{before} → {change.after}{mark}"
            for conflict in file.conflicts:
                yield (
                    f"  ！冲突 {conflict.number or conflict.item} {conflict.head}：台账现为“{conflict.now}”，"
                    f"表中为“{conflict.returned}”；{conflict.why}"
                )
            for doubt in file.doubts:
                yield f"  ？{doubt.place}：{doubt.message}"
            for told in file.told:
                yield f"  · {told.place}：{told.message}"
        if quiet:
            names = "、".join(file.unit or file.path.name for file in quiet)
            yield f"没有填写，或与台账相同（{len(quiet)} 份）：{names}"
        if self.missing:
            yield f"未反馈的单位（{len(self.missing)}）：{'、'.join(self.missing)}"


@dataclass(frozen=True)
class Applied:
    """What was done: items and cells changed, items left because they changed meanwhile, the batch for undo."""

    batch: int | None
    items: int
    cells: int
    left: tuple[int, ...] = ()
