"""The contestants of one run: those of this process, and peers in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from peer import Contestant, time_cases
from rules import HERE

Values = Mapping[str, Any]
PEERS = ("peer_zen.py", "peer_openfisca.py")


class Entry(ABC):
    """One contestant with its prepared cases. `exact` ones must have every value right to 1e-20."""

    exact: bool

    def __init__(self, name: str) -> None:
        self.name = name
        self.seconds: list[float] = []  # round by round

    @abstractmethod
    def time(self, first: int, last: int) -> float:
        """Seconds for the cases from `first` to before `last`."""

    @abstractmethod
    def values(self) -> Sequence[Values]:
        """The values of every case."""

    @abstractmethod
    def memory(self) -> float:
        """Peak memory of a process that runs this contestant, MB."""


class Local(Entry):
    """A contestant of this process."""

    exact = True

    def __init__(self, name: str, contestant: Contestant, cases: Sequence[Mapping[str, str]]) -> None:
        super().__init__(name)
        self.contestant = contestant
        self.prepared = [contestant.prepare(case) for case in cases]

    def time(self, first: int, last: int) -> float:
        return time_cases(self.contestant, self.prepared[first:last])

    def values(self) -> Sequence[Values]:
        return [self.contestant.values(self.contestant.run(case)) for case in self.prepared]

    def memory(self) -> float:
        command = [sys.executable, str(HERE / "run.py"), "--memory-of", self.name]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class Peer:
    """A peer's process: it runs cases of its contestants when asked."""

    def __init__(self, python: str, script: str, job: Path) -> None:
        command = [python, str(HERE / script), str(job), "--step"]
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet, text=True)
        self.hello = self._hear()
        self._last: dict[str, Any] | None = None

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("it ended; is its package installed there?")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def ask(self, name: str, first: int, last: int) -> float:
        assert self.process.stdin
        self.process.stdin.write(json.dumps([name, first, last]) + "\n")
        self.process.stdin.flush()
        return float(self._hear()["seconds"])

    def last(self) -> dict[str, Any]:
        """Values and memory; the process ends with them."""
        if self._last is None:
            assert self.process.stdin
            self.process.stdin.close()
            self._last = self._hear()
            self.process.wait()
        return self._last


class Remote(Entry):
    """A contestant of a peer's process."""

    exact = False

    def __init__(self, name: str, peer: Peer) -> None:
        super().__init__(name)
        self.peer = peer

    def time(self, first: int, last: int) -> float:
        return self.peer.ask(self.name, first, last)

    def values(self) -> Sequence[Values]:
        values: Sequence[Values] = self.peer.last()["values"][self.name]
        return values

    def memory(self) -> float:
        return float(self.peer.last()["memory"])


def remote_entries(python: str, job: Path) -> list[Entry]:
    """All peers that are installed for that Python."""
    entries: list[Entry] = []
    for script in PEERS:
        try:
            peer = Peer(python, script, job)
        except (OSError, RuntimeError) as error:
            print(f"left out: {script} ({error})", file=sys.stderr)
            continue
        print(f"{script}: {peer.hello['version']}")
        entries.extend(Remote(name, peer) for name in peer.hello["ready"])
    return entries
