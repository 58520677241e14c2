"""`monitor init | add | kinds | check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from monitor.cli.common import as_json, console, print_block, print_json
from monitor.config import Settings
from monitor.errors import ConfigError, UsageError
from monitor.kinds import CHANNEL_KINDS, SOURCE_KINDS, Kind, SecretNeed


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Write a commented starter config.yaml into FOLDER (default: here)."""
    from monitor.config_edit import starter

    path = starter(folder)
    click.echo(f"wrote {path}; next: put your brand into it, then `monitor add reviews_page`")


@click.command()
@as_json
def kinds(json_out: bool) -> None:
    """List every kind of source and channel: what it needs, what it gives, its secrets."""
    if json_out:
        print_json(
            {
                "sources": [_kind_dict(k) for k in SOURCE_KINDS.values()],
                "channels": [_kind_dict(k) for k in CHANNEL_KINDS.values()],
            }
        )
        return
    for title, found in (("Sources", SOURCE_KINDS), ("Alert channels", CHANNEL_KINDS)):
        console.rule(title, align="left", style="dim")
        for kind in found.values():
            print_block(
                f"{kind.name}: {kind.what}",
                f"needs {kind.needs}; gives {kind.gives}",
                f"address {kind.example_url}" if kind.example_url else None,
                *(f"secret {name}: {_need(need)}" for name, need in kind.secrets.items()),
                f"secrets {kind.any_secret}" if kind.any_secret else None,
                *(f"option {key}: {option.help}" for key, option in kind.options.items()),
            )
    console.print("options of a source: docs/config.md; add one with `monitor add KIND`")


@click.command()
@click.option("--network", is_flag=True, help="Also fetch one page from each source.")
@as_json
@click.pass_context
def check(ctx: click.Context, network: bool, json_out: bool) -> None:
    """Check the configuration: every fault at once, with its YAML path.

    With --network each enabled source is tried too; nothing is stored.
    """
    from monitor.config import load

    try:
        settings = load(ctx.find_root().obj["config"])
    except ConfigError as error:
        if not json_out:
            raise
        print_json([{"path": fault.path, "message": fault.message} for fault in error.faults])
        ctx.exit(2)
    states = _try_sources(settings) if network else {}
    if json_out:
        print_json([{"path": path, "message": state} for path, state in states.items()])
    else:
        click.echo(
            f"{settings.path}: no faults; {len(settings.brands)} brands,"
            f" {len(settings.sources)} sources, {len(settings.alerts.rules)} rules,"
            f" {len(settings.digest.recipients)} digest recipients"
        )
        for path, state in states.items():
            click.echo(f"{path}: {state}")
    if any(state.split(":")[0] not in ("ok", "partial") for state in states.values()):
        ctx.exit(1)


@click.command()
@click.argument("kind", type=click.Choice([*SOURCE_KINDS, *CHANNEL_KINDS]))
@click.argument("name", required=False)
@click.option("--url", help="Where to collect from.")
@click.option("--brand", help="Whom it is about.")
@click.option("--language", type=click.Choice(["ru", "cs", "fa", "en"]), help="If always the same.")
@click.option("--every", help="How often, e.g. 30m, 1h, 1d.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="An option of KIND.")
@click.option(
    "--secret",
    "references",
    multiple=True,
    metavar="[SECRET=]env:NAME|file:PATH",
    help="A secret of KIND, by reference; a channel has one, its address.",
)
@click.option("--no-test", is_flag=True, help="Write it without trying it first.")
@click.pass_context
def add(
    ctx: click.Context,
    kind: str,
    name: str | None,
    url: str | None,
    brand: str | None,
    language: str | None,
    every: str | None,
    options: tuple[str, ...],
    references: tuple[str, ...],
    no_test: bool,
) -> None:
    """Add a source or channel of KIND to config.yaml: asks what is not given, tests it, writes it.

    Comments and order of the file are kept; nothing is written when the test fails.
    """
    from monitor.config import load

    settings = load(ctx.find_root().obj["config"], secrets=False)
    if kind in SOURCE_KINDS:
        _add_source(
            settings,
            SOURCE_KINDS[kind],
            name,
            url,
            brand,
            language,
            every,
            options,
            references,
            no_test,
        )
    else:
        _add_channel(settings, CHANNEL_KINDS[kind], name, references, no_test)


def _add_source(
    settings: Settings,
    kind: Kind,
    name: str | None,
    url: str | None,
    brand: str | None,
    language: str | None,
    every: str | None,
    options: tuple[str, ...],
    references: tuple[str, ...],
    no_test: bool,
) -> None:
    from monitor.config_edit import add_source

    click.echo(f"{kind.what}. Needs: {kind.needs}.")
    if kind.terms:
        click.echo(kind.terms)
    brands = [b.name for b in settings.brands]
    if kind.takes_url:
        url = url or click.prompt(f"Address (like {kind.example_url})")
    brand = brand or (
        brands[0]
        if len(brands) == 1
        else click.prompt("Brand", type=click.Choice(brands), default=brands[0])
    )
    name = name or click.prompt("Name", default=f"{brand.lower()}-{kind.name.replace('_', '-')}")
    source: dict[str, Any] = {"name": name, "kind": kind.name, "brand": brand}
    if url:
        source |= {"url": url, "every": every or click.prompt("How often", default="1h")}
    if language:
        source["language"] = language
    if options:
        source["options"] = _options(kind, options)
    if kind.secrets or references:
        source["secrets"] = _secrets(kind, references)
    if url and not no_test:
        _test_source(settings, source)
    add_source(settings.path, source)
    click.echo(f"added source {name} to {settings.path}")


def _options(kind: Kind, pairs: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or key not in kind.options:
            known = ", ".join(kind.options) or "none"
            raise UsageError(f"--option {pair}: write KEY=VALUE; {kind.name} takes: {known}")
        match kind.options[key].value:
            case "number":
                found[key] = int(value) if value.isdigit() else value
            case "flag":
                found[key] = value.lower() in ("1", "true", "yes", "on")
            case "list":
                found[key] = [part.strip() for part in value.split(",")]
            case _:
                found[key] = value
    return found


def _secrets(kind: Kind, references: tuple[str, ...]) -> dict[str, str]:
    """References by the names of a kind's secrets: as given, asked for where one is required."""
    found: dict[str, str] = {}
    for reference in references:
        name, separator, rest = reference.partition("=")
        is_named = bool(separator) and (name in kind.secrets or bool(kind.any_secret))
        if not is_named and len(kind.secrets) != 1:
            known = ", ".join(kind.secrets) or kind.any_secret or "none"
            raise UsageError(f"--secret: write SECRET=env:NAME; {kind.name} has: {known}")
        found[name if is_named else next(iter(kind.secrets))] = rest if is_named else reference
    is_complete = any(set(one) <= set(found) for one in kind.secret_sets)
    wanted = () if is_complete or not kind.secret_sets else kind.secret_sets[0]
    for name, need in kind.secrets.items():
        if (need.required or name in wanted) and name not in found:
            click.echo(f"Secret {name}: {need}.")
            found[name] = click.prompt(
                "Where it is kept (env:NAME or file:PATH)",
                default=f"env:{kind.name.upper()}_{name.upper()}",
            )
    return found


def _test_source(settings: Settings, source: dict[str, Any]) -> None:
    from monitor.collect import CrawlSettings, CrawlTarget, preview
    from monitor.config import Secret
    from monitor.normalise import SourceContext
    from monitor.store.sources import StoredSource

    stored = StoredSource(
        0, source["name"], source["brand"], source["kind"], source.get("language"), "UTC", None
    )
    context = SourceContext(
        source=source["name"],
        kind=None,
        language=None,
        timezone="UTC",
        pseudonym_key=os.urandom(16),
        authors="drop",
    )
    options = {**source.get("options", {}), "max_pages": 1}
    references = source.get("secrets", {})
    try:
        secrets = {name: Secret(one, settings.folder) for name, one in references.items()}
    except ValueError as error:
        raise UsageError(f"{source['name']}: a secret {error}") from error
    found = preview(
        CrawlTarget(stored, source["url"], options, context, secrets),
        CrawlSettings(settings.operator.user_agent, 1, 60, {"DOWNLOAD_DELAY": 0}),
    )
    items = found.items
    console.print(f"test: {found.state}, {len(items)} items on the first page")
    if not items:
        raise UsageError(
            f"{source['url']} gave no items ({found.state}); check the address with `monitor try`,"
            " or add it as it is with --no-test"
        )
    sample = " ".join((items[0].title or items[0].text).split())[:80]
    click.echo(f"first: {sample}")


def _add_channel(
    settings: Settings, kind: Kind, name: str | None, references: tuple[str, ...], no_test: bool
) -> None:
    from monitor.alerts.deliver import DeliveryError, apprise_sender
    from monitor.alerts.messages import Message
    from monitor.config import Secret
    from monitor.config_edit import add_channel

    click.echo(f"{kind.what}. Address: {kind.example_url}. Secret in it: {kind.secrets['url']}.")
    name = name or click.prompt("Name", default=kind.name)
    reference = (
        references[-1]
        if references
        else click.prompt(
            "Where its address is kept (env:NAME or file:PATH)",
            default=f"env:{name.upper().replace('-', '_')}_URL",
        )
    )
    try:
        found = Secret(reference, settings.folder)
        if not no_test:
            message = Message("Test from the monitor", "This channel is about to be added.")
            apprise_sender(found.reveal)(message)
            console.print("test: the message was taken")
    except (ValueError, DeliveryError) as error:
        raise UsageError(f"{name}: {error} (or add it as it is with --no-test)") from error
    add_channel(settings.path, {"name": name, "url": reference})
    click.echo(f"added channel {name}; name it under `to:` of a rule")


def _try_sources(settings: Settings) -> dict[str, str]:
    from monitor.collect import preview
    from monitor.runtime import Runtime

    states = {}
    with Runtime(settings) as opened:
        for index, source in enumerate(settings.sources):
            if source.enabled and source.url is not None:
                (target,) = opened.targets([source.name])
                found = preview(target, opened.crawl_settings)
                said = f"{found.state}: {source.name}, {len(found.items)} items"
                unwanted = f", {len(found.left_out)} left out" if found.left_out else ""
                states[f"sources[{index}]"] = said + unwanted
    return states


def _need(need: SecretNeed) -> str:
    return str(need) if need.required else f"{need} (optional)"


def _kind_dict(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "what": kind.what,
        "needs": kind.needs,
        "gives": kind.gives,
        "address": kind.example_url,
        "secrets": {name: _need(need) for name, need in kind.secrets.items()},
        "own_secrets": kind.any_secret or None,
        "options": {key: option.help for key, option in kind.options.items()},
    }
