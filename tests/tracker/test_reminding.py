"""``duban remind`` on a ledger: what it tells, writes, mails and keeps."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.store import Store
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.mail import addresses
from pipeline.tracker.remind import Digest
from pipeline.tracker.reminding import Wishes, due, remind, write_assignments, write_feed
from pipeline.tracker.settings import MailSettings, RemindSettings
from pipeline.tracker.types import LedgerError, Query, Unit

RULES = RemindSettings(sender="局督查室")


def on(store: Store, day: date) -> Ledger:
    return Ledger(store, today=day, by="张三", now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


@pytest.fixture
def ids(store: Store) -> list[int]:
    """Three items of two units, filed and assigned on 1 April."""
    ledger = on(store, date(2021, 4, 1))
    for number, (unit, day) in enumerate([("市容科", 30), ("市容科", 28), ("环卫科", 30)], 1):
        fields = {"text": f"办理第{number}件，联系电话13812345678。", "parties": [{"name": unit, "role": "lead"}]}
        ledger.add({**fields, "due": date(2021, 4, day)}, "meeting")
    found = [each.id for each in ledger.items(Query(ledger.today, filing=("pending",)))]
    ledger.file(found, assigned_on=date(2021, 4, 1))
    return found


def test_a_spring_of_reminders_each_stage_once(store: Store, ids: list[int], tmp_path: Path) -> None:
    told: dict[tuple[int, str], date] = {}
    day = date(2021, 4, 1)
    while day <= date(2021, 5, 21):
        ledger = on(store, day)
        done = remind(ledger, RULES, Wishes(letters=tmp_path / "letters"))
        for digest in done.plan.digests:
            for each in digest.due:
                assert (each.item.id, each.stage) not in told
                told[each.item.id, each.stage] = day
        assert done.noted == sum(len(each.due) for each in done.plan.digests)
        assert not due(ledger, RULES).digests
        if day == date(2021, 5, 6):
            ledger.report(ids[0], progress="办完了")
        day += timedelta(days=1)
    assert told == {
        (ids[0], "7"): date(2021, 4, 22), (ids[0], "3"): date(2021, 4, 27), (ids[0], "0"): date(2021, 4, 30),
        (ids[0], "chase-1"): date(2021, 5, 6),
        (ids[1], "7"): date(2021, 4, 20), (ids[1], "3"): date(2021, 4, 25), (ids[1], "0"): date(2021, 4, 28),
        (ids[1], "chase-1"): date(2021, 4, 29), (ids[1], "chase-2"): date(2021, 5, 10),
        (ids[1], "chase-3"): date(2021, 5, 17),
        (ids[2], "7"): date(2021, 4, 22), (ids[2], "3"): date(2021, 4, 27), (ids[2], "0"): date(2021, 4, 30),
        (ids[2], "chase-1"): date(2021, 5, 6), (ids[2], "chase-2"): date(2021, 5, 12),
        (ids[2], "chase-3"): date(2021, 5, 19),
    }  # fmt: skip
    kinds = sorted(path.name.split("-")[0] for path in (tmp_path / "letters").iterdir())
    assert (kinds.count("催办单"), kinds.count("督办单")) == (5, 2)


def test_a_look_keeps_nothing_and_again_tells_the_same(store: Store, ids: list[int]) -> None:
    ledger = on(store, date(2021, 4, 30))
    looked = remind(ledger, RULES, Wishes(note=False))
    first = remind(ledger, RULES)
    again = remind(ledger, RULES, Wishes(again=True))
    assert looked.text == first.text == again.text
    assert (looked.noted, first.noted, again.noted) == (0, 3, 0)
    assert remind(ledger, RULES).text == "今天没有需要提醒的事项"


def test_letters_and_calendar_of_the_ledger(store: Store, ids: list[int], tmp_path: Path) -> None:
    ledger = on(store, date(2021, 4, 30))
    assert len(write_assignments(ledger, ids[:2], tmp_path)) == 2
    assert write_feed(ledger, RULES, tmp_path / "台账.ics", units=["市容科"]) == 2
    assert (tmp_path / "台账.ics").read_bytes().count(b"BEGIN:VEVENT") == 2


class Server(socketserver.ThreadingTCPServer):
    """A mail server that takes what comes, but nothing for ``full@``."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        super().__init__(("127.0.0.1", 0), Session)


class Session(socketserver.StreamRequestHandler):
    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                made = email.message_from_bytes(data[:-5], policy=email.policy.default)
                self.server.mails.append(made)  # type: ignore[attr-defined]
            elif "full@" in line:
                self.say("552 mailbox full")
                continue
            self.say("221 bye" if line.upper() == "QUIT" else "250 ok")
            if line.upper() == "QUIT":
                return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def test_digests_by_mail_and_only_what_went_out_is_noted(
    store: Store, ids: list[int], server: Server, tmp_path: Path
) -> None:
    ledger = on(store, date(2021, 4, 30))
    mail = MailSettings("127.0.0.1", server.server_address[1], "none", sender="ducha@example.com")
    ledger.set_units([Unit("市容科", email="a@example.com；b@example.com"), Unit("环卫科", email="full@example.com")])
    done = remind(ledger, RULES, Wishes(mail=mail, letters=tmp_path))
    assert done.mailed == ("市容科",) and done.noted == 2
    assert done.unmailed[0][0] == "环卫科" and "mailbox full" in done.unmailed[0][1]
    (made,) = server.mails
    assert made["To"] == "a@example.com, b@example.com" and made["Subject"] == "督办提醒：市容科（4月30日）"
    assert "138****5678" in made.get_content() and "13812345678" not in made.get_content()
    assert [each.unit for each in due(ledger, RULES).digests] == ["环卫科"]


def test_mail_that_can_not_be_sent_says_what_to_do(store: Store, ids: list[int], tmp_path: Path) -> None:
    ledger = on(store, date(2021, 4, 30))
    with pytest.raises(LedgerError, match="没有设邮件服务器"):
        remind(ledger, RULES, Wishes(mail=MailSettings()))
    ledger.set_units([Unit("市容科", email="a@example.com")])
    nowhere = MailSettings("127.0.0.1", 1, "none", sender="ducha@example.com", timeout=1)
    with pytest.raises(LedgerError, match="连不上邮件服务器"):
        remind(ledger, RULES, Wishes(mail=nowhere, letters=tmp_path / "letters"))
    assert not ledger.sent() and not list((tmp_path / "letters").iterdir())


def test_addresses_hold_at_their_time() -> None:
    units = [Unit("市容科", short_names=("市容",), email="old@example.com", valid_to=date(2021, 3, 31)),
             Unit("市容管理科", short_names=("市容科",), email="new@example.com", valid_from=date(2021, 4, 1))]  # fmt: skip
    assert addresses(Digest("市容科", date(2021, 4, 2), ()), units) == ["new@example.com"]
    assert addresses(Digest("市容科", date(2021, 3, 2), ()), units) == ["old@example.com"]
