"""What the analysis says in words: Chinese as a plain string, and the same in English beside it."""

from __future__ import annotations

from collections.abc import Iterable


class Told(str):
    """Chinese words that know their English; everything but a report in English takes them as the Chinese string."""

    __slots__ = ("en",)
    en: str

    def __new__(cls, zh: str, en: str) -> Told:
        made = super().__new__(cls, zh)
        made.en = en
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.en


def told(zh: str, en: str, **values: object) -> Told:
    """Both languages of a sentence; a value that knows its English stands in it in English."""
    english = {name: value.en if isinstance(value, Told) else value for name, value in values.items()}
    return Told(zh.format(**values), en.format(**english))


def in_language(text: str, lang: str) -> str:
    """A text in ``zh`` or ``en``; words that have no English, such as those of notices, stay as they are."""
    return text.en if lang == "en" and isinstance(text, Told) else str(text)


def joined(texts: Iterable[str], zh: str = "、", en: str = ", ") -> Told:
    """Texts in a row, in both languages."""
    parts = list(texts)
    return Told(zh.join(parts), en.join(in_language(part, "en") for part in parts))
