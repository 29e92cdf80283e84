"""Which accounts of a practice's provider may come in, and the settings that say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.oidc import Provider, standing
from core.settings import Settings
from core.web.starting import faults

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "what only two servers know"
WHOLE = {
    "SAYSO_OIDC_METADATA": "https://login.example.org/.well-known/openid-configuration",
    "SAYSO_OIDC_CLIENT_ID": "sayso",
    "SAYSO_OIDC_CLIENT_SECRET": SECRET,
    "SAYSO_OIDC_REDIRECT": "https://staff.example.org/oauth2callback",
}


def provider(*allowed: str, hours: int = 8) -> Provider:
    return Provider("https://login.example.org/metadata", "sayso", SECRET, "", allowed, hours)


def claims(**more: object) -> dict[str, object]:
    return {"is_logged_in": True, "sub": "7", "aud": "sayso", "iat": NOW.timestamp(), **more}


def by_address(address: object, **more: object) -> dict[str, object]:
    return claims(email=address, email_verified=True, **more)


def test_nobody_may_come_in_until_somebody_is_named():
    assert standing(by_address("jo@example.org"), provider(), NOW) == "refused"


@given(st.dictionaries(st.sampled_from(["sub", "email", "groups", "aud", "iat", "email_verified"]), st.none()))
def test_whatever_is_missing_nobody_comes_in_by_it(missing):
    allowed = provider("jo@example.org")
    assert standing(by_address("jo@example.org") | missing, allowed, NOW) != "in" or not missing.keys() - {
        "sub",
        "groups",
    }


def test_who_did_not_sign_in_is_out_whatever_else_is_said():
    for logged_in in (None, False, "true", 1):
        assert standing(by_address("jo@example.org", is_logged_in=logged_in), provider("jo@example.org"), NOW) == "out"
    assert standing({}, provider("jo@example.org"), NOW) == "out"


def test_an_address_counts_only_where_the_provider_says_that_it_was_checked():
    allowed = provider("Jo@Example.org")
    assert standing(by_address("jo@example.ORG"), allowed, NOW) == "in"
    for verified in (None, False, "true", 1):
        assert standing(claims(email="jo@example.org", email_verified=verified), allowed, NOW) == "refused"


def test_a_subject_that_looks_like_an_address_is_not_taken_for_one():
    assert standing(claims(sub="jo@example.org"), provider("jo@example.org"), NOW) == "refused"
    assert standing(claims(sub="jo@example.org"), provider("sub=jo@example.org"), NOW) == "in"


@pytest.mark.parametrize(("groups", "found"), [(["a", "sayso"], "in"), ("sayso", "in"), (["Sayso"], "refused")])
def test_a_claim_counts_alone_or_in_a_list_letter_by_letter(groups, found):
    assert standing(claims(groups=groups), provider("groups=sayso"), NOW) == found


@pytest.mark.parametrize("groups", [{"sayso": 1}, 7, True, [["sayso"]], None, ""])
def test_a_claim_of_another_shape_lets_nobody_in(groups):
    assert standing(claims(groups=groups), provider("groups=sayso", "groups=", "groups"), NOW) == "refused"


def test_a_subject_is_compared_letter_by_letter():
    assert standing(claims(sub="Abc"), provider("Abc"), NOW) == "in"
    assert standing(claims(sub="abc"), provider("Abc"), NOW) == "refused"


@pytest.mark.parametrize("audience", ["another", ["another"], None, "", "sayso2", {"sayso": 1}])
def test_what_was_signed_for_another_portal_does_not_count_here(audience):
    assert standing(claims(aud=audience), provider("7"), NOW) == "refused"
    assert standing(claims(aud=["another", "sayso"]), provider("7"), NOW) == "in"


@given(st.floats(-100, 100))
def test_a_sign_in_lasts_its_hours_and_not_a_second_longer(hours_ago):
    found = standing(claims(iat=(NOW - timedelta(hours=hours_ago)).timestamp()), provider("7"), NOW)
    if 0 <= hours_ago < 8:
        assert found == "in"
    elif hours_ago >= 8.001 or hours_ago < -0.05:
        assert found == "ended"


@pytest.mark.parametrize("issued_at", [None, "now", True, float("nan"), float("inf"), -1, 10**30, 10**400])
def test_a_time_that_is_none_has_ended(issued_at):
    assert standing(claims(iat=issued_at), provider("7"), NOW) == "ended"


def read(monkeypatch, **given: str) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_four_settings_make_a_provider_and_none_makes_none(monkeypatch):
    assert Settings().provider is None
    made = read(monkeypatch, **WHOLE, SAYSO_OIDC_ALLOWED="jo@example.org, groups=staff ,7").provider
    assert made is not None
    assert made.allowed == ("jo@example.org", "groups=staff", "7")
    assert (made.client_secret, made.hours) == (SECRET, 8)


def test_the_client_face_knows_nothing_of_it(monkeypatch):
    assert read(monkeypatch, **WHOLE, SAYSO_FACE="client").provider is None
    assert read(monkeypatch, **WHOLE, SAYSO_FACE="staff").provider is not None


def test_a_line_left_empty_sets_nothing(monkeypatch):
    assert read(monkeypatch, **dict.fromkeys(WHOLE, ""), SAYSO_OIDC_ALLOWED="").provider is None


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_half_a_sign_in_is_one_sentence_that_names_what_is_missing(monkeypatch, missing):
    with pytest.raises(ValidationError) as wrong:
        read(monkeypatch, **{name: value for name, value in WHOLE.items() if name != missing})
    (sentence,) = faults(wrong.value)
    assert f"half set: {missing} missing." in sentence
    assert SECRET not in sentence


def test_accounts_without_a_sign_in_are_a_sign_in_half_set(monkeypatch):
    with pytest.raises(ValidationError):
        read(monkeypatch, SAYSO_OIDC_ALLOWED="jo@example.org")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METADATA", "http://login.example.org/.well-known/openid-configuration"),
        ("METADATA", "https://login.example.org"),
        ("METADATA", "login.example.org/x"),
        ("METADATA", "https://me:secret@login.example.org/x"),
        ("METADATA", "https://[/x"),
        ("REDIRECT", "http://staff.example.org/oauth2callback"),
        ("REDIRECT", "https://staff.example.org/"),
        ("REDIRECT", "https://staff.example.org/oauth2callback?x=1"),
        ("ALLOWED", "="),
        ("ALLOWED", "[7]"),
        ("ALLOWED", "["),
        ("HOURS", "0"),
        ("HOURS", "25"),
    ],
)
def test_a_setting_that_cannot_be_right_is_one_sentence_without_its_value(monkeypatch, name, value):
    with pytest.raises(ValidationError) as wrong:
        read(monkeypatch, **(WHOLE | {f"SAYSO_OIDC_{name}": value}))
    (sentence,) = faults(wrong.value)
    assert sentence.startswith(f"SAYSO_OIDC_{name} ")
    assert "login.example" not in sentence or "such as" in sentence


def test_the_secret_is_in_no_text_made_of_the_settings(monkeypatch):
    made = read(monkeypatch, **WHOLE)
    assert SECRET not in f"{made!r} {made} {made.provider!r} {made.model_dump_json()}"


def test_on_this_machine_itself_no_tls_is_needed_for_trying(monkeypatch):
    here = {
        "SAYSO_OIDC_METADATA": "http://127.0.0.1:9/m",
        "SAYSO_OIDC_REDIRECT": "http://localhost:8501/oauth2callback",
    }
    assert read(monkeypatch, **WHOLE | here).provider is not None
