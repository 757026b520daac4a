"""The parts of an office package as XML trees, and the relations between them.

Source: ECMA-376 part 2 (packages) and part 1 (strict namespaces), which are read as their transitional forms.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.readers.limits import Limits, check_zip, open_zip, read_entry
from schemas.document import SourceFile, Warning
from schemas.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
    (b"drawingml/wordprocessingDrawing", b"drawingml/2006/wordprocessingDrawing"),
    (b"drawingml/main", b"drawingml/2006/main"),
    (b"drawingml/picture", b"drawingml/2006/picture"),
    (b"drawingml/chart", b"drawingml/2006/chart"),
    (b"drawingml/diagram", b"drawingml/2006/diagram"),
)
_SCHEMAS = b"http://schemas.openxmlformats.org/"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_REMEDY = "请用 Word 或 WPS 打开另存为新的 docx 再试"


@dataclass(frozen=True)
class Relation:
    """Where a relation of a part leads; ``kind`` is the last word of its type (``header``, ``styles``)."""

    kind: str
    target: str


class Package:
    """An office package, opened after its size and entries are checked.

    Raises:
        SourceError: source.damaged, source.encrypted, source.bad_entry, source.unsupported.
        LimitError: the package goes beyond a limit.
    """

    def __init__(self, source: SourceFile, limits: Limits) -> None:
        self.name = source.name
        self.warnings: list[Warning] = []
        self._limits = limits
        if source.data.startswith(_OLE):
            raise self._ole(source.data)
        check_zip(source, limits)
        self._zip = open_zip(source)
        self._names = {_part_name(name).lower(): name for name in self._zip.namelist()}
        self.main = self._main()
        self.main_bytes = self._bytes(self.main)
        #: Whether the word processor left the page breaks of its last layout.
        self.paged = b"lastRenderedPageBreak" in self.main_bytes

    def close(self) -> None:
        """Lets go of the package; trees that were read stay."""
        self._zip.close()

    def root(self) -> _Element:
        """The main part's tree.

        Raises:
            SourceError: source.damaged, source.unsafe_xml.
        """
        return self._parse(self.main, self.main_bytes)

    def related(self, kind: str) -> _Element | None:
        """The tree of the main part's relation of a kind, or None where there is none or it can't be read.

        A part beside the main one that is damaged costs a warning, not the notice.
        """
        for relation in self.relations.values():
            if relation.kind == kind:
                return self.part(relation.target)
        return None

    def part(self, name: str) -> _Element | None:
        """The tree of a part beside the main one; None with a warning where it is damaged or missing."""
        try:
            return self._parse(name, self._bytes(name))
        except KeyError:
            problem = "缺失"
        except SourceError as error:
            if error.code != "source.damaged":
                raise
            problem = "损坏"
        message = f"文件内部的 {name} {problem}，其中的编号、格式或附注没有读取；请用 Word 或 WPS 打开另存后再试"
        self.warnings.append(Warning(code="source.part_damaged", message=message))
        return None

    @property
    def relations(self) -> dict[str, Relation]:
        """The main part's relations by id, those that lead outside left out."""
        if not hasattr(self, "_relations"):
            self._relations = self._relations_of(self.main)
        return self._relations

    def _relations_of(self, part: str) -> dict[str, Relation]:
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name.lower() not in self._names:
            return {}
        root = self._parse(name, self._bytes(name)) if not part else self.part(name)
        found = {}
        for child in root if root is not None else ():
            target = child.get("Target") or ""
            if child.get("TargetMode") == "External" or not target:
                continue
            kind = (child.get("Type") or "").rsplit("/", 1)[-1]
            found[child.get("Id") or ""] = Relation(kind, _resolve(folder, target))
        return found

    def _main(self) -> str:
        main = "word/document.xml"
        for relation in self._relations_of("").values():
            if relation.kind == "officeDocument":
                main = relation.target
        if main.lower() in self._names:
            return main
        if "word/document.xml" in self._names:
            return "word/document.xml"
        raise SourceError("source.damaged", "文件里没有正文部分", file=self.name, place=main, remedy=_REMEDY)

    def _bytes(self, name: str) -> bytes:
        return read_entry(self._zip, self._names[name.lower()], self._limits, file=self.name)

    def _parse(self, name: str, data: bytes) -> _Element:
        from lxml import etree

        data = _as_utf8(data)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise self._unsafe(name)
        if _STRICT in data:
            for strict, transitional in _TRANSITIONAL:
                data = data.replace(_STRICT + strict, _SCHEMAS + transitional)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            message = "文件损坏，内容读不出来"
            raise SourceError("source.damaged", message, file=self.name, place=name, remedy=_REMEDY) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._unsafe(name)
        return root

    def _unsafe(self, name: str) -> SourceError:
        return SourceError(
            "source.unsafe_xml", "文件内部含有 DTD 或实体定义，正常的 docx 没有，可能是攻击文件，不予读取",
            file=self.name, place=name, remedy="请向来文单位重新索取，或用 Word 或 WPS 打开另存后再试",
        )  # fmt: skip

    def _ole(self, data: bytes) -> SourceError:
        if _OLE_ENCRYPTED in data:
            return SourceError("source.encrypted", "文件有打开密码", file=self.name, remedy="请去掉密码另存后再放入")
        return SourceError("source.unsupported", "这是旧版 doc 文件，不是 docx", file=self.name, remedy=_REMEDY)


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _resolve(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path)


def _as_utf8(data: bytes) -> bytes:
    """UTF-16 parts, which packages may hold, as UTF-8, so that bytes can be looked through."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        return data
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8")
