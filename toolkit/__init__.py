"""Framebook."""
