"""A notice as a tree that tells, line by line, what was taken for a task, what was not, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.tree import Tree

    from schemas.document import Span, Warning
    from schemas.record import NoticeRecord, Quota, Task

_KINDS = {"task": "任务", "event": "活动", "criterion": "考核项", "requirement": "要求", "goal": "目标"}
_ROLES = {
    "lead": "牵头",
    "support": "配合",
    "responsible": "责任",
    "presenter": "主讲",
    "participant": "参加",
    "supervisor": "督查",
}


def explain(record: NoticeRecord, *, width: int = 60) -> Tree:
    """The record's text in reading order as a rich tree.

    Args:
        record: a notice.
        width: so many characters of a line are shown.
    """
    from rich.tree import Tree

    notice = record.notice
    root = Tree(f"[bold]{_plain(notice.title or notice.sources[0].name)}[/]")
    quotas = {quota.id: quota for quota in record.quotas}
    _head(root, record)
    for plan in record.plans:
        period = f"（{plan.start} 至 {plan.end}）" if plan.start else ""
        branch = root.add(f"[bold]计划 {plan.id}：{_plain(plan.title or '（无标题）')}[/]{period}")
        branches: dict[tuple[str, ...], Tree] = {(): branch}
        for task in record.tasks:
            if task.plan == plan.id:
                _task(_section(branches, tuple(task.section)), task, quotas, width)
    left = [warning for warning in record.warnings if warning.code.startswith("coverage.") and warning.span is not None]
    _left(root, record, left, width)
    _other(root, [warning for warning in record.warnings if not warning.code.startswith("coverage.")])
    return root


def _plain(text: str) -> str:
    """Text in which rich sees no markup and no line breaks."""
    return text.replace("[", "\\[").replace("\n", " ")


def _cut(text: str, width: int) -> str:
    line = " ".join(text.split())
    return _plain(line if len(line) <= width else line[:width] + "…")


def _head(root: Tree, record: NoticeRecord) -> None:
    notice = record.notice
    rows = [
        ("文号", notice.document_number.text if notice.document_number else None),
        ("发文机关", "、".join(issuer.name for issuer in notice.issuers)),
        ("主送", "、".join(notice.recipients)),
        ("成文日期", notice.issue_date),
        ("地区", "".join(notice.region.path) if notice.region else None),
    ]
    for name, value in rows:
        root.add(f"[dim]{name}[/] {_plain(value) if value else '[yellow]没有找到[/]'}")


def _section(branches: dict[tuple[str, ...], Tree], path: tuple[str, ...]) -> Tree:
    """The branch of a section, its parents made on the way."""
    if path not in branches:
        branches[path] = _section(branches, path[:-1]).add(f"[cyan]{_plain(path[-1])}[/]")
    return branches[path]


def _task(branch: Tree, task: Task, quotas: dict[str, Quota], width: int) -> None:
    title = f"{_plain(task.title)}　" if task.title and not _repeats(task) else ""
    node = branch.add(f"[green]✔ {_KINDS[task.kind]}[/] [dim]{task.confidence:.2f}[/] {title}{_cut(task.text, width)}")
    if task.owners:
        node.add("[magenta]谁[/] " + "，".join(f"{_plain(o.name)}（{_ROLES[o.role]}）" for o in task.owners))
    if task.times:
        node.add("[magenta]时[/] " + "，".join(_time(t.text, t.start, t.end, t.rrule) for t in task.times))
    numbers = [quotas[quota] for quota in task.quotas]
    if numbers:
        node.add("[magenta]量[/] " + "，".join(_plain(" ".join(quota.text.split())) for quota in numbers))


def _repeats(task: Task) -> bool:
    return bool(task.section) and task.title is not None and task.section[-1].endswith(task.title)


def _time(text: str, start: str | None, end: str | None, rrule: str | None) -> str:
    value = rrule or (f"{start or ''}～{end or ''}" if start or end else "")
    return _plain(f"{' '.join(text.split())}{f' = {value}' if value else ''}")


def _left(root: Tree, record: NoticeRecord, warnings: list[Warning], width: int) -> None:
    if not warnings:
        return
    branch = root.add(f"[yellow]没有列为任务的文字，共 {len(warnings)} 处[/]")
    for warning in warnings:
        reason = warning.message.split("；")[0].removeprefix("未列为任务：")
        branch.add(f"[yellow]✘[/] {_cut(words_at(record, warning.span), width)}　[dim]{reason}（{warning.code}）[/]")


def _other(root: Tree, warnings: list[Warning]) -> None:
    if warnings:
        branch = root.add(f"[red]需要核对，共 {len(warnings)} 处[/]")
        for warning in warnings:
            branch.add(f"{_plain(warning.message)}　[dim]{warning.code}[/]")


def words_at(record: NoticeRecord, span: Span | None) -> str:
    """The words of a record at a span; empty where it points at nothing."""
    if span is None:
        return ""
    block = next((block for block in record.blocks if block.id == span.block), None)
    if block is None:
        return ""
    text = block.text or ""
    if span.row is not None and span.column is not None:
        table = next(table for table in record.tables if table.id == block.table)
        text = table.cells[span.row][span.column]
    return text[span.start : span.end]
