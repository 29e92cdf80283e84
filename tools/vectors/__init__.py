"""Makes ``tests/vectors/*.json``: tokens that must open, and tokens that must be refused, one fault each.

Everything here is written from docs/token-format.md and shares no code with ``core``.
``python -m tools.vectors.make`` writes the same files each time; ``npm run vectors`` in this folder
writes the fifty of another HPKE implementation.
"""
