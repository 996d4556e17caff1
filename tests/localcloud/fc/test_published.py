"""Versions and aliases of both generations, through their SDKs."""

from __future__ import annotations

import pytest
from alibabacloud_fc20230330 import models as models_3
from alibabacloud_fc_open20210406 import models as models_2


def publish(fc3, description=None):
    """PublishFunctionVersion's version id."""
    body = models_3.PublishVersionInput(description=description)
    request = models_3.PublishFunctionVersionRequest(body=body)
    return fc3.client.publish_function_version("f", request).body.version_id


def versions(fc3, **fields):
    """ListFunctionVersions: the ids, and the token."""
    body = fc3.client.list_function_versions("f", models_3.ListFunctionVersionsRequest(**fields)).body
    return [item.version_id for item in body.versions], body.next_token


def alias(fc3, name="live", version_id="1", **fields):
    """CreateAlias' body."""
    body = models_3.CreateAliasInput(alias_name=name, version_id=version_id, **fields)
    return fc3.client.create_alias("f", models_3.CreateAliasRequest(body=body)).body


def test_a_version_stays_as_it_was(fc3):
    """What is published is not changed by an update; LATEST and no qualifier mean the function as it is."""
    fc3.create(memorySize=512)
    assert publish(fc3, "first") == "1"
    fc3.update(memorySize=1024)

    assert (fc3.get(qualifier="1").memory_size, fc3.get(qualifier="1").description) == (512, "first")
    assert fc3.get().memory_size == fc3.get(qualifier="LATEST").memory_size == 1024


def test_versions_are_counted_on(fc3, refused):
    """Numbers go up and are never used twice; a deleted version is gone."""
    fc3.create()
    assert [publish(fc3), publish(fc3)] == ["1", "2"]
    assert fc3.client.delete_function_version("f", "2").status_code == 204
    assert publish(fc3) == "3"

    assert refused(fc3.get, qualifier="2") == (404, "VersionNotFound")
    assert refused(fc3.client.delete_function_version, "f", "2") == (404, "VersionNotFound")
    assert versions(fc3)[0] == ["3", "1"]


def test_versions_are_listed_by_number_in_pages(fc3, refused):
    """The newest first, or the oldest with FORWARD; ten comes after nine; pages join without gap."""
    fc3.create()
    for _ in range(11):
        publish(fc3)
    newest = [str(number) for number in range(11, 0, -1)]
    for direction, expected in (("BACKWARD", newest), ("FORWARD", newest[::-1])):
        shown, token = versions(fc3, direction=direction, limit=4)
        while token:
            more, token = versions(fc3, direction=direction, limit=4, next_token=token)
            shown += more
        assert shown == expected
    assert refused(versions, fc3, direction="sideways") == (400, "InvalidArgument")


def test_the_life_of_an_alias(fc3, refused):
    """An alias is made, read, moved to another version, listed and deleted."""
    fc3.create(memorySize=512)
    publish(fc3)
    fc3.update(memorySize=1024)
    publish(fc3)
    made = alias(fc3, description="in use", additional_version_weight={"2": 0.1})
    assert (made.alias_name, made.version_id, made.additional_version_weight) == ("live", "1", {"2": 0.1})
    assert fc3.get(qualifier="live").memory_size == 512
    assert refused(alias, fc3) == (409, "AliasAlreadyExists")

    body = models_3.UpdateAliasInput(version_id="2")
    changed = fc3.client.update_alias("f", "live", models_3.UpdateAliasRequest(body=body)).body
    assert (changed.version_id, changed.description) == ("2", "in use")
    assert fc3.get(qualifier="live").memory_size == 1024
    assert fc3.client.get_alias("f", "live").body.to_map() == changed.to_map()
    listed = fc3.client.list_aliases("f", models_3.ListAliasesRequest(prefix="li")).body.aliases
    assert [item.alias_name for item in listed] == ["live"]

    assert fc3.client.delete_alias("f", "live").status_code == 204
    missing = (404, "AliasNotFound")
    assert refused(fc3.get, qualifier="live") == missing
    assert refused(fc3.client.get_alias, "f", "live") == missing
    assert refused(fc3.client.delete_alias, "f", "live") == missing


def test_an_alias_keeps_its_versions(fc3, refused):
    """Neither the version an alias names nor the one it gives a weight to is deleted."""
    fc3.create()
    for _ in range(3):
        publish(fc3)
    alias(fc3, additional_version_weight={"2": 0.5})
    for version in ("1", "2"):
        assert refused(fc3.client.delete_function_version, "f", version) == (412, "PreconditionFailed")

    assert fc3.client.delete_function_version("f", "3").status_code == 204


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": "1st"}, (400, "InvalidArgument")),
        ({"name": "LATEST"}, (400, "InvalidArgument")),
        ({"version_id": "9"}, (404, "VersionNotFound")),
        ({"version_id": "one"}, (400, "InvalidArgument")),
        ({"version_id": None}, (400, "InvalidArgument")),
        ({"additional_version_weight": {"9": 0.5}}, (404, "VersionNotFound")),
        ({"additional_version_weight": {"1": 2}}, (400, "InvalidArgument")),
    ],
)
def test_wrong_aliases_are_refused(fc3, refused, fields, refusal):
    """A bad name, a version that is none or is missing, and a weight beyond 1."""
    fc3.create()
    publish(fc3)

    assert refused(alias, fc3, **fields) == refusal


def test_versions_of_a_service(fc2, refused):
    """A service's version has its functions as they were, under `service.1` and under the qualifier."""
    fc2.create_service()
    fc2.create(memorySize=256)
    made = fc2.client.publish_service_version("s", models_2.PublishServiceVersionRequest()).body
    assert made.version_id == "1"
    fc2.client.update_function("s", "f", models_2.UpdateFunctionRequest(memory_size=512))

    assert (
        fc2.client.get_function("s", "f", models_2.GetFunctionRequest(qualifier="1")).body.memory_size == 256
    )
    assert fc2.client.get_function("s.1", "f", models_2.GetFunctionRequest()).body.memory_size == 256
    assert fc2.client.get_function("s", "f", models_2.GetFunctionRequest()).body.memory_size == 512
    for call in (
        lambda: fc2.client.delete_function("s.1", "f"),
        lambda: fc2.client.delete_service("s.1"),
        lambda: fc2.create("s.1", "g"),
    ):
        assert refused(call) == (400, "InvalidArgument")
    listed = fc2.client.list_service_versions("s", models_2.ListServiceVersionsRequest(start_key="1")).body
    assert [item.version_id for item in listed.versions] == ["1"]


def test_aliases_of_a_service(fc2, refused):
    """An alias of a service leads to a version of all its functions."""
    fc2.create_service()
    fc2.create()
    fc2.client.publish_service_version("s", models_2.PublishServiceVersionRequest())
    request = models_2.CreateAliasRequest(alias_name="live", version_id="1")
    assert fc2.client.create_alias("s", request).body.version_id == "1"
    fc2.client.delete_function("s", "f")

    got = fc2.client.get_function("s.live", "f", models_2.GetFunctionRequest()).body
    assert got.function_name == "f"
    assert refused(fc2.client.get_service, "s.other", models_2.GetServiceRequest()) == (404, "AliasNotFound")
    assert refused(fc2.client.delete_service_version, "s", "1") == (412, "PreconditionFailed")
    assert fc2.client.delete_alias("s", "live").status_code == 204
    assert fc2.client.delete_service_version("s", "1").status_code == 204


def test_a_snapshot_keeps_what_was_published(fc3, account_a):
    """Versions, aliases, triggers and settings survive a restore."""
    fc3.create(memorySize=512)
    publish(fc3)
    alias(fc3)
    snapshot = account_a.fc.to_json()
    restored = type(account_a.fc).from_json(snapshot)

    assert restored.to_json() == snapshot
    function = restored.region("cn-hangzhou").functions["f"]
    assert function.published.versions["1"].content.settings["memorySize"] == 512
    assert function.published.aliases["live"].settings["versionId"] == "1"
