"""A file in, records out: the straight line SourceFile → Document → Outline → Findings → NoticeRecord."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.bundle import gather
from extractors.conflicts import find_conflicts
from extractors.contacts import find_contacts
from extractors.coverage import unplaced
from extractors.fields.binding import bind
from extractors.fields.drafts import Draft, Skipped
from extractors.fields.findings import find_fields
from extractors.fields.leads import apply_note, lead_note
from extractors.fields.tasks import find_cover_tasks, find_tasks
from extractors.ids import TaskIds, content_hash, notice_id
from extractors.lexicons import fingerprint
from extractors.marks import as_written, with_chinese_marks
from extractors.ocr.grounding import ground
from extractors.passage import Context
from extractors.readers import read
from extractors.structure.lines import document_kind, match, parse_date, words
from extractors.structure.outline_walk import walk
from extractors.structure.plans import outline_of, year_span
from extractors.structure.segments import segment
from extractors.structure.tables import TableDescription, describe
from extractors.values.regions import region_of
from extractors.version import __version__
from schemas.document import Document, Span, Warning
from schemas.outline import Outline, Parts, PlanOutline
from schemas.record import (
    DocumentNumber,
    Effective,
    Issuer,
    Notice,
    NoticeRecord,
    Plan,
    Producer,
    Quota,
    RecordBlock,
    RecordTable,
    Region,
    Task,
)  # fmt: skip

if TYPE_CHECKING:
    from extractors.readers.limits import Limits


#: The code of the warning that a file seems to be no notice.
NO_NOTICE = "notice.none"


def extract_file(path: str | Path, limits: Limits | None = None) -> list[NoticeRecord]:
    """Read a file and give the records of its notices, mostly one.

    Args:
        path: the file; its format is told from its bytes.
        limits: what to refuse; the defaults suit an office's notices.

    Raises:
        DubanError: the file can't be read, with the reason and the remedy.
    """
    return extract_document(read(path, limits))


def extract_document(document: Document) -> list[NoticeRecord]:
    """The records of a document that was read already; of an archive or a mail, one for each notice in it."""
    return [ground(_record(each), each) for each in gather(document)]


def _record(document: Document) -> NoticeRecord:
    shown = with_chinese_marks(document)
    record = _Assembler(shown, outline_of(segment(shown))).record()
    return record if shown is document else as_written(record, document)


def _is_nothing(record: NoticeRecord) -> bool:
    """Whether nothing of a notice was read: no title, number, date, recipients or task."""
    notice = record.notice
    return not (
        notice.title or notice.document_number or notice.issue_date or notice.recipients or notice.issuers
        or record.tasks or any(plan.title for plan in record.plans)
    )  # fmt: skip


def _no_notice() -> Warning:
    return Warning(
        code=NO_NOTICE,
        message="没有读出标题、文号、日期和任务，可能不是公文（如栏目页）；请核对，不是公文的可用 duban purge 删去",
        span=None,
    )


@dataclass
class _PlanFrame:
    """A plan as exported, and what its tasks need to know of it."""

    plan: Plan
    years: tuple[date, date] | None
    years_at: Span | None


class _Assembler:
    def __init__(self, document: Document, outline: Outline) -> None:
        self.document = document
        self.outline = outline
        self.notice = _notice(document, outline)
        self.descriptions = self._describe()
        self.issued = date.fromisoformat(self.notice.issue_date) if self.notice.issue_date else None

    def record(self) -> NoticeRecord:
        frames = [self._plan(i, plan) for i, plan in enumerate(self.outline.plans)]
        drafts, skipped = find_cover_tasks(self.document, self.outline.cover, self.descriptions)
        for i, plan in enumerate(self.outline.plans):
            found, left = find_tasks(self.document, plan, i, self.descriptions)
            drafts += found
            skipped += left
        tasks, quotas = self._tasks(drafts, frames)
        record = NoticeRecord(
            producer=Producer(version=__version__, rules=fingerprint()),
            notice=self.notice,
            blocks=[RecordBlock(**block.model_dump(exclude={"layout", "depth"})) for block in self.document.blocks],
            plans=[frame.plan for frame in frames],
            tables=self._tables(frames),
            tasks=tasks,
            quotas=quotas,
        )
        nothing = [_no_notice()] if _is_nothing(record) else []
        left = [*skipped, *unplaced(self.document, self.outline, drafts, skipped)]
        conflicts = find_conflicts(self.document, self.outline, record)
        return record.model_copy(update={"warnings": [*nothing, *self.document.warnings, *conflicts, *_coverage(left)]})

    def _plan(self, i: int, plan: PlanOutline) -> _PlanFrame:
        years, years_at = _period(plan)
        shown = Plan(
            id=f"p{i + 1}",
            title=plan.title,
            kind=document_kind(plan.title or ""),
            start=years[0].isoformat() if years else None,
            end=years[1].isoformat() if years else None,
            effective=_effective(plan),
            span=plan.span,
        )
        return _PlanFrame(shown, years, years_at)

    def _tasks(self, drafts: list[Draft], frames: list[_PlanFrame]) -> tuple[list[Task], list[Quota]]:
        ids = TaskIds(self.notice.id)
        note = lead_note(self.document)
        tasks: list[Task] = []
        quotas: list[Quota] = []
        yearly: set[int] = set()
        for draft in drafts:
            frame = frames[draft.plan]
            findings = find_fields(draft, replace(self._context(frame), yearly=draft.plan in yearly))
            if frame.plan.kind in words("standing_rules") and any(
                (time.rrule or "").startswith("FREQ=YEARLY") for time in findings.times
            ):
                yearly.add(draft.plan)
            owners = apply_note(findings.owners, note) if note else findings.owners
            text = "\n".join(passage.text for passage in draft.passages)
            task_id = ids.next(draft.plan, draft.section, text)
            own = []
            for quota in findings.quotas:
                own.append(f"q{len(quotas) + 1}")
                bound = bind(quota, owners, draft.passages)
                quotas.append(quota.model_copy(update={"id": own[-1], "task": task_id, "owners": bound}))
            tasks.append(
                Task(
                    id=task_id,
                    plan=frame.plan.id,
                    kind=draft.kind,
                    section=draft.section,
                    title=draft.title,
                    text=text,
                    owners=owners,
                    times=findings.times,
                    quotas=own,
                    submissions=findings.submissions,
                    confidence=draft.confidence,
                    spans=[passage.span for passage in draft.passages],
                )
            )
        return tasks, quotas

    def _context(self, frame: _PlanFrame) -> Context:
        year = frame.years[0].year if frame.years else (self.issued.year if self.issued else None)
        issued = self.outline.parts.spans.get("issue_date", [])
        return Context(
            year=year,
            plan_start=frame.years[0] if frame.years else None,
            plan_end=frame.years[1] if frame.years else None,
            year_span=frame.years_at if frame.years else next(iter(issued), None),
            issue_date=self.issued,
            issuers=tuple(issuer.name for issuer in self.notice.issuers),
        )

    def _describe(self) -> dict[str, TableDescription]:
        """What each table is, told once."""
        captions = {node.table: node.caption for plan in self.outline.plans for node in walk(plan.nodes) if node.table}
        tables = self.document.tables
        return {table.id: describe(table.cells, table.merges, captions.get(table.id)) for table in tables}

    def _tables(self, frames: list[_PlanFrame]) -> list[RecordTable]:
        where = {}
        for frame, plan in zip(frames, self.outline.plans, strict=True):
            for node in walk(plan.nodes):
                if node.table:
                    where[node.table] = (frame.plan.id, node.caption)
        shown = []
        for table in self.document.tables:
            plan_id, caption = where.get(table.id, (None, None))
            shown.append(
                RecordTable(
                    id=table.id,
                    plan=plan_id,
                    block=table.block,
                    caption=caption,
                    kind=self.descriptions[table.id].kind,
                    header_rows=self.descriptions[table.id].header_rows,
                    cells=table.cells,
                    merges=table.merges,
                )
            )
        return shown


def _notice(document: Document, outline: Outline) -> Notice:
    parts = outline.parts
    own = [block for block in document.blocks if block.type != "slip"]
    texts = [block.text or "" for block in own]
    named = {block.table for block in own}
    cells = [cell for table in document.tables if table.id in named for row in table.cells for cell in row]
    issued = parse_date(parts.date_text) if parts.date_text else None
    issuers = parts.issuers or _issuers_from_head(parts)
    year = issued.year if issued else None
    region = region_of([*issuers, *([parts.title] if parts.title else [])], "\n".join(texts), year)
    series = _is_collection(outline)
    title = None if series else parts.title
    return Notice(
        id=notice_id(
            issuers, parts.document_number, title, issued.isoformat() if issued else None, "".join([*texts, *cells])
        ),
        content_hash=content_hash([*texts, *cells]),
        sources=[document.source, *document.more],
        title=title,
        kind=_kind(parts, outline, title),
        document_number=_number(parts.document_number),
        issuers=[
            Issuer(name=name, region=_code(region_of([name], "\n".join(texts), year), region)) for name in issuers
        ],
        recipients=parts.recipients,
        copied_to=parts.copied_to,
        issue_date=issued.isoformat() if issued else None,
        region=region,
        attachments=[*parts.attachments, *document.linked],
        contacts=find_contacts(texts),
        secrecy=parts.secrecy,
        urgency=parts.urgency,
        copy_number=parts.copy_number,
        signatories=parts.signatories,
        notes=parts.notes,
        printed_by=parts.printed_by,
        printed_on=parts.printed_on,
        spans={name: spans for name, spans in parts.spans.items() if name != "title" or title},
    )


def _code(own: Region | None, notice: Region | None) -> str | None:
    found = own or notice
    return found.code if found else None


def _kind(parts: Parts, outline: Outline, title: str | None) -> str | None:
    if title:
        return document_kind(title)
    if parts.recipients:
        words = "".join(s.text for s in (*outline.cover, *(outline.plans[0].segments if outline.plans else [])))[:2000]
        if re.search(r"特此通知|通知如下|现通知", words):
            return "通知"
    return document_kind(outline.plans[0].title or "") if outline.plans else None


def _is_collection(outline: Outline) -> bool:
    """A file of several plans that nobody covers: it has no title of its own."""
    parts = outline.parts
    covered = parts.recipients or parts.issuers or parts.document_number
    return not covered and len(outline.plans) > 1 and (parts.title is None or parts.title == outline.plans[0].title)


def _issuers_from_head(parts: Parts) -> list[str]:
    """Nobody signed: the agency that the title names before 关于 or 印发, else the letterhead's."""
    named = re.match(
        r"^([一-鿿、]{4,40}?(?:局|委|委员会|办公室|办公厅|部|厅|政府|院|会|公司|中心|大学|学院|学校|银行|支队))(?:等[^关印]{0,6})?(?:关于|印发|转发)",
        parts.title or "",
    )
    if named:
        return [name for name in named[1].split("、") if name]
    return [parts.letterhead] if parts.letterhead else []


def _number(text: str | None) -> DocumentNumber | None:
    found = match("part.document_number", text) if text else None
    if text is None or found is None:
        return None
    return DocumentNumber(text=text, agency_code=found["code"], year=int(found["year"]), serial=int(found["serial"]))


def _period(plan: PlanOutline) -> tuple[tuple[date, date] | None, Span | None]:
    """The time of a plan's work and where it stands: in its title, else in what its first sentence opens with."""
    found = year_span(plan.title or "")
    if found:
        return found, next(iter(plan.title_spans), None)
    for line in plan.segments[:8]:
        opening = re.match(r"^(?:在)?(20\d{2})\s*年(?:度)?(?:[，,]|要|将|全[市县区局省])", line.text.strip())
        if opening and line.mark is None:
            year = int(opening[1])
            place = line.text.find(opening[1])
            return (date(year, 1, 1), date(year, 12, 31)), line.part(place, place + 4)
    return None, None


def _effective(plan: PlanOutline) -> Effective:
    """From when and until when a rule holds, where a day is written."""
    since = until = None
    for line in plan.segments[-12:]:
        day = r"(20\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
        found = re.search(rf"自\s*{day}\s*起(?:正式)?(?:施行|实施|执行|生效)", line.text)
        since = since or (_iso(found) if found else None)
        found = re.search(rf"有效期(?:限)?(?:至|到)\s*{day}", line.text)
        until = until or (_iso(found) if found else None)
    return Effective(from_=since, until=until)


def _iso(found: re.Match[str]) -> str | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def _coverage(skipped: list[Skipped]) -> list[Warning]:
    return [
        Warning(code=one.code, message=f"未列为任务：{one.reason}；如应列入，请人工补录", span=one.span)
        for one in skipped
    ]
