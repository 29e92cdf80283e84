"""Mutation testing: small changes to a module, each of which some test has to notice (docs/mutation.md).

``changes``: which changes are made to a module. ``trial``: one change under the tests, in a process of its own.
``explained``: the survivors that docs/mutation.md explains. ``tools/mutate.py`` puts them together.
"""
