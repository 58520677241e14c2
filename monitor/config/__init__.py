"""config.yaml as one immutable object: `load()` gives `Settings`, or every fault at once."""

from monitor.config.load import check, load, load_text
from monitor.config.reports import (
    Alerts,
    Channel,
    Digest,
    MentionRule,
    Recipient,
    Rule,
    Smtp,
    WaveRule,
    Weekly,
)
from monitor.config.sections import (
    Brand,
    Collect,
    ModelChoice,
    Operator,
    Privacy,
    Source,
    Survey,
    SurveyMapping,
    SurveyWave,
)
from monitor.config.settings import Settings
from monitor.config.values import Secret

__all__ = [
    "Alerts",
    "Brand",
    "Channel",
    "Collect",
    "Digest",
    "MentionRule",
    "ModelChoice",
    "Operator",
    "Privacy",
    "Recipient",
    "Rule",
    "Secret",
    "Settings",
    "Smtp",
    "Source",
    "Survey",
    "SurveyMapping",
    "SurveyWave",
    "WaveRule",
    "Weekly",
    "check",
    "load",
    "load_text",
]
