"""Logging for crawls: short lines on stderr, without review texts, secrets and tracebacks."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

from scrapy.logformatter import LogFormatter, LogFormatterResult

from spiders.redact import without_queries, without_secrets


class QuietFormatter(logging.Formatter):
    """One line a record: an exception is its name, its message's start and its last frame."""

    def format(self, record: logging.LogRecord) -> str:
        # Scrapy puts the traceback of a failed start into the message itself.
        # Secrets go before anything is cut: half of one would not be recognised.
        message = without_secrets(record.getMessage())[:2000].partition(
            "Traceback (most recent call last)"
        )[0]
        line = f"{record.levelname} {record.name}: {' '.join(message.split())}"
        if record.exc_info and record.exc_info[0]:
            line += f" [{_exception(record.exc_info)}]"
        return without_queries(line)[:1000]


def _exception(exc_info: Any) -> str:
    kind, error, frames = exc_info
    where = ""
    while frames is not None:
        code = frames.tb_frame.f_code
        where = f" at {code.co_filename.rpartition('/')[2]}:{frames.tb_lineno}"
        frames = frames.tb_next
    return f"{kind.__name__}: {without_secrets(str(error))[:200]}{where}"


class TextlessLogFormatter(LogFormatter):
    """Scrapy's log messages without the items in them, whatever the level."""

    def scraped(self, item: Any, response: Any, spider: Any) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Scraped one item", "args": {}}

    def dropped(self, item: Any, exception: Any, response: Any, spider: Any) -> LogFormatterResult:
        return {"level": logging.WARNING, "msg": "Dropped one item", "args": {}}

    def item_error(
        self, item: Any, exception: Any, response: Any, spider: Any
    ) -> LogFormatterResult:
        return {"level": logging.ERROR, "msg": "One item could not be written", "args": {}}


class MaskedStream:
    """Stderr as everything in this process sees it: what is written goes through `mask` first."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(without_secrets(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def to_stderr(level: str) -> None:
    """Sends this process's log to stderr from the given level ("WARNING") up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(QuietFormatter())
    # On the handler: Scrapy sets its own loggers to DEBUG.
    handler.setLevel(level)
    logging.basicConfig(level=level, handlers=[handler], force=True)
