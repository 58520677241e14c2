"""The exceptions that cross a module border: who raises them, and what the caller does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MonitorError(Exception):
    """Something failed and can be said in one line: the command line prints it and exits 1."""


class UsageError(MonitorError):
    """The command was called wrongly (unknown source, unreadable file): exit 2."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a configuration: where (`sources[2].url`) and what to do about it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ConfigError(UsageError):
    """Raised by `config.load` with every fault found, never just the first: exit 2."""

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.file = file
        self.faults = tuple(faults)
        lines = [f"{file}: {len(self.faults)} fault(s)"]
        lines += [f"  {fault}" for fault in self.faults]
        super().__init__("\n".join(lines))


class CollectError(MonitorError):
    """The crawl process itself could not run; a source that fails is a state, not an error."""


class ModelError(MonitorError):
    """A model could not be opened or would give wrong labels; says what to change."""
