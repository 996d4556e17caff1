"""A preset allows exactly what it says, over a catalogue of Function Compute's actions and resources."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import permission_documents
from components.declarations import Permissions
from crossaccount.policy import PolicyKind, Request, Source, canonical, decide, parse

A, C = "1234567890120000", "1456789012340000"
READ_ANY = {"GetFunction", "GetTrigger", "ListTriggers", "GetAlias", "ListAliases", "ListFunctionVersions"}
WRITE_ANY = {
    "CreateFunction",
    "UpdateFunction",
    "CreateTrigger",
    "UpdateTrigger",
    "CreateAlias",
    "UpdateAlias",
    "PublishFunctionVersion",
}
READ_SERVICE, WRITE_SERVICE = (
    {"GetService", "ListServiceVersions"},
    {"UpdateService", "PublishServiceVersion"},
)
NEVER = {
    "GetFunctionCode",
    "DeleteFunction",
    "DeleteService",
    "DeleteTrigger",
    "PutFunctionAsyncInvokeConfig",
}
FUNCTION_ACTIONS = READ_ANY | WRITE_ANY | NEVER | {"InvokeFunction"}
REGIONS, FUNCTIONS, SERVICES = ("cn-hangzhou", "cn-shanghai"), ("report", "report-2", "mail"), ("crm", "erp")


def catalogue() -> list[tuple[str, str, str, str]]:
    """Every request: action, kind of resource, its name (`*` for all), the resource below the region."""
    found = []
    for function in FUNCTIONS:
        for form in (function, f"{function}.prod", f"{function}/triggers/t"):
            found += [(action, "functions", function, f"functions/{form}") for action in FUNCTION_ACTIONS]
    for service in SERVICES:
        on_service = READ_SERVICE | WRITE_SERVICE
        found += [(action, "services", service, f"services/{service}") for action in on_service]
        for form in (f"{service}/functions/f", f"{service}.prod/functions/f"):
            actions = FUNCTION_ACTIONS | {"ListFunctions"}
            found += [(action, "services", service, f"services/{form}") for action in actions]
    found += [(action, "functions", "*", "functions/*") for action in ("ListFunctions", "InvokeFunction")]
    found += [(action, "services", "*", "services/*") for action in ("ListServices", "CreateService")]
    return found


def in_words(preset: str, action: str, kind: str) -> bool:
    """What the preset says about an action on something it covers."""
    reads = action in READ_ANY | READ_SERVICE | {"ListFunctions", "ListServices"}
    writes = action in WRITE_ANY | WRITE_SERVICE | {"CreateService"}
    return {"read": reads, "invoke": action == "InvokeFunction", "deploy": reads or writes}[preset]


PRESETS = st.fixed_dictionaries(
    {"preset": st.sampled_from(["read", "invoke", "deploy"])},
    optional={
        "regions": st.lists(st.sampled_from(REGIONS), min_size=1),
        "functions": st.lists(st.sampled_from([*FUNCTIONS, "*"]), min_size=1),
        "services": st.lists(st.sampled_from([*SERVICES, "*"]), min_size=1),
    },
)


def covers(preset: dict[str, Any], kind: str, name: str, region: str) -> bool:
    """Whether the preset covers the thing: its region, and its name or all names."""
    if region not in preset.get("regions", REGIONS):
        return False
    if "functions" not in preset and "services" not in preset:
        return True
    return name in preset.get(kind, []) or "*" in preset.get(kind, [])


def document(*presets: dict[str, Any], **more: Any) -> str:
    permissions = Permissions.model_validate({"presets": list(presets), **more})
    (kind,) = permission_documents.kinds(permissions)
    return permission_documents.document(A, "fc-ops", kind, permissions)


def allowed(text: str, action: str, resource: str, **context: str) -> bool:
    source = Source("preset", parse(text, PolicyKind.IDENTITY))
    return decide([source], Request(action, resource, context)).allowed


@given(PRESETS)
def test_a_preset_allows_what_it_says_and_nothing_else(preset: dict[str, Any]) -> None:
    """Each action on each resource of each region is allowed if, and only if, the words say so."""
    text = document(preset)
    for region in REGIONS:
        for action, kind, name, resource in catalogue():
            expected = covers(preset, kind, name, region) and in_words(preset["preset"], action, kind)
            found = allowed(text, f"fc:{action}", f"acs:fc:{region}:{A}:{resource}")
            assert found is expected, (action, region, resource)


@given(PRESETS)
def test_a_preset_stays_in_its_account_and_product(preset: dict[str, Any]) -> None:
    """Neither another account's functions nor another product, nor passing a role, is ever allowed."""
    text = document(preset)
    for action in FUNCTION_ACTIONS:
        assert not allowed(text, f"fc:{action}", f"acs:fc:cn-hangzhou:{C}:functions/report")
    assert not allowed(text, "ram:GetRole", f"acs:ram::{A}:role/x")
    assert not allowed(text, "ram:PassRole", f"acs:ram::{A}:role/x", **{"acs:Service": "fc.aliyuncs.com"})


def test_deploy_passes_only_the_named_roles_and_only_to_function_compute() -> None:
    """Roles to pass are exact, and go to Function Compute alone."""
    text = document({"preset": "deploy", "functions": ["report"], "passRoles": ["runtime"]})
    fc = {"acs:Service": "fc.aliyuncs.com"}
    assert allowed(text, "ram:PassRole", f"acs:ram::{A}:role/runtime", **fc)
    assert not allowed(text, "ram:PassRole", f"acs:ram::{A}:role/runtime-2", **fc)
    assert not allowed(
        text, "ram:PassRole", f"acs:ram::{A}:role/runtime", **{"acs:Service": "ecs.aliyuncs.com"}
    )


@given(st.lists(PRESETS.filter(lambda each: each["preset"] == "read"), min_size=1, max_size=4), st.randoms())
def test_order_makes_no_difference(presets: list[dict[str, Any]], random: Any) -> None:
    """Shuffled and repeated presets give the same text, which is canonical already."""
    text = document(*presets)
    assert document(*random.sample(presets + presets[:1], len(presets) + 1)) == text
    assert canonical(parse(text, PolicyKind.IDENTITY)) == text


@pytest.mark.parametrize("preset", ["read", "deploy"])
def test_a_preset_limited_to_functions_holds_no_listing(preset: str) -> None:
    """Listing is written only where it works: for all functions, and for those of a service."""
    assert "ListFunctions" not in document({"preset": preset, "functions": ["report"]})
    assert "ListFunctions" in document({"preset": preset, "functions": ["*"]})
    assert "ListFunctions" in document({"preset": preset, "services": ["crm"]})
    assert "ListServices" not in document({"preset": preset, "services": ["crm"]})


def test_policies_are_named_after_the_role() -> None:
    """One policy for each preset used and one for statements, in a form that policy names allow."""
    permissions = Permissions.model_validate(
        {
            "presets": [
                {"preset": "deploy"},
                {"preset": "read"},
                {"preset": "read", "regions": ["cn-hangzhou"]},
            ],
            "statements": [{"effect": "Deny", "actions": "fc:Delete*", "resources": "*"}],
        }
    )
    kinds = permission_documents.kinds(permissions)
    names = [permission_documents.policy_name("fc.ops", kind) for kind in kinds]
    assert names == ["fc-ops-read", "fc-ops-deploy", "fc-ops-custom"]


def test_a_document_over_the_limit_says_both_sizes() -> None:
    """Too long a policy is refused with its size, RAM's, and the way out."""
    functions = [f"function-{number}" for number in range(100)]
    with pytest.raises(
        ValueError, match=r"`fc-ops-invoke` is \d{4,5} characters long, RAM takes 6144: name fewer"
    ):
        document({"preset": "invoke", "functions": functions})
