"""Which part of the customer's journey each aspect belongs to: the one table that says so."""

from __future__ import annotations

# choice: finding and comparing; ordering: site, app, checkout; delivery: until it is in the
# customer's hands; product: using it; visit: being in the shop, hotel or restaurant;
# support: getting help; returns: sending back, refunds.
STAGES = {
    "selection": "choice",
    "price": "choice",
    "app_site": "ordering",
    "delivery": "delivery",
    "packaging": "delivery",
    "quality": "product",
    "reliability": "product",
    "food": "product",
    "staff": "visit",
    "speed": "visit",
    "cleanliness": "visit",
    "atmosphere": "visit",
    "location": "visit",
    "support": "support",
    "returns": "returns",
}
ASPECTS = tuple(STAGES)

# "The app is slow" is about the app, "the courier came fast" about delivery: speed is an aspect
# of its own only where the clause names none of these.
SPEED_BELONGS_TO = frozenset({"delivery", "app_site", "support", "returns"})
