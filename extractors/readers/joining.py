"""Several documents as one: blocks, tables and warnings numbered on, each block with the file that it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.document import Block, Document, Letters, Source, Span, Table, Warning


def join(documents: Sequence[Document]) -> Document:
    """Documents one behind the other, the first one's source first, the others' in ``more``.

    Args:
        documents: one or more; their ``others`` are left out.
    """
    blocks: list[Block] = []
    tables: list[Table] = []
    warnings: list[Warning] = []
    letters: list[Letters] = []
    sources: list[Source] = []
    for document in documents:
        start = len(blocks)
        names = {table.id: f"t{len(tables) + i + 1}" for i, table in enumerate(document.tables)}
        at = len(sources)
        sources += [document.source, *document.more]
        for block in document.blocks:
            table = names.get(block.table or "")
            moved = {"id": block.id + start, "table": table, "source": block.source + at}
            blocks.append(block.model_copy(update=moved))
        for each in document.tables:
            tables.append(each.model_copy(update={"id": names[each.id], "block": each.block + start}))
        letters += [each.model_copy(update={"block": each.block + start}) for each in document.letters]
        warnings += [moved_warning(warning, start) for warning in document.warnings]
    first, *more = sources
    linked = [name for document in documents for name in document.linked]
    return Document(
        source=first, blocks=blocks, tables=tables, warnings=warnings, more=more, linked=linked, letters=letters
    )


def moved_warning(warning: Warning, start: int) -> Warning:
    """A warning whose place stands ``start`` blocks further on."""
    if warning.span is None:
        return warning
    span: Span = warning.span.model_copy(update={"block": warning.span.block + start})
    return warning.model_copy(update={"span": span})


def headed(document: Document, text: str, align: str | None = None) -> Document:
    """A document with a paragraph before it, of the same source."""
    line = Block.model_validate({"id": 0, "text": text, "layout": {"align": align}})
    head = document.model_copy(
        update={"blocks": [line], "tables": [], "warnings": [], "letters": [], "more": [], "others": []}
    )
    joined = join([head, document])
    blocks = [block.model_copy(update={"source": max(0, block.source - 1)}) for block in joined.blocks]
    return joined.model_copy(update={"blocks": blocks, "more": document.more, "others": document.others})
