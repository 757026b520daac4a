"""The spaCy pipeline: jieba's segmentation with our dictionary, and its dictionary's part-of-speech tags.

Loaded at the first call, not at import. jieba's cache file in the temporary directory is neither read nor written,
and jieba's global tokenizer is left alone, so that other users of it in the same process see no change.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from extractors.lexicons import load_list

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

#: Segmenters with jieba's interface, the fastest first; the last is a requirement of the package.
_ENGINES = ("jieba_next", "jieba_fast", "jieba")


#: Phrases that jieba's dictionary counts so rarely (广大党员, 全程参加) hide the words that rules look for.
_RARE = 3
#: So do an adverb and a word of obligation in one.
_COMPOUND = re.compile(r"[但先均尚仍务亦即如凡都也还更既就将][要应须]")


class Word(NamedTuple):
    """A word with its tag (ICTCLAS; ``x`` where unknown) and its offsets in the text."""

    text: str
    tag: str
    start: int
    end: int


class Segmenter:
    """A spaCy tokenizer over :func:`segment`; each token carries its dictionary's tag."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """``text`` as a Doc whose words join to ``text``."""
        from spacy.tokens import Doc

        words = segment(text)
        doc = Doc(self.vocab, words=[word.text for word in words], spaces=[False] * len(words))
        for token, word in zip(doc, words, strict=True):
            token.tag_ = word.tag
        return doc


def _engine() -> Any:
    for name in _ENGINES:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ImportError("jieba is not installed; reinstall the package with its requirements")


@lru_cache(maxsize=1)
def _dictionary() -> tuple[Any, dict[str, str]]:
    """A private jieba tokenizer over jieba's and our dictionary, and each word's tag.

    A word of ours with frequency 0 is struck out of jieba's.
    """
    tokenizer = _engine().Tokenizer()
    frequencies: dict[str, int] = {}
    tags: dict[str, str] = {}
    total = 0
    names = tuple(row["suffix"] for row in load_list("unit_suffixes") if len(row["suffix"]) > 1)
    with tokenizer.get_dict_file() as lines:
        for line in lines:
            word, count, tag = line.decode("utf-8").split()
            rare = len(word) > 3 and int(count) <= _RARE and not word.endswith(names)
            if rare or _COMPOUND.fullmatch(word) or (len(word) > 3 and word.startswith(("广大", "全体"))):
                continue
            frequencies[word] = int(count)
            tags[word] = tag
            total += int(count)
    for row in load_list("dictionary"):
        count_, word = int(row["frequency"] or 20000), row["word"]
        total += count_ - frequencies.get(word, 0)
        frequencies[word], tags[word] = count_, row["tag"]
    for word in list(frequencies):
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
    return tokenizer, tags


@lru_cache(maxsize=1)
def pipeline() -> Language:
    """A blank Chinese spaCy pipeline with our tokenizer and the components of the field finders that want words."""
    import spacy
    from spacy.language import Language

    from extractors.fields.units import mark_names

    if not Language.has_factory("duban_names"):

        @Language.component("duban_names")
        def names(doc: Doc) -> Doc:
            return mark_names(doc)

    nlp = spacy.blank("xx")
    nlp.tokenizer = Segmenter(nlp.vocab)
    nlp.add_pipe("duban_names")
    return nlp


@lru_cache(maxsize=512)
def _segment(text: str) -> tuple[Word, ...]:
    tokenizer, tags = _dictionary()
    found, at = [], 0
    for word in tokenizer.cut(text, HMM=False):
        end = at + len(word)
        found.append(Word(word, tags.get(word, "x"), at, end))
        at = end
    return tuple(found)


def segment(text: str) -> list[Word]:
    """The words of ``text`` with tags and offsets; their texts join to ``text``.

    Without jieba's hidden Markov model, so that unknown words stay characters instead of joining their neighbours.
    This needs jieba alone: the finders read tens of thousands of characters, and spaCy takes half a second to import.
    """
    return list(_segment(text))
