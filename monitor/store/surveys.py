"""Surveys, their waves and answers: importing a file twice, or a longer one later, does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from sqlite3 import Connection

from monitor.errors import UsageError
from monitor.records import SurveyResponse
from monitor.store.connection import Store
from monitor.store.times import to_text

_COLUMNS = "answered_at, nps, csat, ces, segment, location, language, comment"


@dataclass(frozen=True, slots=True)
class Wave:
    """One repetition; both days are included and counted in the brand's zone."""

    name: str
    starts_on: date
    ends_on: date
    invited: int | None = None
    """How many were asked; None where that is not known."""


@dataclass(frozen=True, slots=True)
class SavedResponses:
    """What became of the answers of one wave; the five counts add up to the rows given."""

    new: int
    changed: int
    unchanged: int
    superseded: int
    """Not the latest answer of their respondent in this wave: not kept."""
    erased: int
    """Of respondents who asked to be forgotten: not taken in again."""


def save(
    store: Store,
    survey_name: str,
    brand: str,
    wave: Wave,
    responses: Iterable[SurveyResponse],
    pseudonym: Callable[[str], str],
) -> SavedResponses:
    """Keeps the latest answer of each respondent in the wave; one transaction, idempotent.

    `pseudonym` turns a respondent's id into what is stored. Survey and wave are made, or brought
    up to date, as named. Raises `UsageError` for a brand that is not in the store.
    """
    given = list(responses)
    # The later in the file counts where two answers came at the same moment.
    kept = {r.respondent: r for r in sorted(given, key=lambda r: r.answered_at)}
    counts = {"new": 0, "changed": 0, "unchanged": 0, "superseded": len(given) - len(kept)}
    erased = 0
    with store.write() as conn:
        wave_id = _wave(conn, _survey(conn, survey_name, brand), wave)
        forgotten = {
            key for (key,) in conn.execute("SELECT key FROM tombstones WHERE kind = 'author'")
        }
        stored = _stored(conn, wave_id)
        for response in kept.values():
            name = pseudonym(response.respondent)
            if name in forgotten:
                erased += 1
                continue
            row = _row(response)
            stages = dict(response.stages)
            if name not in stored:
                response_id = _insert(conn, wave_id, name, row)
                outcome = "new"
            else:
                response_id, old_row, old_stages = stored[name]
                outcome = _outcome(row, stages, old_row, old_stages)
            counts[outcome] += 1
            if outcome == "changed":
                _update(conn, response_id, row)
            if outcome in ("new", "changed"):
                _set_stages(conn, response_id, stages)
            stored[name] = (response_id, row, stages)
    return SavedResponses(**counts, erased=erased)


Stored = tuple[object, ...]


def _row(response: SurveyResponse) -> Stored:
    """The values of `_COLUMNS`."""
    return (
        to_text(response.answered_at),
        response.nps,
        response.csat,
        response.ces,
        response.segment,
        response.location,
        response.language,
        response.comment,
    )


def _outcome(
    row: Stored, stages: dict[str, float], old_row: Stored, old_stages: dict[str, float]
) -> str:
    if str(row[0]) < str(old_row[0]):
        return "superseded"
    return "unchanged" if (row, stages) == (old_row, old_stages) else "changed"


def _survey(conn: Connection, name: str, brand: str) -> int:
    found = conn.execute("SELECT id FROM brands WHERE name = ?", (brand,)).fetchone()
    if found is None:
        raise UsageError(f"survey {name}: there is no brand {brand!r} in the configuration")
    (survey_id,) = conn.execute(
        "INSERT INTO surveys (name, brand_id) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET brand_id = excluded.brand_id RETURNING id",
        (name, found[0]),
    ).fetchone()
    return int(survey_id)


def _wave(conn: Connection, survey_id: int, wave: Wave) -> int:
    # Who was invited may come from the configuration alone: an import without it keeps it.
    (wave_id,) = conn.execute(
        "INSERT INTO survey_waves (survey_id, name, starts_on, ends_on, invited)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (survey_id, name) DO UPDATE SET"
        " starts_on = excluded.starts_on, ends_on = excluded.ends_on,"
        " invited = coalesce(excluded.invited, invited) RETURNING id",
        (survey_id, wave.name, wave.starts_on.isoformat(), wave.ends_on.isoformat(), wave.invited),
    ).fetchone()
    return int(wave_id)


def _stored(conn: Connection, wave_id: int) -> dict[str, tuple[int, Stored, dict[str, float]]]:
    """Respondent -> (id, values of `_COLUMNS`, stage scores) of a wave."""
    stages: dict[int, dict[str, float]] = {}
    for response_id, stage, score in conn.execute(
        "SELECT s.response_id, s.stage, s.score FROM survey_stage_scores s"
        " JOIN survey_responses r ON r.id = s.response_id WHERE r.wave_id = ?",
        (wave_id,),
    ):
        stages.setdefault(response_id, {})[stage] = score
    rows = conn.execute(
        f"SELECT id, respondent, {_COLUMNS} FROM survey_responses WHERE wave_id = ?", (wave_id,)
    )
    return {row[1]: (row[0], tuple(row)[2:], stages.get(row[0], {})) for row in rows}


def _insert(conn: Connection, wave_id: int, respondent: str, row: Stored) -> int:
    marks = ", ".join("?" * (len(row) + 2))
    (response_id,) = conn.execute(
        f"INSERT INTO survey_responses (wave_id, respondent, {_COLUMNS}) VALUES ({marks})"
        " RETURNING id",
        (wave_id, respondent, *row),
    ).fetchone()
    return int(response_id)


def _update(conn: Connection, response_id: int, row: Stored) -> None:
    assignments = ", ".join(f"{column} = ?" for column in _COLUMNS.split(", "))
    conn.execute(f"UPDATE survey_responses SET {assignments} WHERE id = ?", (*row, response_id))


def _set_stages(conn: Connection, response_id: int, stages: dict[str, float]) -> None:
    conn.execute("DELETE FROM survey_stage_scores WHERE response_id = ?", (response_id,))
    conn.executemany(
        "INSERT INTO survey_stage_scores (response_id, stage, score) VALUES (?, ?, ?)",
        [(response_id, stage, score) for stage, score in stages.items()],
    )
