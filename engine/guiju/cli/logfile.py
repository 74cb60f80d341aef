"""The log that a command is given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from guiju.cli.output import tell_findings

if TYPE_CHECKING:
    from guiju.cli.setting import Setting
    from guiju.record.log import Log


def log_in(setting: Setting, file: Path, head: str | None = None, key: bytes | None = None) -> Log | None:
    """The log in a file; None after telling what is wrong with it."""
    from guiju.diagnostics.finding import Found
    from guiju.places import shown
    from guiju.record.log import check, read_log

    found = Found()
    content = read_log(file, found)
    log = None if content is None else check(content, shown(file), found, head=head, key=key)
    tell_findings(found.findings, setting.lang)
    return log
