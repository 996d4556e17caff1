"""Triggers of both generations: kept, answered, and allowed or not by what they open."""

from __future__ import annotations

import json

import pytest
from alibabacloud_fc20230330 import models as models_3
from alibabacloud_fc_open20210406 import models as models_2

HTTP = json.dumps({"authType": "function", "methods": ["GET"], "disableURLInternet": True})


def create(fc3, name="t", kind="http", config=HTTP, **fields):
    """CreateTrigger's body."""
    body = models_3.CreateTriggerInput(trigger_name=name, trigger_type=kind, trigger_config=config, **fields)
    return fc3.client.create_trigger("f", models_3.CreateTriggerRequest(body=body)).body


def test_the_life_of_a_trigger(fc3, account_a, refused):
    """A trigger is made, read, changed, listed and deleted; its address leads nowhere."""
    fc3.create()
    made = create(fc3, description="d")
    assert (made.trigger_name, made.trigger_type, made.trigger_config) == ("t", "http", HTTP)
    assert made.target_arn == f"acs:fc:cn-hangzhou:{account_a.id}:functions/f"
    assert made.http_trigger.url_internet.endswith(".fcapp.invalid")
    assert refused(create, fc3) == (409, "TriggerAlreadyExists")

    body = models_3.UpdateTriggerInput(description="changed")
    changed = fc3.client.update_trigger("f", "t", models_3.UpdateTriggerRequest(body=body)).body
    assert (changed.description, changed.trigger_config) == ("changed", HTTP)
    assert fc3.client.get_trigger("f", "t").body.to_map() == changed.to_map()
    listed = fc3.client.list_triggers("f", models_3.ListTriggersRequest()).body.triggers
    assert [item.trigger_name for item in listed] == ["t"]

    assert fc3.client.delete_trigger("f", "t").status_code == 204
    for call in (fc3.client.get_trigger, fc3.client.delete_trigger):
        assert refused(call, "f", "t") == (404, "TriggerNotFound")


def test_only_http_triggers_have_an_address(fc3):
    """A timer has none."""
    fc3.create()

    assert create(fc3, kind="timer", config='{"cronExpression": "@every 1m"}').http_trigger is None


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "1t"},
        {"kind": "alarm"},
        {"config": "no JSON"},
        {"config": ""},
        {"config": "[1]"},
        {"invocation_role": "acs:ram::1345678901230000:role/r"},
    ],
)
def test_wrong_triggers_are_refused(fc3, refused, fields):
    """A bad name, type, configuration or role is a 400."""
    fc3.create()

    assert refused(create, fc3, **fields) == (400, "InvalidArgument")


def test_triggers_are_listed_in_pages(fc3):
    """In the order of names, by prefix."""
    fc3.create()
    for name in ("b", "a2", "a1"):
        create(fc3, name)
    request = models_3.ListTriggersRequest(limit=1, prefix="a")
    first = fc3.client.list_triggers("f", request).body
    request.next_token = first.next_token
    second = fc3.client.list_triggers("f", request).body

    assert [item.trigger_name for item in (*first.triggers, *second.triggers)] == ["a1", "a2"]
    assert second.next_token is None


def deny(action, key):
    """A statement that denies an action where a condition key is true."""
    return {
        "Effect": "Deny",
        "Action": action,
        "Resource": "*",
        "Condition": {"StringEquals": {key: "true"}},
    }


@pytest.mark.parametrize(
    ("key", "open_config"),
    [
        ("fc:EnableHTTPTriggerAnonymous", {"authType": "anonymous", "disableURLInternet": True}),
        ("fc:EnableHTTPTriggerInternet", {"authType": "function", "disableURLInternet": False}),
        ("fc:EnableHTTPTriggerInternet", {"authType": "function"}),
    ],
)
def test_a_policy_may_forbid_open_triggers(fc3, fc3_of, clerk, refused, key, open_config):
    """The documented policies: no anonymous trigger, no trigger on the Internet; others are let through."""
    fc3.create()
    denied = [deny(["fc:CreateTrigger", "fc:UpdateTrigger"], key)]
    sdk = fc3_of(clerk(("fc:*", "*"), denied=denied))
    assert refused(create, sdk, config=json.dumps(open_config)) == (403, "AccessDenied")
    create(sdk)
    body = models_3.UpdateTriggerInput(trigger_config=json.dumps(open_config))
    update = models_3.UpdateTriggerRequest(body=body)
    assert refused(sdk.client.update_trigger, "f", "t", update) == (403, "AccessDenied")

    assert create(sdk, "timer", "timer", '{"cronExpression": "@every 1m"}').trigger_name == "timer"


def test_triggers_of_a_service(fc2, refused):
    """2.0: the same life below a service's function."""
    fc2.create_service()
    fc2.create()
    request = models_2.CreateTriggerRequest(trigger_name="t", trigger_type="http", trigger_config=HTTP)
    made = fc2.client.create_trigger("s", "f", request).body
    assert made.url_internet.endswith(".fcapp.invalid")
    update = models_2.UpdateTriggerRequest(description="d")
    changed = fc2.client.update_trigger("s", "f", "t", update).body
    assert (changed.description, changed.trigger_config) == ("d", HTTP)
    listed = fc2.client.list_triggers("s", "f", models_2.ListTriggersRequest()).body.triggers
    assert [item.trigger_name for item in listed] == ["t"]
    assert fc2.client.get_trigger("s", "f", "t").body.to_map() == changed.to_map()

    assert fc2.client.delete_trigger("s", "f", "t").status_code == 204
    assert refused(fc2.client.get_trigger, "s", "f", "t") == (404, "TriggerNotFound")
