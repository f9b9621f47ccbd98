"""Codebooks: versioned lists of categories, each with a meaning and patterns, read from YAML and other tools' files, and checked."""

from toolkit.codebooks.formats.listing import FORMATS
from toolkit.codebooks.reading import check_codebook, list_codebooks, read_codebook
from toolkit.codebooks.records import Codebook, Entry, Near, Pattern, Role
from toolkit.codebooks.writing import write_codebook

__all__ = ["FORMATS", "Codebook", "Entry", "Near", "Pattern", "Role", "check_codebook", "list_codebooks", "read_codebook", "write_codebook"]
