"""Topics: what a task is about, by a two-level taxonomy of a city government's work that is data.

The packaged table ``taxonomy.csv`` and a user's own have the same columns: ``code``, ``name``, ``parent``, ``words``
(divided by spaces, each with an optional weight: ``垃圾分类:5``), ``negative`` (phrases in which the words don't count)
and ``examples`` (divided by ``|``; each is a test of the packaged table).
"""

from __future__ import annotations

from pipeline.topics.labelling import Found, explain, label, topics_of
from pipeline.topics.taxonomy import Taxonomy, Topic, packaged, read_topics

__all__ = ["Found", "Taxonomy", "Topic", "explain", "label", "packaged", "read_topics", "topics_of"]
