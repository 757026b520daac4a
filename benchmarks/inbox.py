"""Many small notices into one inbox: rate, memory and how both grow; then the same files once more.

    python benchmarks/inbox.py                    # 10,000 notices
    python benchmarks/inbox.py --count 1000 --jobs 2
    DUBAN_STORE=postgresql://… python benchmarks/inbox.py

The second run finds every file known by its content. Exit status 1 where it costs more than a tenth of the first, or
where a notice of the first run's last quarter costs the saving process more than twice the time of one of the first.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.config import Config  # noqa: E402
from pipeline.ingest import ingest  # noqa: E402
from pipeline.log import Log  # noqa: E402
from pipeline.office import Office  # noqa: E402
from pipeline.workspace import init  # noqa: E402

#: What the second run may cost of the first, and how much dearer a notice may become as the store fills.
SECOND, SLOWEST = 0.1, 2.0
PARTS = 4
_WORK = ("节水宣传", "河道巡查", "防汛值守", "信息报送", "档案整理", "安全检查", "志愿服务", "理论学习")
_NOTICE = """{town}水务局文件
{code}水发〔{year}〕{serial}号

关于做好{year}年第{serial}批{work}工作的通知

各科室：
一、落实责任。
办公室牵头，于{month}月底前完成{work}台账整理，共{count}项。
二、报送信息。
水资源科每月5日前报送{work}信息不少于{few}篇。

{town}水务局
{year}年{month}月{day}日
"""


def fill(folder: Path, count: int) -> None:
    """Writes so many notices, a thousand to a folder, no two alike."""
    for number in range(count):
        place = folder / f"{number // 1000:02}"
        place.mkdir(parents=True, exist_ok=True)
        text = _NOTICE.format(
            town=f"临江市第{number // 500}区", code=f"临{number // 500}", year=2000 + number % 25,
            serial=number % 500 + 1, work=_WORK[number % len(_WORK)], month=number % 12 + 1, day=number % 28 + 1,
            count=number + 2, few=number % 9 + 1,
        )  # fmt: skip
        (place / f"{number:05}.txt").write_text(text, encoding="utf-8")


class Marks(Log):
    """A log that prints nothing and notes time and memory as files are done."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self.every = every
        self.count = 0
        self.marks = [(time.perf_counter(), time.process_time(), memory())]
        self.events: dict[str, int] = {}

    def __call__(self, event: str, message: str, **fields: object) -> None:  # type: ignore[override]
        self.events[event] = self.events.get(event, 0) + 1
        if event in ("file.saved", "file.duplicate"):
            self.count += 1
            if self.count % self.every == 0:
                self.marks.append((time.perf_counter(), time.process_time(), memory()))


def memory() -> float:
    """Memory of this process and its children in MB, as far as the system tells; shared pages count in each."""
    try:
        import resource
    except ImportError:
        return 0.0
    mine = Path("/proc/self/statm")
    if mine.exists():
        return int(mine.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_run(office: Office, count: int, jobs: int | None) -> tuple[float, Marks]:
    """Takes the inbox in; seconds and what was noted."""
    marks = Marks(max(1, count // PARTS))
    started = time.perf_counter()
    options = office.options(jobs=jobs)
    ingest(office.workspace, open_store=office.store, options=options, log=marks)
    return time.perf_counter() - started, marks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--jobs", type=int)
    arguments = parser.parse_args()
    count = arguments.count
    with tempfile.TemporaryDirectory() as name:
        workspace = init(Path(name))
        workspace.config.write_text('[watch]\nsettle = 0\n[operator]\nname = "bench"\n', encoding="utf-8")
        office = Office(workspace, Config.load(workspace.config), os.environ)
        fill(workspace.inbox, count)
        first, marks = one_run(office, count, arguments.jobs)
        print(f"first run: {marks.count} notices in {first:.1f} s, {marks.count / first:.0f} a second; {marks.events}")
        costs = []
        for (wall, cpu, was), (end, spent, now) in pairwise(marks.marks):
            costs.append((spent - cpu) * 1000 / marks.every)
            rate = marks.every / (end - wall)
            print(f"  a quarter: {rate:.0f} a second, {costs[-1]:.1f} ms of the parent each, {was:.0f} to {now:.0f} MB")
        if not isinstance(office.database, str):
            size = sum(path.stat().st_size for path in workspace.folder.glob("duban.db*")) / 2**20
            print(f"  store: {size:.0f} MB, {size * 1024 / count:.1f} KB a notice")
        fill(workspace.inbox, count)
        second, again = one_run(office, count, arguments.jobs)
        share = second / first
        print(f"second run: {again.count} files in {second:.1f} s, {share:.3f} of the first; {again.events}")
        slow = len(costs) == PARTS and costs[-1] > SLOWEST * costs[0]
        wrong = marks.count != count or again.events.get("file.duplicate") != count
        return int(share > SECOND or slow or wrong)


if __name__ == "__main__":
    sys.exit(main())
