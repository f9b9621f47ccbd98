"""Tests of the room estimating."""
