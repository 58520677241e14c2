"""Every kind of source and of alert channel: what it needs, what it gives, where secrets are got.

A new kind is one entry in the module it belongs to (and, for a source, its spider). The
configuration checks sources against it, `monitor kinds` prints it, docs/config.md lists it.
"""

from __future__ import annotations

from monitor.kinds import apps, channels, generic, news, shops, social
from monitor.kinds.model import COMMON_OPTIONS, Kind, Option, SecretNeed, by_name

SOURCE_KINDS = by_name(*generic.KINDS, *apps.KINDS, *shops.KINDS, *social.KINDS, *news.KINDS)
"""Kinds of source by name, in the order in which they are offered."""

CHANNEL_KINDS = by_name(*channels.KINDS)
"""Kinds of alert channel by name, which is also the start of the Apprise address."""

__all__ = ["CHANNEL_KINDS", "COMMON_OPTIONS", "SOURCE_KINDS", "Kind", "Option", "SecretNeed"]
