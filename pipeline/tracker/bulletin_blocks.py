"""What a bulletin is made up of, whatever file it is written to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Table:
    """``widths`` are shares of the page's width; columns named in ``wide`` are set to the left, the others centred."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    wide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars of a unit each, made up of the series in their order."""

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, str, tuple[float, ...]], ...]


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Bulletin:
    """A bulletin: ``blocks`` before the lists, ``appendix`` the lists, which are set on broad pages."""

    title: str
    subtitle: str
    made_on: str
    blocks: tuple[Block, ...]
    appendix: tuple[Block, ...]
