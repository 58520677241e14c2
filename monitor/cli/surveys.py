"""`monitor survey import | report`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.common import as_json, console, print_json, print_table, rows_as_dicts, runtime
from monitor.errors import UsageError


@click.group()
def survey() -> None:
    """Import survey exports; NPS and stage scores by wave."""


@survey.command("import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--survey", "name", required=True, metavar="NAME", help="As named in config.yaml.")
@click.option("--sheet", help="Sheet of an XLSX file (default: the first).")
@as_json
@click.pass_context
def import_(
    ctx: click.Context, files: tuple[Path, ...], name: str, sheet: str | None, json_out: bool
) -> None:
    """Import answers from FILES (default: the files that config.yaml names for this survey).

    CSV and XLSX exports of SurveyMonkey, Qualtrics, Typeform, Google Forms, LimeSurvey. The latest
    answer of a respondent counts once a wave; importing a file again changes nothing.
    """
    from monitor import pipeline

    with runtime(ctx, secrets=False) as opened, opened.lock():
        found = files or _configured(opened.settings.survey(name).file, opened.settings.folder)
        results = []
        for file in found:
            done = pipeline.import_survey(opened, name, file, sheet)
            results.append(
                {
                    "file": file.name,
                    "rows": done.rows,
                    "new": done.new,
                    "changed": done.changed,
                    "unchanged": done.unchanged,
                    "superseded": done.superseded,
                    "rejects": done.rejects,
                    "waves": ", ".join(done.waves),
                }
            )
    if json_out:
        print_json(results)
    else:
        print_table("Imported", list(results[0]), [list(row.values()) for row in results])


@survey.command()
@as_json
@click.pass_context
def report(ctx: click.Context, json_out: bool) -> None:
    """NPS with its interval, CSAT, rates of answering and stage scores, wave by wave."""
    with runtime(ctx, secrets=False) as opened:
        waves = rows_as_dicts(
            opened.store.rows("SELECT * FROM nps_by_wave ORDER BY brand, survey, starts_on")
        )
        stages = rows_as_dicts(
            opened.store.rows(
                "SELECT su.name AS survey, w.name AS wave, s.stage, count(*) AS n,"
                " round(avg(s.score), 2) AS mean FROM survey_stage_scores s"
                " JOIN survey_responses r ON r.id = s.response_id"
                " JOIN survey_waves w ON w.id = r.wave_id JOIN surveys su ON su.id = w.survey_id"
                " GROUP BY w.id, s.stage ORDER BY su.name, w.starts_on, s.stage"
            )
        )
    if json_out:
        print_json({"waves": waves, "stages": stages})
        return
    columns = (
        "survey",
        "wave",
        "starts_on",
        "responses",
        "response_rate",
        "nps",
        "nps_low",
        "nps_high",
        "csat",
    )
    print_table("Waves", columns, [[row[c] for c in columns] for row in waves])
    print_table(
        "Stages (1-5)",
        ("survey", "wave", "stage", "n", "mean"),
        [list(row.values()) for row in stages],
    )
    if waves:
        console.print("intervals: 95 %, adjusted Wald; see docs/measures.md")


def _configured(pattern: Path | None, folder: Path) -> list[Path]:
    if pattern is None:
        raise UsageError("name the files to import, or set `file` of the survey in config.yaml")
    found = sorted(folder.glob(str(pattern))) if not pattern.is_absolute() else [pattern]
    if not found:
        raise UsageError(f"no file matches {pattern}")
    return found
