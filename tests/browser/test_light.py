"""What a visit takes over the line: little for the first words and a no, and the app only for who reads on."""

from __future__ import annotations

from itertools import count

from playwright.sync_api import Page, expect

#: Tenths of a second until the app has to be there.
PATIENCE = 300


def carried(page: Page) -> list[int]:
    """The bytes of each answer, as they come in."""
    sizes: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sizes


def test_the_first_words_are_small_and_the_app_follows_while_someone_reads(server, phone: Page) -> None:
    sizes = carried(phone)
    phone.goto(f"{server.url}/c/{server.demo().cards[0].code}")
    phone.wait_for_load_state("networkidle")
    assert 5_000 < sum(sizes) < 40 * 1024
    wanted = (phone.locator("meta[name=ahead]").get_attribute("content") or "").split()
    expect(phone.locator("link[rel=modulepreload], link[rel=preload]")).to_have_count(len(wanted))
    for tenth in count():
        if len(sizes) > len(wanted) or tenth > PATIENCE:
            break
        phone.wait_for_timeout(100)
    assert 200_000 < sum(sizes) < 700 * 1024


def test_a_phone_that_pays_for_each_byte_is_not_sent_the_app_ahead(server, phone: Page) -> None:
    phone.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    sizes = carried(phone)
    phone.goto(f"{server.url}/c/{server.cards[0].code}")
    phone.wait_for_timeout(3000)
    assert 5_000 < sum(sizes) < 40 * 1024
    assert phone.locator("link[rel=modulepreload]").count() == 0


def test_the_first_words_have_their_look_without_asking_for_it(server, phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda one: asked.append(one.url))
    phone.goto(f"{server.url}/c/{server.cards[0].code}")
    look = phone.evaluate("getComputedStyle(document.querySelector('.ways button')).minHeight")
    assert float(look.removesuffix("px")) >= 44
    assert not [url for url in asked if url.endswith(".css")]
