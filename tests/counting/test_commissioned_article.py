"""The 45 mentions of actors in the article the project was commissioned for, marked by hand: who, and whether as an actor or a place."""

from toolkit import read_codebook, read_corpus
from toolkit.counting.matching import match_articles
from toolkit.parsing import split_sentences

GOLD = """
0 7 UKR actor
29 40 KOR place
96 101 KOR place
115 124 UKR actor
169 182 umerov actor
199 210 KOR place
314 318 UKR actor
361 368 RUS actor
386 395 UKR actor
447 459 shin actor
461 472 KOR actor
566 573 UKR place
594 604 dongailbo actor
726 750 scmp actor
783 790 UKR actor
833 838 KOR place
899 906 RUS actor
975 984 UKR actor
1037 1049 KOR actor
1060 1073 yoon actor
1116 1122 yonhap actor
1173 1178 KOR actor
1226 1238 KOR actor
1251 1254 kbs actor
1267 1274 UKR actor
1287 1306 zelensky actor
1316 1320 UKR actor
1343 1348 KOR actor
1496 1505 UKR actor
1595 1601 umerov actor
1631 1638 WEST actor
1657 1664 GBR actor
1666 1672 FRA actor
1674 1681 DEU actor
1683 1688 ITA actor
1694 1700 POL actor
1751 1758 UKR actor
1808 1815 RUS actor
1834 1860 UKR-MOD actor
1955 1961 RUS actor
2083 2089 umerov actor
2170 2175 KOR actor
2215 2222 WEST actor
2237 2241 UKR actor
2422 2433 cho actor
"""


def test_every_mention_is_found_with_its_actor_and_use_and_no_other():
    gold = [(int(start), int(end), actor, use) for start, end, actor, use in (line.split() for line in GOLD.strip().splitlines())]
    articles = read_corpus("ukraine-korea").articles
    mentions = match_articles(articles, split_sentences(articles), read_codebook("actors"))
    found = list(mentions[["start", "end", "entry", "use"]].itertuples(index=False, name=None))
    assert [span for span in found if span not in gold] == []
    assert [span for span in gold if span not in found] == []
    assert len(found) == len(gold) == 45
    text = articles["text"].iloc[0]
    assert [text[start:end] for start, end, _, _ in found] == mentions["surface"].tolist()
