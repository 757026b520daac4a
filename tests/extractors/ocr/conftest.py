"""Tests of recognition are skipped, and say so, where the extra is not installed."""

from __future__ import annotations

import pytest

from extractors.ocr import installed


@pytest.fixture
def recogniser() -> None:
    """Asks for the extra."""
    if not installed():
        pytest.skip('recognition is not installed: pip install "duban[ocr]"')
