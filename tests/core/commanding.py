"""Calling the command line as a program would, in this process: words in, JSON, a sentence and a code out."""

from __future__ import annotations

import io
import json
from datetime import datetime

from core.__main__ import main
from core.commands import Console
from tests.core.clinic import NOW


class Call:
    """What one call left behind."""

    def __init__(self, *words: object, at: datetime = NOW) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code = main([str(word) for word in words], Console(io.BytesIO(), out, err, lambda: at))
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def json(self):
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def error(self):
        """The id of a failure, which came with one sentence."""
        assert self.code == 2
        assert self.err.count("\n") == 1
        return self.json["error"]
