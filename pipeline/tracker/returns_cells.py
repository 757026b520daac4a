"""The cells of a returned row, one by one: changed, in conflict, doubtful, or only to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.tracker import book_columns, cells
from pipeline.tracker.book_columns import BY_NAME, CUT_MARK, Shown
from pipeline.tracker.cells import CellError
from pipeline.tracker.heads import lexicon
from pipeline.tracker.lines import Line
from pipeline.tracker.returns_read import BookRead, RowRead
from pipeline.tracker.returns_types import Change, Conflict, Doubt, Place, Told
from pipeline.tracker.sheets import plain
from pipeline.tracker.types import Occurrence

__all__ = ["Cells", "Place"]
_TEXTS = frozenset({"progress_text", "problems", "next_steps"})
#: A figure so many times its target is more likely a slip.
_FAR = 10


class Cells:
    """Reads a row's cells against what the ledger shows now and what it showed when the workbook was written."""

    def __init__(
        self, read: BookRead, row: RowRead, line: Line, labels: Mapping[str, str], full: bool, today: date
    ) -> None:
        self.book, self.row, self.line, self.full, self.today = read, row, line, full, today
        self.labels = dict(labels)
        self.conflicts: list[Conflict] = []
        self.doubts: list[Doubt] = []
        self.told: list[Told] = []

    @cached_property
    def now(self) -> dict[str, Shown]:
        """What the ledger shows of the item now."""
        return book_columns.shown(self.line, 0, self.labels)

    def read(self) -> Iterator[Change]:
        """The changes; conflicts, doubts and what is to be told gather beside them."""
        table = self.row.table
        for name in book_columns.WATCHED:
            column = table.columns.get(name)
            if column is None:
                continue
            place = self.book.place(self.row, column)
            if (self.row.row, column) in table.grid.unreckoned:
                self.doubts.append(Doubt(place, "是公式，文件里没有它的结果；请改填数值", self.line.item.id))
                continue
            value = table.grid.at(self.row.row, column)
            if self._same(name, value):
                continue
            if name == "remark":
                self.told.append(Told(place, f"备注：{plain(value)[:80]}", self.line.item.id))
            elif BY_NAME[name].kept and not self.full:
                message = f"“{BY_NAME[name].head.replace('/', '')}”被改成“{plain(value)[:40]}”，没有采纳"
                self.told.append(Told(place, message, self.line.item.id))
            else:
                yield from self._changed(name, value, place)

    def _same(self, name: str, value: Any) -> bool:
        """Whether a cell says nothing, what it said when written, or what the ledger shows anyway."""
        text = plain(value)
        if not text or text.endswith(CUT_MARK):
            return True
        if text == "".join(plain(self.now[name]).splitlines()) or text == plain(self.now[name]):
            return True
        if self.row.known is not None:
            return book_columns.digest(value) == self._written(name)
        # Where the workbook's own digests are lost, the ledger's words stand for them.
        return BY_NAME[name].kept and not self.full and _bare(text) in _bare(plain(self.now[name]))

    def _written(self, name: str) -> str:
        known = self.row.known
        return known.digests.get(name, book_columns.digest(None)) if known else ""

    def _changed(self, name: str, value: Any, place: Place) -> Iterator[Change]:
        try:
            target, meant = self._meant(name, value)
        except CellError as error:
            self.doubts.append(Doubt(place, f"{BY_NAME[name].head}：{error}", self.line.item.id))
            return
        if meant is None or self._already(target, meant):
            return
        if target in _TEXTS and self._one_of_several():
            yield from self._beside(target, str(meant), place)
            return
        if self._newer(target):
            self.conflicts.append(self._conflict(target, meant, place))
            return
        item = self.line.item
        yield Change(
            item.id, item.number or "", item.title or item.text[:30], target, BY_NAME[target].head.replace("/", ""),
            plain(self.now[target]), meant, self._shown(target, meant), self.line.period, place,
        )  # fmt: skip

    def _one_of_several(self) -> bool:
        """Whether the row's item is led by several units and the file is one of theirs."""
        return not self.full and len(self.line.units) > 1 and self.book.unit in self.line.units

    def _beside(self, name: str, text: str, place: Place) -> Iterator[Change]:
        """What a unit says of an item that others lead too: it stands beside what they say, under its name."""
        unit, now = self.book.unit, plain(self.now[name])
        head = f"{unit}："
        own = [line for line in text.splitlines() if line.startswith(head)]
        said = own[0] if own else head + "；".join(part.strip() for part in text.splitlines() if part.strip())
        before = [line for line in now.splitlines() if line.startswith(head)]
        if said in before:
            return
        if before and self._newer(name):
            self.conflicts.append(self._conflict(name, said, place))
            return
        item = self.line.item
        yield Change(
            item.id, item.number or "", item.title or item.text[:30], name, BY_NAME[name].head, "\n".join(before), said,
            said, self.line.period, place, unit=unit, kept=now,
        )  # fmt: skip

    def _meant(self, name: str, value: Any) -> tuple[str, Any]:
        """The column and value that a cell means: a tick in another column says that the item is done."""
        column = BY_NAME[name]
        if name in ("actual", "closed_on", "progress_text") and cells.is_tick(value):
            wanted = self.line.current.target if self.line.current else None
            if name == "progress_text" or wanted is None:
                return "progress", "done"
        if name == "actual" and self.line.figures > 1:
            raise CellError(f"有 {self.line.figures} 项指标，认不出是哪一项的数；请填在“指标填报”表里")
        if name == "actual":
            return name, figure_of(value, self.line.current)
        if column.kind == "date":
            return name, self._day(name, value)
        if name == "progress":
            return name, cells.read_progress(value, self.labels)
        if name == "evidence":
            return name, self._files(value) or None
        if name in ("lead", "support"):
            return name, cells.read_names(value)
        text = plain(value)
        return name, None if text in lexicon()["nothing"]["words"] else text

    def _day(self, name: str, value: Any) -> date | None:
        found = cells.read_date(value, self.book.as_of or self.today)
        if name == "closed_on" and found and found > self.today:
            raise CellError(f"“{plain(value)}”还没有到，请核对")
        issued = self.line.item.issued_on or self.line.item.assigned_on
        if name == "closed_on" and found and issued and (issued - found).days > 366:
            raise CellError(f"“{plain(value)}”比发文早一年以上，请核对")
        return found

    def _files(self, value: Any) -> list[Path]:
        """Files that a cell names and that came with the workbook."""
        had = {one.name for one in self.line.evidence}
        folder = self.book.path.parent
        names = [name for name in plain(value).replace("；", "\n").replace("、", "\n").splitlines() if name.strip()]
        found: list[Path] = []
        lost: list[str] = []
        for name in (each.strip() for each in names):
            if name in had or cells.is_tick(name):
                continue
            came = [path for path in folder.rglob("*") if path.is_file() and name in (path.name, path.stem)]
            (found.append(came[0]) if len(came) == 1 else lost.append(name))
        if lost:
            column = self.row.table.columns["evidence"]
            message = f"佐证材料“{'、'.join(lost)}”没有随表报来；请把文件放在同一文件夹里"
            self.doubts.append(Doubt(self.book.place(self.row, column), message, self.line.item.id))
        return found

    def _already(self, name: str, meant: Any) -> bool:
        """Whether the ledger says the same, however it was typed."""
        now = self.now[name]
        if name == "progress":
            # Where the digests are lost, 未启动 is what was sent out and not what came back.
            return meant == self.line.item.progress or (self.row.known is None and meant == "not_started")
        if name in ("lead", "support"):
            return bool(cells.read_names(now) == meant)
        if name == "evidence":
            return False
        return plain(now) == plain(meant)

    def _newer(self, name: str) -> bool:
        """Whether the ledger's cell was changed after the workbook was written."""
        if name == "evidence":
            return False
        now = self.now[name]
        if self.row.known is not None:
            return book_columns.digest(now) != self._written(name)
        if not plain(now) or (name == "progress" and self.line.item.progress == "not_started"):
            return False
        # Without digests the day tells: what was changed after 截至日期 is newer than the workbook.
        day = self.book.as_of
        return day is None or self.line.item.updated_at[:10] > day.isoformat()

    def _conflict(self, name: str, meant: Any, place: Place) -> Conflict:
        item = self.line.item
        why = "导出后台账有更新，没有覆盖" if self.row.known else "认不出导出时的内容，没有覆盖"
        head = BY_NAME[name].head.replace("/", "")
        now = plain(self.now[name])
        return Conflict(item.id, item.number or "", item.title or "", head, now, self._shown(name, meant), place, why)

    def _shown(self, name: str, meant: Any) -> str:
        if name == "progress":
            return self.labels.get(meant, str(meant))
        if name == "evidence":
            return "、".join(path.name for path in meant)
        if isinstance(meant, list):
            return "、".join(meant)
        return plain(meant)


def figure_of(value: Any, one: Occurrence | None) -> float | None:
    """The figure that a cell says was reached in a period; None where it says nothing.

    Raises:
        CellError: no figure, or none that can be.
    """
    if not isinstance(value, float) and plain(value) in lexicon()["progress"]["done"]:
        raise CellError("只写了完成，没有数；请填写完成的数")
    figure = cells.read_figure(value, one.unit if one else None)
    target = one.target if one else None
    if figure is not None and figure < 0:
        raise CellError(f"“{plain(value)}”是负数")
    if figure is not None and target and one and one.unit != "%" and figure > target * _FAR:
        raise CellError(f"“{plain(value)}”是目标 {target:g} 的 {_FAR} 倍以上，请核对")
    return figure


def _bare(text: str) -> str:
    return "".join(text.split())
