from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.settings import MEGABYTE, SettingError, Settings, cores


def test_defaults() -> None:
    settings = Settings.read({})
    assert settings == Settings(jobs=cores(), timeout=120, memory=1024 * MEGABYTE, output=Path("outputs"))
    assert settings.records == Path("outputs/records")


def test_the_environment_and_what_is_given_before_it() -> None:
    environment = {"DUBAN_JOBS": "3", "DUBAN_TIMEOUT": "1.5", "DUBAN_MEMORY": "64", "DUBAN_OUTPUT": "out"}
    assert Settings.read(environment) == Settings(3, 1.5, 64 * MEGABYTE, Path("out"))
    assert Settings.read(environment, jobs=5, timeout=9).jobs == 5


@pytest.mark.parametrize("name", ["DUBAN_JOBS", "DUBAN_TIMEOUT", "DUBAN_MEMORY"])
@pytest.mark.parametrize("value", ["many", "-1", "nan", "inf"])
def test_a_value_that_is_no_use_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        Settings.read({name: value})
