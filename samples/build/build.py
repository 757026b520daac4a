"""Builds samples/NAME.docx, .pdf and .txt, of some other formats too, from samples/source/NAME.toml: ``make samples``.

python samples/build/build.py [FOLDER]    # into another folder than samples/
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import bundle
import docx_file
import ofd_file
import pdf
import sheet
import source
import text
import web

SAMPLES = Path(__file__).resolve().parent.parent
BUILDERS = {"docx": docx_file.build, "pdf": pdf.build, "txt": text.build}
#: Samples that exist in another format as well.
MORE = {
    "rugao-water-plans": {"ofd": ofd_file.build, "html": web.system, "zip": bundle.archive},
    "xuzhou-renewal-projects": {"ofd": ofd_file.build, "xlsx": sheet.xlsx, "csv": sheet.csv_text},
    "shaoxing-yuecheng-flood": {"html": web.old},
    "suzhou-anhui-market-plan": {"html": web.own},
    "hefei-service-priorities": {"mht": bundle.mht},
    "zhenjiang-culture-festival": {"eml": bundle.eml},
    "haining-river-volunteers": {"ofd": ofd_file.build},
}


def built() -> Iterator[tuple[str, bytes]]:
    """Every sample file with its bytes, which are the same at every build."""
    for path in sorted((SAMPLES / "source").glob("*.toml")):
        sample = source.read(path)
        for ending, build in {**BUILDERS, **MORE.get(sample.name, {})}.items():
            yield f"{sample.name}.{ending}", build(sample)


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else SAMPLES
    for name, data in built():
        (folder / name).write_bytes(data)
        print(f"{len(data):7} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
