"""What can go wrong, as exceptions that print as one clear line.

Every error names the file, the place in it where known, and what the reader of the line can do.
"""

from __future__ import annotations


class DubanError(Exception):
    """An error with a code, the file and place it concerns, and a remedy.

    Args:
        code: dotted and stable, for machines (``source.encrypted``).
        message: what happened, for people, in Chinese, without a full stop.
        file: the file's name, where one is concerned.
        place: where in the file (``第3页``, ``word/document.xml``).
        remedy: what to do about it, in Chinese.
    """

    def __init__(self, code: str, message: str, *, file: str = "", place: str = "", remedy: str = "") -> None:
        self.code = code
        self.message = message
        self.file = file
        self.place = place
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        head = "，".join(part for part in (self.file, self.place) if part)
        line = f"{head}：{self.message}" if head else self.message
        return f"{line}；{self.remedy}" if self.remedy else line

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process borders when many files are read at once."""
        return _rebuild, (type(self), self.code, self.message, self.file, self.place, self.remedy)


class SourceError(DubanError):
    """A file that can't be read: empty, damaged, encrypted, of a format without a reader."""


class LimitError(DubanError):
    """A file that goes beyond a limit on size, pages, entries or expansion."""


def _rebuild(kind: type[DubanError], code: str, message: str, file: str, place: str, remedy: str) -> DubanError:
    return kind(code, message, file=file, place=place, remedy=remedy)
