"""Writes the record's JSON Schema from the models: ``python -m schemas.generate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas.record import SCHEMA_VERSION, NoticeRecord

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PATH = Path(__file__).with_name("notice.schema.json")

#: Keys that an exported record leaves out where they are null.
_LEFT_OUT = {"Span": ("page", "bbox", "ocr")}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an exported record.

    Readers accept any minor version, which may add fields; so unknown ones are allowed here, though the models that
    write records refuse them.
    """
    generated = NoticeRecord.model_json_schema(mode="serialization", by_alias=True)
    for name, keys in _LEFT_OUT.items():
        model = generated["$defs"][name]
        model["required"] = [key for key in model["required"] if key not in keys]
    major = SCHEMA_VERSION.partition(".")[0]
    generated["properties"]["schema_version"]["pattern"] = rf"^{major}\.\d+$"
    opened: dict[str, Any] = _open(generated)
    return {"$schema": DIALECT, **opened}


def text() -> str:
    """The schema as the committed file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _open(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _open(value) for key, value in node.items() if not (key == "additionalProperties" and value is False)
        }
    return [_open(item) for item in node] if isinstance(node, list) else node


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8", newline="\n")
