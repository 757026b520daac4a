"""What belongs together among the files of an archive or a mail: a notice with its annexes, or several notices.

A file is a notice of its own where it has a number, or a title with recipients or a signature; what is called 附件, and
whatever else has none of these, is an annex of the notice that lists it, that stands in its folder, or that is the
only one. The same notice in two formats is one, read from the better.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from extractors.readers.eml import BODY
from extractors.readers.joining import headed, join
from extractors.structure.plans import outline_of
from extractors.structure.segments import segment
from schemas.document import Document, Warning
from schemas.outline import Parts

#: Formats by how well a notice can be read from them.
_BETTER = ("docx", "doc", "wps", "word_xml", "rtf", "odt", "xlsx", "xls", "html", "mht", "txt", "ofd", "pdf")
_ANNEX = re.compile(r"^\s*(附\s*[件表录图]\s*[0-9０-９一二三四五六七八九十]{0,3})[\s.．、:：\-—_]*")
#: A letter shorter than this only passes on what is attached.
_LETTER = 160
_ALIKE = 0.9


@dataclass
class _Piece:
    document: Document
    parts: Parts
    main: bool

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.document.source.name)

    @property
    def text(self) -> str:
        return _words(self.document)


def gather(document: Document) -> list[Document]:
    """A file's notices, each a document with its annexes; one that holds no other files comes back as it is."""
    if not document.others:
        return [document]
    pieces = [_piece(each) for each in (document.model_copy(update={"others": []}), *document.others)]
    pieces, left_out = _without_letter(pieces)
    pieces = _once(pieces)
    mains = [piece for piece in pieces if piece.main]
    annexes: dict[int, list[_Piece]] = {id(main): [] for main in mains}
    alone: list[_Piece] = []
    for piece in pieces:
        if not piece.main:
            owner = _owner(piece, mains)
            (annexes[id(owner)] if owner else alone).append(piece)
    notices = [(pieces.index(main), _whole(main, annexes[id(main)])) for main in mains]
    notices += [(pieces.index(piece), piece.document) for piece in alone]
    found = [notice for _, notice in sorted(notices, key=lambda pair: pair[0])]
    if left_out:
        found[0] = found[0].model_copy(update={"warnings": [*found[0].warnings, left_out]})
    return found


def _whole(main: _Piece, annexes: list[_Piece]) -> Document:
    """A notice with its annexes; a file that a page links to and that lies beside it is no longer missing."""
    there = {_plain(each.path.name) for each in annexes} | {_plain(_ANNEX.sub("", each.path.stem)) for each in annexes}

    def missing(warning: Warning) -> bool:
        said = re.search("“(.+?)(?:（([^（）]*)）)?”", warning.message)
        names = [_plain(_ANNEX.sub("", name)) for name in (said.groups() if said else ()) if name]
        return warning.code != "source.linked_file" or not there.intersection(names)

    kept = [warning for warning in main.document.warnings if missing(warning)]
    return join([main.document.model_copy(update={"warnings": kept}), *map(_annex, annexes)])


def _piece(document: Document) -> _Piece:
    parts = outline_of(segment(document)).parts
    named = bool(_ANNEX.match(PurePosixPath(document.source.name).stem))
    first = next((block.text or "" for block in document.blocks if block.text), "")
    titled = parts.title is not None
    whole = bool(parts.document_number) or (titled and (bool(parts.recipients) or bool(parts.issuers)))
    main = whole and not named and not (_ANNEX.fullmatch(first[:12]) and not parts.recipients)
    return _Piece(document, parts, main)


def _without_letter(pieces: list[_Piece]) -> tuple[list[_Piece], Warning | None]:
    """A mail's letter is none of the notices where one is attached and it only passes that on."""
    first = pieces[0]
    if first.path.stem != BODY or not any(piece.main for piece in pieces[1:]):
        return pieces, None
    if first.main and (first.parts.document_number or len(first.text) >= _LETTER):
        return pieces, None
    words = first.text[:60] + ("…" if len(first.text) > 60 else "")
    return pieces[1:], Warning(
        code="source.mail_text", message=f"邮件正文“{words}”只是转送附件，没有作为公文读取；如有要求请人工补录"
    )


def _once(pieces: list[_Piece]) -> list[_Piece]:
    """The same notice or annex in several formats once, from the better one; where they differ, a warning says so."""
    kept: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: _rank(piece.document)):
        twin = next((each for each in kept if _same(each, piece)), None)
        if twin is None:
            kept.append(piece)
            continue
        alike = _alikeness(twin.text, piece.text)
        warnings = list(twin.document.warnings)
        if alike < 0.98:
            message = (
                f"与“{piece.path.name}”是同一份，但两者文字有出入（相同{alike:.0%}），以“{twin.path.name}”为准；请核对"
            )
            warnings.append(Warning(code="source.conflict", message=message))
        more = [*twin.document.more, piece.document.source]
        twin.document = twin.document.model_copy(update={"more": more, "warnings": warnings})
    return [piece for piece in pieces if piece in kept]


def _rank(document: Document) -> int:
    return _BETTER.index(document.source.format) if document.source.format in _BETTER else len(_BETTER)


def _same(first: _Piece, second: _Piece) -> bool:
    if first.main != second.main or first.document.source.format == second.document.source.format:
        return False
    if first.main:
        one, other = first.parts, second.parts
        if one.document_number and other.document_number:
            return _plain(one.document_number) == _plain(other.document_number)
        return bool(one.title) and _plain(one.title or "") == _plain(other.title or "") and (
            one.date_text is None or other.date_text is None or _plain(one.date_text) == _plain(other.date_text)
        )  # fmt: skip
    alike = _alikeness(first.text, second.text)
    return first.path.stem == second.path.stem and first.path.parent == second.path.parent and alike >= _ALIKE


def _owner(piece: _Piece, mains: list[_Piece]) -> _Piece | None:
    """The notice that an annex belongs to."""
    if len(mains) <= 1:
        return mains[0] if mains else None
    name = _plain(_ANNEX.sub("", piece.path.stem))
    for main in mains:
        if len(name) >= 4 and any(name in _plain(each) or _plain(each) in name for each in main.parts.attachments):
            return main
    beside = [main for main in mains if main.path.parent == piece.path.parent]
    within = [main for main in mains if main.path.parent in piece.path.parents]
    for group in (beside, within):
        if len(group) == 1:
            return group[0]
    # 皋水发〔2024〕18号附件1.docx: a name that begins as the notice's does.
    return next(
        (main for main in mains if len(main.path.stem) >= 6 and piece.path.stem.startswith(main.path.stem)), None
    )


def _annex(piece: _Piece) -> Document:
    """An annex as part of its notice: under the name that it has as a file, where its own words don't tell it."""
    document = piece.document
    opening = _plain("".join(block.text or "" for block in document.blocks[:5]))
    for table in document.tables[:1]:
        opening += _plain("".join(table.cells[0])) if table.block <= 5 and table.cells else ""
    marked = any(_ANNEX.match(block.text or "") for block in document.blocks[:3])
    stem = piece.path.stem
    named = _ANNEX.match(stem)
    core = _ANNEX.sub("", stem)
    if marked or piece.path.stem == BODY:
        return document
    if named:
        known = not core or _plain(core) in opening
        return headed(document, named[1] if known else stem, "left")
    if core and _plain(core) not in opening and not (document.blocks and document.blocks[0].text):
        return headed(document, stem, "center")
    return document


def _words(document: Document) -> str:
    cells = [cell for table in document.tables for row in table.cells for cell in row]
    return "".join("".join((block.text or "").split()) for block in document.blocks) + "".join(
        "".join(cell.split()) for cell in cells
    )


def _alikeness(first: str, second: str) -> float:
    one, other = Counter(first), Counter(second)
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _plain(text: str) -> str:
    text = re.sub(r"\.[A-Za-z0-9]{2,4}$", "", text)
    return re.sub(r"[\s《》“”\"‘’〈〉()（）\[\]〔〕_\-—.．、:：]", "", text)
