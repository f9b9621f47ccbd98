import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import find_browser
from toolkit.errors import CorpusError
from toolkit.parsing.sources import RawArticle
from toolkit.parsing.webpages import read_page_text, read_webpage

CASES = yaml.load((Path(__file__).parents[1] / "cases" / "webpages.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
PARAGRAPHS = [
    "The river Aume rose by two metres on Monday after three days of rain, the town said.",
    "“We have seen worse,” said the mayor, Ann Lee, who walked along the dyke in the morning.",
    "Forecasters expect more rain at the weekend, and the fire service has put out sandbags.",
]
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TAGS = "<p>|</p>|<div>|<article>|<script type='application/ld+json'>|</script>|{\"@type\":\"NewsArticle\",|\"author\":[|<meta name=date content=|<table><td>|<time datetime=|<!--|-->|<title>|<a href=|It rained.|\0|\ud800|&#0;|http://[|<!-- saved from url=(1)x|<link rel=canonical href=https://"  # fmt: skip # noqa: E501


TEASERS = [
    ("Sun returns to the quay", "The sun came back to the quay on Sunday and stayed there for the rest of a long day."),
    ("Ferry stays in port", "The ferry stays in port until the spring, its owner said on Monday after a meeting."),
    ("Ten streets are closed", "Ten streets near the market are closed for repairs which take the whole of summer."),
    ("Baker wins a prize", "A baker from the old town won a prize for his bread at the fair last week."),
    ("School opens a garden", "The school opened a garden in which its pupils grow beans and flowers."),
    ("Mayor plans a bridge", "The mayor plans a bridge across the Aume, which is to be built next year."),
]


def named(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def find_reason(content):
    """Why a page is refused; "" if it is not."""
    try:
        read_webpage(content)
    except CorpusError as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize("case", named("wild"))
def test_page_is_read_with_method_and_confidence(case):
    article = read_webpage(case["page"].replace("STORY", STORY).encode())
    assert isinstance(article, RawArticle), article
    for field, value in case.get("expect", {}).items():
        assert article.fields[field] == value
    for field, origin in case.get("origins", {}).items():
        assert list(article.origins[field]) == origin
    assert not set(case.get("not", [])) & set(article.fields)
    assert case.get("says", "") in article.fields["text"]
    if case.get("only_story"):
        assert article.fields["text"].split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize("case", named("negative"))
def test_page_without_a_story_is_refused(case):
    assert find_reason(case["page"].replace("STORY", STORY).encode()) == case["reason"]


@pytest.mark.parametrize("case", named("lists") + named("no_lists"))
def test_list_of_articles_is_refused_and_what_looks_like_one_is_not(case):
    each = "".join(case["each"].replace("TITLE", title).replace("TEXT", text).replace("STORY", STORY) for title, text in TEASERS)
    refused = "a page that lists articles" in find_reason(f"<title>The Aume</title><h1>The Aume</h1><main>{each}</main>".encode())
    assert refused == (case in CASES["lists"])


@pytest.mark.parametrize("case", named("notices"))
def test_notice_about_consent_is_never_the_story(case):
    notice = "".join(f"<p>{paragraph}</p>" for paragraph in case["text"].split("|"))
    assert find_reason(f"<main>{notice}</main>".encode()).startswith("a notice about cookies or consent, not a story")
    for before, after in [
        ("<div class=cmp-box>", "</div>"),
        ("<div role=dialog>", "</div>"),
        ("<aside>", "</aside>"),
        ("<div class=x1>", "</div>"),
    ]:
        for around in ("article", "div", "aside"):
            article = read_webpage(f"{before}{notice}{after}<{around}>{STORY}</{around}>".encode())
            assert article.fields["text"].split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize("case", named("about"))
def test_story_about_cookies_stays(case):
    paragraphs = case["text"].split("|")
    story = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    for page in (f"<article>{story}</article>", f"<body class=cookies-not-set><div class='post tag-cookies'>{story}</div>"):
        assert read_webpage(page.encode()).fields["text"].split("\n\n") == paragraphs


def test_address_that_is_given_goes_before_all_others_and_needs_no_origin():
    article = read_webpage(f"<link rel=canonical href=https://a.example/x>{STORY}".encode(), url="https://b.example/y")
    assert article.fields["url"] == "https://b.example/y" and "url" not in article.origins


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        ("<p>“Café”".encode("utf-16"), "", "“Café”"),
        ("\ufeff<p>“Café”".encode(), "", "“Café”"),
        ("<meta charset=iso-8859-1><p>“Café”".encode("cp1252"), "", "“Café”"),
        ("<meta http-equiv=x content='text/html; charset=gb2312'><p>北京".encode("gbk"), "", "北京"),
        ("<meta charset=iso-8859-1><p>“Café”".encode(), "", "“Café”"),
        ("<meta charset=nonsense><p>Café".encode(), "", "Café"),
        (("<p>" + "Весь день в городе шёл дождь. " * 9).encode("cp1251"), "", ("Весь день в городе шёл дождь. " * 9).strip()),
        ("<p>Київ".encode("koi8-u"), "koi8-u", "Київ"),
        (("<p>" + "Überall regnet es. " * 99 + "ß").encode()[:-1], "", "Überall regnet es. " * 99 + "�"),
    ],
    ids=["mark", "UTF-8 mark", "Latin-1 is 1252", "Chinese", "wrong declaration", "no encoding", "guessed", "given", "cut off"],
)
def test_encoding_is_given_marked_declared_or_guessed(content, encoding, text):
    assert read_page_text(content, encoding=encoding) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<p>" + b"It rained. " * 1_000_000, "a page of 11,000,003 bytes; at most 10,000,000 are read"),
        (b"<p>a" * 60_000, "a page of more than 30,000 elements: it is not a page for readers"),
        (bytes(range(256)) * 100, "not text in any known encoding: if it is text, name its encoding (--encoding)"),
    ],
    ids=["too long", "too many", "no text"],
)
def test_page_that_would_be_cut_off_or_take_long_is_refused(content, reason):
    assert find_reason(content) == reason


@pytest.mark.parametrize(
    "content",
    [
        b"<p>" + b"The river rose again on Monday. " * 60_000,
        (b"<p>" + b"It rained. ") * 9_000,
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
        b"<article>" + b"<time datetime=2017-99-01>x</time>" * 5_000,
        b"<meta " + b"x" * 9_000_000,
        b"<" * 1_000_000,
        b"<div>" * 100_000 + STORY.encode(),
    ],
    ids=["one line", "paragraphs", "deep JSON", "times", "attribute", "brackets", "deep"],
)
def test_megabytes_of_anything_are_an_article_or_a_refusal(content):
    assert find_reason(content) in ("", "no story was found in the page: look at it in a browser and save it once the story shows")


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=300) | st.lists(st.sampled_from(TAGS.split("|")) | st.text(max_size=5), max_size=25).map("".join))
def test_any_bytes_are_an_article_or_a_refusal(page):
    content = page if isinstance(page, bytes) else (page + STORY).encode("utf-8", "surrogatepass")
    if not find_reason(content):
        found = read_webpage(content)
        assert set(found.origins) <= set(found.fields) and all(found.fields.values())
        assert found == read_webpage(content)


def test_text_of_a_page_keeps_its_blocks_apart():
    page = b"<title>no</title><body><div>Rain <b>falls</b></div>on<ul><li>the town</ul><table><tr><td>HD<td>Rain<!-- no --></table>"
    assert read_page_text(page) == "Rain falls\n\non\n\nthe town\n\nHD\n\nRain"


def test_page_as_a_browser_shows_it_is_read(tmp_path):
    page = tmp_path / "page.html"
    script = "document.querySelector('article').innerHTML += '<p>It has been raining since Friday, and the water still rises.</p>'"
    page.write_text(f"<title>River rises</title><article>{STORY}</article><script>{script}</script>", "utf-8")
    command = [find_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
    article = read_webpage(shown)
    assert article.fields["text"].split("\n\n") == [*PARAGRAPHS, "It has been raining since Friday, and the water still rises."]
