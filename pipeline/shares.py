"""SQLite stays off network shares: its locks may not hold there, and a store would be damaged sooner or later."""

from __future__ import annotations

from pathlib import Path

from pipeline.mounts import on_network
from pipeline.store.rows import StoreError


def refuse_share(database: Path) -> None:
    """Refuses a database file on another machine's disk.

    Args:
        database: the file; it need not be there yet.

    Raises:
        StoreError: its folder, or what it is a link to, lies on a network share.
    """
    if on_network(database) or on_network(database.parent):
        raise StoreError(
            "store.network_share", "数据库不能放在网络共享盘上（多台机器同时写会损坏）", file=str(database),
            remedy="请把工作区放在本机磁盘上（inbox 可以是指向共享文件夹的链接），"
            "或在 duban.toml 的 [store] 里写 PostgreSQL 的 url",
        )  # fmt: skip
