"""Kills the watcher at random moments, starts it again, and looks whether every file arrived exactly once.

``python tests/soak.py --rounds 200`` (``make soak``). A round: 60 files of mixed formats in an inbox, the watcher
killed with SIGKILL one to three times, then left to finish. The watcher is forked from a process that has loaded
everything, so that the kills fall into its work and not into its start. Needs Unix.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractors.readers.txt_decode import decode  # noqa: E402
from pipeline import preload  # noqa: E402
from pipeline.intake import Options  # noqa: E402
from pipeline.log import Log  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.watch import watch  # noqa: E402
from pipeline.workspace import Workspace, files_under, hash_file, init  # noqa: E402

FOLDERS = ("", "城管局", "城管局/2026年", "教育局 来文")


def notices(folder: Path, count: int) -> dict[str, str]:
    """Writes that many small notices, no two with the same words, made from the samples; their names by sha256."""
    paths = sorted((ROOT / "samples").glob("*.txt"), key=lambda path: path.stat().st_size)
    samples = [path.stem for path in paths[:5]]
    made = {}
    for number in range(count):
        sample = samples[number % len(samples)]
        mark = f"（试验第{number + 1}号）"
        ending = "pdf" if number % 12 == 0 else "docx" if number % 4 == 1 else "txt"
        path = folder / FOLDERS[number % len(FOLDERS)] / f"{number + 1:03d} {sample}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = decode((ROOT / "samples" / f"{sample}.txt").read_bytes()).text.split("\n")[:16]
        lines[0] += mark
        task = f"九、年底前完成第{number + 1}号试验任务{number + 2}项。"
        lines.insert(12, task)
        if ending == "txt":
            path.write_text("\n".join(lines), "utf-8")
        elif ending == "docx":
            path.write_bytes(_docx(ROOT / "samples" / f"{sample}.docx", mark, task))
        else:
            path.write_bytes(_pdf(lines))
        made[hash_file(path)] = path.name
    return made


def _docx(sample: Path, mark: str, task: str) -> bytes:
    import docx

    document = docx.Document(str(sample))
    paragraph = next(paragraph for paragraph in document.paragraphs if paragraph.text.strip())
    paragraph.add_run(mark)
    document.paragraphs[min(12, len(document.paragraphs) - 1)].insert_paragraph_before(task)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _pdf(lines: list[str]) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    data = io.BytesIO()
    page = canvas.Canvas(data)
    page.setFont("STSong-Light", 12)
    short = [line[at : at + 36] for line in lines for at in range(0, len(line), 36)][:40]
    for number, line in enumerate(short):
        page.drawString(70, 780 - 18 * number, line)
    page.showPage()
    page.save()
    return data.getvalue()


def start(workspace: Workspace, *, once: bool, log: Path) -> int:
    """Forks a watcher and gives its process id."""
    child = os.fork()
    if child:
        return child
    status = 3
    try:
        from pipeline.store import open_store

        with open(log, "a", encoding="utf-8") as lines:
            options = Options("试验", Settings(jobs=2), settle=0.03, method="fork")
            watch(
                workspace, open_store=lambda: open_store(workspace.database), options=options,
                log=Log(lines, machine=True), once=once, poll=True, interval=0.2,
            )  # fmt: skip
        status = 0
    except BaseException as error:
        with open(log, "a", encoding="utf-8") as lines:
            print(f"{type(error).__name__}: {error}", file=lines)
    finally:
        os._exit(status)


def one_round(folder: Path, source: Path, expected: dict[str, str], chance: random.Random) -> tuple[int, list[str]]:
    """Runs one round; the number of kills that met a watcher at work, and what is wrong afterwards."""
    workspace = init(folder / "workspace")
    shutil.copytree(source, workspace.inbox, dirs_exist_ok=True)
    log = folder / "log"
    kills = 0
    for _ in range(chance.randint(1, 3)):
        child = start(workspace, once=False, log=log)
        time.sleep(chance.uniform(0.0, 0.5))
        at_work = any(files_under(workspace.inbox)) or any(files_under(workspace.private / "claims"))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += at_work
    _, status = os.waitpid(start(workspace, once=True, log=log), 0)
    wrong = check(workspace, expected)
    if os.waitstatus_to_exitcode(status):
        wrong.append(f"the last run ended with {os.waitstatus_to_exitcode(status)}")
    if wrong:
        wrong += log.read_text("utf-8").splitlines()[-5:]
    return kills, wrong


def check(workspace: Workspace, expected: dict[str, str]) -> list[str]:
    """What is not as it should be, when all work is done."""
    from schemas.record import NoticeRecord

    wrong = []
    for folder in (workspace.inbox, workspace.failed, workspace.private / "claims"):
        wrong += [f"left in {path.relative_to(workspace.folder)}" for path in files_under(folder)]
    where = {workspace.relative(path): hash_file(path) for path in files_under(workspace.archive)}
    archived = Counter(where.values())
    wrong += [f"not in the archive: {name}" for sha256, name in expected.items() if not archived[sha256]]
    wrong += [
        f"{number} times in the archive: {expected.get(sha256)}" for sha256, number in archived.items() if number > 1
    ]
    wrong += [f"not one of ours: {path}" for path, sha256 in where.items() if sha256 not in expected]
    with closing(sqlite3.connect(workspace.database)) as database:
        wrong += [f"database: {line}" for (line,) in database.execute("PRAGMA integrity_check") if line != "ok"]
        sources = list(database.execute("SELECT sha256, archived_path FROM sources"))
        records = list(database.execute("SELECT record FROM versions"))
    stored = Counter(sha256 for sha256, _ in sources)
    wrong += [
        f"{stored[sha256]} times in the store: {name}" for sha256, name in expected.items() if stored[sha256] != 1
    ]
    wrong += [f"the store says {path}, which is another file" for sha256, path in sources if where.get(path) != sha256]
    if len(records) != len(expected):
        wrong.append(f"{len(records)} records of {len(expected)} notices")
    for (text,) in records:
        NoticeRecord.model_validate_json(text)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    preload.load()
    from pipeline.store import open_store

    chance = random.Random(options.seed)
    began, kills, failed = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "source")
        expected = notices(source, options.files)
        open_store(Path(name, "warm.db")).close()
        for number in range(1, options.rounds + 1):
            folder = Path(name, f"round{number}")
            met, wrong = one_round(folder, source, expected, chance)
            kills += met
            failed += bool(wrong)
            for line in wrong:
                print(f"round {number}: {line}", flush=True)
            shutil.rmtree(folder)
            if number % 20 == 0 and number < options.rounds:
                print(f"{number} rounds, {kills} kills at work, {failed} rounds with faults", flush=True)
    seconds = time.monotonic() - began
    print(
        f"{options.rounds} rounds of {options.files} files, {kills} kills at work, {failed} rounds with faults, "
        f"{seconds:.0f} s, seed {options.seed}"
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
