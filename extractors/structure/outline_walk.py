"""Going through a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.outline import Node


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """Every node of a tree, each before its children."""
    for node in nodes:
        yield node
        yield from walk(node.children)
