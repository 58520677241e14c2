"""The configuration of the demo: what a user would write for two brands on ten sources."""

from __future__ import annotations

from pathlib import Path

from monitor.demo.story import COMPETITOR, OWN, ZONE
from monitor.demo.survey import HEADINGS
from monitor.records import LANGUAGES

_HEAD = """\
# Written by `monitor demo`. Everything here is on this machine: sample sites, webhook, mailbox.
store: monitor.db
operator:
  user_agent: "MonitorDemo/1.0 (+https://example.com/demo; demo@example.com)"
collect:
  delay_seconds: 0 # the sample sites are ours; elsewhere keep the pause
brands:
  - {{name: {own}, role: own, terms: [Zelvano, Зелвано, زلوانو], timezone: {zone}}}
  - {{name: {competitor}, role: competitor, terms: [Torvika, Торвика, تورویکا], timezone: {zone}}}
alerts:
  channels:
    - {{name: pr, url: "file:pr-channel.url"}} # an Apprise address, kept out of this file
  rules:
    - name: negative-review
      when: mention
      label: negative
      min_confidence: 0.6
      brands: [{own}]
      max_age_hours: 24
      severity: warning
      to: [pr]
    - name: harm # somebody was hurt, or goes to court: whatever the wave
      when: mention
      keywords: [Роспотребнадзор, ожог, solicitor, Trading Standards, ČOI, hasič, سوختگی, آتش]
      brands: [{own}]
      max_age_hours: 24
      severity: critical
      to: [pr]
    - name: negative-wave
      when: wave
      window_hours: 24
      min_count: 4
      severity: critical
      to: [pr]
digest:
  smtp: {{host: 127.0.0.1, port: {smtp_port}, sender: "Monitor <monitor@example.com>"}}
  archive: digests
  recipients:
{recipients}
surveys:
  - name: customers
    brand: {own}
    file: survey.csv
    mapping:
      respondent: "{respondent}"
      answered_at: "{answered_at}"
      nps: "{nps}"
      stages: {{delivery: "{delivery}", quality: "{quality}", support: "{support}", site: "{site}"}}
      segment: "{segment}"
      language: "{language}"
      comment: "{comment}"
    waves:
{waves}
sources:
{sources}
"""


def write_config(
    folder: Path, site: str, smtp_port: int, waves: list[tuple[str, str, str]]
) -> Path:
    """Writes config.yaml and the file with the channel's address; returns the former."""
    columns = (
        "respondent",
        "answered_at",
        "nps",
        "delivery",
        "quality",
        "support",
        "site",
        "segment",
        "language",
        "comment",
    )
    text = _HEAD.format(
        own=OWN,
        competitor=COMPETITOR,
        zone=ZONE,
        smtp_port=smtp_port,
        recipients="\n".join(
            f"    - {{to: brand-{code}@example.com, brand: {OWN}, language: {code}}}"
            for code in LANGUAGES
        ),
        waves="\n".join(
            f'      - {{name: {name}, starts_on: "{start}", ends_on: "{end}", invited: 400}}'
            for name, start, end in waves
        ),
        sources="\n".join(_sources(site)),
        **dict(zip(columns, HEADINGS, strict=True)),
    )
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    host = site.removeprefix("http://")
    (folder / "pr-channel.url").write_text(f"json://{host}/pr-webhook\n", encoding="utf-8")
    return path


def _sources(site: str) -> list[str]:
    lines = []
    for brand in (OWN, COMPETITOR):
        for code in LANGUAGES:
            slug = brand.lower()
            lines.append(
                f"  - {{name: {slug}-{code}, kind: reviews_page, brand: {brand},"
                f" url: {site}/{slug}/{code}/reviews, language: {code}, every: 1h}}"
            )
    lines.append(
        f"  - {{name: zelvano-forum, kind: feed, brand: {OWN}, url: {site}/zelvano/posts.rss,"
        " every: 30m, options: {kind: post}}"
    )
    lines.append(
        f"  - {{name: press, kind: feed, brand: {OWN}, url: {site}/press/news.atom,"
        " every: 30m, options: {kind: news}}"
    )
    return lines
