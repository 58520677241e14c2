"""The outbox: every alert arrives once, however the receiver behaves, and no secret leaks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from support import NOW, Site, end_backfill, put, record, run_of
from support import make_mention as m

from monitor.alerts.deliver import Delivered, DeliveryError, apprise_sender, deliver
from monitor.alerts.detect import detect, detect_sources
from monitor.alerts.messages import Message
from monitor.config import MentionRule
from monitor.store import Store

RULE = MentionRule(name="negative", when="mention", label="negative", to=["pr"])
MINUTE = timedelta(minutes=1)
SECRET = "q7Xw-secret-path"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def no_digests(digest_id: int, mailbox: str) -> None:
    raise DeliveryError("there is no mail server here")


def alert(store: Store, *texts: str) -> None:
    end_backfill(store)
    put(store, *(m(text, text) for text in texts))
    assert detect(store, [RULE], NOW)


def send(store: Store, address: str, clock: Clock, base_url: str | None = None) -> Delivered:
    channels = {"pr": apprise_sender(lambda: address)}
    return deliver(store, channels, no_digests, clock, base_url)


def outbox(store: Store) -> list[tuple[Any, ...]]:
    rows = store.rows("SELECT state, attempts, next_attempt_at FROM deliveries ORDER BY id")
    return [(row["state"], row["attempts"], row["next_attempt_at"][11:16]) for row in rows]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_alert_says_what_why_where_and_arrives_once(
    store: Store, site: Site, clock: Clock
) -> None:
    end_backfill(store)
    url = "https://shop.example.com/reviews/1"
    put(store, m("it", "خدمات بد بود", language="fa", stars=1, url=url))
    detect(store, [RULE], NOW)
    for _ in range(2):
        send(store, f"json://{site.host}/{SECRET}", clock, "https://monitor.example.com/")
    (message,) = site.received
    assert message["title"] == "! Acme: negative review on shop"
    assert "Why: negative with 99% confidence" in message["message"]
    assert "“\u2068خدمات بد بود\u2069”" in message["message"]
    assert "1 (1-5), shop, 2026-11-18 12:00 UTC" in message["message"]
    assert url in message["message"]
    assert "https://monitor.example.com/alerts/1" in message["message"]
    assert outbox(store)[0][:2] == ("sent", 1)


def test_the_decision_is_a_row_before_anything_is_sent(store: Store, clock: Clock) -> None:
    seen: list[list[tuple[Any, ...]]] = []
    alert(store, "bad")

    def look(message: Message) -> None:
        seen.append(outbox(store))

    deliver(store, {"pr": look}, no_digests, clock)
    assert seen == [[("pending", 0, "12:00")]]


def test_many_alerts_of_one_rule_are_one_message(store: Store, site: Site, clock: Clock) -> None:
    alert(store, *(f"bad {number}" for number in range(12)))
    done = send(store, f"json://{site.host}/hook", clock)
    assert (done.messages, done.sent, done.failed) == (1, 12, 0)
    (message,) = site.received
    assert message["title"] == "! Acme: 12 × negative"
    assert message["message"].count("Why:") == 5
    assert "… and 7 more" in message["message"]


def test_a_receiver_that_was_down_gets_it_exactly_once_when_it_is_back(
    store: Store, site: Site, clock: Clock
) -> None:
    alert(store, "bad")
    site.answer_status = 503
    address = f"json://{site.host}/{SECRET}"
    waits = []
    for _ in range(8):
        assert send(store, address, clock).failed == 1
        assert send(store, address, clock) == Delivered()  # not before its time
        again = datetime.fromisoformat(str(store.value("SELECT next_attempt_at FROM deliveries")))
        waits.append((again - clock.now) // MINUTE)
        clock.now = again
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    site.answer_status = 200
    assert send(store, address, clock).sent == 1
    clock.now += timedelta(days=1)
    assert send(store, address, clock) == Delivered()
    assert len(site.received) == 1
    assert outbox(store)[0][:2] == ("sent", 9)


@pytest.mark.parametrize("fault", ["refuses", "hangs", "is dead"])
def test_after_two_days_a_delivery_is_given_up(
    store: Store, site: Site, clock: Clock, fault: str
) -> None:
    alert(store, "bad")
    address = f"json://{site.host}/{SECRET}?rto=0.2"
    if fault == "refuses":
        site.answer_status = 403
    elif fault == "hangs":
        site.is_hanging = True
    else:
        address = f"json://127.0.0.1:9/{SECRET}"
    send(store, address, clock)
    assert outbox(store)[0][0] == "pending"
    clock.now += timedelta(days=2, minutes=1)
    send(store, address, clock)
    assert outbox(store)[0][0] == "failed"
    clock.now += timedelta(days=1)
    assert send(store, address, clock) == Delivered()
    assert site.received == []


def test_what_was_over_before_it_could_be_sent_says_so(
    store: Store, site: Site, clock: Clock
) -> None:
    record(store, run_of("blocked"))
    detect_sources(store, ["pr"], NOW)
    send(store, "json://127.0.0.1:9/nobody", clock)
    clock.now += 90 * MINUTE
    record(store, run_of("ok", clock.now, items=1))
    detect_sources(store, ["pr"], clock.now)
    send(store, f"json://{site.host}/", clock)
    send(store, f"json://{site.host}/", clock)
    (message,) = site.received
    assert "Source shop is blocked" in message["message"]
    assert "Resolved meanwhile, 2026-11-18 13:30 UTC, by monitor: it answers" in message["message"]


def test_a_channel_that_is_gone_from_the_configuration_is_said(store: Store, clock: Clock) -> None:
    alert(store, "bad")
    deliver(store, {}, no_digests, clock)
    error = store.value("SELECT last_error FROM deliveries")
    assert error == "no channel is called 'pr' any more"


def test_one_bad_channel_does_not_hold_up_another(store: Store, clock: Clock) -> None:
    end_backfill(store)
    put(store, m("it", "bad"))
    detect(store, [MentionRule(name="n", when="mention", to=["broken", "pr"])], NOW)
    taken: list[Message] = []

    def refuse(message: Message) -> None:
        raise DeliveryError("no")

    done = deliver(store, {"broken": refuse, "pr": taken.append}, no_digests, clock)
    assert (done.sent, done.failed, len(taken)) == (1, 1, 1)


def test_the_secret_address_is_in_no_row_log_or_error(
    store: Store,
    site: Site,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    addresses = [
        f"json://{site.host}/{SECRET}",
        f"json://user:{SECRET}@127.0.0.1:9/hook",
        f"json://{SECRET}.invalid:70000/hook",
        f"nosuchscheme://{SECRET}",
        f"tgram://{SECRET}/x",
    ]
    site.answer_status = 500
    for number, address in enumerate(addresses):
        with pytest.raises(DeliveryError) as raised:
            apprise_sender(lambda address=address: address)(Message("t", "b"))  # type: ignore[misc]
        assert SECRET not in repr(raised.value) + repr(raised.value.__context__), address
        alert(store, f"bad {number}")
        send(store, address, clock)
        clock.now += timedelta(minutes=90)
    assert SECRET not in "\n".join(store.conn.iterdump())
    assert SECRET not in caplog.text
    out, errors = capfd.readouterr()
    assert SECRET not in out + errors


def test_a_secret_that_cannot_be_read_is_a_failed_attempt(store: Store, clock: Clock) -> None:
    alert(store, "bad")

    def missing() -> str:
        raise ValueError("set the environment variable PR_URL")

    deliver(store, {"pr": apprise_sender(missing)}, no_digests, clock)
    assert store.value("SELECT last_error FROM deliveries") == "set the environment variable PR_URL"
    assert outbox(store)[0] == ("pending", 1, "12:01")
