"""Functions of generation 3.0 through the SDK."""

from __future__ import annotations

import base64
import re

import pytest
from alibabacloud_fc20230330 import models
from alibabacloud_tea_openapi.exceptions import ClientException
from darabonba.runtime import RuntimeOptions


def test_create_answers_the_function(fc3, account_a, zip_file):
    """CreateFunction answers what was sent, defaults, ids, times, code size and checksum, and the state."""
    code, size, checksum = zip_file
    made = fc3.create(
        code={"zipFile": code},
        memorySize=1024,
        timeout=60,
        description="lists",
        environmentVariables={"K": "v"},
    )
    assert made.function_arn == f"acs:fc:cn-hangzhou:{account_a.id}:functions/f"
    assert re.fullmatch(r"[0-9a-f-]{36}", made.function_id)
    assert (made.code_size, made.code_checksum) == (size, checksum)
    assert (made.memory_size, made.timeout, made.description) == (1024, 60, "lists")
    assert made.environment_variables == {"K": "v"}
    assert (made.disk_size, made.instance_concurrency, made.internet_access) == (512, 1, True)
    assert (made.state, made.last_update_status) == ("Active", "Successful")
    assert made.created_time == made.last_modified_time


def test_get_and_list_agree_but_for_the_state(fc3):
    """ListFunctions answers a function without its state; GetFunction with it."""
    fc3.create(tags=[{"Key": "team", "Value": "a"}])
    got = fc3.get().to_map()
    (listed,) = (item.to_map() for item in fc3.list().functions)
    state = {name for name in got if name.startswith(("state", "lastUpdate"))}
    assert len(state) == 6
    assert listed == {name: value for name, value in got.items() if name not in state}


def test_update_changes_what_is_sent(fc3, cloud, zip_file):
    """UpdateFunction keeps what it does not name, tags and code included."""
    code, size, checksum = zip_file
    fc3.create(code={"zipFile": code}, timeout=60, tags=[{"Key": "k", "Value": "v"}])
    cloud.clock.advance(60)
    changed = fc3.update(memorySize=256, handler="other.handler")
    assert (changed.memory_size, changed.handler, changed.timeout) == (256, "other.handler", 60)
    assert (changed.code_size, changed.code_checksum) == (size, checksum)
    assert changed.last_modified_time > changed.created_time
    assert [tag.key for tag in fc3.get().tags] == ["k"]
    assert fc3.update(code={"zipFile": ""}).code_size == 0


def test_delete_answers_nothing(fc3, refused):
    """DeleteFunction is 204; then the function is not found."""
    fc3.create()
    assert fc3.delete().status_code == 204
    for call in (fc3.get, fc3.delete, fc3.update):
        assert refused(call) == (404, "FunctionNotFound")


def test_messages_are_the_documented_ones(fc3):
    """The messages name the function as Function Compute does."""
    with pytest.raises(Exception, match="function 'f' does not exist"):
        fc3.get()
    fc3.create()
    with pytest.raises(Exception, match="function 'f' already exists"):
        fc3.create()


def test_a_taken_name_is_refused(fc3, fc3_of, account_a, account_b, refused):
    """A name is taken once in an account and region, and free in the others."""
    fc3.create()
    assert refused(fc3.create) == (409, "FunctionAlreadyExists")
    assert fc3_of(account_b.root_key).create().function_name == "f"
    shanghai = fc3_of(account_a.root_key, "cn-shanghai")
    assert shanghai.names() == []
    assert shanghai.create().function_arn == f"acs:fc:cn-shanghai:{account_a.id}:functions/f"


def test_code_is_described_not_kept(fc3, zip_file):
    """GetFunctionCode answers the checksum, and a URL that can lead nowhere."""
    code, _, checksum = zip_file
    fc3.create(code={"zipFile": code})
    body = fc3.client.get_function_code("f", models.GetFunctionCodeRequest()).body
    assert body.checksum == checksum
    assert body.url.startswith("https://code.fc.invalid/")


def invoke(fc3, body, **headers):
    """InvokeFunction's response."""
    request = models.InvokeFunctionRequest(body=body)
    return fc3.client.invoke_function_with_options(
        "f", request, models.InvokeFunctionHeaders(**headers), RuntimeOptions()
    )


def test_a_function_echoes(fc3):
    """InvokeFunction answers the bytes it was given."""
    fc3.create()
    response = invoke(fc3, b"\x00ping\xff")
    assert (response.status_code, response.body.read()) == (200, b"\x00ping\xff")
    assert "x-fc-request-id" in {name.lower() for name in response.headers}


def test_asynchronous_calls_answer_nothing(fc3):
    """An asynchronous call is accepted with 202 and no body; a log is answered when asked for."""
    fc3.create()
    assert invoke(fc3, b"x", x_fc_invocation_type="Async").status_code == 202
    logged = invoke(fc3, b"x", x_fc_log_type="Tail")
    assert "x-fc-log-result" in {name.lower() for name in logged.headers}


def test_unknown_ways_to_invoke_are_refused(fc3, refused):
    """Another invocation or log type, version or alias is a named error."""
    fc3.create()
    assert refused(invoke, fc3, b"", x_fc_invocation_type="Later") == (400, "InvalidArgument")
    assert refused(invoke, fc3, b"", x_fc_log_type="All") == (400, "InvalidArgument")
    assert fc3.get(qualifier="LATEST").function_name == "f"
    assert refused(fc3.get, qualifier="1") == (404, "VersionNotFound")
    assert refused(fc3.get, qualifier="live") == (404, "AliasNotFound")


def test_tags_of_functions(fc3, account_a, refused):
    """ListTagResources answers every tag of the functions asked for."""
    fc3.create(tags=[{"Key": "k", "Value": "v"}])
    fc3.create("g")
    arn = f"acs:fc:cn-hangzhou:{account_a.id}:functions/f"

    def tags(**fields):
        request = models.ListTagResourcesRequest(resource_type="function", **fields)
        return [item.to_map() for item in fc3.client.list_tag_resources(request).body.tag_resources]

    entry = {"ResourceType": "function", "ResourceId": arn, "TagKey": "k", "TagValue": "v"}
    assert tags() == tags(resource_id=[arn]) == [entry]
    assert tags(resource_id=[arn.replace("/f", "/g")]) == []
    assert refused(tags, next_token="x") == (400, "InvalidArgument")


@pytest.mark.parametrize(
    "wrong",
    [
        {"functionName": ""},
        {"functionName": "1f"},
        {"functionName": "-f"},
        {"functionName": "f" * 65},
        {"functionName": "my fn"},
        {"runtime": ""},
        {"handler": None},
        {"memorySize": 64},
        {"timeout": 86401},
        {"timeout": "60"},
        {"internetAccess": 1},
        {"environmentVariables": {"K": 1}},
        {"tags": [{"Key": "k"}]},
        {"role": "fc-role"},
        {"role": "acs:ram::1345678901230000:role/other-account"},
        {"code": {"zipFile": "not base64!"}},
        {"code": {"ossBucketName": "b"}},
        {"code": {"zipFile": "MTIzNDU2Nzg5", "checksum": "1"}},
        {"unknownField": "x"},
    ],
)
def test_wrong_configuration_is_refused(fc3, account_a, wrong):
    """Every wrong or unknown field is a 400 InvalidArgument that names it, and nothing is made."""
    body = {"functionName": "f", "runtime": "python3.10", "handler": "h"} | wrong
    with pytest.raises(ClientException) as caught:
        fc3.raw("POST", "/2023-03-30/functions", body)
    assert (caught.value.status_code, caught.value.code) == (400, "InvalidArgument")
    assert next(iter(wrong)) in caught.value.message
    assert account_a.fc.is_empty()


def test_what_cannot_change_is_refused(fc3, refused):
    """UpdateFunction takes neither another name nor tags; the same name is let through."""
    fc3.create()
    path = "/2023-03-30/functions/f"
    assert fc3.raw("PUT", path, {"functionName": "f", "timeout": 9})["timeout"] == 9
    assert refused(fc3.raw, "PUT", path, {"functionName": "g"}) == (400, "InvalidArgument")
    assert refused(fc3.raw, "PUT", path, {"tags": []}) == (400, "InvalidArgument")
    assert refused(fc3.raw, "POST", "/2023-03-30/functions", ["f"]) == (400, "InvalidArgument")


def test_a_package_has_a_limit(fc3, refused, mocker):
    """A package over the limit is refused by name."""
    mocker.patch("crossaccount.localcloud.fc.configuration.LARGEST_PACKAGE", 8)

    refusal = refused(fc3.create, code={"zipFile": base64.b64encode(b"123456789").decode()})
    assert refusal == (400, "EntityTooLarge")
    assert fc3.create(code={"zipFile": base64.b64encode(b"12345678").decode()}).code_size == 8
