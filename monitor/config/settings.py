"""The whole configuration as one object: what `load` returns."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import Field, PrivateAttr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.config.reports import Alerts, Channel, Digest
from monitor.config.sections import Brand, Collect, ModelChoice, Operator, Privacy, Source, Survey
from monitor.errors import UsageError

_Named = TypeVar("_Named", Brand, Source, Channel, Survey)


class Settings(BaseSettings):
    """Everything that can be configured; only `load` should make one."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="MONITOR_",
        env_nested_delimiter="__",
        title="Configuration of the monitor",
    )

    store: Path = Field(
        default=Path("data/monitor.db"),
        description="The SQLite file, relative to the folder of this file.",
    )
    operator: Operator = Field(description="Who runs this monitor.")
    model: ModelChoice = Field(
        default_factory=ModelChoice, description="The sentiment model: a name, or its settings."
    )
    privacy: Privacy = Field(
        default_factory=Privacy, description="What is kept of the people who wrote."
    )
    brands: tuple[Brand, ...] = Field(
        min_length=1, description="What is watched: your own brand and competitors."
    )
    sources: tuple[Source, ...] = Field(default=(), description="Where to collect from.")
    alerts: Alerts = Field(default_factory=Alerts, description="What PR hears, and where.")
    digest: Digest = Field(default_factory=Digest, description="The weekly mail.")
    collect: Collect = Field(default_factory=Collect, description="How politely pages are fetched.")
    surveys: tuple[Survey, ...] = Field(default=(), description="Your own questionnaires.")

    _path: Path = PrivateAttr(default=Path("config.yaml"))

    @property
    def path(self) -> Path:
        """The file this was read from, absolute."""
        return self._path

    @property
    def folder(self) -> Path:
        """The file's folder: relative paths in the file start here."""
        return self._path.parent

    def resolve(self, path: Path | str) -> Path:
        """A path of the configuration made absolute; `~` is the home folder."""
        return self.folder / Path(path).expanduser()

    def brand(self, name: str) -> Brand:
        """The brand of that name; raises `UsageError` naming the known ones."""
        return _named(self.brands, name, "brand")

    @property
    def own_brand(self) -> Brand:
        """The first brand of one's own: what a command is about that names none."""
        return next(brand for brand in self.brands if brand.role == "own")

    def source(self, name: str) -> Source:
        """The source of that name; raises `UsageError` naming the known ones."""
        return _named(self.sources, name, "source")

    def channel(self, name: str) -> Channel:
        """The alert channel of that name; raises `UsageError` naming the known ones."""
        return _named(self.alerts.channels, name, "channel")

    def survey(self, name: str) -> Survey:
        """The survey of that name; raises `UsageError` naming the known ones."""
        return _named(self.surveys, name, "survey")

    def timezone_of(self, source: Source) -> str:
        """The zone in which a source writes times: its own, else its brand's."""
        return source.timezone or self.brand(source.brand).timezone

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed: `load` merges the environment in itself, to check its names."""
        return (init_settings,)


def _named(known: tuple[_Named, ...], name: str, what: str) -> _Named:
    for one in known:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in known) or "none"
    raise UsageError(f"no {what} is called {name!r}; configured: {names}")
