"""The words of an alert: what, where, a quote, why, a link; one message may tell of many alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

MOST_QUOTES = 5
QUOTE_CHARS = 280

# A quote in another direction must not turn the line around it: Unicode's first-strong isolate.
_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text for any channel; the title fits a subject line."""

    title: str
    body: str


def compose(alerts: Sequence[tuple[Row, Sequence[Row]]], base_url: str | None) -> Message:
    """One message for alerts of the same rule and brand, each with the mentions to quote."""
    first = alerts[0][0]
    many = f"{first['brand']}: {len(alerts)} × {first['rule']}"
    title = first["title"] if len(alerts) == 1 else many
    marker = {"critical": "‼ ", "warning": "! ", "info": ""}[first["severity"]]
    parts = []
    for alert, mentions in alerts[:MOST_QUOTES]:
        lines = [alert["title"], f"Why: {alert['reason']}"]
        if alert["state"] == "resolved":  # while the receiver was down
            lines.append(_resolved(alert))
        for mention in mentions:
            lines += _quote(mention)
        link = f"{base_url.rstrip('/')}/alerts/{alert['id']}" if base_url else None
        lines.append(link or f"monitor alerts ack {alert['id']}")
        parts.append("\n".join(lines))
    if len(alerts) > MOST_QUOTES:
        parts.append(f"… and {len(alerts) - MOST_QUOTES} more: monitor alerts list")
    return Message(title=marker + title, body="\n\n".join(parts))


def _resolved(alert: Row) -> str:
    moment = alert["resolved_at"][:16].replace("T", " ")
    note = f": {alert['note']}" if alert["note"] else ""
    return f"Resolved meanwhile, {moment} UTC, by {alert['resolved_by']}{note}"


def _quote(mention: Row) -> list[str]:
    text = " ".join(part for part in (mention["title"], mention["text"]) if part)
    text = " ".join(text.split())
    if len(text) > QUOTE_CHARS:
        text = text[: QUOTE_CHARS - 1].rstrip() + "…"
    rating = (
        f"{mention['rating_value']:g} ({mention['rating_scale']}), "
        if mention["rating_value"] is not None
        else ""
    )
    moment = (mention["published_at"] or mention["first_seen_at"])[:16].replace("T", " ")
    lines = [f"  “{_ISOLATE}{text}{_END}”", f"  {rating}{mention['source']}, {moment} UTC"]
    if mention["url"]:
        lines.append(f"  {mention['url']}")
    return lines
