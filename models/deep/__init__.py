"""The deep tier: a small encoder of our own, recurrent as it is shipped, or a transformer.

`import models.deep.model` makes `AutoModelForSequenceClassification.from_pretrained(folder)` know
it; nothing else here needs transformers.
"""
