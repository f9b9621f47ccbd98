"""Numbers with intervals; what a codebook's patterns do to them."""

from toolkit.estimating.audit import audit_codebook, compare_codebooks
from toolkit.estimating.estimates import Estimates, Measure
from toolkit.estimating.listings import Listing
from toolkit.estimating.places import estimate_places
from toolkit.estimating.rates import estimate_rates, estimate_shares
from toolkit.estimating.sources import estimate_sources, estimate_voices
from toolkit.estimating.suggesting import suggest_entries
from toolkit.estimating.together import estimate_together

__all__ = [
    "Estimates",
    "Listing",
    "Measure",
    "audit_codebook",
    "compare_codebooks",
    "estimate_places",
    "estimate_rates",
    "estimate_shares",
    "estimate_sources",
    "estimate_together",
    "estimate_voices",
    "suggest_entries",
]
