"""A notice of our own, and a store that holds it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

AT = datetime(2024, 3, 1, 8, tzinfo=UTC)
TEXT = """关于印发《2024年青禾市河道管护工作方案》的通知
青水发〔2024〕{number}号
各镇人民政府、各科室：
现将《2024年青禾市河道管护工作方案》印发给你们，请认真贯彻执行。
青禾市水利局
2024年2月20日
2024年青禾市河道管护工作方案
一、重点任务
（一）开展河道巡查。各镇每月巡查不少于4次，11月底前完成全部整改。（牵头单位：河道科；协助单位：办公室）
（二）报送信息。办公室每季度报送信息不少于2篇。联系电话：13812345678。
（三）组织培训。河道科6月底前组织培训{times}期。
"""


def extracted(folder: Path, number: int = 8, times: int = 3) -> tuple[Any, Any]:
    """Records and arrival of the notice, with another number another notice."""
    from extractors import extract
    from pipeline.store import Arrival

    folder.mkdir(exist_ok=True)
    path = folder / f"方案{number}-{times}.txt"
    path.write_text(TEXT.format(number=number, times=times), encoding="utf-8")
    data = path.read_bytes()
    return extract(path), Arrival(path.name, "txt", hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def put(tmp_path: Path) -> Any:
    """Saves a notice into a store and gives its id."""

    def save(store: Any, number: int = 8, times: int = 3) -> str:
        records, arrival = extracted(tmp_path / "files", number, times)
        saved: str = store.save(records, arrival, by="张三", at=AT)[0].notice_id
        return saved

    return save


@pytest.fixture
def store(tmp_path: Path, put: Any) -> Any:
    """A store with one notice."""
    from pipeline.store import open_store

    with open_store(tmp_path / "duban.db") as opened:
        put(opened)
        yield opened


@pytest.fixture
def key(store: Any) -> Any:
    """A task's key by words of its title or text."""

    def find(words: str) -> str:
        for row in store.notices():
            keys = store.keys(row.notice_id)
            for task in store.record(row.notice_id, corrected=False).tasks:
                if words in (task.title or "") + task.text:
                    return str(keys[task.id])
        raise AssertionError(words)

    return find
