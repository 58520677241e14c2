"""Runs `python -m spiders.run` as the application does, and reads what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
AGENT = "TestCompany/1.0 (+https://test.example/contact)"


@dataclass(frozen=True)
class Crawled:
    """What one crawl process left for its sources."""

    folder: Path
    exit_code: int
    stdout: str
    stderr: str

    def stats(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / f"{name}.stats.json").read_text())
        return document

    def lines(self, name: str) -> list[dict[str, Any]]:
        text = (self.folder / f"{name}.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines() if line]

    def items(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines(name) if line["type"] == "item"]

    def rejects(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines(name) if line["type"] == "reject"]


def source(folder: Path, name: str, kind: str, url: str, **more: Any) -> dict[str, Any]:
    """A source of a job file, with its spool and stats in the folder."""
    files = {"spool": str(folder / f"{name}.jsonl"), "stats": str(folder / f"{name}.stats.json")}
    return {"name": name, "kind": kind, "url": url, **files, **more}


def write_job(folder: Path, sources: list[dict[str, Any]], **more: Any) -> Path:
    """A job file for localhost: no delay, short time-outs."""
    settings = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_TIMEOUT": 5, **more.pop("settings", {})}
    job = {"user_agent": AGENT, "settings": settings, "sources": sources, **more}
    path = folder / "job.json"
    path.write_text(json.dumps(job), "utf-8")
    return path


def start(job: Path, **more: Any) -> subprocess.Popen[str]:
    """The crawl process, running."""
    command = [sys.executable, "-m", "spiders.run", str(job)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, **more)


def crawl(
    folder: Path,
    sources: list[dict[str, Any]],
    values: dict[str, dict[str, str]] | None = None,
    **more: Any,
) -> Crawled:
    """Runs a job to its end; `values` are the secrets of its sources, given on its stdin."""
    process = start(write_job(folder, sources, **more), stdin=subprocess.PIPE)
    stdout, stderr = process.communicate(json.dumps(values or {}) + "\n", timeout=120)
    return Crawled(folder, process.returncode, stdout, stderr)
