"""How long each source has been silent, beside its own rhythm: what status and the pages show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.alerts.quiet import MOST_DAYS, Silence, judge_silence
from monitor.alerts.rules import BLIND_STATES
from monitor.store import Store
from monitor.store.rhythms import rhythms

_COLUMNS = ("silence", "silent_days", "usual_days", "longest_days")


def silences(store: Store) -> dict[str, Silence]:
    """Source -> its present silence, for those that are collected on a schedule and answered."""
    return {rhythm.source: judge_silence(rhythm) for rhythm in rhythms(store, MOST_DAYS)}


def with_silence(row: Mapping[str, Any], known: Mapping[str, Silence]) -> dict[str, Any]:
    """A row of `source_health` with its silence in columns of their own.

    `silence` is a `SilenceWord`, or `blind`: of a source that does not answer nobody knows whether
    it is silent. All columns are None for one that is not collected on a schedule, or never gave.
    """
    silence = known.get(row["source"])
    if silence is None:
        return {**row, **dict.fromkeys(_COLUMNS)}
    is_blind = row["state"] in BLIND_STATES
    return {
        **row,
        "silence": "blind" if is_blind else silence.word,
        "silent_days": None if is_blind else silence.silent_days,
        "usual_days": None if silence.usual_days is None else round(silence.usual_days, 1),
        "longest_days": silence.longest_days,
    }
