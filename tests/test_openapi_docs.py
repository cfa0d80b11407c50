"""The page that shows the OpenAPI document."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from typing_extensions import override

PAGE = "/api/docs"
HOST = "http://testserver"


class Page(HTMLParser):
    """What a page fetches, and what of it is inline."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.fetched += [value for name in ("src", "href") if (value := named.get(name))]
        self.inline += [name for name in named if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in named):
            self.inline.append(tag)


@pytest.fixture
def client(settings: Any) -> Client:
    """Return a client of a service that finds its static files where they are installed."""
    settings.WHITENOISE_USE_FINDERS = True
    return Client()


@pytest.fixture
def page(client: Client) -> Page:
    response = client.get(PAGE)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(response.content.decode())


def fetched(client: Client, url: str) -> str:
    """Return a file to its end, which closes it."""
    response = client.get(url)
    assert response.status_code == 200
    return response.getvalue().decode(errors="replace")


def test_everything_on_the_page_comes_from_this_host(page: Page, client: Client) -> None:
    urls = [urljoin(HOST + PAGE, url) for url in page.fetched]
    assert len(urls) == 5  # the icon, the style, two scripts of the library, and ours
    assert {urlsplit(url).netloc for url in urls} == {"testserver"}
    assert all(fetched(client, url) for url in urls)


def test_nothing_on_the_page_is_inline(page: Page) -> None:
    assert page.inline == []


def test_the_style_fetches_nothing_from_elsewhere(page: Page, client: Client) -> None:
    (style,) = [url for url in page.fetched if url.endswith(".css")]
    css = fetched(client, style)
    assert {url.partition(":")[0] for url in re.findall(r"url\(['\"]?([^)]+)", css)} == {"data"}
    assert "@import" not in css


def test_the_page_shows_our_document_and_asks_nobody_to_check_it(client: Client) -> None:
    script = client.get(f"{PAGE}?script=").content.decode()
    assert 'url: "/api/schema"' in script.replace("\\u002D", "-")
    assert '"validatorUrl": null' in script
