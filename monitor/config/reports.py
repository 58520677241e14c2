"""The sections of config.yaml that say who is told what: alert channels and rules, the digest."""

from __future__ import annotations

from datetime import time as _time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from monitor.config.sections import Label, Language, Section, Share
from monitor.config.values import ClockTime, HttpUrl, Mailbox, Secret, Slug, Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Channel(Section):
    """A mailbox, chat room or webhook that receives alerts."""

    name: Slug = Field(description="Unique short name; rules and the operator refer to it.")
    url: Secret = Field(
        description="Reference to its Apprise address; `monitor kinds` shows the shapes.",
        examples=["env:PR_CHANNEL_URL", "file:secrets/pr-channel"],
    )


class _Rule(Section):
    name: Slug = Field(description="Unique short name; it stands in the alert.")
    severity: Literal["info", "warning", "critical"] = Field(
        default="warning", description="How bad it is."
    )
    to: tuple[str, ...] = Field(
        default=(),
        description="Names of channels. Without any, the alert is only listed by "
        "`monitor alerts list` and the dashboard.",
    )


class MentionRule(_Rule):
    """An alert for a single review or post. All conditions that are given must hold."""

    when: Literal["mention"] = Field(description="`mention`: look at each new review or post.")
    label: Label | None = Field(
        default=None, description="Its sentiment; left out: any, whatever the probability."
    )
    min_confidence: Share = Field(
        default=0.7, description="The lowest probability of the label that counts."
    )
    rating_at_most: Annotated[float, Field(ge=1, le=5)] | None = Field(
        default=None,
        description="Highest rating that counts, in stars of 1-5; other scales are compared by "
        "their share. Mentions without a rating never match.",
    )
    languages: tuple[Language, ...] = Field(default=(), description="Only these; empty: all.")
    sources: tuple[str, ...] = Field(default=(), description="Only these; empty: all.")
    brands: tuple[str, ...] = Field(default=(), description="Only these; empty: all.")
    keywords: tuple[Text, ...] = Field(
        default=(), description="At least one of these must stand in title or text; empty: any."
    )
    max_age_hours: float = Field(
        default=72, gt=0, description="Older reviews that are found late raise no alert."
    )


class WaveRule(_Rule):
    """An alert for more negative mentions of a brand than its past explains."""

    when: Literal["wave"] = Field(description="`wave`: count each brand's negative mentions.")
    window_hours: int = Field(
        default=24, ge=1, le=168, description="The time in which mentions are counted together."
    )
    baseline_days: int = Field(
        default=56, ge=7, le=730, description="How much of the past says what is usual."
    )
    min_count: int = Field(default=4, ge=1, description="Fewer negative mentions are no wave.")
    min_authors: int = Field(default=2, ge=1, description="Fewer different authors are no wave.")
    p_value: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.001, description="How improbable by chance it must be; smaller: fewer alerts."
    )


Rule = Annotated[MentionRule | WaveRule, Field(discriminator="when")]


class Alerts(Section):
    """What PR hears within minutes, and where."""

    channels: tuple[Channel, ...] = Field(default=(), description="Where alerts can go.")
    rules: tuple[Rule, ...] = Field(default=(), description="What raises an alert.")


class Smtp(Section):
    """The mail server that sends the digest."""

    host: Text = Field(default="localhost", description="Name or address of the server.")
    port: int = Field(default=25, ge=1, le=65535, description="25, 465 (tls) or 587 (starttls).")
    security: Literal["none", "starttls", "tls"] = Field(
        default="none", description="How the connection is encrypted."
    )
    username: Text | None = Field(default=None, description="Account, if the server wants one.")
    password: Secret | None = Field(
        default=None, description="Reference to its password, such as `env:SMTP_PASSWORD`."
    )
    sender: Mailbox = Field(
        default="Monitor <monitor@localhost>", description="Address that the digest comes from."
    )

    @model_validator(mode="after")
    def _sound_login(self) -> Self:
        if self.password is not None and self.username is None:
            raise ValueError("has a password but no username: give both or neither")
        if self.username is not None and self.password is None:
            raise ValueError("has a username but no password: give both or neither")
        if self.password and self.security == "none" and self.host not in _THIS_MACHINE:
            raise ValueError("would send the password unencrypted: set security to starttls or tls")
        return self


class Weekly(Section):
    """When the weekly digest goes out, in the brand's timezone."""

    day: Weekday = Field(default="monday", description="Day of the week, in English.")
    time: ClockTime = Field(
        default_factory=lambda: _time(7, 30), description='Time of day, such as `"07:30"`.'
    )


class Recipient(Section):
    """Someone who receives the weekly digest of one brand in one language."""

    to: Mailbox = Field(description="E-mail address.")
    brand: Text = Field(description="Name of the brand.")
    language: Language = Field(default="en", description="Language of the digest.")


class Digest(Section):
    """The weekly mail to brand managers."""

    smtp: Smtp = Field(default_factory=Smtp, description="The mail server.")
    archive: Path = Field(
        default=Path("data/digests"), description="Folder where each digest is kept as a file."
    )
    base_url: HttpUrl | None = Field(
        default=None,
        description="Where the dashboard is reachable for readers; without it no links to it.",
    )
    weekly: Weekly = Field(default_factory=Weekly, description="When it goes out.")
    recipients: tuple[Recipient, ...] = Field(default=(), description="Who receives it.")
