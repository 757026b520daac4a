"""The first of several units leads, where the notice says so in a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.lexicons import load_rules
from schemas.document import Document, Span
from schemas.record import Owner


def lead_note(document: Document) -> Span | None:
    """The words of the note that makes the first of several units the leading one; None where there is none."""
    (rule,) = load_rules("leads").rules
    for block in document.blocks:
        found = rule.pattern.search(block.text or "")
        if found:
            return Span(block=block.id, start=found.start(), end=found.end())
    for table in document.tables:
        for r, row in enumerate(table.cells):
            for c, cell in enumerate(row):
                found = rule.pattern.search(cell)
                if found:
                    return Span(block=table.block, row=r, column=c, start=found.start(), end=found.end())
    return None


def apply_note(owners: Sequence[Owner], note: Span) -> list[Owner]:
    """The first of each list of responsible units as the leading one, marked as inferred from the note.

    A list is a run of owners in one cell or one bracket; where a list names its leader itself, nothing changes.
    """
    if any(owner.role == "lead" for owner in owners):
        return list(owners)
    changed = list(owners)
    for places in _lists(owners):
        if len(places) > 1:
            first = changed[places[0]]
            changed[places[0]] = first.model_copy(
                update={"role": "lead", "inherited": first.inherited or "inferred", "inferred_from": note}
            )
    return changed


def _lists(owners: Sequence[Owner]) -> Iterable[list[int]]:
    """Runs of responsible owners that stand together: in one cell, or close to each other in one paragraph."""
    run: list[int] = []
    for place, owner in enumerate(owners):
        if owner.role != "responsible":
            continue
        if run and not _together(owners[run[-1]].span, owner.span):
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _together(one: Span, other: Span) -> bool:
    same = (one.block, one.row, one.column) == (other.block, other.row, other.column)
    return same and 0 <= other.start - one.end <= 3
