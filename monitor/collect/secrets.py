"""Secrets of sources on their way to the crawl process: revealed late, hidden everywhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

from monitor.collect.targets import CrawlTarget


def revealed(targets: Sequence[CrawlTarget]) -> dict[str, dict[str, str]]:
    """Values of the secrets by source and name, without those that cannot be read."""
    found: dict[str, dict[str, str]] = {}
    for target in targets:
        for name, secret in target.secrets.items():
            with suppress(ValueError):
                found.setdefault(target.stored.name, {})[name] = secret.reveal()
    return found


def environment(targets: Sequence[CrawlTarget]) -> dict[str, str]:
    """Our environment without the variables that secrets are in: a crawl may run foreign code."""
    hidden = {secret.variable for target in targets for secret in target.secrets.values()}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def masked(text: str, secrets: Mapping[str, Mapping[str, str]]) -> str:
    """The text without the secrets, should a process that crashed have printed one."""
    for value in sorted((v for s in secrets.values() for v in s.values()), key=len, reverse=True):
        text = text.replace(value, "***")
    return text
