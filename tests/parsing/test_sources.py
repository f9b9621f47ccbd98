import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import CorpusError
from toolkit.parsing import sources
from toolkit.parsing.sources import Source, decode, find_encoding, open_text, read_text, read_whole

LONG = "Der Bürgermeister sagte, die Brücke über die Aume bleibe gesperrt; das Wasser sei müde. " * 4


@pytest.mark.parametrize(
    ("content", "encoding", "how"),
    [
        (b"It rains.", "utf-8", ""),
        ("Café".encode("utf-8-sig"), "utf-8-sig", ""),
        ("Café".encode("utf-16"), "utf-16", "by its byte order mark"),
        ("Café".encode("utf-32"), "utf-32", "by its byte order mark"),
        (LONG.encode("cp1252"), "cp1252", "guessed"),
        ("L’été à Orléans, où le café est fermé.".encode("cp1252"), "cp1252", "guessed"),
        ("Мэр города заявил, что река поднялась.".encode("cp1251"), "cp1251", "guessed"),
        (("Мэр города заявил, что река поднялась. " * 4).encode("koi8-r"), "koi8-r", "guessed"),
        ("市长说，河水上涨了两米，下城被水淹没了。".encode("gb18030"), "gb18030", "guessed"),
        ("市長は、川が二メートル上昇し、下町が水没したと述べた。".encode("shift_jis"), "cp932", "guessed"),
        (LONG.encode() + b"\xe2\x80", "utf-8", "with damaged bytes"),
        (LONG.encode()[:50] + b"\xff" + LONG.encode(), "utf-8", "with damaged bytes"),
        (b"It rains. " * 200_000 + LONG.encode("cp1252"), "cp1252", "guessed"),
        (b"It rains. " * 200_000 + "é".encode(), "utf-8", ""),
    ],
)
def test_encoding_is_found(content, encoding, how):
    found = find_encoding(io.BytesIO(content))
    assert (found[0], found[1].partition(" and ")[0]) == (encoding, how)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Rada portu obradowała trzy godziny i wysłuchała rybaków. Nikt nie przeczył, że falochron trzeba odbudować.", "cp1250"),
        ("Rada portu obradowała trzy godziny i wysłuchała rybaków. Spór dotyczy ceny, a także tego, czy śluza będzie.", "iso8859-2"),
        ("Rada přístavu jednala tři hodiny a vyslechla rybáře. Říká se, že to bude drahé, než přijdou zimní bouře.", "cp1250"),
        ("Senki sem vitatta, hogy a hullámtörőt a téli viharok előtt újjá kell építeni; a hajózás szünetel.", "cp1250"),
        ("Vijeće luke zasjedalo je tri sata. Ništa više neće biti isto, kažu građani i ribari iz čamaca.", "cp1250"),
        ("Liman kurulu pazartesi günü üç saat toplandı; dalgakıranın kış fırtınalarından önce yapılması gerekiyor.", "cp1254"),
        ("Ostas padome pirmdien sēdēja trīs stundas. Neviens nenoliedza, ka viļņlauzis jāatjauno pirms ziemas vētrām.", "cp1257"),
        ("Havnebestyrelsen mødtes mandag. Ingen bestred, at bølgebryderen skal genopbygges før vinterstormene.", "cp1252"),
        ("Nadie negó que la escollera deba reconstruirse mañana, según el señor Gómez. ¿Cuándo?", "cp1252"),
        ("The board met for three hours. “We can’t wait,” said the treasurer, and left.", "cp1252"),
    ],
)
def test_encoding_of_a_language_is_told_by_its_letters(text, encoding):
    found, how = find_encoding(io.BytesIO(text.encode(encoding)))
    assert text.encode(encoding).decode(found) == text
    assert how.startswith("guessed")


@pytest.mark.parametrize("declared", ["utf-8", "UTF8", "iso-8859-1", "no-such-encoding"])
def test_one_bad_byte_and_no_sound_character_is_not_utf_8(declared):
    content = ("The board met for three hours on Monday. " * 60).encode() + "José can’t wait.".encode("cp1252")
    assert decode(content, declared=declared).endswith("José can’t wait.")
    assert decode(content, first=declared).endswith("José can’t wait.")


def test_a_declared_encoding_counts_before_a_guess():
    polish = "Rada portu obradowała trzy godziny. Nikt nie przeczył, że falochron trzeba odbudować przed zimą."
    assert decode(polish.encode("iso8859-2"), declared="iso-8859-2") == polish
    assert decode(polish.encode("cp1250"), declared="windows-1250") == polish


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_without_a_mark_must_be_named(encoding):
    with pytest.raises(CorpusError, match="name its encoding"):
        find_encoding(io.BytesIO("It rains in the café.".encode(encoding)))


def test_damaged_byte_is_seen_and_the_rest_is_whole():
    notes = Source("a", io.BytesIO(LONG.encode() + b"\xff ende")).notes
    source = Source("a", io.BytesIO(LONG.encode() + b"\xff ende"), notes=notes)
    assert read_text(source) == LONG + "\ufffd ende"
    assert notes == {("encoding", "utf-8, with damaged bytes"): 1}


def test_document_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(sources, "LARGEST", 3)
    with pytest.raises(
        CorpusError, match=r"^over 0 MB in one document: split it, or give a table \(CSV, JSON Lines\) with one article a row$"
    ):
        read_whole(Source("a", io.BytesIO(b"It rains.")))


@given(st.text(), st.sampled_from(["utf-8-sig", "utf-16", "utf-32", "utf-8"]))
def test_text_with_a_mark_or_in_utf_8_is_read_as_written(text, encoding):
    content = text.encode(encoding)
    if encoding in ("utf-8", "utf-16") and "\0" in text:
        return  # zeros may be taken for UTF-16, and after its mark for UTF-32
    assert open_text(Source("a", io.BytesIO(content))).read() == text.removeprefix("\ufeff" if encoding == "utf-8" else "")
