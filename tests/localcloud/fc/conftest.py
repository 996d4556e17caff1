"""Function Compute through its SDKs: account A's root, over HTTP, signed."""

from __future__ import annotations

import base64
import json

import pytest
from alibabacloud_fc20230330 import models as models_3
from alibabacloud_fc20230330.client import Client as Client3
from alibabacloud_fc_open20210406 import models as models_2
from alibabacloud_fc_open20210406.client import Client as Client2
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

CODE = base64.b64encode(b"123456789").decode()
CHECKSUM = "11051210869376104954"


def config(key, region="cn-hangzhou"):
    """An SDK configuration for a key."""
    return Config(access_key_id=key.key_id, access_key_secret=key.secret, region_id=region)


class Fc3:
    """Function Compute 3.0 through the SDK."""

    def __init__(self, key, region="cn-hangzhou") -> None:
        self.client = Client3(config(key, region))

    def create(self, name="f", **fields):
        """CreateFunction."""
        body = {"functionName": name, "runtime": "python3.10", "handler": "index.handler"} | fields
        request = models_3.CreateFunctionRequest(body=models_3.CreateFunctionInput().from_map(body))
        return self.client.create_function(request).body

    def update(self, name="f", **fields):
        """UpdateFunction."""
        body = models_3.UpdateFunctionInput().from_map(fields)
        return self.client.update_function(name, models_3.UpdateFunctionRequest(body=body)).body

    def get(self, name="f", **fields):
        """GetFunction."""
        return self.client.get_function(name, models_3.GetFunctionRequest(**fields)).body

    def delete(self, name="f"):
        """DeleteFunction's response."""
        return self.client.delete_function(name)

    def list(self, **fields):
        """ListFunctions' body."""
        return self.client.list_functions(models_3.ListFunctionsRequest(**fields)).body

    def names(self, **fields):
        """The names ListFunctions answers."""
        return [item.function_name for item in self.list(**fields).functions]

    def raw(self, method, path, body):
        """The body of an answer to a body that the SDK's models would not let through."""
        params = Params(
            action="Raw",
            version="2023-03-30",
            protocol="HTTPS",
            pathname=path,
            method=method,
            auth_type="AK",
            style="ROA",
            req_body_type="json",
            body_type="json",
        )
        return self.client.call_api(params, OpenApiRequest(body=body), RuntimeOptions())["body"]


class Fc2:
    """Function Compute 2.0 through the SDK."""

    def __init__(self, key, region="cn-hangzhou") -> None:
        settings = config(key, region)
        settings.endpoint = f"fc.{region}.aliyuncs.com"  # the SDK's own default is no real host
        self.client = Client2(settings)

    def create_service(self, name="s", **fields):
        """CreateService."""
        request = models_2.CreateServiceRequest().from_map({"serviceName": name} | fields)
        return self.client.create_service(request).body

    def create(self, service="s", name="f", **fields):
        """CreateFunction."""
        body = {"functionName": name, "runtime": "python3", "handler": "index.handler"} | fields
        return self.client.create_function(service, models_2.CreateFunctionRequest().from_map(body)).body


@pytest.fixture
def fc3(account_a):
    """Function Compute 3.0 as account A's root."""
    return Fc3(account_a.root_key)


@pytest.fixture
def fc2(account_a):
    """Function Compute 2.0 as account A's root."""
    return Fc2(account_a.root_key)


@pytest.fixture
def fc3_of():
    """Function Compute 3.0 as any key, in any region."""
    return Fc3


@pytest.fixture
def fc2_of():
    """Function Compute 2.0 as any key, in any region."""
    return Fc2


@pytest.fixture
def refused():
    """The status and code of what an SDK call raises."""

    def run(call, *args, **fields):
        with pytest.raises(ClientException) as caught:
            call(*args, **fields)
        return caught.value.status_code, caught.value.code

    return run


@pytest.fixture
def zip_file():
    """A code package as base64, and its size and checksum."""
    return CODE, 9, CHECKSUM


@pytest.fixture
def clerk(account_a):
    """A key of a user of account A that may do what some pairs say, and not what some statements deny."""

    def make(*pairs, denied=()):
        client = Ram(config(account_a.root_key))
        statements = [{"Effect": "Allow", "Action": action, "Resource": on} for action, on in pairs]
        statements += denied
        document = json.dumps({"Version": "1", "Statement": statements})
        client.create_user(ram.CreateUserRequest(user_name="clerk"))
        client.create_policy(ram.CreatePolicyRequest(policy_name="clerk", policy_document=document))
        client.attach_policy_to_user(
            ram.AttachPolicyToUserRequest(user_name="clerk", policy_name="clerk", policy_type="Custom")
        )
        client.create_access_key(ram.CreateAccessKeyRequest(user_name="clerk"))
        (key,) = account_a.ram.users["clerk"].access_keys.values()
        return key

    return make
