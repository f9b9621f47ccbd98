"""Tests of the codebooks room."""
