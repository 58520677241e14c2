"""The crawl process: started, listened to, ended. What it does is in `spiders/run.py`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from monitor.collect.secrets import environment, masked, revealed
from monitor.collect.targets import CrawlTarget
from monitor.errors import CollectError


def crawl(
    job: Path, targets: Sequence[CrawlTarget], stop: threading.Event | None = None
) -> Iterator[dict[str, Any]]:
    """What the crawl process says: `done` and a source's name, or `page` and how far it is.

    Ends when the process does. Secrets go to it through its standard input, and are in none of its
    files, arguments and environment. One that cannot be read now is left out: its source alone says
    so and fails.
    """
    secrets = revealed(targets)
    # The log goes to a file: a pipe that nobody reads would halt the crawl when it is full.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "spiders.run", str(job)],
            stdin=subprocess.PIPE,
            env=environment(targets),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(json.dumps(secrets) + "\n")
        if stop is not None:
            threading.Thread(target=_terminate_on, args=[process, stop], daemon=True).start()
        try:
            for line in process.stdout:
                yield json.loads(line)
            if process.wait() not in (0, -signal.SIGTERM):
                log.seek(0)
                errors = log.read().decode("utf-8", "replace").strip().splitlines()
                last = masked(errors[-1], secrets) if errors else "no message"
                raise CollectError(f"the crawl process failed: {last}")
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=8)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            process.stdout.close()


def _terminate_on(process: subprocess.Popen[str], stop: threading.Event) -> None:
    while process.poll() is None:
        if stop.wait(0.2):
            process.terminate()
            return
