"""Records as data frames, for whoever analyses them in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.export.tables import Item
    from schemas.record import NoticeRecord

#: A column for people who write into an exported sheet; it says nothing in a data frame.
_NOT_SHOWN = "drop"


@dataclass(frozen=True)
class Frames:
    """Five tables that hang together by ``notice_id`` and ``task_key``; their columns are in docs/data-dictionary.md.

    Attributes:
        notices, tasks, owners, times, quotas: data frames; dates are ``datetime64``, lists in a cell divided by ``；``.
        problems: files that couldn't be read: ``name``, ``code``, ``reason``.
        records: the records themselves, as ``pipeline.compare`` takes them.
    """

    notices: pd.DataFrame
    tasks: pd.DataFrame
    owners: pd.DataFrame
    times: pd.DataFrame
    quotas: pd.DataFrame
    problems: pd.DataFrame
    records: tuple[NoticeRecord, ...]


def records(
    source: str | Path | Iterable[str | Path], *, topics: str | Path | None = None, aliases: str | Path | None = None,
    internal: bool = False, unmask: bool = False,
) -> Frames:  # fmt: skip
    """Notices as data frames.

        >>> import duban
        >>> frames = duban.records("通知")  # doctest: +SKIP
        >>> frames.quotas.groupby("subject")["annual"].describe()  # doctest: +SKIP

    Args:
        source: a workspace's folder (the current versions of its store, corrections applied), or files and folders of
            notices, which are read now.
        topics: a table of topics over the packaged ones; ``aliases`` one of owners' other names.
        internal: papers marked 内部资料 and the like too; only of a workspace.
        unmask: telephone and identity numbers as they stand.

    Raises:
        MissingPathError: a path that isn't there.
        DubanError: the workspace, its store or one of the tables can't be used. A notice that can't be read is listed
            in ``problems``.
    """
    from pipeline.overlay import read_overlay

    paths = [Path(source)] if isinstance(source, str | Path) else [Path(each) for each in source]
    lay = read_overlay(Path(aliases) if aliases else None, Path(topics) if topics else None)
    if len(paths) == 1 and (paths[0] / ".duban").is_dir():
        from dataclasses import replace

        items = (
            replace(item, record=lay(item.record)) if item.record else item
            for item in _of_workspace(paths[0], internal)
        )
        return _frames([item for item in items if item.record], [], unmask)
    return _frames(*_of_files(paths, lay), unmask)


def _of_workspace(folder: Path, internal: bool) -> Iterator[Item]:
    from pipeline.export.select import Filter, select
    from pipeline.office import Office

    with Office.open(folder).store() as store:
        yield from select(store, Filter(internal=internal)).items(store)


def _of_files(paths: list[Path], lay: Any) -> tuple[list[Item], list[dict[str, str]]]:
    from extractors import extract
    from pipeline.export.tables import Item
    from pipeline.inbox import find
    from pipeline.process import failure_of

    items: list[Item] = []
    problems: list[dict[str, str]] = []
    for path in find(paths).files:
        try:
            items += [Item(record.notice.id, lay(record)) for record in extract(path)]
        except Exception as error:
            failure = failure_of(error)
            problems.append({"name": path.name, "code": failure.code, "reason": failure.reason})
    return items, problems


def _frames(items: list[Item], problems: list[dict[str, str]], unmask: bool) -> Frames:
    import pandas as pd

    from pipeline.export import tables

    held = tables.rows(items, unmask=unmask)
    made: dict[str, Any] = {}
    for table in (tables.NOTICES, tables.TASKS, tables.OWNERS, tables.TIMES, tables.QUOTAS):
        columns = [column for column in table.columns if column.name != _NOT_SHOWN]
        frame = pd.DataFrame(held[table.name], columns=[column.name for column in columns])
        for column in columns:
            if column.kind == "date":
                frame[column.name] = pd.to_datetime(frame[column.name], errors="coerce")
        made[table.name] = frame
    read = tuple(item.record for item in items if item.record is not None)
    return Frames(**made, problems=pd.DataFrame(problems, columns=["name", "code", "reason"]), records=read)
