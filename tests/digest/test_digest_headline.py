"""The first lines say what happened, and nothing that the numbers do not bear out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from planted_store import NOW, OWN, WEEK, Planted

from monitor.digest.build import build
from monitor.digest.model import Digest, Sentence
from monitor.errors import UsageError


def digest(planted: Planted) -> Digest:
    return build(planted.store, OWN, WEEK, "en", NOW)


def keys(sentences: tuple[Sentence, ...]) -> list[str]:
    return [sentence.key for sentence in sentences]


def test_a_large_fall_is_named_with_its_figures(planted: Planted) -> None:
    planted.all_ran()
    planted.all_ran(weeks_ago=1)
    planted.many(10, 10, 40, weeks_ago=1)
    planted.many(40, 10, 14)
    headline = digest(planted).headline
    assert headline.title.key == "title_fell"
    assert headline.title.values["before"] == pytest.approx(50.0)
    assert headline.title.values["now"] == pytest.approx(-40.625)
    assert headline.lines[0].key == "line_real"
    assert (headline.lines[0].values["n"], headline.lines[0].values["n_before"]) == (64, 60)
    assert headline.lines[0].values["odds"] == 1000


def test_a_difference_that_chance_explains_is_not_news(planted: Planted) -> None:
    planted.all_ran()
    planted.many(4, 4, 12, weeks_ago=1)
    planted.many(6, 4, 10)
    headline = digest(planted).headline
    assert headline.title.key == "title_calm"
    assert keys(headline.lines) == ["line_chance", "line_no_alerts", "line_all_answered"]


def test_few_mentions_are_said_to_be_few(planted: Planted) -> None:
    planted.all_ran()
    planted.many(0, 0, 12, weeks_ago=1)
    planted.many(4, 0, 0)
    headline = digest(planted).headline
    assert headline.title == Sentence("title_too_few", {"n": 4})


def test_a_first_week_is_not_compared_with_nothing(planted: Planted) -> None:
    planted.all_ran()
    planted.many(4, 4, 12)
    headline = digest(planted).headline
    assert headline.title.key == "title_no_comparison"
    assert "line_nothing_before" in keys(headline.lines)


def test_an_alert_in_a_calm_week_is_not_kept_quiet(planted: Planted) -> None:
    planted.all_ran()
    planted.many(4, 4, 12, weeks_ago=1)
    planted.many(4, 4, 12)
    planted.alert("Damaging review", "1 of 5")
    headline = digest(planted).headline
    assert "line_alerts" in keys(headline.lines)
    assert "line_no_alerts" not in keys(headline.lines)
    assert Sentence("do_alerts", {"n": 1}) in headline.actions


def test_nobody_wrote_is_said_only_when_every_source_answered(planted: Planted) -> None:
    planted.all_ran()
    assert digest(planted).headline.title.key == "title_nobody"


def test_a_week_without_runs_says_that_nothing_was_collected(planted: Planted) -> None:
    planted.run("zelvano-shop", weeks_ago=1)
    headline = digest(planted).headline
    assert headline.title.key == "title_not_collected"
    assert keys(headline.lines) == ["line_last_collected"]


def test_a_monitor_that_never_ran_says_so(planted: Planted) -> None:
    headline = digest(planted).headline
    assert headline.title.key == "title_not_collected"
    assert keys(headline.lines) == ["line_never_collected"]


def test_blocked_sources_are_the_reason_when_nothing_came(planted: Planted) -> None:
    for source in ("zelvano-shop", "zelvano-app", "zelvano-forum"):
        planted.run(source, "blocked")
    made = digest(planted)
    assert made.headline.title == Sentence("title_all_blind", {"n": 3})
    assert made.headline.lines[0].values["names"] == (
        "zelvano-app",
        "zelvano-forum",
        "zelvano-shop",
    )
    assert made.is_partial
    assert {trouble.last_state for trouble in made.troubles} == {"blocked"}


def test_one_blind_source_makes_an_empty_week_no_silence(planted: Planted) -> None:
    planted.all_ran(weeks_ago=1)
    planted.run("zelvano-shop")
    planted.run("zelvano-app")
    planted.run("zelvano-forum", "unreachable")
    headline = digest(planted).headline
    assert headline.title.key == "title_nobody_partial"
    assert headline.lines[0].values == {"names": ("zelvano-forum",), "n": 1, "of": 3}


def test_mentions_without_scores_are_not_called_neutral(planted: Planted) -> None:
    planted.all_ran()
    for _ in range(12):
        planted.say(None)
    made = digest(planted)
    assert made.headline.title == Sentence("title_not_scored", {"n": 12})
    assert made.unscored == 12


def test_a_blind_source_is_named_beside_the_change(planted: Planted) -> None:
    planted.all_ran(weeks_ago=1)
    planted.run("zelvano-shop")
    planted.run("zelvano-app")
    planted.run("zelvano-forum", "blocked")
    planted.many(10, 10, 40, weeks_ago=1)
    planted.many(40, 10, 14)
    made = digest(planted)
    assert made.is_partial
    assert made.headline.title.key == "title_fell"
    assert "line_partial" in keys(made.headline.lines)


def test_a_source_that_stopped_on_tuesday_makes_the_week_partial(planted: Planted) -> None:
    planted.all_ran(weeks_ago=1)
    planted.run("zelvano-shop")
    planted.run("zelvano-app")
    planted.run("zelvano-forum", day=1)
    planted.run("zelvano-forum", "blocked", day=6)
    made = digest(planted)
    assert [(one.name, one.state) for one in made.troubles] == [("zelvano-forum", "cut")]
    assert made.weeks[-1].is_partial
    assert not made.weeks[-2].is_partial


def test_one_failed_run_among_good_ones_is_no_trouble(planted: Planted) -> None:
    planted.all_ran()
    planted.run("zelvano-forum", "unreachable", day=3)
    made = digest(planted)
    assert made.troubles == ()
    assert not made.is_partial


def test_weeks_collected_afterwards_are_not_called_missing(planted: Planted) -> None:
    # The first collection brings the past: the monitor did not run in that week, but it knows it.
    planted.many(4, 4, 12)
    for source in ("zelvano-shop", "zelvano-app", "zelvano-forum"):
        planted.run(source, day=7)
    made = build(planted.store, OWN, WEEK, "en", NOW + timedelta(days=1))
    assert made.troubles == ()
    assert not made.is_partial


def test_the_source_and_language_of_the_fall_are_named(full: Planted) -> None:
    headline = digest(full).headline
    assert headline.title.key == "title_fell"
    by_key = {line.key: line.values for line in headline.lines}
    assert by_key["why_source_complaints"] == {"name": "zelvano-app", "n": 40, "of": 44}
    assert by_key["why_language_complaints"] == {"name": "fa", "n": 41, "of": 44}


def test_words_of_the_new_complaints_are_named_only_against_earlier_ones(planted: Planted) -> None:
    planted.all_ran()
    planted.many(14, 0, 20, weeks_ago=1, text="The lamp broke after a day")
    planted.many(30, 0, 2, text="The courier was late, the lamp too")
    reasons = [line for line in digest(planted).headline.lines if line.key.startswith("why_word")]
    assert len(reasons) == 1
    assert reasons[0].values["n"] == reasons[0].values["of"] == 30
    words = " ".join(reasons[0].values["words"])  # type: ignore[arg-type]
    assert "courier" in words
    assert "lamp" not in words


def test_a_language_that_fell_is_not_hidden_by_the_others(planted: Planted) -> None:
    planted.all_ran()
    for weeks_ago, persian in ((1, (2, 4, 14)), (0, (16, 2, 2))):
        planted.many(100, 100, 100, weeks_ago=weeks_ago)
        planted.many(*persian, language="fa", weeks_ago=weeks_ago)
    # Overall -8 points among 320: chance. In Persian from +60 to -70: a change.
    headline = digest(planted).headline
    assert headline.title.key == "title_mixed"
    fell = next(line for line in headline.lines if line.key == "part_language_fell")
    assert fell.values["name"] == "fa"


def test_a_running_week_says_until_when(planted: Planted) -> None:
    planted.all_ran()
    planted.many(4, 4, 12, weeks_ago=1)
    planted.many(4, 4, 12)
    made = build(planted.store, OWN, WEEK, "en", NOW - timedelta(days=2))
    assert made.is_running
    assert "line_running" in keys(made.headline.lines)
    assert next(tile for tile in made.tiles if tile.key == "mentions").word == "incomplete"


def test_complaints_without_a_reply_become_something_to_do(planted: Planted) -> None:
    planted.all_ran()
    planted.many(3, 0, 0)
    planted.say("negative", reply_text="We are sorry.")
    assert Sentence("do_answer", {"n": 3}) in digest(planted).headline.actions


def test_an_unknown_brand_is_refused_with_the_known_ones(planted: Planted) -> None:
    with pytest.raises(UsageError, match="Kedrovo, Zelvano"):
        build(planted.store, "Nobody", WEEK, "en", NOW)


def test_a_survey_wave_is_compared_with_the_one_before(planted: Planted) -> None:
    planted.wave("spring", date(2026, 4, 6), 20, 30, 60)
    planted.wave("autumn", date(2026, 10, 5), 60, 30, 20)
    tile = digest(planted).tiles[3]
    assert (tile.key, tile.period, tile.period_before) == ("nps", "autumn", "spring")
    assert tile.value == pytest.approx(-100 * 40 / 110)
    assert tile.before == pytest.approx(100 * 40 / 110)
    assert tile.word == "worse"


def test_a_wave_that_begins_after_the_week_is_not_shown_yet(planted: Planted) -> None:
    planted.wave("next", date(2026, 12, 1), 1, 1, 20)
    assert digest(planted).tiles[3].word == "no data"
