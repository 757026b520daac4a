"""The public API of duban (督办): official notices into records.

Importing this module loads nothing else; each name is fetched at its first use.

    >>> import duban
    >>> records = duban.extract("通知.docx")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors import extract
    from extractors.values.dates import parse_time
    from pipeline.frames import records
    from schemas.record import NoticeRecord

    __version__: str

__all__ = ["NoticeRecord", "__version__", "extract", "parse_time", "records"]

_HOMES = {
    "extract": "extractors",
    "parse_time": "extractors.values.dates",
    "NoticeRecord": "schemas.record",
    "records": "pipeline.frames",
}


def __getattr__(name: str) -> Any:
    """The public names, each from its home (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("duban")
    if name not in _HOMES:
        raise AttributeError(f"module 'duban' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if __name__ == "__main__":
    from pipeline.cli import main

    main()
