"""How to read sites: spiders, their polite settings, and parsers that need no network.

`python -m spiders.run JOB.json` crawls a batch of sources into spool files;
`python -m spiders.read FILE` reads one saved page or feed. Of the application this package knows
`monitor.records` only.
"""
