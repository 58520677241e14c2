"""The job file of a crawl: what the application asks for, checked before anything is fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEFAULT_CONCURRENT_SOURCES = 8
DEFAULT_MAX_PAGES = 50
DEFAULT_MAX_SECONDS = 300.0


class JobError(ValueError):
    """The job cannot be run as written; the message says which field and why."""


@dataclass(frozen=True, slots=True)
class SourceJob:
    """One source to collect from.

    `validators` are the ETag and Last-Modified that each address answered with last time;
    `backfill` asks for everything, also what has not changed; `since` is how far back it is to
    go, and `open_requests` is where an earlier one stopped on its way. `secrets` are the values of
    the source's keys and tokens, `lacking` the references of those that did not come.
    """

    name: str
    kind: str
    url: str
    spool: Path
    stats: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    backfill: bool = False
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    lacking: tuple[str, ...] = ()
    since: datetime | None = None
    open_requests: tuple[Mapping[str, Any], ...] = ()

    @property
    def host(self) -> str:
        """Name of the server, in lower case; "" if the address has none."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""

    @property
    def max_pages(self) -> int:
        """How many pages may be asked for; `max_pages` in the options, 50 if not said."""
        return max(1, int(_number(self.options.get("max_pages"), DEFAULT_MAX_PAGES)))

    @property
    def max_seconds(self) -> float:
        """How long the crawl may take; `max_seconds` in the options, 300 if not said."""
        return max(0.1, _number(self.options.get("max_seconds"), DEFAULT_MAX_SECONDS))


@dataclass(frozen=True, slots=True)
class Job:
    """A batch of sources, crawled in one process."""

    user_agent: str
    sources: tuple[SourceJob, ...]
    concurrent_sources: int = DEFAULT_CONCURRENT_SOURCES
    settings: Mapping[str, Any] = field(default_factory=dict)
    allow_private: tuple[str, ...] = ()
    """Private hosts ("10.0.0.5", "intranet", "127.0.0.1:8000") that any source may fetch."""


def read_job(path: Path, secrets: Callable[[], str] = lambda: "") -> Job:
    """The job in a JSON file. Raises JobError for a missing user agent or a malformed file.

    Under a source's `secrets` the file has only their references (`env:HEUREKA_KEY`), for error
    messages. The values are read from `secrets`, one line of JSON by source and name, and only
    when the file speaks of any.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise JobError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise JobError(f"{path}: not JSON ({error})") from error
    if not isinstance(document, dict):
        raise JobError(f"{path}: not a JSON object")
    _refuse_unknown(document, Job, "job")
    agent = document.get("user_agent")
    if not isinstance(agent, str) or not agent.strip():
        raise JobError(
            "user_agent is missing: name your organisation and a contact address, so that the"
            " sites you read can reach you"
        )
    sources = document.get("sources")
    if not isinstance(sources, list):
        raise JobError("sources: a list is needed")
    has_secrets = any(isinstance(one, dict) and one.get("secrets") for one in sources)
    values = _values(secrets()) if has_secrets else {}
    concurrent = int(_number(document.get("concurrent_sources"), DEFAULT_CONCURRENT_SOURCES))
    return Job(
        user_agent=agent.strip(),
        sources=tuple(_source(one, f"sources[{i}]", values) for i, one in enumerate(sources)),
        concurrent_sources=max(1, concurrent),
        settings=document.get("settings") or {},
        allow_private=tuple(host.lower() for host in document.get("allow_private") or ()),
    )


def _values(line: str) -> Mapping[str, Mapping[str, str]]:
    """Secrets by source and name; none of them stands in an error."""
    try:
        values = json.loads(line or "{}")
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise JobError("secrets: the first line of the standard input is no JSON object")
    return values


def _source(document: Any, where: str, values: Mapping[str, Mapping[str, str]]) -> SourceJob:
    if not isinstance(document, dict):
        raise JobError(f"{where}: not an object")
    _refuse_unknown(document, SourceJob, where)
    for name in ("name", "kind", "url", "spool", "stats"):
        if not isinstance(document.get(name), str) or not document[name]:
            raise JobError(f"{where}.{name}: a text is needed")
    references = document.get("secrets") or {}
    given = values.get(document["name"], {})
    return SourceJob(
        name=document["name"],
        kind=document["kind"],
        url=document["url"],
        spool=Path(document["spool"]),
        stats=Path(document["stats"]),
        options=document.get("options") or {},
        language=document.get("language") or None,
        validators=document.get("validators") or {},
        backfill=bool(document.get("backfill")),
        secrets={name: given[name] for name in references if name in given},
        lacking=tuple(f"{name} ({references[name]})" for name in references if name not in given),
        since=_moment(document.get("since"), f"{where}.since"),
        open_requests=tuple(document.get("open_requests") or ()),
    )


def _refuse_unknown(document: dict[str, Any], shape: type[Any], where: str) -> None:
    known = {one.name for one in fields(shape)} - {"lacking"}
    unknown = sorted(set(document) - known)
    if unknown:
        raise JobError(f"{where}: unknown field {unknown[0]!r}")


def _moment(value: Any, where: str) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise JobError(f"{where}: no ISO-8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: Any, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return float(value)
