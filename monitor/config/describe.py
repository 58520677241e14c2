"""The JSON schema that editors complete config.yaml with, and the reference page of its keys.

Both are made of the models' descriptions and of `monitor.kinds`; a test fails when the files in
the repository are not current. `python -m monitor.config.describe` in the repository's root
writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.config.settings import Settings
from monitor.config.shape import item_type, models_of
from monitor.config.values import format_duration
from monitor.kinds import CHANNEL_KINDS, COMMON_OPTIONS, SOURCE_KINDS, Kind

SCHEMA_FILE = Path("monitor/config.schema.json")
DOCS_FILE = Path("docs/config.md")

_INTRO = """\
# Configuration

<!-- Made by `python -m monitor.config.describe`; change the descriptions in monitor/config/. -->

Everything is configured in one YAML 1.2 file. A command reads the file that it is given, else the
one that the environment variable `MONITOR_CONFIG` names, else `config.yaml` in the working folder.
`monitor init` writes a commented example, `monitor add` adds a source or channel and keeps your
comments, `monitor check` lists every fault at once, each with its place and line:

    config.yaml: 2 fault(s)
      sources[2].url: is required, such as https://reviews.example.com/zelvano (line 41)
      alerts.rules[0].to[0]: unknown channel 'rp'; did you mean 'pr'? (line 70)

Paths are relative to the folder of the file. An unknown key is a fault, so that a misspelt one
cannot go unnoticed; so is a key that stands twice. Editors that speak the YAML language server
complete and check the file when its first line names `config.schema.json`, which comes with the
package.

## Secrets

A secret never stands in the file; the file says where it is:

- `env:NAME`: in the environment variable `NAME`;
- `file:PATH`: in a file (its text, without spaces and line ends around it).

A secret that is not there is a fault that names what to set. Secrets are read when they are needed
and are never shown or logged.

## Overrides from the environment

A variable that starts with `MONITOR_` overrides one key; `__` stands between the levels:
`MONITOR_STORE=/data/monitor.db`, `MONITOR_DIGEST__SMTP__HOST=mail`. Lists are replaced whole and
written as JSON: `MONITOR_OPERATOR__CHANNELS='["ops"]'`. A variable that fits no key is a fault,
unless the file refers to it as a secret.
"""


def schema_text() -> str:
    """The JSON schema (draft 2020-12) of config.yaml, as the text of its file."""
    schema = Settings.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    # What the models cannot tell by themselves: the short form of `model`, and the kinds.
    model = schema["properties"]["model"]
    schema["properties"]["model"] = {
        "anyOf": [{"type": "string"}, {"$ref": model["$ref"]}],
        "description": model["description"],
    }
    source = schema["$defs"]["Source"]["properties"]
    source["kind"]["enum"] = list(SOURCE_KINDS)
    options = {k: str(o) for kind in SOURCE_KINDS.values() for k, o in kind.options.items()}
    options |= {k: str(o) for k, o in COMMON_OPTIONS.items()}
    source["options"]["properties"] = {key: {"description": text} for key, text in options.items()}
    reference = source["secrets"]["additionalProperties"]
    source["secrets"]["properties"] = {
        name: {**reference, "description": str(need)}
        for kind in SOURCE_KINDS.values()
        for name, need in kind.secrets.items()
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def docs_text() -> str:
    """The reference page in Markdown: every key with its type, default and meaning."""
    schema = Settings.model_json_schema()
    pages = [_INTRO]
    for path, model in sections(Settings):
        pages.append(_section(path, model, schema["$defs"].get(model.__name__, schema)))
    pages.append(_kinds("Kinds of source", SOURCE_KINDS))
    pages.append(_kinds("Kinds of alert channel", CHANNEL_KINDS))
    return "\n".join(pages)


def write(root: Path) -> None:
    """Writes both files below the repository's root."""
    (root / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
    (root / DOCS_FILE).write_text(docs_text(), encoding="utf-8")


def sections(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Every model with the path of its keys, depth first: `digest.smtp`, `alerts.rules[]`."""
    yield path, model
    for name, field in model.model_fields.items():
        below = f"{path}.{name}" if path else name
        item = item_type(field.annotation)
        for one in models_of(field.annotation if item is None else item):
            yield from sections(one, below if item is None else below + "[]")


def _section(path: str, model: type[BaseModel], schema: Mapping[str, Any]) -> str:
    title = f"`{path}`" if path else "The file"
    tag = schema["properties"].get("when", {}).get("const")
    lines = [f"## {title}" + (f" with `when: {tag}`" if tag else ""), ""]
    if path:
        lines += [" ".join((model.__doc__ or "").split()), ""]
    lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        value = _type_text(schema["properties"][name])
        if field.is_required():
            default = "required"
        else:
            default = _default_text(field.get_default(call_default_factory=True))
        lines.append(f"| `{name}` | {value} | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _type_text(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return _type_text(next(one for one in schema["anyOf"] if one.get("type") != "null"))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list: {_type_text(schema['items'])}"
    if "$ref" in schema or "oneOf" in schema:
        return "keys below"
    if schema.get("type") == "object":
        below = schema.get("additionalProperties")
        is_secret = isinstance(below, dict) and _type_text(below) == "secret"
        return "names with secrets" if is_secret else "keys with values"
    if schema.get("type") in ("integer", "number"):
        return ("whole number" if schema["type"] == "integer" else "number") + _limits(schema)
    if schema.get("type") == "boolean":
        return "`true`, `false`"
    pattern = schema.get("pattern", "")
    if "env:" in pattern:
        return "secret"
    return {"path": "path", "date": "date"}.get(schema.get("format", ""), "text")


def _limits(schema: Mapping[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits = [f"{sign} {schema[key]:g}" for key, sign in signs.items() if key in schema]
    return f" ({', '.join(limits)})" if limits else ""


def _default_text(value: Any) -> str:
    if value is None or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, time):
        return f'`"{value:%H:%M}"`'
    if isinstance(value, tuple):
        return f"`[{', '.join(str(one) for one in value)}]`"
    return f"`{value}`"


def _kinds(title: str, kinds: Mapping[str, Kind]) -> str:
    lines = [f"## {title}", ""]
    if kinds is SOURCE_KINDS:
        lines += [f"Every kind takes the option `{k}`: {o}." for k, o in COMMON_OPTIONS.items()]
        lines.append("")
    for kind in kinds.values():
        lines += [f"### `{kind.name}`", "", f"{kind.what}.", ""]
        lines += [f"- Needs: {kind.needs}.", f"- Gives: {kind.gives}."]
        if kind.example_url:
            lines.append(f"- Address: `{kind.example_url}`")
        for name, need in kind.secrets.items():
            lines.append(f"- Secret `{name}`: {need}{'' if need.required else ' (optional)'}.")
        if kind.any_secret:
            lines.append(f"- Secrets: {kind.any_secret}.")
        for key, option in kind.options.items():
            words = f" ({', '.join(option.choices)})" if option.choices else ""
            lines.append(f"- Option `{key}`: {option.help}{words}.")
        if kind.terms:
            lines.append(f"- Before you switch it on: {kind.terms}")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    write(Path())
