"""What all tests share: the option with which golden files take over what comes out."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="golden files take over what comes out; read git diff after")
