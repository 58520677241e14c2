"""What is known of one kind of source or channel, and of each option it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

_NO_OPTIONS: Mapping[str, Option] = MappingProxyType({})
_NO_SECRETS: Mapping[str, SecretNeed] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Option:
    """One key under a source's `options`: what it is for and what may stand there."""

    help: str
    value: Literal[
        "text", "number", "flag", "list", "address", "pattern", "selector", "expression", "mapping"
    ] = "text"
    choices: tuple[str, ...] = ()
    """The only texts that may stand there; empty: any."""
    of: Literal["text", "pattern", "selector", "expression", "header", "parameter"] = "text"
    """For a mapping: what stands beside each of its keys."""
    keys: tuple[str, ...] = ()
    """For a mapping: its only keys; one that ends in a dot takes any name after it. Empty: any."""
    required: bool = False
    """A source of this kind makes no sense without it."""
    takes_secrets: bool = False
    """For a mapping: its texts may name secrets of the source, `{secrets.NAME}`."""

    def __str__(self) -> str:
        return self.help


@dataclass(frozen=True, slots=True)
class SecretNeed:
    """One secret of a source (under its `secrets`) or of a channel: what it is, where to get it."""

    help: str
    required: bool = True

    def __str__(self) -> str:
        return self.help


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source or channel, as a user chooses it."""

    name: str
    what: str
    needs: str
    gives: str
    example_url: str | None
    """The shape of its address; None: it has none."""
    secrets: Mapping[str, SecretNeed] = field(default_factory=lambda: _NO_SECRETS)
    """Its secrets by name. A channel has one, its `url`."""
    secret_sets: tuple[tuple[str, ...], ...] = ()
    """Names of secrets that go together; one of these sets is needed, the first is the best."""
    any_secret: str = ""
    """What secrets with names of one's own are for; empty: it takes none but its `secrets`."""
    options: Mapping[str, Option] = field(default_factory=lambda: _NO_OPTIONS)
    terms: str = ""
    """What the user must see to before switching it on."""
    searches: str = ""
    """A pattern of the addresses that are a search by words (`.` for all): what such a source
    gives is kept only if it is about the brand. Empty: the kind reads a place, not a search."""

    @property
    def takes_url(self) -> bool:
        return self.example_url is not None

    def wants_relevance(self, url: str | None, options: Mapping[str, Any]) -> bool:
        """Whether only mentions of the brand are kept: as option `relevance` says, else when the
        source searches, by its address or by an option `query`."""
        said = options.get("relevance")
        if isinstance(said, bool):
            return said
        is_search = bool(self.searches and url and re.search(self.searches, url))
        return is_search or bool(self.searches and options.get("query"))


COMMON_OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "relevance": Option(
            "true keeps only what is about the brand, false keeps everything; if not said, a search"
            " is checked and a place is not",
            "flag",
        )
    }
)
"""Options that a source of any kind takes."""


def by_name(*kinds: Kind) -> Mapping[str, Kind]:
    return MappingProxyType({kind.name: kind for kind in kinds})
