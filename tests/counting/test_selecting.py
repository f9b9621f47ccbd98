import pytest

from toolkit.codebooks import read_codebook
from toolkit.counting import explain_mention, find_counted, find_mentions, list_undecided
from toolkit.errors import ToolkitError

from .world import make_book, make_entry, make_text

TEXT = ("They met in Kyiv.", "Kyiv agreed.", "Good news, Kyiv!", "Ukraine's president agreed.", "A bridge in Ukraine.")


def find(*sentences):
    articles, pieces = make_text(*sentences)
    return articles, pieces, find_mentions(articles, pieces, read_codebook("actors"))


@pytest.mark.parametrize(
    ("uses", "expect"),
    [
        ("all", ["Kyiv", "Kyiv", "Kyiv", "Ukraine", "Ukraine"]),
        ("lenient", ["Kyiv", "Kyiv", "Ukraine", "Ukraine"]),
        ("strict", ["Kyiv", "Ukraine"]),
    ],
)
def test_fewer_are_counted_the_stricter_one_is(uses, expect):
    _, _, mentions = find(*TEXT)
    assert find_counted(mentions, uses=uses)["surface"].tolist() == expect


def test_offices_are_counted_only_when_asked_for():
    articles, sentences = make_text("The US president spoke.")
    mentions = find_mentions(articles, sentences, read_codebook("actors"))
    assert mentions["via"].tolist() == ["name", "role"]
    assert find_counted(mentions)["via"].tolist() == ["name"]
    assert find_counted(mentions, roles=True)["entry"].tolist() == ["USA", "trump"]


@pytest.mark.parametrize("uses", ["strict", "lenient", "all"])
def test_mentions_of_other_codebooks_are_all_counted(uses):
    mentions = find_mentions(*make_text("a war in Kyiv"), make_book(make_entry("war", ["war"])))
    assert len(find_counted(mentions, uses=uses)) == 1


def test_unknown_way_to_count_is_refused():
    with pytest.raises(ToolkitError) as caught:
        find_counted(find(*TEXT)[2], uses="strickt")
    assert str(caught.value) == "uses='strickt': no such way to count. Allowed: all, lenient, strict. Did you mean 'strict'?"


def test_undecided_names_come_with_counts_and_the_words_around():
    articles, _, mentions = find(*TEXT, "Fine, Oslo!")
    table = list_undecided(mentions, articles)
    assert table[["name", "actor", "n_undecided", "n_mentions"]].to_numpy().tolist() == [["Kyiv", "UKR", 1, 3], ["Oslo", "NOR", 1, 1]]
    assert "Good news, Kyiv! Ukraine's president" in table["for_example"].iloc[0]


EXPLAINED = {
    "They met in Kyiv.": "“Kyiv” is the capital or seat of power of Ukraine. Here a place: a word of place stands before it.",
    "Good news, Kyiv!": "“Kyiv” is the capital or seat of power of Ukraine. Here undecided: no rule holds, and a capital may be either.",
    "Good news, Ukraine!": "“Ukraine” is a name of Ukraine. Here an actor: no rule holds, and a state mostly is.",
    "Ukrainian news": "“Ukrainian” is the adjective or the people of Ukraine.",
    "Minister Umerov spoke.": "“Umerov” is short for Rustem Umerov: the title Minister stands before it.",
    "Then Umerov spoke.": "“Umerov” is short for Rustem Umerov and nobody else.",
    "Volodymyr Zelenskii spoke.": "“Volodymyr Zelenskii” is a spelling of Volodymyr Zelensky, a name of Volodymyr Zelensky.",
}


@pytest.mark.parametrize("text", EXPLAINED)
def test_mention_is_explained(text):
    articles, sentences, mentions = find(text)
    assert explain_mention(mentions.iloc[-1], sentences, articles, read_codebook("actors")) == EXPLAINED[text]


def test_surname_and_given_name_are_explained_by_the_full_name():
    articles, sentences, mentions = find("Rustem Umerov came.", "Umerov and Rustem spoke.")
    book = read_codebook("actors")
    assert [explain_mention(mentions.iloc[at], sentences, articles, book) for at in (1, 2)] == [
        "“Umerov” is short for Rustem Umerov, whose full name stands in the article.",
        "“Rustem” is the given name of Rustem Umerov, whose full name stands in the article.",
    ]
