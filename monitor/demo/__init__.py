"""The whole loop on sample sites of an invented brand, served from this package, offline.

`story` dates the sample texts, `site` serves them, `survey` writes a survey export, `loop` runs
collect, score, judge, deliver and digest over them as they run on real sites.
"""
