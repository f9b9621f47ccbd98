"""Rates, shares and diversity with intervals."""

from toolkit.estimating.diversity import estimate_diversity
from toolkit.estimating.rates import estimate_pairs, estimate_rates, estimate_shares
from toolkit.estimating.sourcing import estimate_presence, estimate_sources, estimate_voices

__all__ = [
    "estimate_diversity",
    "estimate_pairs",
    "estimate_presence",
    "estimate_rates",
    "estimate_shares",
    "estimate_sources",
    "estimate_voices",
]
