import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.parsing.flags import flag_dates, flag_texts, tabulate_flags
from toolkit.parsing.words import count_words
from toolkit.tables import read_data

LONG = (
    "The council met in the town hall on Monday to talk about the new bridge, which is to be built over the river next year. "
    "Most of those who live on the other side have long asked for it, and many of them had come to hear what the mayor would say. "
    "He told them that the money was there. Nobody asked where it had come from."
)


def find_flags(table):
    return tabulate_flags([*flag_texts(table), *flag_dates(table)])


def articles(*texts, published="2017-03-01"):
    table = pd.DataFrame({"text": list(texts)})
    table["published"] = pd.to_datetime(pd.Series(published if isinstance(published, list) else [published] * len(texts))).astype(
        "datetime64[us]"
    )
    table["article_id"] = [f"{n:012}" for n in range(len(texts))]
    return table.assign(n_words=table["text"].map(count_words))


def flags(table):
    return [tuple(row) for row in find_flags(table)[["article_id", "flag", "detail"]].values.tolist()]


def test_sound_articles_have_no_flag():
    assert flags(articles(*(f"{word}. {LONG}" for word in ("Here", "There", "Now")))) == []


def test_dates_far_from_the_corpus_are_flagged():
    days = ["2016-01-01", *[f"2017-03-{day:02}" for day in range(1, 30)], "2018-01-01"]
    texts = [f"{day} {LONG}" for day in days]
    found = flags(articles(*texts, published=days))
    assert found == [
        ("000000000000", "date before the archive", "2016-01-01"),
        ("000000000030", "date in the future", "2018-01-01"),
    ]


def test_short_articles_are_flagged():
    assert flags(articles("word " * 49, "word " * 50)) == [("000000000000", "under 50 words", "49 words")]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('He said "yes.', '1 "'),
        ("He said “yes.", "1 “"),
        ("He said «yes».", ""),
        ('"It rains.\n\n"It pours," he said.', ""),
        ("“It rains.\n\n“It pours,” he said.", ""),
        ("“It rains.\n\nHe left.", "1 “"),
        ('"It rains.\n\nHe left."', ""),
        ('He said "yes.\n\nShe left.\n\nHe said "no.', '2 "'),
        ("Er sagte „ja“.", ""),
    ],
)
def test_unpaired_marks_are_flagged_but_not_a_quotation_that_goes_on(text, detail):
    found = [row[2] for row in flags(articles(text + "\n\n" + "word " * 60)) if row[1] == "unpaired quotation marks"]
    assert found == ([detail] if detail else [])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_flags_keep_their_schema_whatever_the_text(texts):
    found = find_flags(articles(*texts))
    assert set(found["article_id"]) <= {f"{n:012}" for n in range(len(texts))}
    assert (found["detail"] != "").all()


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("This article is for subscribers only.", "This article is for subscribers only."),
        ("Subscribe now and read on. Sign in to continue reading.", "Subscribe now and read on. Sign in to continue reading."),
        ("Er ging. Dieser Artikel ist nur für Abonnenten.", "Dieser Artikel ist nur für Abonnenten."),
        ("Déjà abonné ? Connectez-vous", "Déjà abonné ? Connectez-vous"),
        ("¿Ya eres suscriptor?", "¿Ya eres suscriptor?"),
        ("Sei già abbonato?", "Sei già abbonato?"),
        ("Al abonnee?", "Al abonnee?"),
        ("Já é assinante?", "Já é assinante?"),
        ("He said that this article is for subscribers only.", ""),
        ("Subscribe to our newsletter.", ""),
        ("“This article is for subscribers only,” it said.", ""),
    ],
)
def test_what_a_paywall_cuts_off_is_flagged(text, detail):
    found = [row[2] for row in flags(articles(f"{LONG}\n\n{text}")) if row[1] == "cut off by a paywall"]
    assert found == ([detail] if detail else [])


def test_whatever_a_paywall_says_is_flagged():
    walls = [item["example"] for item in read_data("boilerplate")["sentences"] if "wall" in item]
    found = flags(articles(*(f"{LONG}\n\n{wall}" for wall in walls)))
    assert [(flag, detail) for _, flag, detail in found] == [("cut off by a paywall", wall) for wall in walls]
