"""Punctuation as Chinese texts have it, for texts that were set with Latin marks (支持项目,由评审小组审核.).

Every rule reads Chinese marks. A document with Latin ones is read as if it had them, mark for mark, so that every
offset stays; what is exported is quoted from the document as it is.
"""

from __future__ import annotations

import re
from typing import Any

from schemas.document import Document, Span
from schemas.record import NoticeRecord

_HAN = "一-鿿"
_MARKS = {",": "，", ".": "。", ";": "；", ":": "：", "«": "《", "»": "》", "‹": "〈", "›": "〉"}
_CHINESE = frozenset(_MARKS.values())
_LATIN = re.compile(
    rf"[«»‹›]"
    rf"|(?<=[{_HAN}）)»”》】\]%％])[,;](?!\d{{3}}(?!\d))"
    rf"|(?<=[0-9０-９A-Za-z])[,;](?=[{_HAN}（(“«《])"
    rf"|(?<=[{_HAN}）)»”》】\]])[:](?!//)"
    # A number's own full stop (一.加强领导) stays.
    rf"|(?<=[{_HAN}）)%％”»》])(?<!^[一二三四五六七八九十])(?<![\n\s][一二三四五六七八九十])"
    rf"(?<!十[一二三四五六七八九])\.(?=$|[\s{_HAN}（(“«《])",
    re.M,
)


def chinese(text: str) -> str:
    """The text with Chinese marks for Latin ones beside Chinese words, character for character."""
    return _LATIN.sub(lambda match: _MARKS[match[0]], text)


def with_chinese_marks(document: Document) -> Document:
    """The document as its rules want it; the same one where nothing changes."""
    texts = [block.text and chinese(block.text) for block in document.blocks]
    tables = [[[chinese(cell) for cell in row] for row in table.cells] for table in document.tables]
    same = all(text == block.text for text, block in zip(texts, document.blocks, strict=True))
    if same and all(cells == table.cells for cells, table in zip(tables, document.tables, strict=True)):
        return document
    return document.model_copy(
        update={
            "blocks": [
                block.model_copy(update={"text": text}) for text, block in zip(texts, document.blocks, strict=True)
            ],
            "tables": [
                table.model_copy(update={"cells": cells}) for cells, table in zip(tables, document.tables, strict=True)
            ],
        }
    )


def as_written(record: NoticeRecord, document: Document) -> NoticeRecord:
    """A record that was read by ``with_chinese_marks``, with the document's own words in it."""
    return NoticeRecord.model_validate(_Written(document).tree(record.model_dump(by_alias=True)))


class _Written:
    """Finds the words of a document that a text with Chinese marks came from."""

    def __init__(self, document: Document) -> None:
        self.blocks = {block.id: block for block in document.blocks}
        self.tables = {table.id: table for table in document.tables}
        texts = [block.text or "" for block in document.blocks]
        texts += [cell for table in document.tables for row in table.cells for cell in row]
        changed = [(chinese(text), text) for text in texts if chinese(text) != text]
        self.changed = [*changed, *(("".join(new.split()), "".join(old.split())) for new, old in changed)]

    def tree(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return self._entry(value)
        if isinstance(value, list):
            return [self.tree(each, key) for each in value]
        if isinstance(value, str) and key not in ("message", "remedy") and not _CHINESE.isdisjoint(value):
            return self._words(value)
        return value

    def _entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        done = {name: self.tree(each, name) for name, each in entry.items()}
        if entry.get("span"):
            letters = self._at(entry["span"])
            for name in ("text", "name"):
                if isinstance(entry.get(name), str) and "".join(chinese(letters).split()) == entry[name]:
                    done[name] = "".join(letters.split())
        if "spans" in entry and isinstance(entry.get("text"), str):
            letters = "\n".join(map(self._at, entry["spans"]))
            done["text"] = letters if chinese(letters) == entry["text"] else done["text"]
        if entry.get("type") and "table" in entry and entry.get("id") in self.blocks and "bbox" in entry:
            done["text"] = self.blocks[entry["id"]].text
        if entry.get("id") in self.tables and "cells" in entry:
            done["cells"] = self.tables[entry["id"]].cells
        return done

    def _at(self, span: dict[str, Any]) -> str:
        place = Span.model_validate(span)
        block = self.blocks[place.block]
        text = block.text or ""
        if place.row is not None and place.column is not None and block.table:
            text = self.tables[block.table].cells[place.row][place.column]
        return text[place.start : place.end]

    def _words(self, value: str) -> str:
        for new, old in self.changed:
            at = new.find(value)
            if at >= 0:
                return old[at : at + len(value)]
        return value
