"""The wheel: everything that a run needs is in it, nothing of the tests, and it runs from where it was unpacked."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from shipped import TESTS

ROOT = TESTS.parent
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("hatchling") is None or importlib.util.find_spec("pip") is None,
        reason="hatchling and pip build the wheel",
    ),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-q",
        "-w",
        str(folder),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  pip, on this project
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def shipped_files() -> set[str]:
    """What has to be in the wheel, by its path in the project and there."""
    engine = ROOT / "engine"
    wanted = {
        path.relative_to(engine).as_posix()
        for pattern in ("*.py", "*.yaml", "*.json")
        for path in (engine / "guiju").rglob(pattern)
        if "_data" not in path.parts
    }
    for folder in ("rulesets", "schemas", "reports"):
        wanted |= {
            f"guiju/_data/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
    return wanted


def test_everything_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    assert shipped_files() - names == set()
    for file in (
        "rulesets/hdi/2021/ruleset.yaml",
        "rulesets/lock.yaml",
        "schemas/ruleset-1.schema.json",
        "schemas/case-1.schema.json",
    ):
        assert f"guiju/_data/{file}" in names
    assert {
        "guiju/formula/units.yaml",
        "guiju/formula/functions/scoring.yaml",
        "guiju/diagnostics/messages/formula.yaml",
    } <= names


def test_nothing_else_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and ".dist-info/" not in name]
    assert set(names) - shipped_files() <= {"guiju/py.typed"}
    assert len(names) == len(set(names)), "no file twice"
    assert not [
        name
        for name in names
        if name.startswith(("tests", "benchmarks", "docs")) or "__pycache__" in name or name.endswith(".pyc")
    ]


def test_it_says_what_the_project_says(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/METADATA")
        ]
        (entries,) = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt")
        ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Version: {project['version']}\n" in metadata
    assert "guiju = guiju." in entries
    assert "License-Expression: Apache-2.0" in metadata
    from guiju import __version__

    assert project["version"] == __version__


def test_it_runs_from_where_it_was_unpacked(unpacked: Path, tmp_path: Path) -> None:
    """No checkout around: the data is found inside the package."""
    script = (
        "import guiju, guiju.places as places\n"
        "from pathlib import Path\n"
        "assert str(places.home()).startswith(str(Path(guiju.__file__).parent)), places.home()\n"
        "ruleset = guiju.load('hdi@2021')\n"
        "result = guiju.evaluate(guiju.prepare(ruleset), places.home() / 'rulesets/hdi/2021/cases/china.yaml')\n"
        "print(result.grade)\n"
    )
    libraries = [path for path in sys.path if "site-packages" in path]
    surroundings = {"PYTHONPATH": ":".join([str(unpacked), *libraries]), "GUIJU_CACHE": "off", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )  # noqa: S603  our own script
    assert done.stdout == "high\n", done.stderr
