"""Services and functions of generation 2.0 through the SDK."""

from __future__ import annotations

import re

import pytest
from alibabacloud_fc_open20210406 import models


@pytest.fixture
def service(fc2):
    """The service `s`."""
    return fc2.create_service(description="jobs")


def test_the_life_of_a_service(fc2, service, refused):
    """A service is made, read, changed and deleted, through the SDK's own models."""
    assert (service.service_name, service.description, service.internet_access) == ("s", "jobs", True)
    assert re.fullmatch(r"[0-9a-f-]{36}", service.service_id)
    assert fc2.client.get_service("s", models.GetServiceRequest()).body.to_map() == service.to_map()
    changed = fc2.client.update_service("s", models.UpdateServiceRequest(internet_access=False)).body
    assert (changed.internet_access, changed.description) == (False, "jobs")
    assert refused(fc2.create_service) == (409, "ServiceAlreadyExists")

    assert fc2.client.delete_service("s").status_code == 204
    assert refused(fc2.client.get_service, "s", models.GetServiceRequest()) == (404, "ServiceNotFound")
    assert refused(fc2.client.delete_service, "s") == (404, "ServiceNotFound")


def test_the_life_of_a_function(fc2, service, zip_file, refused):
    """A function lives in its service: made, read, changed, listed, deleted."""
    code, size, checksum = zip_file
    made = fc2.create(code={"zipFile": code}, memorySize=256)
    assert (made.function_name, made.code_size, made.code_checksum) == ("f", size, checksum)
    got = fc2.client.get_function("s", "f", models.GetFunctionRequest()).body
    assert got.to_map() == made.to_map()
    update = models.UpdateFunctionRequest(timeout=60, instance_concurrency=2)
    changed = fc2.client.update_function("s", "f", update).body
    assert (changed.timeout, changed.memory_size, changed.instance_concurrency) == (60, 256, 2)
    assert refused(fc2.create) == (409, "FunctionAlreadyExists")
    with pytest.raises(Exception, match="function 'f' already exists in service 's'"):
        fc2.create()

    listed = fc2.client.list_functions("s", models.ListFunctionsRequest()).body.functions
    assert [item.function_name for item in listed] == ["f"]
    assert fc2.client.delete_function("s", "f").status_code == 204
    missing = refused(fc2.client.get_function, "s", "f", models.GetFunctionRequest())
    assert missing == (404, "FunctionNotFound")
    with pytest.raises(Exception, match="function 'f' does not exist in service 's'"):
        fc2.client.delete_function("s", "f")


def test_a_service_with_functions_stays(fc2, service, refused):
    """A service is deleted only when it is empty."""
    fc2.create()
    assert refused(fc2.client.delete_service, "s") == (412, "PreconditionFailed")
    fc2.client.delete_function("s", "f")
    assert fc2.client.delete_service("s").status_code == 204


def test_a_function_echoes(fc2, service):
    """InvokeFunction answers the bytes it was given."""
    fc2.create()
    response = fc2.client.invoke_function("s", "f", models.InvokeFunctionRequest(body=b"ping"))
    assert response.body == b"ping"


def test_the_service_may_be_qualified(fc2, service, refused):
    """`s.LATEST` is the service; another version or alias does not exist."""
    fc2.create()
    got = fc2.client.get_function("s.LATEST", "f", models.GetFunctionRequest()).body
    assert got.function_name == "f"
    assert refused(fc2.client.get_function, "s.1", "f", models.GetFunctionRequest()) == (
        404,
        "VersionNotFound",
    )
    qualified = models.GetFunctionRequest(qualifier="live")
    assert refused(fc2.client.get_function, "s", "f", qualified) == (404, "AliasNotFound")


def test_services_are_paged(fc2, refused):
    """ListServices follows nextToken, prefix and startKey, in the order of names."""
    for name in ("b", "a", "ac", "ab"):
        fc2.create_service(name)

    def page(**fields):
        body = fc2.client.list_services(models.ListServicesRequest(**fields)).body
        return [item.service_name for item in body.services], body.next_token

    names, token = page(limit=3)
    assert names == ["a", "ab", "ac"]
    assert page(limit=3, next_token=token) == (["b"], None)
    assert page(prefix="a") == (["a", "ab", "ac"], None)
    assert page(start_key="ab") == (["ab", "ac", "b"], None)
    for limit in (0, 101):
        assert refused(page, limit=limit) == (400, "InvalidArgument")


def test_code_is_described_not_kept(fc2, service, zip_file):
    """GetFunctionCode answers the checksum."""
    code, _, checksum = zip_file
    fc2.create(code={"zipFile": code})
    body = fc2.client.get_function_code("s", "f", models.GetFunctionCodeRequest()).body
    assert body.checksum == checksum


def test_what_belongs_to_a_missing_service_is_not_found(fc2, refused):
    """Without its service a function can be neither made nor listed."""
    assert refused(fc2.create) == (404, "ServiceNotFound")
    assert refused(fc2.client.list_functions, "s", models.ListFunctionsRequest()) == (404, "ServiceNotFound")


@pytest.mark.parametrize("name", ["", "1s", "s" * 129, "a.b"])
def test_a_service_name_has_a_form(fc2, refused, name):
    """Letters, digits, `_` and `-`, not beginning with a digit or `-`, at most 128."""
    assert refused(fc2.create_service, name) == (400, "InvalidArgument")
