"""Tests of the formats of other tools; every file here is written for the purpose."""
