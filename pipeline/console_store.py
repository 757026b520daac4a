"""The work of the commands on what the store holds."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import clock
from pipeline.naming import find_notice
from pipeline.office import Office

if TYPE_CHECKING:
    from pipeline.store import Diff, Store
    from pipeline.store.diff import Entry, Moved

OK, FAILED = 0, 1
_WIDTH = 60


def list_notices(
    folder: Path, notice: str | None, *, city: str | None, agency: str | None, year: int | None, as_json: bool
) -> int:
    """Prints the notices, or the tasks of one."""
    with contextlib.closing(Office.open(folder).store()) as store:
        if notice is not None:
            return _tasks(store, notice, as_json)
        rows = store.notices(city=city, agency=agency, year=year)
    if as_json:
        _json([asdict(row) for row in rows])
        return OK
    for row in rows:
        marks = f"，第 {row.version} 版" if row.version > 1 else ""
        marks += "，内部" if row.internal else ""
        marks += f"，待答 {row.questions} 个问题" if row.questions else ""
        print(f"{row.notice_id}  {' '.join(filter(None, (row.issue_date, row.number)))}  {row.title or '（无标题）'}")
        print(f"    {row.agency or '（发文机关不明）'}，任务 {row.tasks} 条{marks}")
    print(f"共 {len(rows)} 件")
    return OK


def _tasks(store: Store, notice: str, as_json: bool) -> int:
    row = find_notice(store, notice)
    record, keys = store.record(row.notice_id), store.keys(row.notice_id)
    if as_json:
        _json([{"key": keys[task.id], **task.model_dump(mode="json")} for task in record.tasks])
        return OK
    print(f"{row.notice_id}  {row.title or '（无标题）'}")
    for task in record.tasks:
        owners = "、".join(owner.name for owner in task.owners)
        times = "、".join(time.text for time in task.times)
        print(
            f"{keys[task.id]}  {_cut(task.title or task.text)}"
            + "".join(f"〔{each}〕" for each in (owners, times) if each)
        )
    print(f"共 {len(record.tasks)} 条")
    return OK


def diff(folder: Path, notice: str, *, old: int | None, new: int | None, as_json: bool) -> int:
    """Prints what differs between two versions of a notice."""
    with contextlib.closing(Office.open(folder).store()) as store:
        row = find_notice(store, notice)
        if row.version == 1 and old is None and new is None:
            print(f"《{row.title or row.notice_id}》只有一个版本", file=sys.stderr)
            return OK
        found = store.diff(row.notice_id, old, new)
    if as_json:
        _json(found.as_dict())
        return OK
    print(f"《{row.title or row.notice_id}》第 {found.old} 版 → 第 {found.new} 版")
    _show(found)
    return OK


def _show(found: Diff) -> None:
    entries: Sequence[tuple[str, Sequence[Entry]]] = (
        ("增加", found.added), ("取消", found.dropped), ("可能取消（待回答，见 duban questions）", found.doubtful)
    )  # fmt: skip
    for name, tasks in entries:
        for entry in tasks:
            print(f"{name}  {entry.key}  {_cut(entry.title or entry.text)}")
    moved: Sequence[tuple[str, Sequence[Moved]]] = (
        ("时限", found.moved), ("指标", found.quotas), ("责任", found.owners), ("文字", found.texts)
    )  # fmt: skip
    for name, tasks_moved in moved:
        for each in tasks_moved:
            print(f"{name}  {each.key}  {_cut(each.title or each.text)}")
            print(f"    原：{'；'.join(each.before) or '无'}")
            print(f"    现：{'；'.join(each.after) or '无'}")
    if not found:
        print("没有不同")


def questions(folder: Path, *, everything: bool, as_json: bool) -> int:
    """Prints what people are asked."""
    with contextlib.closing(Office.open(folder).store()) as store:
        asked = store.questions(open_only=not everything)
        titles = {row.notice_id: row.title for row in store.notices()}
    if as_json:
        _json([asdict(each) for each in asked])
        return OK
    for each in asked:
        about = titles.get(each.notice_id) or each.notice_id
        if each.kind == "task":
            shown = each.payload["task"]
            print(f"{each.id}. 《{about}》第 {each.version} 版的这条任务，是不是原来的哪一条？")
            print(f"    {_cut(shown.get('title') or '')} {_cut(shown['text'])}")
            options = [(one["key"], one.get("text") or "") for one in each.payload["candidates"]]
        else:
            print(f"{each.id}. 《{about}》（{each.notice_id}）是不是下面哪一件的重新印发？")
            options = [
                (one["notice_id"], " ".join(str(part) for part in (one.get("number"), one.get("title")) if part))
                for one in each.payload["candidates"]
            ]  # fmt: skip
        for key, text in options:
            print(f"    {key}  {_cut(text)}")
        if each.answered_at:
            print(f"    {each.answered_by} 已答：{each.answer}")
        else:
            first = options[0][0] if options else "new"
            print(f"    回答：duban answer {each.id} {first}；都不是：duban answer {each.id} new")
    if not asked:
        print("没有要回答的问题")
    return OK


def answer(folder: Path, question: int, given: str, *, operator: str | None) -> int:
    """Answers a question."""
    office = Office.open(folder, operator)
    with contextlib.closing(office.store()) as store:
        store.answer(question, given, office.operator, clock.now())
        left = len(store.questions(open_only=True))
    print("已记下" + (f"；还有 {left} 个问题" if left else "；没有别的问题了"))
    return OK


def correct(folder: Path, task: str, wish: Mapping[str, Any], *, undo: bool, operator: str | None) -> int:
    """Puts a task right, takes that back, or shows how the task stands."""
    from pipeline import correct as work

    given = {name: value for name, value in wish.items() if value not in (None, False, ())}
    office = Office.open(folder, operator)
    with contextlib.closing(office.store()) as store:
        if undo:
            work.undo_last(store, task, by=office.operator, at=clock.now())
        elif given:
            for name in ("owners", "due", "quotas"):
                if name in given:
                    given[name] = ["" if words.strip() == "无" else words for words in given[name]]
            work.correct(store, task, work.Wish(**given), by=office.operator, at=clock.now())
        _show_task(store, task)
    return OK


def _show_task(store: Store, key: str) -> None:
    from pipeline.store.diff import show_owner, show_quota, show_time

    row = store.task(key)
    state = "（已去掉或取消）" if row.dropped else "（是否取消待回答）" if row.doubtful else ""
    print(f"{row.key}  {row.task.title or ''}{state}")
    print(f"    {row.task.text}")
    print(f"    责任：{'；'.join(map(show_owner, row.task.owners)) or '无'}")
    print(f"    时间：{'；'.join(map(show_time, row.task.times)) or '无'}")
    quotas = [quota for quota in store.record(row.notice_id).quotas if quota.task == row.task.id]
    print(f"    指标：{'；'.join(map(show_quota, quotas)) or '无'}")
    for each in store.corrections(key=row.key):
        undone = f"，{each.undone_by} {each.undone_at} 撤销" if each.undone_at else ""
        value = json.dumps(each.value, ensure_ascii=False) if each.value is not None else each.operation
        print(f"    更正 {each.id}：{each.field} {_cut(value)}（{each.author} {each.made_at}{undone}）")


def export_corrections(folder: Path, output: Path) -> int:
    """Writes corrected notices as gold."""
    from pipeline.correct import export_corrections as write

    with contextlib.closing(Office.open(folder).store()) as store:
        paths = write(store, output)
    print(f"写了 {len(paths)} 件到 {output}" if paths else "没有更正过的公文")
    return OK


def import_corrections(folder: Path, file: Path, *, operator: str | None) -> int:
    """Takes the changed cells of an Excel ledger as corrections."""
    from pipeline.correct_import import import_corrections as take

    office = Office.open(folder, operator)
    with contextlib.closing(office.store()) as store:
        done = take(store, file, by=office.operator, at=clock.now())
    print(f"更正 {done.corrections} 处，涉及任务 {done.tasks} 条")
    for note in done.notes:
        print(f"注意：{note}", file=sys.stderr)
    return FAILED if done.notes else OK


def reprocess(
    folder: Path, notices: Iterable[str], *, force: bool, jobs: int | None, timeout: float | None,
    operator: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Reads originals again and prints what changed."""
    from pipeline.reprocess import reprocess as again

    office = Office.open(folder, operator)
    with contextlib.closing(office.store()) as store:
        chosen = [find_notice(store, name).notice_id for name in notices] or None
        done = again(office, store, chosen, force=force, jobs=jobs, timeout=timeout)
        titles = {row.notice_id: row.title for row in store.notices()}
    if as_json:
        _json(asdict(done))
    else:
        for saved in done.changed:
            asked = f"，有 {saved.questions} 处要人判断（duban questions）" if saved.questions else ""
            print(f"《{titles.get(saved.notice_id) or saved.notice_id}》第 {saved.version} 版{asked}")
            if saved.diff:
                _show(saved.diff)
        current = f"，{done.current} 个已是现在的规则读的" if done.current else ""
        print(f"有变化 {len(done.changed)} 件，没有变化 {done.same} 个文件{current}")
    for name, reason in done.failed:
        print(f"{name}：{reason}", file=sys.stderr)
    return FAILED if done.failed else OK


def _json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else line[:_WIDTH] + "…"
