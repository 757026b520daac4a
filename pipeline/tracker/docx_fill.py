"""Word templates: ``{{字段}}`` anywhere in the text gives way to a value; a table row with ``{{序号}}`` is repeated.

Whoever makes a template needs nothing but Word or WPS. The look of the first letter of a placeholder is the value's.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.tracker.types import LedgerError

#: The placeholder that makes a row of a table the pattern of one row an item.
ROW = "序号"
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: What XML can't hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def placeholders(template: Path) -> set[str]:
    """The names that a template asks for.

    Raises:
        LedgerError: it can't be read.
    """
    return {name for root in _roots(_open(template)) for p in root.iter(f"{_W}p") for name in _names(_text(p))}


def fill(template: Path, values: Mapping[str, str], rows: Sequence[Mapping[str, str]], mark: str) -> bytes:
    """A template with its placeholders filled, as the bytes of a docx.

    Args:
        values: by name; line breaks stay.
        rows: the values of each row of a table that is repeated; names that they lack are looked up in ``values``.
        mark: what must stand somewhere in the text; where the template has it not, it is put at the top.

    Raises:
        LedgerError: the template can't be read, or asks for what there is not.
    """
    document = _open(template)
    known = set(values).union(*(set(row) for row in rows)) | {ROW}
    for root in _roots(document):
        for pattern in [each for each in root.iter(f"{_W}tr") if ROW in _names(_text(each))]:
            _repeat(pattern, values, rows, template, known)
        for paragraph in root.iter(f"{_W}p"):
            _replace(paragraph, values, template, known)
    if mark not in "".join(_text(root) for root in _roots(document)):
        first = document.add_paragraph(f"（{mark}）")._p
        document.element.body.insert(0, first)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _open(template: Path) -> Any:
    from docx import Document

    try:
        return Document(str(template))
    except Exception as error:  # zipfile, lxml and python-docx each raise their own
        raise LedgerError(
            "ledger.template", "不是能读的 Word 模板", file=template.name, remedy="请用 Word 或 WPS 另存为 .docx 再试",
        ) from error  # fmt: skip


def _roots(document: Any) -> Iterator[Any]:
    """The trees that hold text: body, heads and feet."""
    yield document.element.body
    for part in document.part.package.iter_parts():
        if re.search(r"/word/(?:header|footer)\d*\.xml$", str(part.partname)) and hasattr(part, "element"):
            yield part.element


def _text(element: Any) -> str:
    return "".join(each.text or "" for each in element.iter(f"{_W}t"))


def _names(text: str) -> list[str]:
    return _PLACEHOLDER.findall(text)


def _repeat(
    pattern: Any, values: Mapping[str, str], rows: Sequence[Mapping[str, str]], template: Path, known: set[str]
) -> None:
    for number, row in enumerate(rows, 1):
        made = copy.deepcopy(pattern)
        pattern.addprevious(made)
        for paragraph in made.iter(f"{_W}p"):
            _replace(paragraph, {**values, **row, ROW: str(number)}, template, known)
    pattern.getparent().remove(pattern)


def _replace(paragraph: Any, values: Mapping[str, str], template: Path, known: set[str]) -> None:
    """Fills the placeholders of a paragraph, which Word may have spread over several runs."""
    pieces = [each for each in paragraph.iter(f"{_W}t") if _paragraph_of(each) is paragraph]
    text = "".join(each.text or "" for each in pieces)
    for found in reversed(list(_PLACEHOLDER.finditer(text))):
        name = found[1]
        if name not in values:
            names = "、".join(sorted(known))
            message = f"模板里的 {{{{{name}}}}} 只能放在有 {{{{{ROW}}}}} 的表格行里" if name in known else (
                f"模板里的 {{{{{name}}}}} 没有对应的内容"
            )  # fmt: skip
            raise LedgerError("ledger.template", message, file=template.name, remedy=f"可用的有：{names}")
        _put(pieces, found.start(), found.end(), _FORBIDDEN.sub("", values[name]))
    for piece in pieces:
        _break(piece)


def _put(pieces: Sequence[Any], start: int, end: int, value: str) -> None:
    position = 0
    for piece in pieces:
        own = piece.text or ""
        low, high = max(start - position, 0), min(end - position, len(own))
        position += len(own)
        if low < high:
            piece.text = own[:low] + value + own[high:]
            value = ""


def _paragraph_of(piece: Any) -> Any:
    return next((each for each in piece.iterancestors(f"{_W}p")), None)


def _break(piece: Any) -> None:
    """Line breaks of a text as Word's own; blanks at its ends are kept."""
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    lines = (piece.text or "").splitlines() or [""]
    piece.text = lines[0]
    last = piece
    for line in lines[1:]:
        for made in (piece.makeelement(f"{_W}br", {}), copy.copy(piece)):
            last.addnext(made)
            last = made
        last.text = line
