"""Command lines of other processes, and what a command leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHINA = ROOT / "rulesets" / "hdi" / "2021" / "cases" / "china.yaml"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


Guiju = Callable[..., Done]


def command(*args: str) -> list[str]:
    """The same command line for another process."""
    return [sys.executable, "-c", "from guiju.cli.main import run; run()", *args]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONUTF8": "1", **more}


def process(*args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args),
        env=environment(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
