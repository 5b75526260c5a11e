"""What a link to the page looks like elsewhere."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from videobert_demo.ui.page.head import PICTURE_PATH, PICTURE_ROUTE, PageHead, describe_page
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH

GRADIOS = """<!doctype html><html><head><title>VideoBERT</title>
<meta property="og:title" content="Gradio" />
<meta
	property="og:image"
	content="https://elsewhere.example/header.jpg"
/>
<meta property="og:url" content="{url}" /><meta name="twitter:creator" content="@Gradio" />
</head><body>a clip</body></html>"""


def serve(request: Request) -> Response:
    return JSONResponse({"og:": 1}) if "json" in request.query_params else HTMLResponse(GRADIOS)


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/", serve), Route("/other", serve), PICTURE_ROUTE]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(PageHead)]), base_url="http://demo.example")


def test_gradios_placeholders_give_way_to_the_pages_own_words(client: TestClient) -> None:
    page = client.get("/")
    assert int(page.headers["content-length"]) == len(page.content)
    assert not re.findall("Gradio|elsewhere|{url}", page.text)
    found = dict(re.findall('<meta (?:property|name)="([^"]+)" content="([^"]*)">', page.text))
    assert found["og:title"] == found["apple-mobile-web-app-title"] == ENGLISH.title
    assert found["og:description"] == ENGLISH.tagline
    assert found["og:image"] == f"http://demo.example{PICTURE_PATH}"
    assert "a clip" in page.text


def test_the_picture_is_one_of_the_app(client: TestClient) -> None:
    picture = client.get(PICTURE_PATH)
    assert picture.headers["content-type"] == "image/jpeg"
    assert 5_000 < len(picture.content) < 300_000


def test_behind_a_proxy_the_address_is_the_proxys(client: TestClient) -> None:
    page = client.get("/", headers={"x-forwarded-proto": "https", "x-forwarded-host": "clips.example"})
    assert f'content="https://clips.example{PICTURE_PATH}"' in page.text


def test_the_sentence_is_in_the_language_that_was_chosen(client: TestClient) -> None:
    assert CHINESE.tagline in client.get("/", headers={"accept-language": "zh"}).text
    chosen = {"accept-language": "zh", "cookie": "vb_language=en"}
    assert ENGLISH.tagline in client.get("/", headers=chosen).text


def test_everything_else_is_sent_as_it_is(client: TestClient) -> None:
    assert client.get("/other").text == GRADIOS
    assert client.get("/?json=1").json() == {"og:": 1}


def test_an_address_cannot_break_out_of_its_tag() -> None:
    page = describe_page(b"<head></head>", 'http://a"><script>', ENGLISH)
    assert b"<script>" not in page
