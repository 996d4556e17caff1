"""Who may do what in Function Compute."""

from __future__ import annotations

import pytest
from alibabacloud_fc20230330 import models
from alibabacloud_fc_open20210406 import models as models_2
from alibabacloud_tea_openapi.exceptions import ClientException

DENIED = (403, "AccessDenied")


def test_a_user_reaches_only_the_function_it_is_allowed(fc3, fc3_of, clerk, account_a, refused):
    """Allowed on one function, in exactly its letter case, a user may neither see others nor list all."""
    for name in ("f", "g", "F"):
        fc3.create(name)
    mine = fc3_of(clerk(("fc:*", f"acs:fc:cn-hangzhou:{account_a.id}:functions/f")))
    assert mine.get("f").function_name == "f"
    assert mine.update("f", timeout=9).timeout == 9
    for name in ("g", "F"):
        assert refused(mine.get, name) == DENIED
    assert refused(mine.list) == DENIED
    assert refused(mine.create, "h") == DENIED
    assert mine.delete("f").status_code == 204


def test_the_denial_names_action_and_resource(fc3_of, clerk, account_a):
    """The message of a denial is the one that Function Compute gives."""
    mine = fc3_of(clerk(("fc:GetFunction", "*")))
    with pytest.raises(ClientException) as caught:
        mine.list()
    resource = f"acs:fc:cn-hangzhou:{account_a.id}:functions/*"
    text = f"the caller is not authorized to perform 'fc:ListFunctions' on resource '{resource}'"
    assert text in caught.value.message


def test_reading_is_not_invoking(fc3, fc3_of, clerk, refused):
    """fc:Get* and fc:List* read configuration and code, and invoke nothing."""
    fc3.create()
    mine = fc3_of(clerk((["fc:Get*", "fc:List*"], "*")))
    assert mine.names() == ["f"]
    assert mine.client.get_function_code("f", models.GetFunctionCodeRequest()).status_code == 200
    invocation = models.InvokeFunctionRequest(body=b"")
    for call in (mine.delete, mine.update, lambda: mine.client.invoke_function("f", invocation)):
        assert refused(call) == DENIED


def test_a_region_is_part_of_the_resource(fc3_of, clerk, account_a, refused):
    """Allowed in one region, a user is refused in another."""
    key = clerk(("fc:*", f"acs:fc:cn-shanghai:{account_a.id}:functions/*"))
    assert fc3_of(key, "cn-shanghai").names() == []
    assert refused(fc3_of(key).list) == DENIED


def test_handing_over_a_role_needs_pass_role(fc3_of, clerk, account_a, refused):
    """A function with a role is made only by who may pass that role."""
    role = f"acs:ram::{account_a.id}:role/fc-role"
    passing = f"acs:ram:*:{account_a.id}:role/fc-role"
    mine = fc3_of(clerk(("fc:*", "*"), ("ram:PassRole", passing)))
    assert mine.create("f", role=role).role == role
    assert refused(mine.create, "g", role=f"{role}-2") == DENIED
    assert mine.create("h").role == ""
    assert refused(mine.update, "h", role=f"{role}-2") == DENIED
    assert mine.update("h", role=role).role == role


def test_without_pass_role_no_role_is_handed_over(fc3_of, fc2_of, clerk, account_a, refused):
    """fc:* alone hands over no role, neither to a function nor to a service."""
    key = clerk(("fc:*", "*"))
    role = f"acs:ram::{account_a.id}:role/fc-role"
    assert refused(fc3_of(key).create, role=role) == DENIED
    assert refused(fc2_of(key).create_service, role=role) == DENIED
    assert fc2_of(key).create_service().service_name == "s"


def test_a_user_reaches_only_the_service_it_is_allowed(fc2, fc2_of, clerk, account_a, refused):
    """Allowed on one service and its functions, a user sees no other service and lists none."""
    for name in ("s", "t"):
        fc2.create_service(name)
        fc2.create(name)
    base = f"acs:fc:cn-hangzhou:{account_a.id}:services/s"
    mine = fc2_of(clerk(("fc:*", [base, f"{base}/functions/*"])))
    assert mine.client.get_service("s", models_2.GetServiceRequest()).body.service_name == "s"
    assert mine.client.get_function("s", "f", models_2.GetFunctionRequest()).body.function_name == "f"
    assert len(mine.client.list_functions("s", models_2.ListFunctionsRequest()).body.functions) == 1
    assert refused(mine.client.get_service, "t", models_2.GetServiceRequest()) == DENIED
    assert refused(mine.client.get_function, "t", "f", models_2.GetFunctionRequest()) == DENIED
    assert refused(mine.client.list_services, models_2.ListServicesRequest()) == DENIED
