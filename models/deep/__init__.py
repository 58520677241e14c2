"""The deep tier: a small transformer of our own. No weights of it are shipped yet.

Importing this package makes `AutoModelForSequenceClassification.from_pretrained(folder)` know it.
"""

from contextlib import suppress

# Training needs only torch; where transformers is missing or broken, opening weights says so.
with suppress(ImportError):
    from models.deep.model import register

    register()
