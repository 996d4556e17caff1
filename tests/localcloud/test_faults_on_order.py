"""Faults by product, action and nth call: what the client sees, and whether the work was done."""

from __future__ import annotations

import http.client
import json
import time

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_fc20230330.client import Client as FcClient
from alibabacloud_ram20150501 import models as ram
from alibabacloud_tea_openapi.exceptions import ClientException, ServerException

from tests.localcloud import raw
from tests.localcloud.delegation import config


@pytest.fixture
def create_user(delegation):
    """A function that creates a user as A's root, through the SDK."""
    client = delegation.ram_of(delegation.owner)
    return lambda name: client.create_user(ram.CreateUserRequest(user_name=name))


def test_the_nth_call_of_an_action_is_refused_once(cloud, delegation, create_user):
    """The calls before and after go through, and nothing was done by the one that was struck."""
    fault = cloud.inject("refuse", product="ram", action="CreateUser", nth=2)

    create_user("one")
    with pytest.raises(ClientException) as caught:
        create_user("two")
    create_user("three")

    assert (caught.value.status_code, caught.value.code) == (403, "Forbidden")
    assert sorted(delegation.owner.ram.users) == ["one", "three"]
    assert (fault.seen, fault.struck, fault.over) == (3, 1, True)


def test_a_failure_after_the_commit_has_done_its_work(cloud, delegation, create_user):
    """The client sees a server error; the user exists, so a retry finds it there already."""
    cloud.inject("5xx-after-commit", action="CreateUser", status=503, code="ServiceUnavailable")

    with pytest.raises(ServerException) as caught:
        create_user("one")

    assert (caught.value.status_code, caught.value.code) == (503, "ServiceUnavailable")
    with pytest.raises(ClientException, match="EXIST"):
        create_user("one")


def test_a_function_has_run_before_its_invocation_fails(cloud, account_a):
    """The commit of an invocation is its handler's work; a refusal is no commit and stays what it is."""
    key = account_a.root_key
    settings = json.dumps({"functionName": "f", "runtime": "python3.10", "handler": "a.b"}).encode()
    there = {"version": "2023-03-30"}
    raw.acs3(key, "CreateFunction", path="/2023-03-30/functions", body=settings, **there).sent_to(
        cloud.endpoint
    )
    ran = []
    account_a.fc.handlers.set("f", lambda event, _invocation: ran.append(event))
    cloud.inject("5xx-after-commit", action="InvokeFunction", times=None)

    replies = [
        raw.acs3(
            key, "InvokeFunction", path=f"/2023-03-30/functions/{name}/invocations", body=b"e", **there
        ).sent_to(cloud.endpoint)
        for name in ("f", "absent")
    ]

    assert [(reply.status, reply.code) for reply in replies] == [
        (500, "InternalError"),
        (404, "FunctionNotFound"),
    ]
    assert ran == [b"e"]


def test_a_failure_before_has_done_nothing(cloud, delegation, create_user):
    """The client sees the same server error; the retry succeeds. `times` strikes several in a row."""
    cloud.inject("5xx-before", action="CreateUser", times=2)

    for _ in range(2):
        with pytest.raises(ServerException):
            create_user("one")
    create_user("one")

    assert list(delegation.owner.ram.users) == ["one"]


def test_throttling_is_the_products_own(cloud, account_a, create_user):
    """RAM throttles with 400 Throttling.User and may say how long to wait, Function Compute with 429."""
    cloud.inject("throttle", product="Ram", retry_after=1500)
    cloud.inject("throttle", product="FC")

    with pytest.raises(Exception, match="flow control") as caught:
        create_user("one")
    assert caught.value.code == "Throttling.User"
    assert caught.value.retry_after == 1500
    with pytest.raises(ClientException) as caught:
        FcClient(config(account_a.root_key)).list_functions(fc.ListFunctionsRequest())
    assert (caught.value.status_code, caught.value.code) == (429, "ResourceExhausted")


def test_a_cut_answer_has_done_its_work(cloud, account_a):
    """Half of the body arrives and the connection ends; the work was done."""
    cloud.inject("cut-body", action="CreateUser")

    with pytest.raises(http.client.IncompleteRead):
        raw.acs3(account_a.root_key, "CreateUser", {"UserName": "one"}).sent_to(cloud.endpoint)

    assert list(account_a.ram.users) == ["one"]


def test_a_slow_answer_holds_up_nobody_else(cloud, account_a):
    """The answer comes late and whole, and other calls are answered meanwhile."""
    cloud.inject("slow", action="CreateUser", seconds=0.3)
    request = raw.acs3(account_a.root_key, "CreateUser", {"UserName": "one"})
    connection = http.client.HTTPConnection(cloud.endpoint, timeout=5)
    begun = time.monotonic()
    try:
        connection.request(request.method, request.target, headers=dict(request.headers))
        assert raw.acs3(account_a.root_key, "ListUsers").sent_to(cloud.endpoint).status == 200
        assert time.monotonic() - begun < 0.3
        assert json.loads(connection.getresponse().read())["User"]["UserName"] == "one"
    finally:
        connection.close()

    assert time.monotonic() - begun >= 0.3


def test_a_fault_strikes_only_what_it_names(cloud, account_a, create_user):
    """Other actions and products, and calls that are refused anyway, are neither struck nor counted."""
    fault = cloud.inject("refuse", product="Ram", action="CreateUser", times=None)

    unsigned = raw.Request("GET", "/?Action=CreateUser&Version=2015-05-01", {"host": "127.0.0.1"})
    assert unsigned.sent_to(cloud.endpoint).code == "MissingAccessKeyId"
    assert raw.acs3(account_a.root_key, "GetCallerIdentity").sent_to(cloud.endpoint).status == 200
    assert fault.seen == 0
    for _ in range(3):
        with pytest.raises(ClientException):
            create_user("one")
    assert fault.struck == 3


def test_two_faults_for_one_call_strike_one_after_the_other(cloud, create_user):
    """The first that was asked for strikes; the other waits for the next call."""
    first = cloud.inject("refuse", action="CreateUser", code="First")
    second = cloud.inject("refuse", action="CreateUser", code="Second")

    codes = []
    for _ in range(2):
        with pytest.raises(ClientException) as caught:
            create_user("one")
        codes.append(caught.value.code)
    create_user("one")

    assert codes == ["First", "Second"]
    assert (first.struck, second.struck) == (1, 1)


def test_clearing_takes_every_fault_back(cloud, create_user):
    """After it the cloud walks its undisturbed way again."""
    from crossaccount.localcloud.pipeline import UNDISTURBED  # noqa: PLC0415  what is compared

    cloud.inject("refuse", times=None)
    cloud.clear_faults()
    create_user("one")

    assert cloud.way is UNDISTURBED


@pytest.mark.parametrize(
    ("kind", "settings", "named"),
    [
        ("explode", {}, "explode"),
        ("refuse", {"nth": 0}, "nth"),
        ("refuse", {"times": 0}, "times"),
        ("refuse", {"status": 200}, "status"),
        ("slow", {"seconds": -1}, "seconds"),
    ],
)
def test_a_fault_that_is_none_is_refused_by_name(cloud, kind, settings, named):
    """Nothing is let wait that could never strike as said."""
    with pytest.raises(ValueError, match=named):
        cloud.inject(kind, **settings)
