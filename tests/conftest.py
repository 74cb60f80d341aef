"""What all tests share: the option with which golden files take over what comes out, and no cache of the user's."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="golden files take over what comes out; read git diff after")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds (builds a wheel, starts processes)")


@pytest.fixture(autouse=True)
def no_cache_of_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own cache; the tests of the cache name their own folder."""
    monkeypatch.setenv("GUIJU_CACHE", "off")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--accept"))
