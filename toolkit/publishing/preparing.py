"""What is made before the first page runs: tables that pages share."""

from collections.abc import Mapping


def prepare_corpora(shared: Mapping[str, tuple[list[str], bool]]) -> None:
    """Fill the cache of tables that pages share, and print each step. What fails here fails again, with its reason, on a page.

    Of a corpus these are articles, sentences, mentions by codebook; where attributions are asked for, also names, and who says what.

    Args:
        shared: As `find_shared` returns it.
    """
    from toolkit import find_attributions, find_mentions, find_names, read_codebook, read_corpus

    for name, (codebooks, speech) in shared.items():
        try:
            print(f"{name}: articles", flush=True)
            corpus = read_corpus(name)
            for book in [read_codebook(one) for one in codebooks]:
                print(f"{name}: mentions of {book.id}", flush=True)
                found = find_mentions(corpus, book)
                if speech and book.kind == "actors":
                    print(f"{name}: names, and who says what", flush=True)
                    find_attributions(found)
                    find_names(found)
        except Exception as fault:
            print(f"{name}: not prepared, the pages say why: {fault}", flush=True)
