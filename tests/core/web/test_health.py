"""``/healthz`` and ``/metrics``: whether the portal works and how much there is to do, and nothing about anybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import PlainTextResponse

from core import saving
from core.store.waiting import oldest_waiting
from core.web.faces import PAGES
from core.web.metrics import Counted, Figures, template_of
from tests.core.web.asgi import Seen, handshake, request
from tests.core.web.conftest import hidden


def figures(site, **more) -> str:
    return site.ask("/metrics", **more).text


def value(text: str, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_health_is_asked_and_not_told(site):
    assert [site.ask("/healthz", method=method).status for method in ("GET", "HEAD", "POST", "PUT")] == [
        200,
        200,
        405,
        405,
    ]


def test_requests_are_counted_by_kind_of_address_and_status(clinic_site):
    code = clinic_site.demo.cards[0].code
    for path in (f"/C/{code}", f"/c/{code}", "/c/K7QM2XPF", "/nowhere", "/explain", "/explain"):
        clinic_site.ask(path)
    text = figures(clinic_site)
    assert value(text, 'sayso_requests_total{route="/c/{code}",status="200"}') == 2
    assert value(text, 'sayso_requests_total{route="/c/{code}",status="404"}') == 1
    assert value(text, 'sayso_requests_total{route="other",status="404"}') == 1
    assert value(text, 'sayso_requests_total{route="/{client page}",status="200"}') == 2
    assert value(text, 'sayso_request_seconds_count{route="/c/{code}"}') == 3
    assert value(text, 'sayso_request_seconds_bucket{le="+Inf",route="/c/{code}"}') == 3


def test_what_a_client_did_cannot_be_told_from_the_figures(clinic_site):
    """A no, a stop and a beginning are one row: in a small practice a count by itself may name somebody."""
    card = clinic_site.demo.cards[0]
    page = clinic_site.ask(f"/c/{card.code}").text
    for what in ("no", "stop"):
        form = hidden(page, f"/c/{card.code}/{what}") or hidden(page, f"/C/{card.code}/{what}")
        assert clinic_site.ask(f"/c/{card.code}/{what}", form=form).status == 200
    text = figures(clinic_site)
    assert value(text, 'sayso_requests_total{route="/c/{code}/{form}",status="200"}') == 2
    for word in (card.code, "no", "stop", clinic_site.demo.therapist.name, "127.0.0.1", clinic_site.binding):
        assert f'"{word}"' not in text
        assert f"/{word}" not in text


def test_no_moment_is_told(clinic_site):
    clinic_site.ask(f"/c/{clinic_site.demo.cards[0].code}")
    assert "_created" not in figures(clinic_site)


def labels() -> set[str]:
    paths = [*(f"/{page}" for page in PAGES), "/", "/card", "/leave", "/c/K7QM2XPF", "/c/K7QM2XPF/stop", "/x", "//", ""]
    return {template_of(path) for path in paths}


def test_there_is_a_dozen_of_kinds_whatever_is_asked_for():
    assert labels() == {
        *("/{client page}", "/{staff page}", "/", "/{form}"),
        *("/c/{code}", "/c/{code}/{form}", "other"),
    }
    strange = ["/static/../x", "/static/K7QM2XPF", "/media/abc.png", "/_stcore/stream", "/C/a/b/c", "/explain/"]
    assert {template_of(path) for path in strange} == {"/static/{file}", "/media/{file}", "/_stcore/{file}", "other"}


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"forwarded": "for=127.0.0.1"}},
        {"client": ("192.0.2.7", 4000)},
        {"headers": {"host": "sayso.example.org"}},
        {"method": "POST"},
        {"method": "HEAD"},
    ],
)
def test_nobody_else_is_answered(site, more):
    site.ask("/explain")
    answer = site.ask("/metrics", **more)
    assert answer.status in {404, 421}
    assert "sayso_requests" not in answer.text


def test_the_public_face_has_no_figures_for_the_public(portal_of):
    from tests.core.web.conftest import Site

    site = Site(portal_of("client"))
    assert site.ask("/metrics", client=("192.0.2.7", 4000)).status == 404
    assert site.ask("/metrics").status == 200


def test_it_says_how_long_the_oldest_has_waited_and_not_whose_it_is(clinic_site):
    assert value(figures(clinic_site), "sayso_oldest_waiting_seconds") == 0
    now, portal = datetime.now(UTC).replace(microsecond=0), clinic_site.portal
    card, therapist = clinic_site.demo.cards[0], clinic_site.demo.therapist
    saving.stop_everything(portal.outbox, card, therapist, now - timedelta(hours=3))
    saving.stop_everything(portal.outbox, clinic_site.demo.cards[1], therapist, now - timedelta(hours=1))
    assert oldest_waiting(portal.database, now) == 3 * 3600
    assert 3 * 3600 <= value(figures(clinic_site), "sayso_oldest_waiting_seconds") < 3 * 3600 + 60
    # What comes from a clock that is ahead is not younger than nothing.
    assert oldest_waiting(portal.database, now - timedelta(days=1)) == 0


def test_without_the_records_the_figures_say_so(clinic_site):
    data = clinic_site.portal.settings.data
    clinic_site.portal.database.close()
    (data / "sayso.sqlite3").unlink()
    (data / "sayso.sqlite3").mkdir()
    text = figures(clinic_site)
    assert value(text, "sayso_database_up") == 0
    assert "sayso_oldest_waiting_seconds NaN" in text


def counted(app) -> tuple[Counted, Figures]:
    made = Figures(lambda: 0)
    return Counted(app, made), made


def test_a_session_is_open_as_long_as_its_browser_is_there():
    open_meanwhile = []

    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})
        open_meanwhile.append(value(made.written().decode(), "sayso_sessions_open"))
        raise ConnectionError

    guarded, made = counted(app)
    with pytest.raises(ConnectionError):
        handshake(guarded, "/_stcore/stream")
    assert open_meanwhile == [1]
    assert value(made.written().decode(), "sayso_sessions_open") == 0


def test_a_refused_websocket_is_no_session():
    async def app(scope, receive, send):
        await send({"type": "websocket.close", "code": 1008})

    guarded, made = counted(app)
    handshake(guarded, "/_stcore/stream")
    assert value(made.written().decode(), "sayso_sessions_open") == 0


def test_an_answer_that_breaks_is_counted_as_a_fault():
    async def app(scope, receive, send):
        raise RuntimeError

    guarded, made = counted(app)
    with pytest.raises(RuntimeError):
        request(guarded, "/explain")
    assert value(made.written().decode(), 'sayso_requests_total{route="/{client page}",status="500"}') == 1


def test_each_answer_passes_unchanged():
    guarded, _ = counted(PlainTextResponse("as it was", 418))
    answer = request(guarded, "/explain")
    assert (answer.status, answer.text) == (418, "as it was")
    assert request(counted(Seen())[0], "/explain").body == b"seen"
