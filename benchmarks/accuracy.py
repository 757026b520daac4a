"""Score extraction against gold annotation, by notice and format, and write the table into docs/accuracy.md.

    python benchmarks/accuracy.py ../shared             # print the table
    python benchmarks/accuracy.py ../shared --write     # and put it into docs/accuracy.md

The folder holds ``notices/`` (NAME.FORMAT), ``eval/gold/NAME.json`` and ``eval/score.py``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from extractors import extract
from schemas.errors import DubanError

FIGURES = ["notice", "plans", "tables", "tasks", "kind", "owners", "times", "quotas", "grounded", "accounted"]
ROOT = Path(__file__).resolve().parents[1]
START, END = "<!-- table -->", "<!-- end of table -->"


def records(shared: Path, ending: str, out: Path) -> list[str]:
    """Write the record of every notice of one format that has gold; return their names."""
    names = []
    for path in sorted((shared / "notices").glob(f"*.{ending}")):
        if not (shared / "eval" / "gold" / f"{path.stem}.json").exists():
            continue
        try:
            record = extract(path)[0]
        except DubanError as error:
            print(error, file=sys.stderr)
            continue
        (out / f"{path.stem}.json").write_text(record.to_json(), encoding="utf-8")
        names.append(path.stem)
    return names


def score(shared: Path, out: Path, names: list[str]) -> dict[str, dict[str, dict[str, float]]]:
    """The scorer's figures for the records in a folder."""
    result = out / "figures.json.out"
    command = [sys.executable, str(shared / "eval" / "score.py"), str(out), "--only", *names, "--json", str(result)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    figures: dict[str, dict[str, dict[str, float]]] = json.loads(result.read_text(encoding="utf-8"))
    return figures


def cell(figure: str, values: dict[str, float]) -> str:
    """One figure: a share for those that are shares, else F1; a dash where gold has none."""
    if not values["gold"] and values["f1"] == 1:
        return "–"
    return f"{values['recall' if figure in ('kind', 'grounded', 'accounted') else 'f1']:.3f}"


def over_all(formats: list[dict[str, float]]) -> float:
    """F1 over the items of several formats together."""
    gold = sum(values["gold"] for values in formats)
    hits = sum(values["gold"] * values["recall"] for values in formats)
    found = sum(values["gold"] * values["recall"] / values["precision"] for values in formats if values["precision"])
    return 2 * hits / (gold + found) if gold + found else 1.0


def table(shared: Path, endings: list[str]) -> str:
    """The whole table in Markdown: a row a notice and format, and all and mean of each format."""
    pooled: dict[str, list[dict[str, float]]] = {figure: [] for figure in FIGURES}
    lines = ["| notice | format | " + " | ".join(FIGURES) + " |", "| --- | --- |" + " ---: |" * len(FIGURES)]
    for ending in endings:
        with tempfile.TemporaryDirectory() as folder:
            names = records(shared, ending, Path(folder))
            if not names:
                continue
            figures = score(shared, Path(folder), names)
        for name in [*names, "all"]:
            cells = [cell(figure, figures[name][figure]) for figure in FIGURES]
            label = f"**all {len(names)}**" if name == "all" else name
            lines.append(f"| {label} | {ending} | " + " | ".join(cells) + " |")
        for figure in FIGURES:
            pooled[figure].append(figures["all"][figure])
        means = []
        for figure in FIGURES:
            counted = [figures[name][figure] for name in names if cell(figure, figures[name][figure]) != "–"]
            means.append(f"{sum(values['f1'] for values in counted) / len(counted):.3f}" if counted else "–")
        lines.append(f"| *mean of the notices* | {ending} | " + " | ".join(means) + " |")
    lines.append("| **all formats** | | " + " | ".join(f"{over_all(pooled[figure]):.3f}" for figure in FIGURES) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--formats", nargs="+", default=["docx", "doc", "pdf", "txt", "html"])
    parser.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md")
    arguments = parser.parse_args()
    text = table(arguments.shared, arguments.formats)
    print(text)
    if arguments.write:
        page = ROOT / "docs" / "accuracy.md"
        before, rest = page.read_text(encoding="utf-8").split(START)
        page.write_text(before + START + "\n" + text + "\n" + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
