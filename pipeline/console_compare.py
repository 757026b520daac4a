"""The work of duban compare: notices from files or from the store, chosen, compared, and written as reports."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.console import FAILED, OK, NothingToReadError
from pipeline.settings import Settings
from schemas.errors import SourceError

if TYPE_CHECKING:
    from pipeline.compare.reports.model import Content
    from pipeline.topics import Taxonomy
    from schemas.record import NoticeRecord


def compare(paths: Sequence[Path], folder: Path, output: Path, wish: Mapping[str, Any]) -> int:
    """Writes the reports and says where they are; 1 where a file couldn't be read.

    Args:
        paths: files and folders; empty: the store of the workspace.
        wish: the command's options by name.

    Raises:
        SourceError: nothing fits the filters, or a topic isn't known.
        NothingToReadError: no file among the paths.
    """
    from pipeline.topics import read_topics

    settings = Settings.read(os.environ, jobs=wish["jobs"], timeout=wish["timeout"])
    taxonomy = read_topics(settings.topics)
    failures: list[str] = []
    written: list[Path] = []
    if wish["upper"]:
        from pipeline.compare.reports.sides_content import hand_down_content
        from pipeline.compare.upper import hand_down

        sides = [_named(wish[side], folder, settings, failures) for side in ("upper", "lower")]
        if not all(sides):
            return _done(written, failures)
        content = hand_down_content(hand_down(sides[0], sides[1], taxonomy), wish["lang"])
        written.append(_workbook(content, output / f"{'承接对照表' if wish['lang'] == 'zh' else 'hand-down'}.xlsx"))
        return _done(written, failures)
    records = _read(paths, settings, failures) if paths else _stored(folder)
    chosen = choose(records, wish)
    if not chosen:
        if failures:
            return _done(written, failures)
        raise SourceError("compare.nothing", "没有可比较的公文", remedy="请放宽 --city、--agency、--year、--plan-kind")
    if wish["years"]:
        written.append(_years(chosen, wish, taxonomy, output))
    else:
        written += _reports(chosen, wish, taxonomy, output)
    return _done(written, failures)


def choose(records: Sequence[NoticeRecord], wish: Mapping[str, Any]) -> list[NoticeRecord]:
    """Records that every filter lets through: cities, agencies, years, plan kinds; an empty filter lets all through."""
    from pipeline.compare.parties import parties_of

    chosen = []
    for party, record in parties_of(records):
        issuers = [issuer.name for issuer in record.notice.issuers]
        kinds = {party.kind or "", record.notice.kind or "", *(plan.kind or "" for plan in record.plans)}
        first, last = party.years or (0, 0)
        if (
            _any(wish["cities"], [*party.provinces, party.city, party.region or ""])
            and _any(wish["agencies"], issuers)
            and _any(wish["kinds"], kinds)
            and (not wish["years_of"] or any(first <= year <= last for year in wish["years_of"]))
        ):
            chosen.append(record)
    return chosen


def _any(wanted: Sequence[str], names: Any) -> bool:
    return not wanted or any(one in name for one in wanted for name in names)


def _reports(chosen: Sequence[NoticeRecord], wish: Mapping[str, Any], taxonomy: Taxonomy, output: Path) -> list[Path]:
    from pipeline.compare.analysis import compare as work
    from pipeline.compare.population import read_population
    from pipeline.compare.reports.content import content_of
    from pipeline.compare.reports.docx import write_docx
    from pipeline.compare.reports.html import html

    people = read_population(wish["population"]) if wish["population"] else None
    found = work(chosen, taxonomy, topics=_topics(wish["topics"], taxonomy), population=people)
    content = content_of(found, wish["lang"])
    output.mkdir(parents=True, exist_ok=True)
    page, letter = output / "report.html", output / "report.docx"
    page.write_text(html(content), encoding="utf-8")
    write_docx(content, letter)
    return [page, _workbook(content, output / "report.xlsx"), letter]


def _years(chosen: Sequence[NoticeRecord], wish: Mapping[str, Any], taxonomy: Taxonomy, output: Path) -> Path:
    from pipeline.compare.reports.sides_content import years_content
    from pipeline.compare.years import year_on_year

    try:
        found = year_on_year(chosen, wish["years"], taxonomy)
    except ValueError as error:
        told = "这些年份里有公文的不足两年"
        raise SourceError("compare.years", told, remedy="请写有公文的两个以上年份") from error
    return _workbook(
        years_content(found, wish["lang"]), output / f"{'年度对照' if wish['lang'] == 'zh' else 'years'}.xlsx"
    )


def _workbook(content: Content, path: Path) -> Path:
    from pipeline.compare.reports.xlsx import write_xlsx

    path.parent.mkdir(parents=True, exist_ok=True)
    write_xlsx(content, path)
    return path


def _topics(names: Sequence[str], taxonomy: Taxonomy) -> list[str] | None:
    codes = []
    for name in names:
        found = [code for code in taxonomy.topics if name in (code, taxonomy.name(code))]
        if not found:
            raise SourceError("topics.unknown", f"没有“{name}”这个主题", remedy="主题见 docs/topics.md")
        codes += found
    return codes or None


def _read(paths: Sequence[Path], settings: Settings, failures: list[str]) -> list[NoticeRecord]:
    from pipeline import inbox
    from pipeline.batch import outcomes
    from schemas.record import NoticeRecord

    files = list(inbox.find(paths).files)
    if not files:
        raise NothingToReadError("、".join(map(str, paths)))
    read: dict[int, list[NoticeRecord]] = {}
    with contextlib.closing(outcomes(files, settings)) as done:
        for place, outcome in done:
            if outcome.failure:
                failures.append(f"{files[place]}：{outcome.failure.reason}")
            read[place] = [NoticeRecord.model_validate_json(record) for record in outcome.records]
    return [record for place in sorted(read) for record in read[place]]


def _stored(folder: Path) -> list[NoticeRecord]:
    from pipeline.office import Office

    with contextlib.closing(Office.open(folder).store()) as store:
        return [store.record(row.notice_id) for row in store.notices(internal=False)]


def _named(names: Sequence[str], folder: Path, settings: Settings, failures: list[str]) -> list[NoticeRecord]:
    """Notices by path, else by what names them in the store."""
    from pipeline.naming import find_notice
    from pipeline.office import Office

    files = [Path(name) for name in names if Path(name).exists()]
    found = _read(files, settings, failures) if files else []
    others = [name for name in names if not Path(name).exists()]
    if others:
        with contextlib.closing(Office.open(folder).store()) as store:
            found += [store.record(find_notice(store, name).notice_id) for name in others]
    return found


def _done(written: Sequence[Path], failures: Sequence[str]) -> int:
    for path in written:
        print(path)
    for line in failures:
        print(line, file=sys.stderr)
    return FAILED if failures else OK
