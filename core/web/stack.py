"""Puts the parts together for ``portal.py``, in the order a request meets them."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from core.portal import Portal, clock
from core.store import practice
from core.store.waiting import oldest_waiting
from core.web import assets, frontend, logs, own_assets
from core.web.assets import Assets
from core.web.binding import Binding
from core.web.bodies import Bodies
from core.web.compression import Compressed, folders
from core.web.faces import Faces
from core.web.faults import Faults
from core.web.headers import Headers
from core.web.hosts import Hosts
from core.web.light import Light
from core.web.metrics import Counted, Figures
from core.web.policy import policies
from core.web.proxies import behind
from core.web.routes import routes
from core.web.shell import Shell, reader_in, shells
from core.web.sign_in import in_front


@dataclass(frozen=True, slots=True)
class Stack:
    """What ``st.App`` is given."""

    routes: tuple[BaseRoute, ...]
    middleware: tuple[Middleware, ...]


def stack(portal: Portal, streamlit_folder: Path, hosts: Sequence[str], end_sessions: Callable[[str], None]) -> Stack:
    """Return routes and middleware, outermost first.

    ``streamlit_folder``: where Streamlit keeps its ``index.html``. ``hosts``: the names the portal answers to.
    ``end_sessions``: drops what the app holds in memory for one binding; called from any thread.
    """
    logs.quiet()
    page = frontend.read(streamlit_folder)
    files = assets.find(streamlit_folder)
    compressed = Compressed(folders(portal.settings.data / "cache"))
    _warm(compressed, [files[address] for address in (*page.scripts, *page.modules, *page.styles)])
    look = own_assets.address_of("sayso.css")
    own = [address for address in own_assets.addresses() if address.endswith((".css", ".js"))]
    ahead = (*page.scripts, *page.styles, *own, *page.modules)
    _say_setup_code(portal)
    return Stack(
        routes=routes(portal, ahead, end_sessions),
        middleware=(
            *behind(portal.settings.trusted_proxies),
            Middleware(Counted, figures=Figures(lambda: oldest_waiting(portal.database, clock()))),
            Middleware(Headers, policies=policies(page.inline)),
            Middleware(Faults),
            Middleware(Hosts, allowed=hosts),
            Middleware(Assets, files=files, compressed=compressed),
            Middleware(Light, look=own_assets.look(), address=look),
            Middleware(Faces, face=portal.settings.face, sign_in=portal.settings.provider is not None),
            Middleware(Bodies),
            Middleware(Binding),
            *in_front(portal),
            Middleware(Shell, documents=shells(page, portal.settings.leave_to), find=reader_in(portal)),
        ),
    )


def _warm(compressed: Compressed, paths: Sequence[Path]) -> None:
    def work() -> None:
        try:
            compressed.warm(paths)
        except OSError:
            logging.getLogger("sayso").exception("compressed assets could not be kept")

    Thread(target=work, name="compress", daemon=True).start()


def _say_setup_code(portal: Portal) -> None:
    # Whoever started the portal reads this; who comes from another machine is asked for it.
    if portal.settings.face != "client" and practice.find_practice(portal.database) is None:
        sys.stdout.write(f"Set-up code, asked for on other machines: {portal.setup_code}\n")
        sys.stdout.flush()
