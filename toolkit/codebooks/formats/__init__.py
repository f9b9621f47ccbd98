"""Codebooks in the formats of other tools: a module for each family of formats, `listing` for what they can carry."""
