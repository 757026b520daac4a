"""The work of the commands that hand on, keep and remove what is there."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.office import Office

OK, FAILED = 0, 1
_MEGABYTE = 1024 * 1024


def export(
    folder: Path, form: Any, output: Path, *, since: str | None, filters: Mapping[str, Any], unmask: bool
) -> int:
    """Writes notices for others."""
    from pipeline.export.run import export_records
    from pipeline.export.select import Filter

    with contextlib.closing(Office.open(folder).store()) as store:
        done = export_records(store, form, output, since=since, filters=Filter(**filters), unmask=unmask)
    withdrawn = f"，撤回 {done.withdrawn} 件" if done.withdrawn else ""
    print(f"导出 {done.notices} 件{withdrawn}到 {done.path}；游标 {done.cursor}")
    return OK


def publish(folder: Path, *, again: bool) -> int:
    """Hands changes on as duban.toml says."""
    from pipeline.publish import configured
    from pipeline.publish import publish as hand_on

    office = Office.open(folder)
    if not configured(office):
        print("没有设置 [export.outbox] 或 [export.webhook]，没有发送；写法见 docs/operation.md", file=sys.stderr)
        return FAILED
    done = hand_on(office, again=again)
    print(done)
    return FAILED if done.stopped or done.dead else OK


def backup(folder: Path, output: Path | None) -> int:
    """Puts a workspace into one file."""
    from pipeline.backup import back_up

    made = back_up(Office.open(folder), output)
    print(f"已备份到 {made.path}：公文 {made.notices} 件，文件 {made.files} 个，{made.bytes / _MEGABYTE:.1f} MB")
    _missing(made.missing)
    return FAILED if made.missing else OK


def restore(folder: Path, file: Path, *, force: bool) -> int:
    """Puts a workspace back."""
    from pipeline.restore import open_for_restore
    from pipeline.restore import restore as put_back

    done = put_back(file, open_for_restore(folder), force=force)
    print(f"已恢复成 {done.made} 备份时的样子：公文 {done.notices} 件，原件和失败的文件 {done.files} 个")
    if done.again:
        print(f"备份以后才归档的 {done.again} 个原件放回了 inbox，请运行 duban ingest")
    if done.config:
        print("设置（duban.toml）也已恢复")
    if done.saved:
        print(f"恢复前的样子另存在 {done.saved}")
    _missing(done.missing)
    return OK


def _missing(names: tuple[str, ...]) -> None:
    if names:
        some = "、".join(names[:5]) + ("……" if len(names) > 5 else "")
        print(f"注意：库里记着、归档里却没有的原件 {len(names)} 个：{some}", file=sys.stderr)


def purge(folder: Path, notice: str, *, together: bool, sure: bool, operator: str | None) -> int:
    """Removes a notice with every trace, after asking."""
    import click

    from pipeline.naming import find_notice
    from pipeline.purge import purge as remove
    from pipeline.purge import trace

    office = Office.open(folder, operator)
    with contextlib.closing(office.store()) as store:
        found = trace(office, store, find_notice(store, notice).notice_id, together=together)
        for notice_id, title in zip(found.ids, found.titles, strict=True):
            print(f"公文 {notice_id}：{title}")
        for path in (*found.originals, *found.outputs):
            print(f"  文件 {office.workspace.relative(path) if path.is_relative_to(folder.absolute()) else path}")
        if not sure and not click.confirm("彻底清除，不能恢复。确定吗", default=False):
            print("没有清除")
            return FAILED
        remove(office, store, found)
    print("已清除：数据库和日志、原件、产出的文件")
    if found.backups:
        print("这些备份里还有或可能还有它，请一并删除：")
        for path in found.backups:
            print(f"  {path}" + ("" if path.exists() else "（已不在原处）"))
    else:
        print("已知的备份里没有它")
    return OK
