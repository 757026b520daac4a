"""The ledger's settings: ``[ledger]``, ``[remind]``, ``[mail]`` and ``[bulletin]`` in duban.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.tracker.types import PROGRESS_LABELS, STATUS_LABELS


@dataclass(frozen=True)
class LedgerSettings:
    """How an office keeps its ledger.

    Attributes:
        unit: one's own unit, for ``tasks --mine``; empty where none is named.
        supervising: it is the side that supervises, which alone accepts, returns and closes.
        status_labels, progress_labels: what the codes are called here.
    """

    unit: str = ""
    supervising: bool = True
    status_labels: Mapping[str, str] = field(default_factory=lambda: dict(STATUS_LABELS))
    progress_labels: Mapping[str, str] = field(default_factory=lambda: dict(PROGRESS_LABELS))


@dataclass(frozen=True)
class RemindSettings:
    """When to remind; duban.toml's ``[remind]``.

    Attributes:
        stages: so many working days before the date, 0 the day itself.
        monthly: the same for what comes round every month or more often.
        chase_every: working days between one 催办 and the next.
        escalate: from this 催办 on it is a 督办; 0: never.
        support: units that support are reminded too.
        sender: who reminds, in the words that a message opens with.
    """

    stages: tuple[int, ...] = (15, 7, 3, 0)
    monthly: tuple[int, ...] = (3, 0)
    chase_every: int = 5
    escalate: int = 3
    support: bool = False
    sender: str = ""


@dataclass(frozen=True)
class MailSettings:
    """duban.toml's ``[mail]``.

    Attributes:
        server: the server's name; empty: no mail is sent.
        port: 0 for what goes with ``security``: 465 tls, 587 starttls, 25 none.
        security: how the connection is kept private; ``none`` only within an office's network.
        user, password: for the server; ``DUBAN_MAIL_PASSWORD`` goes before the file.
        sender: the address that mails come from.
        timeout: seconds that the server may take.
        internal: what internal papers ask for is mailed too.
        unmask: numbers of persons go as they stand.
    """

    server: str = ""
    port: int = 0
    security: str = "tls"
    user: str = ""
    password: str = ""
    sender: str = ""
    timeout: float = 30.0
    internal: bool = False
    unmask: bool = False


@dataclass(frozen=True)
class BulletinSettings:
    """duban.toml's ``[bulletin]``.

    Attributes:
        title: what it is called.
        office: 填报单位, shown under the title; empty: not shown.
        ranking: units are put in order of their 办结率 and numbered.
        soon: so many days ahead are listed as coming.
    """

    title: str = "督办事项办理情况通报"
    office: str = ""
    ranking: bool = False
    soon: int = 30
