"""The 45 mentions of actors in the article the project was commissioned for, marked by hand."""

from toolkit import find_mentions, read_codebook, read_corpus, split_sentences

GOLD = """
0 7 UKR
29 40 KOR
96 101 KOR
115 124 UKR
169 182 umerov
199 210 KOR
314 318 UKR
361 368 RUS
386 395 UKR
447 459 shin
461 472 KOR
566 573 UKR
594 604 dongailbo
726 750 scmp
783 790 UKR
833 838 KOR
899 906 RUS
975 984 UKR
1037 1049 KOR
1060 1073 yoon
1116 1122 yonhap
1173 1178 KOR
1226 1238 KOR
1251 1254 kbs
1267 1274 UKR
1287 1306 zelensky
1316 1320 UKR
1343 1348 KOR
1496 1505 UKR
1595 1601 umerov
1631 1638 WEST
1657 1664 GBR
1666 1672 FRA
1674 1681 DEU
1683 1688 ITA
1694 1700 POL
1751 1758 UKR
1808 1815 RUS
1834 1860 UKR-MOD
1955 1961 RUS
2083 2089 umerov
2170 2175 KOR
2215 2222 WEST
2237 2241 UKR
2422 2433 cho
"""


def test_every_mention_is_found_with_its_actor_and_no_other():
    gold = [(int(start), int(end), actor) for start, end, actor in (line.split() for line in GOLD.strip().splitlines())]
    articles = read_corpus("ukraine-korea").articles
    mentions = find_mentions(articles, split_sentences(articles), read_codebook("actors"))
    found = list(mentions[["start", "end", "entry"]].itertuples(index=False, name=None))
    assert [span for span in found if span not in gold] == []
    assert [span for span in gold if span not in found] == []
    assert len(found) == len(gold) == 45
    text = articles["text"].iloc[0]
    assert [text[start:end] for start, end, _ in found] == mentions["surface"].tolist()
