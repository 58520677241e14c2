"""The command line: each command parses, calls one function, prints.

Commands are imported when they are called: `monitor --help` loads neither a model nor a spider.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path

import click

from monitor import __version__
from monitor.errors import MonitorError, UsageError

# Command -> (module, function, one line for --help). In the order in which a newcomer meets them.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("configure", "init", "Write a starter config.yaml."),
    "try": ("preview", "try_", "Show what a URL or file would give, storing nothing."),
    "add": ("configure", "add", "Add a source or channel to config.yaml: asks, tests, writes."),
    "kinds": ("configure", "kinds", "List every kind of source and channel, and what each needs."),
    "check": ("configure", "check", "Check the configuration: every fault with its YAML path."),
    "demo": ("demo", "demo", "Run the whole loop on the bundled sample sites, offline."),
    "collect": ("run", "collect", "Collect from sources now."),
    "import": ("mentions", "import_", "Import mentions: CSV, XLSX, JSON lines or a saved page."),
    "score": ("run", "score", "Score what the current model has not judged yet."),
    "classify": ("classify", "classify", "Label texts: lines in, JSON lines out."),
    "evaluate": ("classify", "evaluate", "Measure the model on labelled JSON lines."),
    "train": ("train", "train", "Adapt the model to labels of your own."),
    "models": ("train", "models", "List public checkpoints; probe one that is here."),
    "run-once": ("run", "run_once", "Run every stage once."),
    "run": ("run", "run", "Run on schedule until SIGTERM."),
    "status": ("status", "status", "Sources, backlog, outbox, last runs."),
    "trends": ("trends", "trends", "Week by week: counts, net sentiment, ratings."),
    "benchmark": ("trends", "benchmark", "Your brand beside its competitors."),
    "compare": (
        "compare",
        "compare",
        "Is a change real? Week against week, corrected for many rows.",
    ),
    "satisfaction": (
        "compare",
        "satisfaction",
        "Surveys beside reviews: where they agree and part.",
    ),
    "unsaid": ("compare", "unsaid", "What customers do not say: silences, missing waves, leavers."),
    "drivers": ("drivers", "drivers", "What moves the overall score, and what is worth improving."),
    "themes": ("themes", "themes", "What negatives are about, and what is new in it."),
    "search": ("mentions", "search", "Find mentions by words, in any inflected form."),
    "survey": ("surveys", "survey", "Import survey exports; NPS and stage scores by wave."),
    "metrics": (
        "metrics",
        "metrics",
        "Import your own figures: replies, complaints, orders, churn.",
    ),
    "targets": ("metrics", "targets", "Goals for measures, and how much of each is attained."),
    "alerts": ("alerts", "alerts", "List, acknowledge, resolve, silence alerts."),
    "digest": ("digest", "digest", "Write or send the weekly digest."),
    "serve": ("serve", "serve", "Serve the dashboard."),
    "export": ("store", "export", "Write the views as CSV or Parquet files."),
    "backup": ("store", "backup", "Copy the store while it is in use."),
    "erase": ("store", "erase", "Erase everything one author wrote."),
    "rebuild": ("store", "rebuild", "Count all rollups anew from the mentions."),
}


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(f"monitor.cli.{module}"), function)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="monitor")
@click.option(
    "-c",
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file (default: $MONITOR_CONFIG, else config.yaml).",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, debug: bool) -> None:
    """What people say about a brand: collected, scored, stored, alerted on, summed up.

    Start with `monitor demo`, or `monitor init` for a brand of your own.
    """
    ctx.obj = {"config": config, "debug": debug}


def main() -> None:
    """Exit codes: 0 done; 1 something failed and was reported; 2 wrong use or configuration."""
    debug = "--debug" in sys.argv
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away (`| head`): nothing to report
        sys.exit(1)
    except MonitorError as error:
        if debug:
            traceback.print_exc()
        click.echo(f"error: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except Exception as error:
        if debug:
            raise
        click.echo(
            f"error: {type(error).__name__}: {error} (run again with --debug for the traceback)",
            err=True,
        )
        sys.exit(1)
