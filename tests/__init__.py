"""A package, so that no package of this name that is installed beside the toolkit stands before it."""
