"""Archived originals read again with the rules of today; what people wrote on their tasks stays with them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import clock, parallel
from pipeline.office import Office
from pipeline.process import Outcome, process, warm
from pipeline.settings import Settings
from pipeline.workspace import hash_file

if TYPE_CHECKING:
    from pipeline.store import Saved, SourceRow, Store


@dataclass
class Report:
    """What came of it: notices that changed with their differences, files that stayed the same, were of today's rules
    already, or failed with the reason."""

    changed: list[Saved] = field(default_factory=list)
    same: int = 0
    current: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def reprocess(
    office: Office,
    store: Store,
    notice_ids: Iterable[str] | None = None,
    *,
    force: bool = False,
    jobs: int | None = None,
    timeout: float | None = None,
    advance: Callable[[str], object] = lambda name: None,
) -> Report:
    """Reads originals again and puts what is read in the place of what was; versions and keys stay.

    Args:
        notice_ids: of these notices; None: of all.
        force: also those that today's rules have read.
        advance: called with each file's name as it is done.

    Raises:
        pipeline.store.StoreError: the store is away.
    """
    report = Report()
    chosen = list(_chosen(store, notice_ids, force, report))
    paths = {index: _original(office, row) for index, row in enumerate(chosen)}
    there = [index for index, path in paths.items() if path is not None]
    for index in sorted(paths.keys() - set(there)):
        report.failed.append((chosen[index].name, "归档里没有原件，或原件已被改动；请从备份恢复"))
    limits = office.limits(jobs=jobs, timeout=timeout)
    calls = parallel.each(
        process, [path for path in paths.values() if path is not None],
        jobs=limits.jobs, timeout=limits.timeout, memory=limits.memory, warm=warm,
    )  # fmt: skip
    with contextlib.closing(calls):
        for at, result in calls:
            row = chosen[there[at]]
            _take(office, store, row, result, report, limits)
            advance(row.name)
    return report


def _chosen(store: Store, notice_ids: Iterable[str] | None, force: bool, report: Report) -> Iterator[SourceRow]:
    """The files that versions' records are from, each once."""
    from extractors.lexicons import fingerprint

    rules = fingerprint()
    seen: set[str] = set()
    for notice_id in [row.notice_id for row in store.notices()] if notice_ids is None else notice_ids:
        for version in store.versions(notice_id):
            record = store.record(notice_id, version=version.ordinal, corrected=False)
            first = record.notice.sources[0].sha256
            if first in seen:
                continue
            seen.add(first)
            if version.rules == rules and not force:
                report.current += 1
                continue
            rows = [row for row in version.sources if row.sha256 == first]
            # What lay in an archive or a mail is read again from that.
            rows = rows or [row for row in version.sources[:1] if row.sha256 not in seen]
            seen.update(row.sha256 for row in rows)
            yield from rows


def _original(office: Office, row: SourceRow) -> Path | None:
    """An original in the archive, found by its content where it isn't under its name."""
    if row.archived_path:
        path = office.workspace.folder / row.archived_path
        with contextlib.suppress(OSError):
            if hash_file(path) == row.sha256:
                return path
    return next(office.workspace.copies({row.sha256}), None)


def _take(office: Office, store: Store, row: SourceRow, result: Any, report: Report, limits: Settings) -> None:
    from pipeline import batch
    from schemas.record import NoticeRecord

    outcome: Outcome = result.value if isinstance(result, parallel.Returned) else batch.failed(result, limits)
    if outcome.failure:
        report.failed.append((row.name, "；".join(filter(None, (outcome.failure.reason, outcome.failure.remedy)))))
        return
    records = [NoticeRecord.model_validate_json(text) for text in outcome.records]
    saved = store.reprocess(records, row.sha256, by=office.operator, at=clock.now())
    changed = [each for each in saved if each.outcome == "reprocessed" and each.diff]
    report.changed += changed
    report.same += not changed
