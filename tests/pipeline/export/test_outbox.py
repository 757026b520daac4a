"""The outbox: events in order, each whole, written again after a crash."""

from __future__ import annotations

import json

import pytest

from pipeline.export import outbox


def read(folder):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def test_events_come_in_order_and_once(store, put, tmp_path):
    folder = tmp_path / "outbox"
    put(store, number=9)
    assert outbox.publish(store, folder) == 2
    found = read(folder)
    assert [event["cursor"] for event in found] == sorted(event["cursor"] for event in found)
    assert all(event["event"] == "notice" and event["record"]["notice"]["id"] == event["notice_id"] for event in found)
    assert "13812345678" not in json.dumps(found)
    assert outbox.publish(store, folder) == 0


def test_taken_files_do_not_come_again_and_withdrawals_do(store, tmp_path):
    folder = tmp_path / "outbox"
    outbox.publish(store, folder)
    for path in folder.glob("*.json"):
        path.unlink()
    (row,) = store.notices()
    store.forget(row.notice_id)
    assert outbox.publish(store, folder) == 1
    (event,) = read(folder)
    assert (event["event"], event["notice_id"], event["record"]) == ("withdrawn", row.notice_id, None)


def test_a_crash_between_events_repeats_them_under_the_same_names(store, put, tmp_path, monkeypatch):
    folder = tmp_path / "outbox"
    put(store, number=9)
    whole = outbox.write
    calls = []

    def fails(path, text):
        if calls:
            raise KeyboardInterrupt
        calls.append(path)
        whole(path, text)

    monkeypatch.setattr(outbox, "write", fails)
    with pytest.raises(KeyboardInterrupt):
        outbox.publish(store, folder)
    monkeypatch.undo()
    assert outbox.publish(store, folder) == 2
    assert len(read(folder)) == 2
