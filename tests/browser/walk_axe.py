"""axe-core on one screen: WCAG 2.2 A and AA and best practices, run by the debugger, past the page's own policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: The rules that ask how something looks or how much room it has: the only ones whose outcome another size or light can
#: change while the same things are in sight. Every other one of axe's reads names, roles, attributes and their order.
#: (``css-orientation-lock`` and ``avoid-inline-spacing`` read the styles as written; what ``meta-viewport`` and
#: ``hidden-content`` read is the same at every size.)
BY_LOOK = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
_RUN = """([type, values]) => axe.run(document, {
    runOnly: { type, values },
    resultTypes: ['violations'], elementRef: false, preload: false
}).then(found => found.violations.map(one => ({
    rule: one.id, nodes: one.nodes.map(node => ({
        selector: node.target.flat(3).join(' '), html: node.html.slice(0, 160), why: node.failureSummary.slice(0, 300)
    }))
})))"""


@dataclass(frozen=True)
class Limit:
    """A violation that is Streamlit's own and cannot be mended from here.

    ``rule``: axe's id. ``selector``: what its node matches. ``issue``: where it is known upstream.
    """

    rule: str
    selector: str
    issue: str
    why: str


@dataclass
class Axe:
    """Runs the rules. ``met``: how often each known limit occurred."""

    limits: tuple[Limit, ...] = ()
    met: Counter[Limit] = field(default_factory=Counter)

    def look(self, page: Page, rules: Sequence[str] = ()) -> list[str]:
        """Return each violation on a page that is no known limit. ``rules``: none for all of them."""
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(_source())
        found: list[dict[str, Any]] = page.evaluate(_RUN, ["rule", list(rules)] if rules else ["tag", list(TAGS)])
        return [
            f"{one['rule']}: {node['selector']} | {node['html']} | {node['why']}"
            for one in found
            for node in one["nodes"]
            if not self._is_known(page, one["rule"], node["selector"])
        ]

    def _is_known(self, page: Page, rule: str, selector: str) -> bool:
        for limit in self.limits:
            if limit.rule == rule and page.locator(selector).first.evaluate("(e, s) => e.matches(s)", limit.selector):
                self.met[limit] += 1
                return True
        return False


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
