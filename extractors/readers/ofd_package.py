"""The parts of an OFD package: documents, pages, templates, resources. Source: GB/T 33190-2016, 7 (file structure)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.limits import Limits, check_zip, open_zip, read_entry
from schemas.document import SourceFile, Warning
from schemas.errors import LimitError, SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

Area = tuple[float, float, float, float]
_A4: Area = (0.0, 0.0, 210.0, 297.0)
_REMEDY = "请用 OFD 阅读器打开确认完好，或导出为 pdf 再放入"


@dataclass
class Resources:
    """Fonts by number (name and whether bold), and composite drawings by number."""

    fonts: dict[str, tuple[str, bool]] = field(default_factory=dict)
    drawings: dict[str, _Element] = field(default_factory=dict)


@dataclass
class Page:
    """A page: its box in millimetres and the contents that lie on it, templates first."""

    area: Area
    contents: list[_Element]
    resources: Resources


class Package:
    """An OFD package, opened after its size and entries are checked.

    Raises:
        SourceError: source.damaged, source.encrypted, source.bad_entry, source.unsafe_xml.
        LimitError: the package goes beyond a limit.
    """

    def __init__(self, source: SourceFile, limits: Limits) -> None:
        self.name = source.name
        self.warnings: list[Warning] = []
        self._limits = limits
        check_zip(source, limits)
        self._zip = open_zip(source)
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in self._zip.namelist()}
        self._main = next((name for name in self._names if name == "ofd.xml"), "") or next(
            (name for name in self._names if name.endswith("/ofd.xml")), ""
        )
        if not self._main:
            raise SourceError("source.damaged", "文件里没有入口部分", file=source.name, place="OFD.xml", remedy=_REMEDY)

    def close(self) -> None:
        """Lets go of the package."""
        self._zip.close()

    def pages(self) -> Iterator[Page]:
        """The pages of all documents in the package, one document after another.

        A page or resource that is damaged or missing costs a warning.

        Raises:
            SourceError: source.damaged, source.encrypted, where no document can be read.
            LimitError: limit.pages.
        """
        root = self._parse(self._main)
        if first(root, "Encryptions") is not None:
            raise SourceError("source.encrypted", "文件已加密", file=self.name, remedy="请解密或导出为 pdf 再放入")
        roots = [text(first(body, "DocRoot")) for body in every(root, "DocBody")]
        count = 0
        for path in filter(None, roots):
            for page in self._document(_join(self._main, path)):
                count += 1
                if count > self._limits.max_pages:
                    raise LimitError(
                        "limit.pages", f"页数超过上限{self._limits.max_pages}页", file=self.name,
                        remedy="请拆成几个文件再放入，或调高页数上限",
                    )  # fmt: skip
                yield page
        if not any(roots):
            raise SourceError("source.damaged", "文件里没有文档", file=self.name, place="OFD.xml", remedy=_REMEDY)

    def _document(self, path: str) -> Iterator[Page]:
        root = self._parse(path)
        common = first(root, "CommonData")
        shared = Resources()
        usual = _A4
        templates: dict[str, str] = {}
        for child in common if common is not None else ():
            kind = tag(child)
            if kind in ("PublicRes", "DocumentRes"):
                self._resources(_join(path, text(child)), shared)
            elif kind == "PageArea":
                usual = _area(child) or usual
            elif kind == "TemplatePage":
                templates[child.get("ID") or ""] = _join(path, child.get("BaseLoc") or "")
        if first(root, "Attachments") is not None:
            message = "文件里附带有其他文件，没有读取；请用 OFD 阅读器另存附件后再放入"
            self.warnings.append(Warning(code="source.embedded", message=message))
        for number, page in enumerate(every(first(root, "Pages"), "Page"), 1):
            yield self._page(_join(path, page.get("BaseLoc") or ""), number, templates, usual, shared)

    def _page(self, path: str, number: int, templates: dict[str, str], usual: Area, shared: Resources) -> Page:
        root = self._part(path, f"第{number}页")
        if root is None:
            return Page(usual, [], shared)
        resources = shared
        for child in every(root, "PageRes"):
            resources = Resources(dict(resources.fonts), dict(resources.drawings))
            self._resources(_join(path, text(child)), resources)
        contents = []
        for use in every(root, "Template"):
            laid = templates.get(use.get("TemplateID") or "")
            below = self._part(laid, "模板页") if laid else None
            contents += [child for child in below if tag(child) == "Content"] if below is not None else []
        contents += every(root, "Content")
        area = first(root, "Area")
        return Page((_area(area) if area is not None else None) or usual, contents, resources)

    def _resources(self, path: str, into: Resources) -> None:
        root = self._part(path, "公共资源")
        for fonts in every(root, "Fonts"):
            for font in every(fonts, "Font"):
                name = font.get("FontName") or font.get("FamilyName") or ""
                into.fonts[font.get("ID") or ""] = (name, font.get("Bold") == "true" or "bold" in name.lower())
        for units in every(root, "CompositeGraphicUnits"):
            for unit in every(units, "CompositeGraphicUnit"):
                into.drawings[unit.get("ID") or ""] = unit

    def _part(self, path: str, what: str) -> _Element | None:
        """A part's tree; None with a warning where it is damaged or missing."""
        try:
            return self._parse(path)
        except SourceError as error:
            if error.code != "source.damaged":
                raise
        message = f"{what}（{path[:80]}）缺失或损坏，没有读取；请核对原件，必要时重新索取"
        self.warnings.append(Warning(code="source.part_damaged", message=message))
        return None

    def _parse(self, path: str) -> _Element:
        from lxml import etree

        name = self._names.get(path.lower())
        if name is None:
            raise SourceError("source.damaged", "文件不完整", file=self.name, place=path[:80], remedy=_REMEDY)
        data = read_entry(self._zip, name, self._limits, file=self.name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise SourceError(
                "source.damaged", "文件损坏，内容读不出来", file=self.name, place=path[:80], remedy=_REMEDY
            ) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise SourceError(
                "source.unsafe_xml", "文件内部含有 DTD 或实体定义，可能是攻击文件，不予读取", file=self.name,
                place=path[:80], remedy="请向来文单位重新索取，或导出为 pdf 再放入",
            )  # fmt: skip
        return root


def tag(element: _Element) -> str:
    """An element's name without its namespace, of which writers use several."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def every(parent: _Element | None, name: str) -> list[_Element]:
    """The children of a name."""
    return [child for child in parent if tag(child) == name] if parent is not None else []


def first(parent: _Element | None, name: str) -> _Element | None:
    """The first child of a name."""
    found = every(parent, name)
    return found[0] if found else None


def text(element: _Element | None) -> str:
    """An element's own text."""
    return (element.text or "").strip() if element is not None else ""


def numbers(value: str | None) -> list[float]:
    """The numbers of a list; what is none is passed over."""
    found = []
    for word in (value or "").replace(",", " ").split():
        try:
            number = float(word)
        except ValueError:
            continue
        if abs(number) < 1e7:
            found.append(number)
    return found


def _area(element: _Element) -> Area | None:
    box = numbers(text(first(element, "PhysicalBox")))
    return (box[0], box[1], box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else None


def _join(base: str, path: str) -> str:
    path = path.replace("\\", "/")
    joined = path if path.startswith("/") else posixpath.join(posixpath.dirname(base), path)
    return posixpath.normpath(joined).lstrip("/")
