"""Rates and shares with intervals; what a codebook's patterns do to them."""

from toolkit.estimating.association import estimate_association, list_edges
from toolkit.estimating.audit import Comparison, audit_codebook, compare_codebooks, estimate_without
from toolkit.estimating.diversity import estimate_diversity
from toolkit.estimating.keyness import suggest_patterns
from toolkit.estimating.rates import estimate_pairs, estimate_prominence, estimate_rates, estimate_scores, estimate_shares
from toolkit.estimating.sourcing import estimate_coverage, estimate_presence, estimate_sources, estimate_voices

__all__ = [
    "Comparison",
    "audit_codebook",
    "compare_codebooks",
    "estimate_association",
    "estimate_coverage",
    "estimate_diversity",
    "estimate_pairs",
    "estimate_presence",
    "estimate_prominence",
    "estimate_rates",
    "estimate_scores",
    "estimate_shares",
    "estimate_sources",
    "estimate_voices",
    "estimate_without",
    "list_edges",
    "suggest_patterns",
]
