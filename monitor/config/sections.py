"""The sections of config.yaml that say what is watched, how it is collected, read and kept.

The descriptions are the user's manual: docs/config.md and config.schema.json are made of them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.config.values import (
    Every,
    HttpUrl,
    Secret,
    Slug,
    Text,
    UserAgent,
    Zone,
    parse_duration,
)

Language = Literal["ru", "cs", "fa", "en"]
Label = Literal["negative", "neutral", "positive"]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A part of the configuration: immutable, and an unknown key in it is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Operator(Section):
    """Who runs this monitor: what sites see of you, and who hears that a source broke."""

    user_agent: UserAgent = Field(
        description="Name that sites see, with a contact (web or e-mail address) in it.",
        examples=["AcmeMonitor/1.0 (+https://example.com/monitor; monitor@example.com)"],
    )
    channels: tuple[str, ...] = Field(
        default=(),
        description="Names of alert channels that hear when a source is blocked, broken or quiet.",
    )


class ModelChoice(Section):
    """The sentiment model. `model: embedded` is short for `model: {name: embedded}`."""

    name: Text = Field(
        default="embedded",
        description="`embedded`, `ngrams` (its fast tier alone), a folder (a checkpoint, or what "
        "`monitor train` wrote), or the name of a public checkpoint; `monitor models` lists some.",
    )
    label_map: dict[str, Label] = Field(
        default_factory=dict,
        description="What a foreign checkpoint's own labels mean, such as `LABEL_0: negative`.",
    )
    unsure_below: Share = Field(
        default=0.5,
        description="A label that the model gives less than this counts as unsure: it is shown as "
        "such and counted apart, and is the first that a person should look at.",
    )
    aspects: dict[str, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="More words for an aspect, or an aspect of your own, such as "
        "`price: [tarif*]`; `*` stands for any ending. See docs/measures.md for the aspects.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Privacy(Section):
    """What is kept of the people who wrote."""

    authors: Literal["pseudonym", "plain", "drop"] = Field(
        default="pseudonym",
        description="`pseudonym`: a keyed hash of the name; `plain`: the name; `drop`: nothing.",
    )
    key: Secret | None = Field(
        default=None,
        description="Secret key of the pseudonyms. If left out, a key file that only you can read "
        "is made beside the store.",
    )
    mask: tuple[Literal["email", "phone"], ...] = Field(
        default=("email", "phone"),
        description="What is masked in texts before they are stored.",
    )


class Brand(Section):
    """A brand that is watched: your own, or a competitor's for comparison."""

    name: Text = Field(description="Unique name, as it should stand in reports.")
    role: Literal["own", "competitor"] = Field(
        description="`own` or `competitor`; at least one brand must be `own`."
    )
    terms: tuple[Text, ...] = Field(
        default=(),
        description="Its names as people write them, in every script, each in one form: inflected "
        "ones are found by themselves. If left out, its name.",
        examples=[["Zelvano", "Зелвано", "زلوانو", "zelvano.cz"]],
    )
    exclude: tuple[Text, ...] = Field(
        default=(),
        description="Words that stand near the name of a namesake: a search's find with one of them"
        " close to the term is left out.",
        examples=[["Zelvano Rossi", "fotbalista"]],
    )
    context: tuple[Text, ...] = Field(
        default=(),
        description="For a name that is also a common word or somebody else's: words of its trade, "
        "one of which must occur in a search's find, in any form.",
        examples=[["zásilka", "kurýr", "посылка", "بسته"]],
    )
    timezone: Zone = Field(
        default="UTC", description="Zone in which its days and weeks are counted."
    )
    week_start: Literal["monday", "saturday", "sunday"] = Field(
        default="monday", description="First day of its week."
    )


class Source(Section):
    """One place to collect from."""

    name: Slug = Field(description="Unique short name; reports and commands use it.")
    kind: str = Field(description="What is there; `monitor kinds` lists the kinds.")
    brand: Text = Field(description="Name of the brand that is talked about there.")
    url: HttpUrl | None = Field(
        default=None, description="Where to start; every kind but `import` needs it."
    )
    language: Language | None = Field(
        default=None,
        description="The language there, if it is always the same. A hint: each text is looked at.",
    )
    every: Every = Field(
        default_factory=lambda: parse_duration("1h"),
        description="How often to collect: a number with `m`, `h` or `d`, at least `1m`.",
    )
    timezone: Zone | None = Field(
        default=None,
        description="Zone of times that are written there without one; default: the brand's.",
    )
    enabled: bool = Field(default=True, description="`false` pauses it; what is stored stays.")
    options: dict[str, Any] = Field(
        default_factory=dict,
        description="What else this kind can be told; the keys depend on the kind.",
    )
    secrets: dict[str, Secret] = Field(
        default_factory=dict,
        description="Keys and tokens that this kind needs, by name, such as "
        '`key: "env:HEUREKA_KEY"`; the names depend on the kind.',
    )


class Collect(Section):
    """How politely pages are fetched."""

    concurrent_sources: int = Field(
        default=8, ge=1, le=64, description="How many sources are collected at the same time."
    )
    delay_seconds: float = Field(
        default=1.0, ge=0, le=600, description="Pause between two requests to the same site."
    )
    max_minutes: float = Field(
        default=10, gt=0, le=1440, description="One collection of one source is stopped after this."
    )
    obey_robots: bool = Field(
        default=True, description="Keep to robots.txt. Switch off only where you may."
    )


class SurveyMapping(Section):
    """Which column of the survey's file holds what. Name at least one score or the comment."""

    respondent: Text = Field(description="Column with who answered; kept as a pseudonym.")
    answered_at: Text = Field(description="Column with the date or time of the answer.")
    nps: Text | None = Field(default=None, description="Column with the recommendation, 0-10.")
    csat: Text | None = Field(default=None, description="Column with the satisfaction, 1-5.")
    ces: Text | None = Field(default=None, description="Column with the ease, 1-7.")
    stages: dict[str, Text] = Field(
        default_factory=dict,
        description="Journey stage to column with its score, 1-5, such as `delivery: Q4`.",
    )
    segment: Text | None = Field(default=None, description="Column with the group of customers.")
    location: Text | None = Field(default=None, description="Column with the place of service.")
    language: Text | None = Field(default=None, description="Column with the language code.")
    comment: Text | None = Field(default=None, description="Column with the free text.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.nps or self.csat or self.ces or self.stages or self.comment):
            raise ValueError("must name at least one column of nps, csat, ces, stages or comment")
        return self


class SurveyWave(Section):
    """One repetition of a survey."""

    name: Text = Field(description="Unique within the survey, such as `2026 autumn`.")
    starts_on: date = Field(description="First day, such as `2026-10-01`.")
    ends_on: date = Field(description="Last day, included.")
    invited: int | None = Field(
        default=None, ge=1, description="How many were asked: gives the rate of answering."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError(f"ends_on {self.ends_on} is before starts_on {self.starts_on}")
        return self


class Survey(Section):
    """A questionnaire of your own whose answers are imported from files."""

    name: Slug = Field(description="Unique short name.")
    brand: Text = Field(description="Name of the brand that was asked about.")
    file: Path | None = Field(
        default=None,
        description="CSV or XLSX file, or a pattern such as `surveys/*.csv`; may be left out when "
        "files are given to `monitor survey import`.",
    )
    mapping: SurveyMapping = Field(description="Which column holds what.")
    waves: tuple[SurveyWave, ...] = Field(
        default=(), description="The repetitions, with how many were asked in each."
    )
