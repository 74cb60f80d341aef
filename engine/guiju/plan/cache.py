"""Plans kept between runs, under the fingerprint of everything they were made from. A changed file is another fingerprint.

Only the user's own cache folder is read (`GUIJU_CACHE` names another one, `GUIJU_CACHE=off` switches it off); a file that
cannot be read or is not ours is passed over and made again. `validate`, `test` and the Python interface never use it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import guiju
from guiju.places import home, shown
from guiju.plan.model import Plan
from guiju.ruleset import inherit, lock
from guiju.ruleset.load import files_of, fingerprint, table_path
from guiju.ruleset.model import Base

MOST_FILES = 64


def folder(environ: Mapping[str, str]) -> Path | None:
    """The cache folder, or None when it is switched off."""
    wish = environ.get("GUIJU_CACHE")
    if wish == "off":
        return None
    if wish:
        return Path(wish)
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guiju"


def key(ruleset_folder: Path, variant: str | None, pins: Mapping[str, str]) -> str:
    """What the plan depends on, besides external tables and the versions that are extended (checked when it is read)."""
    root_lock = ruleset_folder.resolve().parent.parent / lock.NAME
    parts = [
        guiju.__version__, _engine_stamp(), sys.implementation.cache_tag or "", shown(ruleset_folder), str(variant), repr(sorted(pins.items())),
        fingerprint(files_of(ruleset_folder), ruleset_folder), fingerprint([root_lock], root_lock.parent) if root_lock.is_file() else "",
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _engine_stamp() -> str:
    """Names, sizes and times of the engine's own files and schemas: an edited engine makes its plans anew."""
    package = Path(guiju.__file__).parent
    stats = []
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.yaml"), *(home() / "schemas").glob("*.json")]):
        stat = path.stat()
        stats.append(f"{path.name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(stats).encode()).hexdigest()


def read(name: str, ruleset_folder: Path, environ: Mapping[str, str]) -> Plan | None:
    """The plan kept under this key, or None."""
    place = folder(environ)
    if place is None:
        return None
    path = place / f"{name}.plan"
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            return None
        plan = pickle.loads(content[32:])  # noqa: S301  our own file: owner and digest checked
    except Exception:  # noqa: BLE001  whatever is wrong with the file: the plan is made again
        return None
    if not isinstance(plan, Plan):
        return None
    for pinned in plan.pinned.values():
        table, _, version = pinned.ref.partition("@")
        file = table_path(table, version, ruleset_folder)
        if not file.is_file() or fingerprint([file], file.parent) != pinned.fingerprint:
            return None
    return plan if _bases_stand(plan.ruleset.bases, ruleset_folder) else None


def _bases_stand(bases: Sequence[Base], ruleset_folder: Path) -> bool:
    """Whether the files of every version that is extended are still what they were."""
    last: Base | None = None
    for base in reversed(bases):
        home = inherit.folder_of(base.ref, ruleset_folder)
        if fingerprint(files_of(home), home, last) != base.fingerprint:
            return False
        last = base
    return True


def keep(name: str, plan: Plan, environ: Mapping[str, str]) -> None:
    """Write the plan under this key; a folder that cannot be written is no reason to fail."""
    place = folder(environ)
    if place is None:
        return
    _ = plan.program.records, plan.used, plan.formulas, plan.marked  # kept ready to run
    try:
        content = pickle.dumps(plan, protocol=5)
    except Exception:  # noqa: BLE001  a plan that cannot be kept is still a plan
        return
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(place)
        with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
            file.write(hashlib.sha256(content).digest() + content)
    except OSError:
        return
    try:
        Path(file.name).replace(place / f"{name}.plan")
    except OSError:
        Path(file.name).unlink(missing_ok=True)


def _sweep(place: Path) -> None:
    """The oldest plans make room."""
    kept = sorted(place.glob("*.plan"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_FILES:]:
        path.unlink(missing_ok=True)
