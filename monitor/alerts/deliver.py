"""The outbox: what is pending goes out, grouped; what a receiver refuses is tried again, later.

A delivery is marked as sent only after the receiver took it, so a process killed in between sends
again rather than never. Waits double from one minute to one hour; after two days it is given up
and shows in `monitor status`.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from sqlite3 import Row
from typing import Any

from monitor.alerts.messages import Message, compose
from monitor.store import Store
from monitor.store import alerts as alert_store
from monitor.store.alerts import DueDelivery

Send = Callable[[Message], None]
"""Hands a message to a channel; raises `DeliveryError` when it was not taken."""

SendDigest = Callable[[int, str], None]
"""Sends the digest of that id to a mailbox; raises `DeliveryError` when it was not taken."""

GIVE_UP_AFTER = timedelta(days=2)
TIMEOUT_SECONDS = 30
QUOTES_PER_ALERT = 3


class DeliveryError(Exception):
    """A receiver did not take a message; the text says why and holds no secret."""


@dataclass(slots=True)
class Delivered:
    """How many messages went out, deliveries they covered, and attempts that failed."""

    messages: int = 0
    sent: int = 0
    failed: int = 0


def deliver(
    store: Store,
    channels: Mapping[str, Send],
    send_digest: SendDigest,
    clock: Callable[[], datetime],
    base_url: str | None = None,
) -> Delivered:
    """Sends what is due; alerts of one rule and brand to one channel are one message."""
    done = Delivered()
    pending = alert_store.due(store, clock())
    for channel, group in _groups(store, [d for d in pending if d.alert_id is not None]):
        message = compose(
            [
                (alert, alert_store.mentions_of(store, alert["id"], QUOTES_PER_ALERT))
                for _, alert in group
            ],
            base_url,
        )
        send = partial(channels.get(channel) or _unknown(channel), message)
        _attempt(store, [delivery for delivery, _ in group], send, clock, done)
    for delivery in pending:
        if delivery.digest_id is not None:
            mailbox = delivery.channel.removeprefix("mailto:")
            send = partial(send_digest, delivery.digest_id, mailbox)
            _attempt(store, [delivery], send, clock, done)
    return done


def apprise_sender(reveal: Callable[[], str]) -> Send:
    """A channel reached by Apprise; `reveal` gives its address, which is a secret."""

    def send(message: Message) -> None:
        try:
            receiver = _receiver(reveal())
        except ValueError as error:
            raise DeliveryError(str(error)) from None
        try:
            # Apprise tells of a failure by a falsy result; it does not raise.
            result = receiver.notify(
                body=message.body,
                title=message.title,
                body_format="text",
                timeout=TIMEOUT_SECONDS,
            )
        except Exception as error:  # unless a plugin of it has a fault; the text may hold a secret
            raise DeliveryError(f"the message could not be sent ({type(error).__name__})") from None
        if not result:
            raise DeliveryError("the receiver did not take the message")

    return send


def _receiver(address: str) -> Any:
    """An Apprise object for one address; raises `DeliveryError` for one that it does not know."""
    for name in ("apprise", "urllib3"):  # their logs would hold the address
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        # A library of one of its plugins imports `imghdr`, which Python is about to drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        receiver = apprise.Apprise()
        if not receiver.add(address):
            raise DeliveryError("the channel's address is none that Apprise knows")
    return receiver


def _groups(
    store: Store, pending: Sequence[DueDelivery]
) -> list[tuple[str, list[tuple[DueDelivery, Row]]]]:
    """Channel -> deliveries with their alerts, one group for each message."""
    if not pending:
        return []
    ids = sorted({delivery.alert_id for delivery in pending if delivery.alert_id is not None})
    alerts = {row["id"]: row for row in alert_store.rows(store, ids)}
    pairs = [(d, alerts[d.alert_id]) for d in pending if d.alert_id in alerts]

    def key(pair: tuple[DueDelivery, Row]) -> tuple[str, str, str]:
        delivery, alert = pair
        return delivery.channel, alert["rule"], alert["brand"] or ""

    return [(k[0], list(group)) for k, group in groupby(sorted(pairs, key=key), key=key)]


def _attempt(
    store: Store,
    deliveries: Sequence[DueDelivery],
    send: Callable[[], None],
    clock: Callable[[], datetime],
    done: Delivered,
) -> None:
    ids = [delivery.id for delivery in deliveries]
    try:
        send()
    except DeliveryError as error:
        now = clock()
        for delivery in deliveries:
            is_over = now - delivery.created_at > GIVE_UP_AFTER
            again = None if is_over else now + timedelta(minutes=min(60, 2**delivery.attempts))
            alert_store.mark_failed(store, [delivery.id], str(error), again)
        done.failed += len(ids)
    else:
        alert_store.mark_sent(store, ids, clock())
        done.messages += 1
        done.sent += len(ids)


def _unknown(channel: str) -> Send:
    def refuse(message: Message) -> None:
        raise DeliveryError(f"no channel is called {channel!r} any more")

    return refuse
