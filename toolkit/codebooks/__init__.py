"""Codebooks: versioned lists of categories, each with a meaning and patterns, read from YAML and other tools' files, and checked."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
