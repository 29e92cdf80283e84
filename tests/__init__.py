"""The tests. A package, so that another one of this name elsewhere is never taken for it."""
