"""Records as JSON: a file a notice, or a line a record."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.export.mask import mask_record
from pipeline.export.select import unwritable, write
from pipeline.export.tables import Item
from schemas.record import SCHEMA_VERSION

#: What the file of a notice that was withdrawn ends in, beside the file that it had.
WITHDRAWN = ".withdrawn.json"


def data(item: Item, *, unmask: bool = False) -> dict[str, Any]:
    """A record as JSON data, numbers of persons masked; for a withdrawn notice its id with ``withdrawn`` true."""
    if item.record is None:
        return {"schema_version": SCHEMA_VERSION, "withdrawn": True, "notice": {"id": item.notice_id}}
    exported: dict[str, Any] = json.loads(item.record.to_json(indent=None))
    if item.keys:
        # A later minor version may add fields, and readers pass over what they don't know.
        for task in exported["tasks"]:
            task["key"] = item.keys.get(task["id"])
    if unmask:
        return exported
    masked: dict[str, Any] = mask_record(exported)
    return masked


def file_name(notice_id: str) -> str:
    """A notice's name in a folder, without ending."""
    return re.sub(r"[^0-9A-Za-z._-]", "_", notice_id).lstrip(".") or "_"


def write_folder(items: Iterable[Item], folder: Path, *, unmask: bool = False) -> int:
    """Writes ``ID.json`` for each record, each whole or not at all; gives how many notices were written.

    A withdrawn notice's file goes, and ``ID.withdrawn.json`` stands in its place until the notice comes back.

    Raises:
        ExportError: the folder can't be written to.
    """
    count = 0
    for item in items:
        name = file_name(item.notice_id)
        stays, goes = f"{name}.json", name + WITHDRAWN
        if item.record is None:
            stays, goes = goes, stays
        write(folder / stays, dump(data(item, unmask=unmask), indent=2))
        try:
            (folder / goes).unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(folder / goes, error) from error
        count += 1
    return count


def write_lines(items: Iterable[Item], path: Path, *, unmask: bool = False) -> int:
    """Writes one record a line; the file appears when it is whole.

    Raises:
        ExportError: the file can't be written.
    """
    part = path.parent / f".{os.getpid()}-{os.urandom(4).hex()}.part"
    count = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "x", encoding="utf-8", newline="\n") as file:
            for item in items:
                file.write(dump(data(item, unmask=unmask)))
                count += 1
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return count


def dump(value: Any, indent: int | None = None) -> str:
    """JSON text that ends its line. Line separators of Unicode are escaped: some readers of lines break there."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085") + "\n"
