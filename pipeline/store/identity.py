"""Which notice of the store a record is of, and which of its versions."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from extractors.ids import digest, normal
from pipeline.store.matching import likeness
from pipeline.store.models import Notice, NoticeName, Version, VersionSource
from schemas.record import NoticeRecord

#: The formats from the one whose record is taken first; others stand with the plain texts.
_PICTURES = dict.fromkeys(("png", "jpg", "tif", "bmp", "gif", "webp"), 4)
RANKS = {"docx": 0, "doc": 0, "wps": 0, "html": 1, "txt": 2, "pdf": 3, **_PICTURES}
#: Two files of different formats are the same version from this likeness of their texts on.
SAME_TEXT = 0.9
#: A notice with the same title, of the same year, is a reissue from this likeness of the texts on, and is asked about
#: from the lower one on, as one of another year or number is.
A_REISSUE = 0.8
LIKE_A_REISSUE = 0.5
#: How many notices of the same title are compared, the last ones.
_LOOKED_AT = 5
#: Between the names of joint issuers.
JOINT = "、"
#: A title shorter than this says too little to know a notice by.
_TITLE = 6
#: How many Chinese characters must have been put for others to make it a change and no slip of a reader.
_CHANGED = 2

_FIGURE = re.compile(r"\d+(?:\.\d+)?|[〇零一二三四五六七八九十百千万两]+(?=[年月日号个项次件篇场家人天周季成分万亿倍])")


def rank(format: str) -> int:
    """How early a format's record is taken."""
    return RANKS.get(format, RANKS["txt"])


def number_key(record: NoticeRecord) -> str | None:
    """What the document number alone tells."""
    number = record.notice.document_number
    return digest("number", normal(number.text), length=32) if number else None


def title_key(record: NoticeRecord) -> str | None:
    """What the title alone tells."""
    title = normal(record.notice.title or "")
    return digest("title", title, length=32) if len(title) >= _TITLE else None


def text_of(record: NoticeRecord) -> str:
    """All words of a record's blocks and tables."""
    parts = [f"{block.label or ''}{block.text or ''}" for block in record.blocks]
    parts += [cell for table in record.tables for row in table.cells for cell in row]
    return "\n".join(parts)


def find_notice(session: Session, record: NoticeRecord) -> tuple[Notice | None, list[Notice]]:
    """The notice that a record is of, or else notices of which a person should say whether it reissues them.

    The same id tells it; so does the same number of the same issuers. The same title tells it where number and year
    don't differ and it is of the same day or says much the same; where it says partly the same, or only one of the two
    is signed, it is asked.
    """
    name = session.get(NoticeName, record.notice.id)
    if name is not None:
        return session.get(Notice, name.notice), []
    found = _namesakes(session, record)
    for notice in found:
        if notice.number_key and notice.number_key == number_key(record):
            return notice, []
    asked = []
    words = text_of(record)
    for notice in found[:_LOOKED_AT]:
        half_signed = bool(notice.agency) != bool(record.notice.issuers)
        apart = half_signed or _differ(notice.number_key, number_key(record)) or _differ(notice.year, year_of(record))
        if not apart and notice.issue_date and notice.issue_date == record.notice.issue_date:
            return notice, []
        alike = likeness(words, text_of(current_record(session, notice)))
        if not apart and alike >= A_REISSUE:
            return notice, []
        if alike >= LIKE_A_REISSUE:
            asked.append(notice)
    return None, asked


def _namesakes(session: Session, record: NoticeRecord) -> list[Notice]:
    """Notices with the same number or title, by the same issuers, the last one first."""
    found: dict[int, None] = {}
    for column, value in ((Notice.number_key, number_key(record)), (Notice.title_key, title_key(record))):
        if value:
            query = select(Notice.id, Notice.agency, Notice.number_key).where(column == value)
            for notice, agency, number in session.execute(query.order_by(Notice.id.desc())):
                if _same_issuers(agency, number, record):
                    found.setdefault(notice)
    return [session.get_one(Notice, notice) for notice in found]


def _same_issuers(agency: str | None, number: str | None, record: NoticeRecord) -> bool:
    first = {normal(name) for name in (agency or "").split(JOINT)} - {""}
    second = {normal(issuer.name) for issuer in record.notice.issuers} - {""}
    if not first or not second:
        # Who signed can't be compared: a number names its agency, and texts with one title are compared by their words.
        return number is None or number_key(record) is None or number == number_key(record)
    return bool(first & second)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def year_of(record: NoticeRecord) -> int | None:
    """The year that a notice was issued in."""
    if record.notice.issue_date:
        return int(record.notice.issue_date[:4])
    number = record.notice.document_number
    return number.year if number else None


def current_record(session: Session, notice: Notice) -> NoticeRecord:
    """The current version's record, as extracted."""
    query = select(Version.record).where(Version.notice == notice.id, Version.ordinal == notice.current_version)
    return NoticeRecord.model_validate_json(session.scalars(query).one())


def find_version(session: Session, notice: Notice, record: NoticeRecord) -> Version | None:
    """The version that a record is another copy of: the same words, or another format; None: a new one."""
    of_notice = select(Version).where(Version.notice == notice.id).order_by(Version.ordinal.desc())
    same_words = of_notice.join(VersionSource).where(VersionSource.content_hash == record.notice.content_hash)
    found = session.scalars(same_words).first()
    if found is not None:
        return found
    for version in session.scalars(of_notice):
        stored = NoticeRecord.model_validate_json(version.record)
        known = {source.format for source in stored.notice.sources}
        if record.notice.sources[0].format not in known and same_version(stored, record):
            return version
    return None


def same_version(one: NoticeRecord, other: NoticeRecord) -> bool:
    """Whether two records of different formats are of one wording, but for what readers make of a format.

    A reader may lose words or repeat them; it puts no other figure, owner or word for what stood there.
    """
    dates = {one.notice.issue_date, other.notice.issue_date} - {None}
    if len(dates) > 1:
        return False
    if content(one) == content(other):
        return True
    first, second = text_of(one), text_of(other)
    if likeness(first, second) < SAME_TEXT:
        return False
    if _exchanged(Counter(_FIGURE.findall(first)), Counter(_FIGURE.findall(second)), 1):
        return False
    return not _exchanged(Counter(_chinese(first)), Counter(_chinese(second)), _CHANGED)


def _exchanged(one: Counter[str], other: Counter[str], least: int) -> bool:
    """Whether things are missing on both sides, of those that one side lacks altogether."""
    gone = [each for each in one if each not in other]
    come = [each for each in other if each not in one]
    fewer = [each for each in one if 0 < other[each] < one[each]]
    more = [each for each in other if 0 < one[each] < other[each]]
    return min(len(gone) + len(fewer), len(come) + len(more)) >= least and bool(gone or come or least == 1)


def _chinese(text: str) -> str:
    return "".join(char for char in normal(text) if "一" <= char <= "鿿")


def content(record: NoticeRecord) -> list[Any]:
    """What the tasks of a record say, to compare: id, kind, owners, times and quotas of each."""
    quotas: dict[str, list[Any]] = {}
    for quota in record.quotas:
        value = quota.comparator, quota.value, quota.value_max, quota.unit, quota.per
        quotas.setdefault(quota.task, []).append([normal(quota.text), *value])
    return [
        [
            task.id, task.kind,
            [(normal(owner.name), owner.role) for owner in task.owners],
            [(normal(time.text), time.kind, time.start, time.end, time.rrule) for time in task.times],
            quotas.get(task.id, []),
        ]
        for task in record.tasks
    ]  # fmt: skip
