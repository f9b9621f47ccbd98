import pytest

from toolkit.counting import find_mentions

from .world import list_found, make_book, make_entry, make_text, make_world

UMEROV = make_entry("umerov", [("Rustem Umerov", "name"), ("Umerov", "surname")], case=True)
KIM, OTHER_KIM = (
    make_entry(id, [(name, "name"), ("Kim", "surname")], case=True) for id, name in [("kim", "Kim Jong Un"), ("kim-2", "Kim Jong Nam")]
)
MAYER = make_entry("mayer", [("Ann Mayer", "name"), ("Mayer", "surname"), ("Mayer Foundation", "surname")], case=True)
FUND = make_entry("fund", [("Foundation", "name")], case=True)

CASES = {
    "after the full name": ([UMEROV], ["Rustem Umerov came.", "Umerov spoke."], ["Rustem Umerov", "Umerov"]),
    "before the full name": ([UMEROV], ["Umerov spoke.", "Rustem Umerov came."], ["Umerov", "Rustem Umerov"]),
    "with neither": ([UMEROV], ["Umerov spoke.", "A minister Umerov came."], []),
    "after a title": ([UMEROV], ["Defense Minister Umerov spoke."], ["Umerov"]),
    "after a title with a dot": ([UMEROV], ["Mr. Umerov and Gen.  Umerov spoke."], ["Umerov", "Umerov"]),
    "after a title to be": ([UMEROV], ["President-elect Umerov spoke."], ["Umerov"]),
    "after a title in capitals": ([UMEROV], ["PRESIDENT UMEROV SPEAKS"], ["UMEROV"]),
    "a title parted by a comma": ([UMEROV], ["The Minister, Umerov, spoke."], []),
    "a title in the sentence before": ([UMEROV], ["He met the Minister", "Umerov spoke."], []),
    "two bearers named": ([KIM, OTHER_KIM], ["Kim Jong Un met Kim Jong Nam.", "Kim spoke."], ["Kim Jong Un", "Kim Jong Nam"]),
    "two bearers, one named": ([KIM, OTHER_KIM], ["Kim Jong Un came.", "Mr Kim spoke."], ["Kim Jong Un", "Kim"]),
    "two bearers, title only": ([KIM, OTHER_KIM], ["Mr Kim spoke."], []),
    "full name inside a longer name": (
        [UMEROV, make_entry("school", [("Rustem Umerov School", "name")], case=True)],
        ["The Rustem Umerov School.", "Umerov spoke."],
        ["Rustem Umerov School"],
    ),
    "a surname that does not count takes no words": ([MAYER, FUND], ["The Mayer Foundation."], ["Foundation"]),
}


@pytest.mark.parametrize("label", CASES)
def test_surname(label):
    entries, text, expected = CASES[label]
    articles, sentences = make_text(*text)
    found = find_mentions(articles, sentences, make_book(*entries, kind="actors", overlap="dictionary"))
    assert [surface for surface, _ in list_found(found)] == expected


def test_full_name_of_another_article_does_not_count():
    articles, sentences = make_world({"a": [("body", "Rustem Umerov came.")], "b": [("body", "Umerov spoke.")]})
    assert find_mentions(articles, sentences, make_book(UMEROV))["article_id"].tolist() == ["a"]
