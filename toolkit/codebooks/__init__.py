"""Codebooks: versioned lists of categories, each with a meaning and patterns, read from YAML and checked."""

from toolkit.codebooks.reading import check_codebook, list_codebooks, read_codebook
from toolkit.codebooks.records import Codebook, Entry, Pattern, Role

__all__ = ["Codebook", "Entry", "Pattern", "Role", "check_codebook", "list_codebooks", "read_codebook"]
