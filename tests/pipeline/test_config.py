from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from pipeline.config import KEYS, Backups, Config, Limits, Outbox, Tables, Watch, Webhook, operator
from pipeline.settings import MEGABYTE, SettingError, cores

WHOLE = """
[operator]
name = "李科"

[store]
url = "postgresql://duban@db/duban"

[watch]
settle = 5
poll = true
interval = 30.5
rescan = 600

[limits]
jobs = 2
timeout = 60
memory = 512

[tables]
aliases = "/表/别名.csv"
topics = "主题.csv"

[export.outbox]
folder = "outputs/发件箱"

[export.webhook]
url = "http://10.1.2.3/duban"
secret = "甲乙丙"
attempts = 3

[backup]
keep_days = 30
folder = "/备份"
"""


def config(path: Path, text: str) -> Config:
    file = path / "duban.toml"
    file.write_text(text, encoding="utf-8")
    return Config.load(file)


def test_a_missing_file_says_nothing(tmp_path: Path) -> None:
    found = Config.load(tmp_path / "duban.toml")
    assert found == Config()
    # Nothing leaves the machine unless somebody wrote so.
    assert (found.store, found.webhook.url, found.outbox.folder) == ("", "", "")


def test_all_that_can_be_set(tmp_path: Path) -> None:
    found = config(tmp_path, WHOLE)
    assert found == Config(
        "李科", "postgresql://duban@db/duban", Tables("/表/别名.csv", "主题.csv"), Watch(5, True, 30.5, 600), Limits(2, 60, 512),
        Webhook("http://10.1.2.3/duban", "甲乙丙", attempts=3), Outbox("outputs/发件箱"), Backups(30, "/备份"),
    )  # fmt: skip
    assert config(tmp_path, "\ufeff" + WHOLE) == found  # as Notepad saves it


def test_every_setting_is_documented(root: Path) -> None:
    text = (root / "docs" / "operation.md").read_text(encoding="utf-8")
    for key in KEYS:
        table, _, name = key.rpartition(".")
        assert f"[{table}]" in text and f"`{name}`" in text, key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[backup]\nkeep_day = 3\n", "第 2 行：没有 backup.keep_day 这一项；是不是 backup.keep_days"),
        ("# 备份\n\n[backups]\nkeep_days = 3\n", "第 3 行：没有 backups 这一项"),
        ("name = '李科'\n", "第 1 行：没有 name 这一项；是不是 operator.name"),
        ("[watch]\npoll = 'yes'\n", "第 2 行：watch.poll 应是 true 或 false"),
        ("[watch]\n\nsettle = -1\n", "第 3 行：watch.settle 应是 0 到 600 之间的数"),
        ("[limits]\njobs = 1.5\n", "第 2 行：limits.jobs 应是 1 到 1024 之间的整数"),
        ("[limits]\njobs = true\n", "第 2 行：limits.jobs"),
        ("[export.webhook]\nurl = 'ftp://x'\n", "第 2 行：export.webhook.url 应是 http:// 或 https://"),
        ("[store]\nurl = 'mysql://x/y'\n", "第 2 行：store.url 应是 postgresql://"),
        ("[store]\nurl = 5\n", "第 2 行：store.url"),
        ("backup.keep_days = -1\n", "第 1 行：backup.keep_days"),
        ("[backup]\nkeep_days = \n", "第 2 行写法不对"),
        ("[store\n", "第 1 行写法不对"),
        ("store = 'x'\n", "第 1 行：没有 store 这一项"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingError) as error:
        config(tmp_path, text)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_bytes('[operator]\nname = "李科"\n'.encode("gb18030"))
    with pytest.raises(SettingError, match="UTF-8"):
        Config.load(tmp_path / "duban.toml")


def test_limits_by_name_go_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    found = config(tmp_path, WHOLE)
    assert found.settings({}).jobs == 2
    assert found.settings({}).memory == 512 * MEGABYTE
    assert found.settings({"DUBAN_JOBS": "3"}).jobs == 3
    assert found.settings({"DUBAN_JOBS": "3"}, jobs=4, timeout=9).jobs == 4
    assert Config().settings({}).jobs == cores()


def test_whose_name_changes_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    named = Config(operator="李科")
    monkeypatch.setattr(getpass, "getuser", lambda: "like")
    assert operator("王 主任", {"DUBAN_OPERATOR": "赵"}, named) == "王 主任"
    assert operator(None, {"DUBAN_OPERATOR": "赵"}, named) == "赵"
    assert operator(" ", {}, named) == "李科"
    assert operator(None, {}, Config()) == "like"

    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    with pytest.raises(SettingError, match="--operator"):
        operator(None, {}, Config())


LEDGER = """
[ledger]
unit = "局督查室"
status_labels = { working = "推进中" }

[lamps]
near = 3
behind = 0.9

[remind]
stages = [10, 5, 0]
sender = "局督查室"

[mail]
server = "mail.example.com"
security = "starttls"
sender = "ducha@example.com"

[bulletin]
ranking = true
"""


def test_what_the_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_text(LEDGER, encoding="utf-8")
    config = Config.load(tmp_path / "duban.toml")
    assert (config.ledger.unit, config.ledger.status_labels["working"]) == ("局督查室", "推进中")
    assert config.ledger.status_labels["closed"] == "已办结"
    assert (config.lamps.near, config.lamps.behind, config.lamps.ahead) == (3, 0.9, 1)
    assert (config.remind.stages, config.remind.monthly) == ((10, 5, 0), (3, 0))
    assert (config.mail.server, config.mail.security, config.bulletin.ranking) == ("mail.example.com", "starttls", True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[ledger]\nstatus_labels = { doing = '推进中' }", "没有 doing 这种"),
        ("[remind]\nstages = []", "工作日天数的列表"),
        ("[remind]\nstages = [15, -1]", "工作日天数的列表"),
        ("[mail]\nsecurity = 'ssl'", "tls、starttls、none 之一"),
        ("[mail]\nsender = '督查室'", "应是一个邮箱地址"),
    ],
)
def test_what_the_ledger_can_not_be_told(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "duban.toml").write_text(line, encoding="utf-8")
    with pytest.raises(SettingError, match=reason):
        Config.load(tmp_path / "duban.toml")
