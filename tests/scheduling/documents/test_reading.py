"""Bytes that no calendar can be made of are refused by their place, and never crash."""

import pytest

from scheduling.documents import DocumentError, read_document


def refusal_of(raw: bytes) -> list[tuple[str, str, str]]:
    with pytest.raises(DocumentError) as refused:
        read_document(raw)
    return [(each.pointer, each.code, each.detail) for each in refused.value.problems]


def test_a_byte_that_is_not_utf8_is_named_by_its_offset() -> None:
    detail = "The text is not UTF-8: byte 6 does not belong there."
    assert refusal_of(b'{"a": \xff}') == [("", "invalid_utf8", detail)]
    assert "byte 9 " in refusal_of(b'\xef\xbb\xbf{"a": \xff}')[0][2]


def test_a_byte_order_mark_is_no_harm() -> None:
    assert read_document(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_malformed_json_is_named_by_line_and_column() -> None:
    [(pointer, code, detail)] = refusal_of(b'{\n "a": 1,\n "b" 2}')
    assert (pointer, code) == ("", "malformed_json")
    assert "line 3, column 6" in detail


@pytest.mark.parametrize("raw", [b"", b"  ", b"{", b'{"a": 1} {}'])
def test_what_is_not_one_json_value_is_refused(raw: bytes) -> None:
    assert refusal_of(raw)[0][1] == "malformed_json"


def test_keys_given_twice_are_all_named() -> None:
    raw = b'{"a": [{"x/y": 1, "x/y": 2, "z": 3, "z": 4}], "b": {"c": 1, "c": 1}}'
    assert sorted(each[:2] for each in refusal_of(raw)) == [
        ("/a/0/x~1y", "repeated_key"),
        ("/a/0/z", "repeated_key"),
        ("/b/c", "repeated_key"),
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_must_be_finite(number: str) -> None:
    raw = f'{{"a": [0, {number}]}}'.encode()
    assert [each[:2] for each in refusal_of(raw)] == [("/a/1", "not_finite")]


@pytest.mark.parametrize("digits", [31, 5000])
def test_numbers_have_few_digits(digits: int) -> None:
    raw = f'{{"a": {"9" * digits}}}'.encode()
    assert [each[:2] for each in refusal_of(raw)] == [("/a", "number_too_large")]


def test_200_levels_are_read_and_201_are_not() -> None:
    assert read_document(b"[" * 200 + b"]" * 200)
    [(pointer, code, _detail)] = refusal_of(b"[" * 201 + b"1," + b"[]" + b"]" * 201)
    assert (pointer, code) == ("/0" * 200 + "/1", "too_deep")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("levels", [1_000, 100_000])
def test_endless_nesting_is_refused(levels: int, opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"
    raw = opening * levels + b"1" + closing * levels
    assert [each[1] for each in refusal_of(raw)] == ["too_deep"]


@pytest.mark.parametrize("text", [rb"a\u0000b", rb"\ud800", rb"\uDFFF"])
def test_text_that_no_database_stores_is_refused(text: bytes) -> None:
    in_value = b'{"a": ["x", "' + text + b'"]}'
    in_key = b'{"a": {"' + text + b'": 1}}'
    assert [each[:2] for each in refusal_of(in_value)] == [("/a/1", "invalid_characters")]
    assert [each[:2] for each in refusal_of(in_key)] == [("/a", "invalid_characters")]


def test_escapes_that_spell_text_are_read() -> None:
    assert read_document(rb'{"a": "\u00e9 \ud83d\ude00"}') == {"a": "é 😀"}


def test_64_megabytes_are_the_most() -> None:
    assert read_document(b'"' + b"a" * (64 * 1024**2 - 2) + b'"')
    assert [each[1] for each in refusal_of(b" " * (64 * 1024**2 + 1))] == ["too_large"]
