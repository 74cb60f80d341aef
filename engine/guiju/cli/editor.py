"""The first line of a YAML file, which tells an editor the schema to check it against."""

from __future__ import annotations

import os
from pathlib import Path

HEAD = "# yaml-language-server: $schema="


def schemas_from(folder: Path) -> str:
    """The folder of the schemas as seen from a folder; its address where there is no way."""
    from guiju.places import schema_file

    schemas = schema_file("ruleset-1").parent
    try:
        return Path(os.path.relpath(schemas, folder.resolve())).as_posix()
    except ValueError:  # another drive
        return schemas.as_uri()


def moved(text: str, folder: Path) -> str:
    """A file's text with its first line right for another folder."""
    head, _, rest = text.partition("\n")
    if not head.startswith(HEAD):
        return text
    return f"{HEAD}{schemas_from(folder)}/{head.rpartition('/')[2]}\n{rest}"
