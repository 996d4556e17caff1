"""Concurrency, provisioned instances, asynchronous invocation and tags of 3.0 functions, through the SDK."""

from __future__ import annotations

import pytest
from alibabacloud_fc20230330 import models

ARN = "acs:fc:cn-hangzhou:{}:functions/f"


@pytest.fixture
def client(fc3):
    """The SDK's client, with the function `f`."""
    fc3.create()
    return fc3.client


def test_concurrency(client, account_a, refused):
    """Put, get, list, delete; a function without it is a 404 of the provider's code."""
    assert refused(client.get_concurrency_config, "f") == (404, "OnDemandConfigNotFound")
    body = models.PutConcurrencyInput(reserved_concurrency=7)
    put = client.put_concurrency_config("f", models.PutConcurrencyConfigRequest(body=body)).body
    assert put.to_map() == {"functionArn": ARN.format(account_a.id), "reservedConcurrency": 7}
    assert client.get_concurrency_config("f").body.to_map() == put.to_map()
    listed = client.list_concurrency_configs(models.ListConcurrencyConfigsRequest()).body.configs
    assert [item.to_map() for item in listed] == [put.to_map()]
    nothing = models.PutConcurrencyConfigRequest(body=models.PutConcurrencyInput())
    assert refused(client.put_concurrency_config, "f", nothing) == (400, "InvalidArgument")

    assert client.delete_concurrency_config("f").status_code == 204
    assert refused(client.get_concurrency_config, "f") == (404, "OnDemandConfigNotFound")


def provision(client, target, qualifier=None):
    """PutProvisionConfig's body."""
    body = models.PutProvisionConfigInput(target=target)
    return client.put_provision_config(
        "f", models.PutProvisionConfigRequest(body=body, qualifier=qualifier)
    ).body


def test_provisioned_instances(client, refused):
    """Without any the target is 0; while there are some the function stays."""
    assert client.get_provision_config("f", models.GetProvisionConfigRequest()).body.target == 0
    assert (provision(client, 2).target, provision(client, 2).current) == (2, 2)
    assert refused(client.delete_function, "f") == (412, "ProvisionConfigExist")
    assert refused(provision, client, 10001) == (400, "InvalidArgument")
    assert refused(provision, client, 1, "none") == (404, "AliasNotFound")
    listed = client.list_provision_configs(models.ListProvisionConfigsRequest(function_name="f")).body
    assert [item.target for item in listed.provision_configs] == [2]

    assert client.delete_provision_config("f", models.DeleteProvisionConfigRequest()).status_code == 204
    assert client.delete_function("f").status_code == 204


def test_asynchronous_invocation(client, refused):
    """Put twice keeps the time it was made; each qualifier has its own."""
    get = models.GetAsyncInvokeConfigRequest()
    assert refused(client.get_async_invoke_config, "f", get) == (404, "AsyncConfigNotExists")
    body = models.PutAsyncInvokeConfigInput(max_async_retry_attempts=2, async_task=True)
    request = models.PutAsyncInvokeConfigRequest(body=body)
    first = client.put_async_invoke_config("f", request).body
    assert (first.max_async_retry_attempts, first.async_task) == (2, True)
    second = client.put_async_invoke_config("f", request).body
    assert second.created_time == first.created_time
    assert client.get_async_invoke_config("f", get).body.to_map() == second.to_map()
    other = models.GetAsyncInvokeConfigRequest(qualifier="1")
    assert refused(client.get_async_invoke_config, "f", other) == (404, "VersionNotFound")
    listed = client.list_async_invoke_configs(models.ListAsyncInvokeConfigsRequest()).body.configs
    assert len(listed) == 1

    assert client.delete_async_invoke_config("f", models.DeleteAsyncInvokeConfigRequest()).status_code == 204
    assert refused(client.get_async_invoke_config, "f", get) == (404, "AsyncConfigNotExists")


def tag(client, arn, **tags):
    """TagResources' status."""
    listed = [models.Tag(key=key, value=value) for key, value in tags.items()]
    body = models.TagResourcesInput(resource_type="function", resource_id=[arn], tag=listed)
    return client.tag_resources(models.TagResourcesRequest(body=body)).status_code


def tags(client, **fields):
    """ListTagResources as pairs, and the token."""
    request = models.ListTagResourcesRequest(resource_type="function", **fields)
    body = client.list_tag_resources(request).body
    return [(item.tag_key, item.tag_value) for item in body.tag_resources], body.next_token


def untag(client, arn, **fields):
    """UntagResources' status."""
    request = models.UntagResourcesRequest(resource_type="function", resource_id=[arn], **fields)
    return client.untag_resources(request).status_code


def test_tags_are_set_and_taken_away(client, account_a):
    """Set, changed, listed by page and by tag, taken away one and all; GetFunction shows them."""
    arn = ARN.format(account_a.id)
    assert tag(client, arn, b="2", a="1") == 200
    tag(client, arn, b="3")
    assert tags(client)[0] == [("a", "1"), ("b", "3")]
    first, token = tags(client, limit=1)
    assert first + tags(client, limit=1, next_token=token)[0] == [("a", "1"), ("b", "3")]
    assert tags(client, tag=[models.ListTagResourcesRequestTag(key="a", value="2")])[0] == []
    shown = client.get_function("f", models.GetFunctionRequest()).body.tags
    assert [(item.key, item.value) for item in shown] == [("a", "1"), ("b", "3")]

    assert untag(client, arn, tag_key=["a"]) == 200
    assert tags(client)[0] == [("b", "3")]
    untag(client, arn, all=True)
    assert tags(client)[0] == []


def test_wrong_tags_are_refused(client, account_a, refused):
    """A function of nobody, an ARN that is none of here, no tag, no key, too many."""
    arn = ARN.format(account_a.id)
    wrong = (400, "InvalidArgument")
    assert refused(tag, client, arn.replace("/f", "/g"), a="1") == (404, "FunctionNotFound")
    assert refused(tag, client, ARN.format("1345678901230000"), a="1") == wrong
    assert refused(tag, client, arn) == wrong
    assert refused(untag, client, arn) == wrong
    assert refused(tag, client, arn, **{f"k{number}": "" for number in range(21)}) == wrong
    assert refused(tags, client, next_token="x") == wrong
    assert tags(client)[0] == []
