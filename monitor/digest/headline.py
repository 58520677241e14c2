"""What the digest says first: the change if a test finds one, the calm if not, the gap if blind.

Pure rules over a `Situation`. No sentence claims more than its numbers: a change is named only
when the test calls it clear, and a week without data says why it has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.digest.model import Headline, Sentence, SourceTrouble, Value
from monitor.digest.topics import Topic
from monitor.trends.compare import Counts, net_sentiment, share_change
from monitor.trends.measures import MIN_N, Difference

FEW = 30
"""Scored mentions below which the headline says that they are few, and shows the interval."""

CONCENTRATED = 0.5
"""Share of the complaints (or the praise) from which one source or language is named as the why."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the first lines depend on."""

    now: Counts
    before: Counts
    change: Difference
    mentions: int
    mentions_before: int
    is_running: bool
    made_at: datetime
    was_partial: bool
    """The week before was."""
    sources: int
    """Sources that are collected on a schedule and switched on, or ran in the week."""
    answered: int
    """Those of them that answered at least once in the week."""
    has_files: bool
    """Some data is imported by hand: no run is expected for it."""
    last_run_at: datetime | None
    troubles: tuple[SourceTrouble, ...]
    alerts: int
    open_alerts: int
    unanswered: int
    reasons: tuple[Sentence, ...]
    """Why the change came, see `concentration` and `shared_words`."""
    parts_changed: tuple[Sentence, ...]
    """Languages and sources with a clear change of their own."""


def headline(facts: Situation) -> Headline:
    """Title, lines and actions for the week."""
    if facts.mentions == 0:
        title, lines = _silent(facts)
    elif sum(facts.now) == 0:
        title = Sentence("title_not_scored", {"n": facts.mentions})
        lines = [Sentence("line_not_scored")]
    elif facts.change.word in ("better", "worse"):
        title, lines = _changed(facts)
    elif facts.change.word == "too few":
        title, lines = _too_few(facts)
    else:
        title, lines = _calm(facts)
    if facts.mentions and facts.troubles:
        lines.append(_partial(facts))
    if facts.is_running:
        lines.append(Sentence("line_running", {"at": facts.made_at}))
    return Headline(title, tuple(lines), tuple(_actions(facts)))


def _changed(facts: Situation) -> tuple[Sentence, list[Sentence]]:
    now, before = net_sentiment(*facts.now), net_sentiment(*facts.before)
    key = "title_fell" if facts.change.word == "worse" else "title_rose"
    title = Sentence(key, {"before": before.value, "now": now.value})
    lines = [Sentence("line_real", {"n": now.n, "n_before": before.n, "odds": _odds(facts.change)})]
    if min(now.n, before.n) < FEW:
        lines.append(Sentence("line_few", {"low": facts.change.low, "high": facts.change.high}))
    if facts.was_partial:
        lines.append(Sentence("line_was_partial"))
    return title, [*lines, *facts.reasons]


def _calm(facts: Situation) -> tuple[Sentence, list[Sentence]]:
    now, before = net_sentiment(*facts.now), net_sentiment(*facts.before)
    values = {"now": now.value, "n": now.n, "before": before.value, "n_before": before.n}
    lines = [Sentence("line_chance", values), *facts.parts_changed, _news(facts)]
    if not facts.troubles and facts.sources:
        lines.append(Sentence("line_all_answered", {"n": facts.sources}))
    return Sentence("title_mixed" if facts.parts_changed else "title_calm"), lines


def _too_few(facts: Situation) -> tuple[Sentence, list[Sentence]]:
    now, before = net_sentiment(*facts.now), net_sentiment(*facts.before)
    value = Sentence("line_value", {"now": now.value, "low": now.low, "high": now.high, "n": now.n})
    if now.n >= MIN_N:
        # This week has enough to be described; only the comparison has nothing to stand on.
        key = "line_nothing_before" if before.n == 0 else "line_few_before"
        return Sentence("title_no_comparison", {"now": now.value}), [
            value,
            Sentence(key, {"n": before.n, "least": MIN_N}),
            _news(facts),
        ]
    return Sentence("title_too_few", {"n": now.n}), [
        Sentence("line_too_few", {"least": MIN_N, "n_before": before.n}),
        value,
        _news(facts),
    ]


def _silent(facts: Situation) -> tuple[Sentence, list[Sentence]]:
    """No mention at all: the reason matters more than the zero."""
    named = _named(facts.troubles)
    if not facts.sources and not facts.has_files:
        return Sentence("title_no_sources"), [Sentence("line_no_sources")]
    if not facts.sources:
        return Sentence("title_no_import"), [Sentence("line_no_import")]
    if not facts.answered and all(one.state in ("not run", "never") for one in facts.troubles):
        if facts.last_run_at is None:
            return Sentence("title_not_collected"), [Sentence("line_never_collected")]
        last = Sentence("line_last_collected", {"at": facts.last_run_at})
        return Sentence("title_not_collected"), [last]
    if not facts.answered:
        title = Sentence("title_all_blind", {"n": facts.sources})
        return title, [Sentence("line_blind", {"names": named}), Sentence("line_no_good_news")]
    if facts.troubles:
        values: dict[str, Value] = {"names": named, "n": len(facts.troubles), "of": facts.sources}
        return Sentence("title_nobody_partial"), [
            Sentence("line_some_blind", values),
            Sentence("line_no_good_news"),
        ]
    lines = [Sentence("line_all_answered", {"n": facts.sources})]
    if facts.mentions_before:
        lines.append(Sentence("line_mentions_before", {"n": facts.mentions_before}))
    return Sentence("title_nobody"), lines


def _news(facts: Situation) -> Sentence:
    values = {"n": facts.mentions, "before": facts.mentions_before, "alerts": facts.alerts}
    return Sentence("line_alerts" if facts.alerts else "line_no_alerts", values)


def _partial(facts: Situation) -> Sentence:
    values: dict[str, Value] = {
        "names": _named(facts.troubles),
        "n": len(facts.troubles),
        "of": max(facts.sources, len(facts.troubles)),
    }
    return Sentence("line_partial", values)


def _actions(facts: Situation) -> list[Sentence]:
    actions = []
    if facts.unanswered:
        actions.append(Sentence("do_answer", {"n": facts.unanswered}))
    if facts.open_alerts:
        actions.append(Sentence("do_alerts", {"n": facts.open_alerts}))
    if facts.troubles:
        actions.append(Sentence("do_sources", {"names": _named(facts.troubles)}))
    return actions


def concentration(
    kind: str, word: str, now: Mapping[str, Counts], earlier: Mapping[str, Counts]
) -> Sentence | None:
    """The source or language that most of the change comes from, or None when none stands out.

    `kind` is `source` or `language`. Named is one that holds at least half of this week's
    complaints (of the praise, when things got better), clearly more than its usual share.
    """
    column = 0 if word == "worse" else 2
    total = sum(counts[column] for counts in now.values())
    usual = sum(counts[column] for counts in earlier.values())
    if len(now) < 2 or total < MIN_N or usual < MIN_N:
        return None
    name, counts = max(now.items(), key=lambda item: (item[1][column], item[0]))
    part = counts[column]
    change = share_change((part, total), (earlier.get(name, (0, 0, 0))[column], usual))
    if part < CONCENTRATED * total or change.value <= 0 or change.word == "no clear change":
        return None
    key = f"why_{kind}_{'complaints' if column == 0 else 'praise'}"
    return Sentence(key, {"name": name, "n": part, "of": total})


def shared_words(topics: Sequence[Topic]) -> Sentence | None:
    """What this week's complaints name that earlier ones did not, or None."""
    if not topics:
        return None
    words = tuple(topic.words for topic in topics)
    key = "why_word" if len(topics) == 1 else "why_words"
    return Sentence(key, {"words": words, "n": topics[0].texts, "of": topics[0].of})


def _named(troubles: Sequence[SourceTrouble]) -> tuple[str, ...]:
    return tuple(one.name for one in troubles)


def _odds(change: Difference) -> int:
    """Once in how many times chance alone makes such a difference, rounded down to a round word."""
    return 1000 if change.p_value < 0.001 else 100 if change.p_value < 0.01 else 20
