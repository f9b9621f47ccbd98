"""Rates and shares with intervals; what a codebook's patterns do to them."""

from toolkit.estimating.audit import Comparison, audit_codebook, compare_codebooks, estimate_without
from toolkit.estimating.keyness import suggest_patterns
from toolkit.estimating.rates import estimate_pairs, estimate_rates, estimate_scores, estimate_shares

__all__ = [
    "Comparison",
    "audit_codebook",
    "compare_codebooks",
    "estimate_pairs",
    "estimate_rates",
    "estimate_scores",
    "estimate_shares",
    "estimate_without",
    "suggest_patterns",
]
