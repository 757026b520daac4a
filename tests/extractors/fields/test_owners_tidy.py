from __future__ import annotations

import pytest

from extractors.fields.owners import find_owners, resolve
from extractors.passage import Context, Passage
from schemas.document import Span


def owners(text, role=None):
    passage = Passage(text, Span(block=0, start=0, end=len(text)))
    return find_owners(passage, Context(role=role, issuers=("某市市场监督管理局",)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("由各县、区市场监督管理局负责落实。", ["各县、区市场监督管理局"]),
        ("（责任单位：各县、区市场监督管理局，食品流通科）", ["各县、区市场监督管理局", "食品流通科"]),
        ("各市、区文化和旅游局要加强指导。", ["各市、区文化和旅游局"]),
        ("各市、县（市、区）人民政府要高度重视。", ["各市、县（市、区）人民政府"]),
        ("各区、各街道要落实责任。", ["各区", "各街道"]),
        ("稿件须经处室负责人审核后报送。", ["处室负责人"]),
        ("汛期各单位主要负责人要在岗带班。", ["各单位主要负责人"]),
        ("东湖高新区建设创新集聚区。", ["东湖高新区"]),
        ("社区环境整洁优美。", []),
    ],
)
def test_edges_of_names(text, names):
    assert [owner.name for owner in owners(text)] == names


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("市场规范科", "某市市场监督管理局市场规范科"),
        ("市容科", "某市市场监督管理局市容科"),
        ("食品流通科", "某市市场监督管理局食品流通科"),
        ("组织部", None),
        ("政府办", None),
    ],
)
def test_canonical_names(text, canonical):
    (owner,) = resolve(owners(text, "owner.responsible"), ("某市市场监督管理局",))
    assert owner.canonical == canonical
