"""Rates and shares with intervals."""

from toolkit.estimating.rates import estimate_pairs, estimate_rates, estimate_scores, estimate_shares

__all__ = ["estimate_pairs", "estimate_rates", "estimate_scores", "estimate_shares"]
