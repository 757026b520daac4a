"""Several people at one ledger, and a ledger carried from one database into another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from pipeline.store import open_store
from pipeline.store.engine import engine_of
from pipeline.store.transfer import transfer
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.types import Query

TODAY = date(2024, 3, 1)
ALL = Query(today=TODAY, filing=())


def test_people_work_at_the_same_time(ledger, store_url):
    items = [item.id for item in ledger.items(ALL)]

    def work(person):
        with open_store(store_url) as store:
            own = Ledger(store, today=TODAY, by=f"{person}号", now=ledger.now)
            own.propose()
            for item in items[person::4]:
                own.file(item)
                own.set(item, "leader", f"{person}号")
        return person

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0, 1, 2, 3]
    found = ledger.items(Query(today=TODAY))
    assert sorted(item.number for item in found) == [f"2024-{n:04}" for n in range(1, 28)]
    assert {item.id: item.leader for item in found} == {item: f"{n % 4}号" for n, item in enumerate(items)}
    batches = [event.batch for item in items for event in ledger.history(item) if event.kind != "proposed"]
    assert len(batches) == len(set(batches)) == 54


def test_a_ledger_is_carried_into_another_database(ledger, store_url, find, tmp_path):
    ledger.confirm([item.id for item in ledger.items(ALL)])
    item = find("夜间巡查")
    ledger.split(item, [{"unit": "一中队"}, {"unit": "二中队"}])
    open_store(tmp_path / "copy.db").close()
    source, target = engine_of(store_url), engine_of(tmp_path / "copy.db")
    try:
        assert transfer(source, target) > 200
        back = transfer(target, source)
        assert back > 200
    finally:
        source.dispose()
        target.dispose()
    with open_store(tmp_path / "copy.db") as store:
        copy = Ledger(store, today=TODAY, by="张三", now=ledger.now)
        assert copy.items(ALL) == ledger.items(ALL) and copy.occurrences() == ledger.occurrences()
        assert copy.history(item) == ledger.history(item)
    greatest = max(item.id for item in ledger.items(ALL))
    assert ledger.add({"text": "又一件"}, "phone") == greatest + 1
