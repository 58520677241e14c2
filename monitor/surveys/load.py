"""A survey's file into the store: read, placed in waves, kept; what cannot be used is a reject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.records import Reject, SurveyResponse
from monitor.store import Store
from monitor.store import sources as source_store
from monitor.store import surveys as survey_store
from monitor.store.surveys import Wave
from monitor.surveys.importers import Reading, read_responses, read_survey
from monitor.surveys.mapping import SurveyMapping, guess_mapping, resolve
from monitor.surveys.waves import Rule, place


@dataclass(frozen=True, slots=True)
class LoadedSurvey:
    """What became of the rows of a file; rows = new + changed + unchanged + the rest."""

    rows: int
    new: int
    changed: int
    unchanged: int
    superseded: int
    erased: int
    rejects: int
    waves: tuple[str, ...]
    mapping: SurveyMapping
    """As given, or as guessed: shown, so that a wrong guess is seen."""


def load_survey(
    store: Store,
    name: str,
    brand: str,
    path: Path,
    waves: Sequence[Wave] | Rule,
    pseudonym: Callable[[str], str],
    reading: Reading,
    mapping: SurveyMapping | None = None,
    sheet: str | None = None,
) -> LoadedSurvey:
    """Stores the answers of one file; importing it again changes nothing.

    An answer outside every given wave becomes a reject. One transaction for the whole file.
    """
    table = read_survey(path, sheet)
    chosen = guess_mapping(table) if mapping is None else resolve(mapping, table)
    lines = list(read_responses(table, chosen, reading))
    responses = [line for line in lines if isinstance(line, SurveyResponse)]
    rejects = [line for line in lines if isinstance(line, Reject)]
    placed = place(responses, waves, reading.timezone)
    rejects += [
        Reject(name, "answered outside of every wave", f"{path.name}, {r.answered_at:%Y-%m-%d}")
        for r in placed.outside
    ]
    counts = {"new": 0, "changed": 0, "unchanged": 0, "superseded": 0, "erased": 0}
    with store.write():
        for wave, answers in placed.waves.items():
            saved = survey_store.save(store, name, brand, wave, answers, pseudonym)
            for key in counts:
                counts[key] += getattr(saved, key)
        source_store.keep_rejects(store, rejects, reading.now)
    return LoadedSurvey(
        rows=len(lines),
        **counts,
        rejects=len(rejects),
        waves=tuple(wave.name for wave in placed.waves),
        mapping=chosen,
    )
