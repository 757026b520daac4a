"""What all tests share: the option that rewrites golden records."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write tests/golden anew from what is extracted now")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real notices beside the checkout, which not every machine has."""
    folder = ROOT.parent / "shared"
    if not (folder / "notices").is_dir():
        pytest.skip("needs the real notices in ../shared")
    return folder
