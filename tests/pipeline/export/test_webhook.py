"""The webhook against a server on this machine: signed, retried, stopped, buried, and never led elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.select import Filter
from pipeline.export.webhook import (
    DEAD,
    Webhook,
    WebhookError,
    delay,
    deliver,
    read_dead,
    redeliver,
    retry_after,
    sign,
)

SECRET = "共用的密钥"
NOW = 1_700_000_000.0


class Receiver:
    """A server that answers as it is told and keeps what it got."""

    def __init__(self):
        self.answers = []
        self.got = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def run(store, tmp_path, receiver):
    """Delivers with a clock that stands and waits that are only written down."""

    def go(send=deliver, filters=None, url=None, **options):
        go.waits = []
        hook = Webhook(url or receiver.url, SECRET, timeout=5, **options)
        return send(store, hook, tmp_path, filters, clock=lambda: NOW, sleep=go.waits.append)

    return go


def test_an_event_is_signed_over_time_and_body(run, receiver):
    assert run().sent == 1
    ((_, headers, body),) = receiver.got
    wanted = hmac.new(SECRET.encode(), b"1700000000." + body, hashlib.sha256).hexdigest()
    assert headers["X-Duban-Signature"] == f"sha256={wanted}" == sign(SECRET, headers["X-Duban-Timestamp"], body)
    event = json.loads(body)
    assert event["event"] == "notice" and headers["X-Duban-Event"].endswith(event["notice_id"])
    assert b"13812345678" not in body
    assert run().sent == 0


def test_withdrawals_are_sent(run, receiver, store):
    run()
    (row,) = store.notices()
    store.forget(row.notice_id)
    assert run().sent == 1
    assert json.loads(receiver.got[-1][2])["event"] == "withdrawn"


def test_a_server_error_is_tried_again_with_growing_waits(run, receiver):
    receiver.answers = [(500, {}), (503, {}), (200, {})]
    assert run().sent == 1
    assert len(receiver.got) == 3 and len({headers["X-Duban-Event"] for _, headers, _ in receiver.got}) == 1
    assert 0.5 <= run.waits[0] <= 1 <= run.waits[1] <= 2 if run.waits else True


def test_retry_after_is_respected(run, receiver):
    receiver.answers = [(429, {"Retry-After": "7"}), (200, {})]
    assert run().sent == 1 and run.waits == [7.0]


def test_a_long_retry_after_ends_the_run_and_loses_nothing(run, receiver):
    receiver.answers = [(503, {"Retry-After": "3600"})]
    done = run()
    assert done.stopped and (done.sent, done.dead, run.waits) == (0, 0, [])
    assert run().sent == 1


def test_a_receiver_that_is_away_stops_the_run_and_loses_nothing(run, receiver, put, store):
    put(store, number=9)
    receiver.answers = [(200, {})] + [(502, {})] * 3
    done = run(attempts=3)
    assert (done.sent, done.dead) == (1, 0) and done.stopped and len(run.waits) == 2
    assert run().sent == 1
    assert len({headers["X-Duban-Event"] for _, headers, _ in receiver.got}) == 2


def test_no_server_at_all(run, tmp_path):
    done = run(url="http://127.0.0.1:9/hook", attempts=2)
    assert "连不上" in done.stopped and not (tmp_path / DEAD).exists()


def test_a_refused_event_is_buried_without_its_words_and_can_be_sent_again(run, receiver, put, store, tmp_path):
    put(store, number=9)
    receiver.answers = [(422, {}), (200, {})]
    done = run()
    assert (done.sent, done.dead, done.stopped) == (1, 1, "")
    (letter,) = read_dead(tmp_path)
    assert letter["status"] == 422 and "河道" not in (tmp_path / DEAD).read_text(encoding="utf-8")
    again = run(redeliver)
    assert again.sent == 1 and read_dead(tmp_path) == []
    assert json.loads(receiver.got[-1][2])["notice_id"] == letter["notice_id"]


def test_an_error_of_the_server_with_one_event_is_buried_in_the_end(run, receiver, tmp_path):
    receiver.answers = [(500, {})] * 3
    assert run(attempts=3).dead == 1
    assert read_dead(tmp_path)[0]["status"] == 500


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_to_other_hosts_are_not_followed(run, receiver, status):
    other = Receiver()
    try:
        receiver.answers = [(status, {"Location": other.url})]
        done = run(attempts=1)
        assert "转到" in done.stopped and other.got == []
    finally:
        other.close()


def test_a_redirect_on_the_same_host_keeps_method_body_and_signature(run, receiver):
    receiver.answers = [(307, {"Location": "/elsewhere"}), (200, {})]
    assert run().sent == 1
    (_, first, body), (path, second, again) = receiver.got
    assert path == "/elsewhere" and body == again
    assert first["X-Duban-Signature"] == second["X-Duban-Signature"]


def test_internal_papers_are_not_sent_by_default(run, receiver, store):
    from datetime import UTC, datetime

    (row,) = store.notices()
    store.mark(row.notice_id, internal=True, by="张三", at=datetime(2024, 3, 2, tzinfo=UTC))
    assert run().sent == 0
    assert run(filters=Filter(internal=True)).sent == 0, "the cursor has gone past it"


@pytest.mark.parametrize("url", [
    "", "ftp://host/x", "file:///etc/passwd", "http://", "//host/x", "http://user:pass@host/", "http://host:x/",
    "http://ho st/", "javascript:alert(1)", "http://host/\nX: y",
])  # fmt: skip
def test_only_http_and_https_and_no_passwords(url):
    with pytest.raises(WebhookError) as caught:
        Webhook(url, SECRET)
    assert caught.value.remedy


def test_no_secret_no_webhook():
    with pytest.raises(WebhookError):
        Webhook("http://host/", "")
    assert SECRET not in repr(Webhook("http://host/", SECRET))


@given(st.integers(1, 200), st.text(max_size=10))
def test_waits_grow_to_a_limit_and_are_the_same_for_the_same_event(attempt, seed):
    wait = delay(attempt, seed, 1.0, 60.0)
    most = min(60.0, 2.0 ** min(attempt - 1, 60))
    assert most / 2 <= wait <= most and wait == delay(attempt, seed, 1.0, 60.0)


@pytest.mark.parametrize(("header", "seconds"), [
    (None, None), ("5", 5), (" 12 ", 12), ("Tue, 14 Nov 2023 22:14:20 GMT", 60), ("Tue, 14 Nov 2023 22:00:00 GMT", 0),
    ("soon", None), ("-3", None),
])  # fmt: skip
def test_retry_after_in_seconds_or_as_a_date(header, seconds):
    assert retry_after(header, NOW) == seconds
