"""A function of enterprise B that lists the functions of enterprise A. Handler: `index.handler`."""

import json
import os

from alibabacloud_credentials.client import Client
from alibabacloud_fc20230330.client import Client as FunctionCompute
from alibabacloud_fc20230330.models import ListFunctionsRequest
from alibabacloud_tea_openapi.models import Config

from crossaccount.session import RoleSessionProvider, SessionCache


def handler(event, context):
    """Answers the names of A's functions in one region as JSON.

    Args:
        event: JSON, perhaps with `region`.
        context: the runtime's; its credentials are those of the function's role in B.
    """
    region = json.loads(event or b"{}").get("region", "cn-hangzhou")
    cache = SessionCache(os.environ.get("SESSION_CACHE", "/tmp/crossaccount-sessions"))
    provider = RoleSessionProvider(os.environ["ROLE_ARN"], source=context.credentials, cache=cache)
    functions = FunctionCompute(Config(credential=Client(provider=provider), region_id=region))
    listed = functions.list_functions(ListFunctionsRequest(limit=100)).body
    return json.dumps([each.function_name for each in listed.functions])
