"""Runs a crawl whose sources have secrets, and hands them over as the application does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from crawl_process import ROOT, Crawled, write_job


def crawl_with_secrets(
    folder: Path, sources: list[dict[str, Any]], secrets: dict[str, dict[str, str]], **more: Any
) -> Crawled:
    """Runs a job to its end; `secrets` by source and name go to its standard input."""
    named = [
        {**one, "secrets": {name: f"env:{name.upper()}" for name in secrets[one["name"]]}}
        if one["name"] in secrets
        else one
        for one in sources
    ]
    command = [sys.executable, "-m", "spiders.run", str(write_job(folder, named, **more))]
    line = json.dumps(secrets) + "\n"
    done = subprocess.run(
        command, cwd=ROOT, input=line, capture_output=True, text=True, timeout=120, check=False
    )
    return Crawled(folder, done.returncode, done.stdout, done.stderr)
