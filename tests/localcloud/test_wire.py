"""Taking a request apart: parameters, headers, hosts, typed values. Pure, so tested without a wire."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.localcloud import parameters
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.host import Host, HostError, is_loopback, parse_host
from crossaccount.localcloud.ids import Ids
from crossaccount.localcloud.signatures.encoding import canonical_query, enc
from crossaccount.localcloud.wire import MAX_PARAMETERS, Wire, parse_headers, parse_parameters

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def wire(query=None, body=b"", **headers):
    """A request with these parts."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Wire("POST", "/", query or {}, named, body, "127.0.0.1")


@given(st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=8))
def test_parameters_survive_either_encoding(params):
    """What a client encodes, with `+` or `%20` for a blank, is what arrives; and it is re-encoded alike."""
    assert parse_parameters(urlencode(params).encode()) == params
    assert parse_parameters(urlencode(params, quote_via=quote).encode()) == params
    assert parse_parameters(canonical_query(params).encode()) == params


def test_encoding_is_rfc_3986():
    """Only letters, digits and -_.~ stay as they are."""
    assert enc("aZ09-_.~ */+é") == "aZ09-_.~%20%2A%2F%2B%C3%A9"


@pytest.mark.parametrize(
    "query",
    [
        b"a=1&a=1",
        b"a=1&%61=2",
        b"a=%ff",
        b"\xff=1",
        b"&".join(b"p%d=" % n for n in range(MAX_PARAMETERS + 1)),
    ],
)
def test_ambiguous_parameters_are_refused(query):
    """A repeated name, bytes that are not UTF-8, and too many parameters are no request."""
    with pytest.raises(ApiError) as refusal:
        parse_parameters(query)
    assert (refusal.value.status, refusal.value.code) == (400, "InvalidParameter.Format")


def test_query_and_form_are_merged_unless_they_differ():
    """The same value in both is one parameter, another value is refused; other bodies are no form."""
    form = {"content_type": "application/x-www-form-urlencoded; charset=utf-8"}

    assert wire({"a": "1", "c": "3"}, b"b=2&a=1", **form).params == {"a": "1", "b": "2", "c": "3"}
    assert wire({"a": "1"}, b"b=2", content_type="application/json").params == {"a": "1"}
    with pytest.raises(ApiError, match="different values"):
        _ = wire({"a": "1"}, b"a=2", **form).params


def test_headers_are_joined_but_never_doubly_trusted():
    """Repeated headers are joined; Host and Authorization must be one."""
    assert parse_headers([(b"X-A", b" 1 "), (b"x-a", b"2"), (b"x-b", b"\xe4")]) == {"x-a": "1,2", "x-b": "ä"}
    for name in (b"Host", b"Authorization"):
        with pytest.raises(ApiError):
            parse_headers([(name, b"a"), (name.lower(), b"b")])


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("ram.aliyuncs.com", Host("ram")),
        ("STS.aliyuncs.com:443", Host("sts")),
        ("sts.cn-hangzhou.aliyuncs.com", Host("sts", "cn-hangzhou")),
        ("sts-vpc.ap-southeast-1.aliyuncs.com", Host("sts", "ap-southeast-1")),
        ("fcv3.cn-beijing.aliyuncs.com", Host("fc3", "cn-beijing")),
        ("fcv3-vpc.cn-beijing.aliyuncs.com", Host("fc3", "cn-beijing")),
        ("fc.cn-beijing.aliyuncs.com", Host("fc2", "cn-beijing")),
        ("us-west-1.fc.aliyuncs.com", Host("fc", "us-west-1")),
        ("1234567890120000.us-west-1-internal.fc.aliyuncs.com", Host("fc", "us-west-1", "1234567890120000")),
        ("business.aliyuncs.com", Host("bss")),
        ("localhost", Host()),
        ("127.8.9.1:80", Host()),
        ("[::1]:8000", Host()),
        ("http://127.0.0.1:8000", Host()),
    ],
)
def test_a_host_says_product_region_and_account(host, expected):
    """Each documented form of endpoint is read."""
    assert parse_host(host) == expected


@pytest.mark.parametrize(
    "host",
    [
        "",
        "aliyuncs.com",
        "x.ram.aliyuncs.com",
        "ram.aliyuncs.com.cn",
        "12345.cn-beijing.fc.aliyuncs.com",
        "10.0.0.1",
        "a b",
    ],
)
def test_a_host_that_is_none_is_named(host):
    """Anything else is refused, and the message says what is served."""
    with pytest.raises(HostError, match=r"is not served here; use 127\.0\.0\.1"):
        parse_host(host)
    assert not is_loopback(host)


def test_whole_numbers_have_bounds():
    """A whole number is read in decimal within its bounds; anything else is refused by name."""
    for text, value in (("1", 1), ("100", 100), ("007", 7)):
        assert parameters.integer({"Limit": text}, "Limit", 5, low=1, high=100) == value
    assert parameters.integer({}, "Limit", 5, low=1, high=100) == 5
    for text in ("0", "101", "-1", "1.0", "+1", " 1", "\u0661", "9" * 5000, "-"):
        with pytest.raises(ApiError) as refusal:
            parameters.integer({"Limit": text}, "Limit", 5, low=1, high=100)
        assert refusal.value.code == "InvalidParameter.Limit"


def test_booleans_come_in_either_languages_spelling():
    """`true` from Go and `True` from Python are the same; `yes` is neither."""
    assert parameters.boolean({"B": "True"}, "B") is True
    assert parameters.boolean({"B": "false"}, "B") is False
    assert parameters.boolean({}, "B", default=True) is True
    with pytest.raises(ApiError):
        parameters.boolean({"B": "yes"}, "B")


def test_lists_come_as_json_or_flattened():
    """Both spellings of a list give the same; a broken one is refused by name."""
    tags = [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": ""}]

    assert parameters.json_list({"Tag": '[{"Key":"k","Value":"v"},{"Key":"l","Value":""}]'}, "Tag") == tags
    flat = {"Tag.2.Key": "l", "Tag.2.Value": "", "Tag.1.Key": "k", "Tag.1.Value": "v", "Tagged.1": "x"}
    assert parameters.json_list(flat, "Tag") == tags
    assert parameters.json_list({"Names.1": "a", "Names.10": "c", "Names.2": "b"}, "Names") == ["a", "b", "c"]
    assert parameters.json_list({}, "Tag") is None
    for broken in ({"Tag": "{}"}, {"Tag": "["}, {"Tag.x": "1"}, {"Tag.1": "a", "Tag.1.Key": "b"}):
        with pytest.raises(ApiError) as refusal:
            parameters.json_list(broken, "Tag")
        assert refusal.value.code == "InvalidParameter.Tag"


def test_a_missing_parameter_is_named():
    """A required parameter that is absent or empty is refused by name."""
    for params in ({}, {"RoleName": ""}):
        with pytest.raises(ApiError) as refusal:
            parameters.required(params, "RoleName")
        assert (refusal.value.code, refusal.value.message) == (
            "MissingRoleName",
            "RoleName is mandatory for this action.",
        )
    assert parameters.optional({"A": ""}, "A") == ""


@given(st.integers(min_value=0, max_value=2**32))
def test_identifiers_have_their_shapes(seed):
    """Every identifier has the form its service gives it."""
    ids = Ids(seed)

    assert ids.role_id()[0] == "3"
    assert ids.user_id()[0] == "2"
    assert len(ids.role_id()) == len(ids.user_id()) == 18
    assert ids.role_id().isdigit()
    assert (len(ids.access_key_id()), len(ids.access_key_secret())) == (24, 30)
    assert ids.access_key_id().startswith("LTAI5t")
    assert ids.sts_key_id().startswith("STS.")
    assert ids.sts_token().startswith("CAES")
    assert [len(part) for part in ids.request_id().split("-")] == [8, 4, 4, 4, 12]
    assert ids.request_id().isupper()
    assert [len(part) for part in ids.uuid().split("-")] == [8, 4, 4, 4, 12]
    assert [len(part) for part in ids.fc_request_id().split("-")] == [1, 8, 8, 12]
