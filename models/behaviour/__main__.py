"""`python -m models.behaviour [MODEL]`: failures of the embedded or another model, by suite."""

import sys

from models.behaviour import LANGUAGES, failures
from models.sentiment import open_sentiment

scorer = open_sentiment(*sys.argv[1:2])
for code in LANGUAGES:
    found = failures(scorer, code)
    print(code, {suite: f"{failed}/{number}" for suite, (failed, number) in found.items()})
