"""The bundled `actors` codebook: whole, and right on texts countable by finger."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from toolkit import read_codebook
from toolkit.codebooks import Codebook
from toolkit.counting.matching import match_articles

from .build_states import NO_STATES, list_states

GOLD_IDS = """UKR KOR RUS GBR FRA DEU ITA POL WEST UKR-MOD umerov shin yoon zelensky cho dongailbo scmp yonhap kbs""".split()

STATES = {*list_states()}

# text, then what is found in it: (surface, actor) in order. A quarter and more hold names that are not meant.
CASES = [
    (
        "The Washington Post and the New York Times met the White House.",
        "Washington Post washingtonpost|New York Times nyt|White House USA",
    ),
    ("South China Morning Post reporters left the South China Sea.", "South China Morning Post scmp"),
    ("New Mexico is no part of Mexico City.", "Mexico City MEX"),
    ("African Americans and Latin American writers met Americans.", "Americans USA"),
    ("They polish Polish shoes.", "Polish POL"),
    ("North Korea, South Koreans and the Korean peninsula.", "North Korea PRK|South Koreans KOR"),
    (
        "Papua New Guinea, Equatorial Guinea and Guinea-Bissau met Guinea.",
        "Papua New Guinea PNG|Equatorial Guinea GNQ|Guinea-Bissau GNB|Guinea GIN",
    ),
    (
        "The Democratic Republic of the Congo and the Republic of the Congo.",
        "Democratic Republic of the Congo COD|Republic of the Congo COG",
    ),
    ("In Atlanta, Georgia, the Georgia governor spoke.", ""),
    ("Tbilisi spoke for Georgia.", "Tbilisi GEO|Georgia GEO"),
    ("Northern Ireland and Ireland.", "Northern Ireland GB-NIR|Ireland IRL"),
    ("New England is not England, nor is the Bank of England.", "England GB-ENG"),
    ("In May, after 9 May and May 2016, Theresa May said so.", "Theresa May may"),
    ("Theresa May went. Then May's rivals came on 3 May.", "Theresa May may|May may"),
    ("We may go in May.", ""),
    ("Melania Trump left Trump Tower; Ivanka Trump saw Trump.", "Ivanka Trump ivanka-trump|Trump trump"),
    ("Hillary Clinton spoke. Clinton smiled at Chelsea Clinton.", "Hillary Clinton hillary-clinton|Clinton hillary-clinton"),
    ("Hillary Clinton met Bill Clinton. Then a Clinton spoke.", "Hillary Clinton hillary-clinton|Bill Clinton bill-clinton"),
    ("The National Security Council is not the UN Security Council.", "UN Security Council UNSC"),
    ("the West, the West Bank, Western leaders and Western Sahara.", "the West WEST|the West Bank PSE|Western WEST"),
    ("EU leaders in Brussels quoted U.S. and UK officials.", "EU EU|Brussels EU|U.S. USA|UK GBR"),
    ("They told us that Ukraine's Defence Ministry called Ukraine’s allies.", "Ukraine's Defence Ministry UKR-MOD|Ukraine UKR"),
    (
        "Hong Kong and American Samoans met Greenland and the British Virgin Islands near Strait of Gibraltar and French Guiana.",
        "Hong Kong HKG|American Samoans ASM|Greenland GRL|British Virgin Islands VGB|French Guiana GUF",
    ),
    ("Real Madrid beat Hertha Berlin under the Paris Agreement.", ""),
    ("WHAT IS THE PLAN? IT IS HERE.", ""),
]


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read_codebook("actors")


def test_states_are_the_members_of_the_un_and_four_more(book: Codebook) -> None:
    states = {entry.id for entry in book.entries if entry.type == "state" and not entry.within}
    assert states == STATES
    assert len(STATES - {"XKX", "PSE", "TWN", "VAT"}) == 193


def test_dependent_territories_are_within_the_states_they_belong_to(book: Codebook) -> None:
    territories = {entry.id: entry.within for entry in book.entries if entry.type == "state" and entry.within}
    assert len(territories) == 27 and set(territories.values()) <= STATES
    assert set(territories) <= NO_STATES, "their codes are those of ISO 3166"
    assert {"HKG", "MAC", "CHN-MFA"} <= set(book.expand("within:CHN"))


def test_actors_of_the_commissioned_article_are_there(book: Codebook) -> None:
    assert set(GOLD_IDS) <= {entry.id for entry in book.entries}


def test_fifty_persons_follow_those_of_the_commissioned_article(book: Codebook) -> None:
    persons = [entry for entry in book.entries if entry.type == "person"]
    assert [entry.id for entry in persons[:5]] == ["umerov", "shin", "yoon", "zelensky", "cho"]
    assert len(persons[5:]) == 50
    assert (persons[5].id, persons[-1].id) == ("trump", "corbyn")


def test_every_person_but_one_had_an_office(book: Codebook) -> None:
    without = [entry.id for entry in book.entries if entry.type == "person" and not entry.roles]
    assert without == ["kim-jong-nam"]


def test_offices_of_the_inauguration_are_those_of_that_day(book: Codebook) -> None:
    day = date(2017, 1, 21)
    presidents = {
        (role.of, entry.id)
        for entry in book.entries
        for role in entry.roles
        if role.title == "President" and (role.start or day) <= day and day < (role.end or date.max)
    }
    assert presidents == {("USA", "trump"), ("RUS", "putin"), ("CHN", "xi"), ("SYR", "assad"), ("TUR", "erdogan"), ("FRA", "hollande")}


def test_outlets_of_the_sample_corpus_are_media(book: Codebook) -> None:
    outlets = "abc cnn huffpost bbc tass dw aljazeera rte chinadaily".split()
    assert {book.entry(outlet).type for outlet in outlets} == {"medium"}


def test_agencies_are_media_under_their_whole_names(book: Codebook) -> None:
    agencies = """Reuters|Associated Press|Agence France-Presse|Deutsche Presse-Agentur|United Press International|Xinhua|Kyodo|Yonhap|TASS
        |Interfax|Ukrinform|Anadolu Agency|Press Association|Press Trust of India|Polish Press Agency|Saudi Press Agency|Canadian Press"""
    named = {pattern.text: entry.type for entry in book.entries for pattern in entry.patterns}
    wanted = [name.strip().replace("France-P", "France P") for name in agencies.split("|")]
    assert {named.get(name) for name in wanted} == {"medium"}


@pytest.mark.parametrize(("text", "expect"), CASES)
def test_names_are_found_and_look_alikes_are_not(book: Codebook, text: str, expect: str) -> None:
    articles = pd.DataFrame({"article_id": ["a"], "published": pd.to_datetime([None]), "text": pd.Series([text], dtype="str")})
    sentences = pd.DataFrame(
        {"article_id": pd.Series(["a"], dtype="str"), "sentence": [0], "part": ["body"], "start": [0], "end": [len(text)]}
    )
    mentions = match_articles(articles, sentences, book)
    found = "|".join(f"{surface} {entry}" for surface, entry in zip(mentions["surface"], mentions["entry"], strict=True))
    assert found == expect
