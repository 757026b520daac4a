"""LibreOffice as a way in for formats that nothing here reads by itself: converts to docx, in a place of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from extractors.readers.limits import Limits
from schemas.document import Document, SourceFile, Warning
from schemas.errors import SourceError

_SECONDS = 90
#: Where it stands if it is not on the search path.
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)
#: No macro runs in a document, whoever signed it, and nothing outside is fetched.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


@lru_cache(maxsize=1)
def program() -> str | None:
    """LibreOffice's program, or None where it is not installed; ``DUBAN_SOFFICE`` names another, empty for none."""
    stated = os.environ.get("DUBAN_SOFFICE")
    if stated is not None:
        return stated or None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def available() -> bool:
    """Whether LibreOffice can be asked."""
    return program() is not None


def read(source: SourceFile, limits: Limits, filter_name: str) -> Document:
    """A document that LibreOffice can open, by way of docx; a warning says so.

    Args:
        source: its bytes.
        limits: upper bounds.
        filter_name: LibreOffice's name of the format.

    Raises:
        SourceError: source.damaged, where it gives nothing, or not in time.
    """
    from extractors.readers import docx

    data = _converted(source, filter_name)
    made = SourceFile(name=source.name, format="docx", data=data, sha256=source.sha256)
    document = docx.read(made, limits)
    about = document.source.model_copy(update={"format": source.format, "bytes": len(source.data)})
    note = Warning(code="source.converted", message="文件由 LibreOffice 转换后读取，版式可能有出入；请对照原文核对")
    return document.model_copy(update={"source": about, "warnings": [note, *document.warnings]})


def _converted(source: SourceFile, filter_name: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="duban-") as folder:
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        original = Path(folder, f"original.{source.format}")
        original.write_bytes(source.data)
        command = [
            program() or "", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
            f"--infilter={filter_name}", "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(original),
        ]  # fmt: skip
        _run(command, folder)
        result = Path(folder, "original.docx")
        if result.is_file():
            return result.read_bytes()
    raise SourceError(
        "source.damaged", "文件打不开，用 LibreOffice 转换也没有成功", file=source.name,
        remedy="请用 Word 或 WPS 打开后另存为 docx 再放入",
    )  # fmt: skip


def _bound() -> None:
    """Ends a conversion that turns in circles even where the process that asked for it is gone."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS if hard == resource.RLIM_INFINITY else min(hard, _SECONDS), hard))


def _run(command: list[str], folder: str) -> None:
    """Runs to the end or for a while; its helpers, which stand in its session, end with it."""
    with suppress(OSError):
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=_bound if os.name == "posix" else None,
        )  # fmt: skip
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(OSError):
                if os.name == "posix":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
