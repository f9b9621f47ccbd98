from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.parsing import find_firsts, read_corpus
from toolkit.parsing.sentences import split_articles
from toolkit.parsing.stories import FEWEST, KIN, LONGER, RUN, SAME, find_stories, hash_bodies
from toolkit.parsing.words import WORD, count_words, fold
from toolkit.tables import make_table

TESTS = Path(__file__).parents[1]
CASES = yaml.load((TESTS / "cases" / "stories.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
STORY = CASES["story"]
WORDS = """
    Mayors opened the bridge by the weir while prices fell on Monday, the Courier said. Nurses shut an old archive at dawn because
    tea ran out. Bakers praised this quarry near Brekke after bells rang twice. Divers feared that stage would sink off Hald in a
    storm. Judges drew lots for one vault under the mint and a dog barked. Poets sold their orchard past the dunes to a band of
    sailors. Miners found seven towers on the moor when it thawed in March. Pilots moved our harbour clock to Torv, said the Echo.
    Tailors cleaned every lane over Vik for Easter. Vets lost two geese north of Ollen as lights failed all along the shore.
""".split()
OTHER = [f"{sentence}." for sentence in " ".join(WORDS)[:-1].split(". ")]  # sentences of no story: a text is some of them


def make_articles(bodies, published=None):
    """Articles a0, a1, … with a headline of their own each."""
    heads = [f"Headline number {at} of its own" for at in range(len(bodies))]
    texts = [f"{head}\n\n{body}" for head, body in zip(heads, bodies, strict=True)]
    ids = [f"a{at}" for at in range(len(bodies))]
    columns = dict.fromkeys(("byline", "dateline", "url"), [None] * len(ids)) | {
        "article_id": ids,
        "outlet": ["x.com"] * len(ids),
        "published": published or ["2017-02-08"] * len(ids),
        "headline": heads,
        "text": texts,
        "source_path": ["x.csv"] * len(ids),
        "source_row": list(range(1, len(ids) + 1)),
        "n_words": [count_words(text) for text in texts],
        "story": ids,
    }
    return make_table("Articles", {name: columns[name] for name in make_table("Articles").columns})


def find(articles):
    words = hash_bodies(articles, split_articles(articles))
    return articles[["article_id"]].assign(story=find_stories(articles, words.__getitem__))


def write_other(case):
    """The other text of a case."""
    if case.get("blog"):
        return " ".join([*OTHER, STORY[:413], *OTHER])
    text = case.get("other", STORY).replace("BRIEF", CASES["brief"])
    if "cut" in case:
        start, end = case["cut"]
        text = text[:start] + text[end:]
    for before, after in case.get("change", []):
        assert before in text, before
        text = text.replace(before, after)
    return f"{text}\n\n{case['append']}" if "append" in case else text


@pytest.mark.parametrize("case", CASES["wild"], ids=lambda case: case["label"])
def test_copy_is_the_same_story(case):
    stories = find(make_articles([case.get("one", STORY).replace("BRIEF", CASES["brief"]), write_other(case)]))
    assert stories["story"].tolist() == ["a0", "a0"]


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda case: case["label"])
def test_what_only_shares_words_is_another_story(case):
    assert find(make_articles([case.get("one", STORY).replace("BRIEF", CASES["brief"]), write_other(case)]))["story"].tolist() == [
        "a0",
        "a1",
    ]


def test_first_is_the_earliest_then_the_smallest_id_and_without_a_date_the_last():
    dates = [None, "2017-02-08 09:00", "2017-02-08 08:00", "2017-02-08 08:00"]
    assert find(make_articles([STORY] * 4, dates))["story"].tolist() == ["a2"] * 4


@pytest.mark.parametrize("days", ["678", "867", "876", "768"])
def test_round_up_is_no_copy_of_its_briefs_and_does_not_tie_them_together(days):
    briefs = [" ".join(OTHER[:4]), " ".join(OTHER[4:8])]
    stories = find(make_articles([*briefs, " ".join(briefs)], [f"2017-02-0{day}" for day in days]))
    assert stories["story"].tolist() == ["a0", "a1", "a2"]


def test_pairs_are_found_in_blocks_as_at_once(monkeypatch):
    bodies = [*(" ".join(OTHER[at : at + 6]) for at in range(5)), STORY, *(STORY[at:] for at in range(0, 90, 30)), STORY]
    at_once = find(make_articles(bodies))
    monkeypatch.setattr("toolkit.parsing.stories._AT_ONCE", 3)
    pd.testing.assert_frame_equal(find(make_articles(bodies)), at_once)
    assert at_once["story"].value_counts()["a5"] == 5


def test_versions_may_move_on_from_the_first():
    versions = [" ".join(WORDS[start : start + 60]) for start in (0, 14, 28)]
    stories = find(make_articles(versions, ["2017-02-06", "2017-02-07", "2017-02-08"]))
    assert stories["story"].tolist() == ["a0"] * 3


def test_nothing_and_a_single_article():
    assert find(make_articles([])).empty
    assert find(make_articles([STORY])).values.tolist() == [["a0", "a0"]]


def test_firsts_are_the_earliest_of_those_given():
    articles = make_articles([STORY] * 3, [None, "2017-02-09", "2017-02-08"]).assign(story=["a2", "a2", "a2"])
    assert find_firsts(articles).tolist() == [False, False, True]
    assert find_firsts(articles.iloc[:2]).tolist() == [False, True]


texts = st.lists(st.integers(0, len(OTHER) - 1), min_size=1, max_size=10).map(lambda places: " ".join(OTHER[at] for at in places))
bodies = st.lists(st.one_of(texts, st.just(STORY), st.integers(200, 900).map(lambda end: STORY[:end])), max_size=8)


def hash_slowly(text):
    words = WORD.findall(fold(text))
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


@settings(max_examples=25, deadline=None)
@given(bodies, st.randoms())
def test_every_article_is_in_one_story_and_order_changes_nothing(bodies, random):
    articles = make_articles(bodies, [random.choice(["2017-02-08", "2017-02-09", None]) for _ in bodies])
    stories = find(articles).set_index("article_id")
    assert stories.index.tolist() == articles["article_id"].tolist()
    assert set(stories["story"]) <= set(stories.index)
    assert (stories.loc[stories["story"], "story"] == stories["story"].to_numpy()).all()  # a first is in its own story
    mixed = find(articles.sample(frac=1, random_state=random.randint(0, 999))).set_index("article_id")
    pd.testing.assert_frame_equal(mixed.loc[stories.index], stories)


@settings(max_examples=25, deadline=None)
@given(bodies)
def test_every_copy_is_verified_on_the_runs_themselves(bodies):
    runs = {f"a{at}": hash_slowly(body) for at, body in enumerate(bodies)}
    stories = find(make_articles(bodies))
    for id, story in stories.itertuples(index=False):
        fewer, more = sorted((runs[id], runs[story]), key=len)
        if id == story:
            continue
        assert len(fewer) >= FEWEST and len(fewer & more) >= KIN * len(fewer)
        kin = [other for other, told in zip(stories["article_id"], stories["story"], strict=True) if told == story and other < id]
        assert any(
            len(runs[id] & runs[other]) >= SAME * min(map(len, (runs[id], runs[other])))
            and max(map(len, (runs[id], runs[other]))) <= LONGER * min(map(len, (runs[id], runs[other])))
            for other in kin
        )


@settings(max_examples=15, deadline=None)
@given(bodies)
def test_stories_of_a_part_that_shares_no_word_with_the_rest_are_those_of_the_whole(bodies):
    apart = [STORY.replace(" ", " q"), STORY.replace(" ", " q")[40:]]
    articles = make_articles([*bodies, *apart])
    part = articles.iloc[: len(bodies)]
    pd.testing.assert_frame_equal(find(articles).iloc[: len(bodies)], find(part))
    assert find(articles)["story"].tolist()[len(bodies) :] == [f"a{len(bodies)}"] * 2


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """A file of three articles of two outlets, two of them one story."""
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "cache"))
    rows = [
        ("Ferry stops", STORY, "2017-02-08", "a.com"),
        ("Last ferry", STORY, "2017-02-09", "b.com"),
        ("Else", OTHER[0], "2017-02-09", "b.com"),
    ]
    table = pd.DataFrame(rows, columns=["headline", "text", "published", "outlet"])
    table.to_csv(tmp_path / "copies.csv", index=False)
    table.iloc[1:].to_csv(tmp_path / "part.csv", index=False)
    return tmp_path


def test_story_is_filled_when_a_corpus_is_read_and_kept_when_it_is_narrowed(copies):
    path = str(copies / "copies.csv")
    news = read_corpus(path)
    first, _, alone = news.articles["article_id"]
    assert news.articles["story"].tolist() == [first, first, alone]
    assert read_corpus(path, outlets=["b.com"]).articles["story"].tolist() == [first, alone]
    assert read_corpus(path).articles["story"].tolist() == [first, first, alone]


def test_once_per_story_keeps_the_earliest_of_those_asked_for(copies):
    path = str(copies / "copies.csv")
    first, again, alone = read_corpus(path).articles["article_id"]
    assert read_corpus(path, stories="once per story").articles["article_id"].tolist() == [first, alone]
    assert read_corpus(path, stories="once per story", outlets=["b.com"]).articles["article_id"].tolist() == [again, alone]


def test_unknown_way_to_count_stories_is_refused_before_reading(copies):
    with pytest.raises(Exception) as fault:
        read_corpus(str(copies / "copies.csv"), stories="once")
    assert str(fault.value) == (
        "stories='once': no such way to count them. Allowed: as published, once per story. Did you mean 'once per story'?"
    )


def test_stories_are_found_across_files_read_together(copies):
    part = read_corpus(copies / "part.csv")
    assert part.articles["story"].tolist() == part.articles["article_id"].tolist()
    joined = read_corpus(copies / "part.csv", copies / "copies.csv")
    assert sorted(joined.articles["story"].value_counts()) == [1, 2]
