"""A workspace's settings in duban.toml, read once and frozen, and whose name the changes bear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.settings import SettingError, Settings
from pipeline.tracker.grid import Thresholds
from pipeline.tracker.settings import BulletinSettings, LedgerSettings, MailSettings, RemindSettings
from pipeline.tracker.types import PROGRESS_LABELS, STATUS_LABELS


@dataclass(frozen=True)
class Webhook:
    """Where changes are sent to. Off without a URL and a secret.

    Attributes:
        url: an address on the office network, http or https.
        secret: the key that signs each message (HMAC-SHA256).
        timeout: seconds that one try may take.
        attempts: how often an event is tried in one run.
        internal: internal papers are sent too.
        unmask: telephone and identity numbers are sent as they stand.
    """

    url: str = ""
    secret: str = ""
    timeout: float = 10.0
    attempts: int = 5
    internal: bool = False
    unmask: bool = False


@dataclass(frozen=True)
class Outbox:
    """A folder that changes are written into for another system to take away. Off without a folder."""

    folder: str = ""
    internal: bool = False
    unmask: bool = False


@dataclass(frozen=True)
class Watch:
    """How the inbox is watched.

    Attributes:
        settle: seconds that a file must stay the same before it is taken.
        poll: look at the inbox every ``interval`` seconds instead of being told of changes; None: on network shares.
        interval: seconds between looks.
        rescan: seconds between looks at the whole inbox where the system tells of changes.
    """

    settle: float = 2.0
    poll: bool | None = None
    interval: float = 5.0
    rescan: float = 300.0


@dataclass(frozen=True)
class Limits:
    """Limits of reading a file; None: as the environment or the defaults say. ``memory`` is in MB."""

    jobs: int | None = None
    timeout: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Backups:
    """The automatic daily copies: for how many days they are kept (0: none are made), and in which folder."""

    keep_days: int = 7
    folder: str = "backups"


@dataclass(frozen=True)
class Tables:
    """The office's own tables, relative to the workspace: other names of units, and topics of its own."""

    aliases: str = "aliases.csv"
    topics: str = "topics.csv"


@dataclass(frozen=True)
class Config:
    """What duban.toml says; ``store`` is a database's URL, empty for the file in the workspace."""

    operator: str = ""
    store: str = ""
    tables: Tables = field(default_factory=Tables)
    watch: Watch = field(default_factory=Watch)
    limits: Limits = field(default_factory=Limits)
    webhook: Webhook = field(default_factory=Webhook)
    outbox: Outbox = field(default_factory=Outbox)
    backup: Backups = field(default_factory=Backups)
    ledger: LedgerSettings = field(default_factory=LedgerSettings)
    lamps: Thresholds = field(default_factory=Thresholds)
    remind: RemindSettings = field(default_factory=RemindSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    bulletin: BulletinSettings = field(default_factory=BulletinSettings)

    @classmethod
    def load(cls, path: Path) -> Config:
        """The settings of a file; a missing one says nothing.

        Raises:
            SettingError: no TOML, an unknown key, a value that is no use; the line and what to do are named.
        """
        import tomllib

        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return cls()
        except UnicodeDecodeError as error:
            raise SettingError(f"{path.name} 不是 UTF-8 文本；请用记事本另存为 UTF-8") from error
        except OSError as error:
            raise SettingError(f"{path.name} 打不开（{error.strerror or error}）；请检查文件的访问权限") from error
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingError(_not_toml(path, str(error))) from error
        return cls._of(_values(tables, path, text))

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> Config:
        def part(prefix: str) -> dict[str, Any]:
            return {
                name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)
            }  # fmt: skip

        return cls(
            operator=values.get("operator.name", "").strip(),
            store=values.get("store.url", "").strip(),
            tables=Tables(**part("tables.")),
            watch=Watch(**part("watch.")),
            limits=Limits(**part("limits.")),
            webhook=Webhook(**part("export.webhook.")),
            outbox=Outbox(**part("export.outbox.")),
            backup=Backups(**part("backup.")),
            ledger=LedgerSettings(**_labelled(part("ledger."))),
            lamps=Thresholds(**part("lamps.")),
            remind=RemindSettings(**{name: _fixed(value) for name, value in part("remind.").items()}),
            mail=MailSettings(**part("mail.")),
            bulletin=BulletinSettings(**part("bulletin.")),
        )

    def settings(
        self, environment: Mapping[str, str], *, jobs: int | None = None, timeout: float | None = None
    ) -> Settings:
        """The limits of a run: what is given by name, then the environment, then the file, then the defaults.

        Raises:
            SettingError: an environment variable that is no use.
        """
        ours = {
            "DUBAN_JOBS": self.limits.jobs,
            "DUBAN_TIMEOUT": self.limits.timeout,
            "DUBAN_MEMORY": self.limits.memory,
        }
        told = {name: str(value) for name, value in ours.items() if value is not None}
        told |= {name: value for name, value in environment.items() if value.strip()}
        return Settings.read(told, jobs=jobs, timeout=timeout)


def _labelled(given: dict[str, Any]) -> dict[str, Any]:
    """Settings of the ledger, whose labels are laid over its own."""
    for name, own in (("status_labels", STATUS_LABELS), ("progress_labels", PROGRESS_LABELS)):
        given[name] = {**own, **given.get(name, {})}
    return given


def _fixed(value: Any) -> Any:
    """A list as what can't be changed."""
    return tuple(value) if isinstance(value, list) else value


def operator(given: str | None, environment: Mapping[str, str], config: Config) -> str:
    """Whose name a change bears: given, ``DUBAN_OPERATOR``, duban.toml, else the system's login.

    Raises:
        SettingError: none of them tells.
    """
    told = next(
        (name for name in (given, environment.get("DUBAN_OPERATOR"), config.operator) if name and name.strip()), ""
    )
    if not told:
        import getpass

        try:
            told = getpass.getuser()
        except (KeyError, OSError, ImportError) as error:
            raise SettingError(
                "不知道是谁在操作；请用 --operator 姓名，或在 duban.toml 的 [operator] 里写 name"
            ) from error
    return " ".join(told.split())


def _whole(least: int, most: int = 10**6) -> Callable[[Any], str]:
    return lambda value: (
        "" if type(value) is int and least <= value <= most else f"应是 {least} 到 {most} 之间的整数"
    )  # fmt: skip


def _number(least: float, most: float = 86400.0) -> Callable[[Any], str]:
    return lambda value: (
        "" if type(value) in (int, float) and least <= value <= most else f"应是 {least:g} 到 {most:g} 之间的数"
    )  # fmt: skip


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else "应是加引号的文字"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "应是 true 或 false"


def _days(value: Any) -> str:
    good = isinstance(value, list) and all(type(each) is int and 0 <= each <= 250 for each in value)
    return "" if good and value else "应是工作日天数的列表，如 [15, 7, 3, 0]，0 是当天"


def _labels(known: Mapping[str, str]) -> Callable[[Any], str]:
    def wrong(value: Any) -> str:
        if not isinstance(value, dict) or not all(isinstance(each, str) and each.strip() for each in value.values()):
            return '应写成 { working = "推进中" } 这样'
        other = [name for name in value if name not in known]
        return f"没有 {other[0]} 这种，可写的有 {'、'.join(known)}" if other else ""

    return wrong


def _one_of(*words: str) -> Callable[[Any], str]:
    return lambda value: "" if value in words else f"应是 {'、'.join(words)} 之一"


def _mailbox(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"(?:[^\s@<>,;]+@[^\s@<>,;]+)?", value)
    return "" if good else "应是一个邮箱地址"


def _address(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"(?:https?://[^\s/]+.*)?", value)
    return "" if good else "应是 http:// 或 https:// 开头的地址"


def _database(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"(?:(?:postgres(?:ql)?(?:\+psycopg)?|sqlite)://\S+)?", value)
    return "" if good else "应是 postgresql:// 开头的地址，留空则用工作区里的数据库"


#: Every key with what is wrong with a value for it, empty where nothing is.
KEYS: dict[str, Callable[[Any], str]] = {
    "operator.name": _text,
    "store.url": _database,
    "tables.aliases": _text,
    "tables.topics": _text,
    "watch.settle": _number(0, 600),
    "watch.poll": _flag,
    "watch.interval": _number(0.1),
    "watch.rescan": _number(1),
    "limits.jobs": _whole(1, 1024),
    "limits.timeout": _number(1),
    "limits.memory": _whole(0),
    "export.outbox.folder": _text,
    "export.outbox.internal": _flag,
    "export.outbox.unmask": _flag,
    "export.webhook.url": _address,
    "export.webhook.secret": _text,
    "export.webhook.timeout": _number(0.1, 600),
    "export.webhook.attempts": _whole(1, 100),
    "export.webhook.internal": _flag,
    "export.webhook.unmask": _flag,
    "backup.keep_days": _whole(0, 3650),
    "backup.folder": _text,
    "ledger.unit": _text,
    "ledger.supervising": _flag,
    "ledger.status_labels": _labels(STATUS_LABELS),
    "ledger.progress_labels": _labels(PROGRESS_LABELS),
    "lamps.near": _whole(0, 366),
    "lamps.behind": _number(0, 10),
    "lamps.ahead": _number(0, 10),
    "remind.stages": _days,
    "remind.monthly": _days,
    "remind.chase_every": _whole(1, 250),
    "remind.escalate": _whole(0, 100),
    "remind.support": _flag,
    "remind.sender": _text,
    "mail.server": _text,
    "mail.port": _whole(0, 65535),
    "mail.security": _one_of("tls", "starttls", "none"),
    "mail.user": _text,
    "mail.password": _text,
    "mail.sender": _mailbox,
    "mail.timeout": _number(1, 600),
    "mail.internal": _flag,
    "mail.unmask": _flag,
    "bulletin.title": _text,
    "bulletin.office": _text,
    "bulletin.ranking": _flag,
    "bulletin.soon": _whole(0, 366),
}


def _values(tables: Mapping[str, Any], path: Path, text: str) -> dict[str, Any]:
    """All values by their dotted names.

    Raises:
        SettingError: an unknown key, or a value that is no use.
    """
    found: dict[str, Any] = {}
    for name, value in _flat(tables, ""):
        where = f"{path.name} 第 {_line(text, name)} 行"
        if name not in KEYS:
            raise SettingError(f"{where}：没有 {name} 这一项；{_instead(name)}")
        if wrong := KEYS[name](value):
            raise SettingError(f"{where}：{name} {wrong}，现为 {value!r}")
        found[name] = value
    return found


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    """Names and values of a table; tables that are none of ours count as values."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and any(known.startswith(f"{name}.") for known in KEYS):
            found += _flat(value, f"{name}.")
        else:
            found.append((name, value))
    return found


def _instead(name: str) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    last = name.rpartition(".")[2]
    close = get_close_matches(name, KEYS, n=1, cutoff=0.7) or [key for key in KEYS if key.endswith(f".{last}")]
    return f"是不是 {close[0]}？" if close else "请删去，或对照 docs/operation.md 改正"


def _line(text: str, name: str) -> int:
    """The line that a dotted name stands on; that of its table where it can't be told."""
    table, best = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = re.sub(r"[\s\"']", "", head[1])
            best = number if table and name.startswith(table) else best
            if table == name:
                return number
        elif key := re.match(r"\s*([\w.\-\"' ]+?)\s*=", line):
            whole = ".".join(part for part in (table, re.sub(r"[\s\"']", "", key[1])) if part)
            if name == whole or name.startswith(f"{whole}."):
                return number
    return best


def _not_toml(path: Path, message: str) -> str:
    place = re.search(r"line (\d+)", message)
    where = f"第 {place[1]} 行" if place else "末尾"
    return f"{path.name} {where}写法不对；文字要加引号，表名要写成 [store] 这样，一行一项"
