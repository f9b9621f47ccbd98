"""Tests of the showing room; a package, so that test files of the same name in other rooms do not disturb it."""
