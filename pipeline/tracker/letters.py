"""交办单, 催办单 and 督办单 as Word files from templates, each marked 代拟稿.

Nothing is invented: no document number, signature, seal or red head. A template of the office's own, in the workspace's
folder ``templates``, goes before the one that comes with duban.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from pipeline.tracker.docx_fill import ROW, fill, placeholders
from pipeline.tracker.entries import Entry, brief, figure, full_day, joined, period_words, short_of, supports, words
from pipeline.tracker.remind import Digest, Due
from pipeline.tracker.types import LedgerError, Note

ASSIGNMENT, CHASE, SUPERVISION = "交办单", "催办单", "督办单"
#: The kinds of letter and their templates' names in the package; in the workspace a template bears the kind's name.
TEMPLATES = {ASSIGNMENT: "assignment.docx", CHASE: "chase.docx", SUPERVISION: "supervision.docx"}
DRAFT = "代拟稿"
#: Shown where the ledger has nothing: a blank to fill in by hand.
_BLANK = ""


def template(kind: str, folder: Path | None) -> Path:
    """The template of a kind of letter: the office's own where there is one."""
    if folder is not None and (folder / f"{kind}.docx").is_file():
        return folder / f"{kind}.docx"
    return Path(__file__).parent / "templates" / TEMPLATES[kind]


def copy_templates(folder: Path) -> list[Path]:
    """Puts the templates into a folder, for the office to change; those that are there stay.

    Raises:
        LedgerError: they can't be written.
    """
    made = []
    for kind in TEMPLATES:
        path = folder / f"{kind}.docx"
        if not path.exists():
            write(path, template(kind, None).read_bytes())
            made.append(path)
    return made


def assignments(
    entries: Iterable[Entry], folder: Path, today: date, *, templates: Path | None = None, sender: str = ""
) -> list[Path]:
    """Writes 交办单 for items: one an item, or one a unit where the template repeats a row.

    Args:
        folder: where the files go; none that is there is written over.
        templates: the office's own templates.
        sender: whom to report to.

    Raises:
        LedgerError: a template that can't be used, or a file that can't be written.
    """
    path = template(ASSIGNMENT, templates)
    made = list(entries)
    if ROW in placeholders(path):
        groups: dict[str, list[Entry]] = {}
        for each in made:
            groups.setdefault(each.unit, []).append(each)
        jobs = [(unit, own, f"{ASSIGNMENT}-{unit}") for unit, own in groups.items()]
    else:
        jobs = [(each.unit, [each], f"{ASSIGNMENT}-{each.item.number or each.item.id}-{each.unit}") for each in made]
    written = []
    for unit, own, name in jobs:
        rows = [item_values(each, today) for each in own]
        data = fill(path, _letter(unit, len(own), today, sender) | (rows[0] if len(rows) == 1 else {}), rows, DRAFT)
        written.append(_save(folder, name, today, data))
    return written


def chases(
    digests: Iterable[Digest],
    folder: Path,
    escalate: int,
    *,
    templates: Path | None = None,
    sender: str = "",
    notes: Mapping[int, Note] | None = None,
) -> list[Path]:
    """Writes 催办单 for what is overdue, and 督办单 for what was chased ``escalate`` times: at most one of each a unit.

    Args:
        notes: what was reported last, by the item's id.

    Raises:
        LedgerError: as ``assignments``.
    """  # fmt: skip
    written = []
    for digest in digests:
        urgent = digest.urgent(escalate)
        mild = [each for each in digest.chases if each not in urgent]
        for kind, due in ((CHASE, mild), (SUPERVISION, urgent)):
            if due:
                rows = _rows(due, digest.on, notes or {})
                values = _letter(digest.unit, len(rows), digest.on, sender)
                values["催办次数"] = str(max(each.chase for each in due))
                data = fill(template(kind, templates), values | (rows[0] if len(rows) == 1 else {}), rows, DRAFT)
                written.append(_save(folder, f"{kind}-{digest.unit}", digest.on, data))
    return written


def _letter(unit: str, count: int, today: date, sender: str) -> dict[str, str]:
    return {
        "责任单位": unit, "事项数": str(count), "截至日期": full_day(today), "拟稿日期": full_day(today),
        "反馈对象": sender or "督办部门", "稿件标记": DRAFT,
    }  # fmt: skip


def item_values(entry: Entry, today: date) -> dict[str, str]:
    """What a letter says of an item, by the names that templates use."""
    item = entry.item
    leads = item.unit or "、".join(item.names("lead")) or entry.unit
    due = item.deadline
    dates = f"{full_day(due)}" if due else ""
    written = item.time_text.strip()
    limit = f"{written}（{dates}）" if written and dates else written or dates
    assigned = item.assigned_on
    return {
        "督办编号": item.number or _BLANK, "事项来源": item.source, "工作任务": words(item, 1000),
        "任务原文": item.text, "具体要求": item.requirement or (item.text if item.title else ""),
        "量化目标": item.quota, "责任领导": item.leader, "牵头单位": leads, "配合单位": "、".join(supports(item)),
        "交办日期": full_day(assigned) if assigned else _BLANK, "完成时限": limit, "完成日期": dates,
    }  # fmt: skip


def _rows(due: Sequence[Due], today: date, notes: Mapping[int, Note]) -> list[dict[str, str]]:
    """A row an item: its periods that are overdue stand together."""
    groups: dict[int, list[Due]] = {}
    for each in due:
        groups.setdefault(each.item.id, []).append(each)
    rows = []
    for group in groups.values():
        item, first = group[0].item, min(group, key=lambda each: each.deadline)
        periods = joined(filter(None, (period_words(each.period, today.year) for each in group)))
        note = notes.get(item.id)
        rows.append(
            item_values(Entry(item, first.occurrences), today)
            | {
                "工作任务": brief(item, 60),
                "欠报期次": periods,
                "到期日期": full_day(first.deadline),
                "逾期天数": figure((today - first.deadline).days),
                "催办次数": str(max(each.chase for each in group)),
                "完成情况": short_of([one for each in group for one in each.occurrences]),
                "上期进展": note.progress if note else "",
                "存在问题": note.problems if note else "",
                "下一步措施": note.next_steps if note else "",
            }
        )
    return rows


def _save(folder: Path, name: str, today: date, data: bytes) -> Path:
    from pipeline.workspace import numbered

    plain = re.sub(r'[\\/:*?"<>|\x00-\x1f\s]+', "_", name).strip("._")[:60]
    number = 1
    while (path := folder / numbered(f"{plain}-{today:%Y%m%d}.docx", number)).exists():
        number += 1
    write(path, data)
    return path


def write(path: Path, data: bytes) -> None:
    """Writes a file, whole or not at all.

    Raises:
        LedgerError: it can't be written.
    """
    import os

    part = path.parent / f".{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        raise LedgerError(
            "ledger.unwritable", f"写不了（{error.strerror or error}）", file=path.name,
            remedy="请关闭正在打开它的程序，或检查磁盘空间和写权限",
        ) from error  # fmt: skip
    finally:
        part.unlink(missing_ok=True)
