"""Pulumi's component host infers a schema from every component, and passes arguments that they accept."""

from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.component import ComponentProvider
from pydantic.alias_generators import to_camel

from components import arguments, declarations, partner_declarations
from components.assume_role_grant import AssumeRoleGrant, AssumeRoleGrantArgs
from components.cross_account_role import CrossAccountRole, CrossAccountRoleArgs, TrustArgs
from components.partner_user import ConsoleArgs, PartnerUser, PartnerUserArgs
from components.role_permissions import (
    PermissionsArgs,
    PresetArgs,
    RolePermissions,
    RolePermissionsArgs,
    StatementArgs,
)

A, B = "1234567890120000", "1345678901230000"
COMPONENTS = [CrossAccountRole, RolePermissions, PartnerUser, AssumeRoleGrant]
MODELS = [
    (CrossAccountRoleArgs, arguments.CrossAccountRoleDeclaration),
    (RolePermissionsArgs, arguments.RolePermissionsDeclaration),
    (PartnerUserArgs, arguments.PartnerUserDeclaration),
    (AssumeRoleGrantArgs, arguments.AssumeRoleGrantDeclaration),
    (TrustArgs, declarations.Trust),
    (PermissionsArgs, declarations.Permissions),
    (PresetArgs, declarations.Preset),
    (StatementArgs, declarations.Statement),
    (ConsoleArgs, partner_declarations.Console),
]
NAMED_AFTER_THE_COMPONENT = {"role_name", "user_name"}


@pytest.mark.parametrize(("args", "model"), MODELS, ids=lambda each: each.__name__)
def test_arguments_and_their_checks_are_one(args: Any, model: Any) -> None:
    """A typed argument and its checked value have the same keys, and the same ones are required."""
    assert set(args.__annotations__) == set(model.model_fields)
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    if args is not RolePermissionsArgs:
        required -= NAMED_AFTER_THE_COMPONENT
    assert set(args.__required_keys__) == required


def test_the_analyzer_reads_every_component() -> None:
    """Names, optional and required inputs, descriptions and enums are in the schema."""
    found = Analyzer("crossaccount").analyze(COMPONENTS)
    assert set(found["component_definitions"]) == {each.__name__ for each in COMPONENTS}
    named = {each.__name__: each for each, _ in MODELS}
    schema = {f"{name}Args": each.inputs for name, each in found["component_definitions"].items()}
    schema |= {name: each.properties for name, each in found["type_definitions"].items() if name in named}
    assert set(schema) == set(named)
    for name, properties in schema.items():
        required = {to_camel(key) for key in named[name].__required_keys__}
        assert {key for key, each in properties.items() if not each.optional} == required, name
        assert all(each.description for each in properties.values()), name
    enums = {
        name: [each.value for each in kind.enum]
        for name, kind in found["type_definitions"].items()
        if kind.enum
    }
    assert enums == {"PresetName": ["read", "invoke", "deploy"], "Effect": ["Allow", "Deny"]}
    assert all(each.description for each in found["component_definitions"].values())


def test_arguments_arrive_as_the_host_passes_them(deploy: Any) -> None:
    """Plain dicts in camelCase, floats for integers and enums from their values make the same role."""
    provider = ComponentProvider(COMPONENTS, "crossaccount")
    inputs = {
        "account": A,
        "roleName": "ops",
        "trust": {"account": B, "users": ["ann"], "externalIds": ["an-id"]},
        "maxSessionDuration": 7200.0,
        "permissions": {
            "presets": [{"preset": "read", "functions": ["report"]}],
            "statements": [{"effect": "Deny", "actions": ["fc:Delete*"], "resources": ["*"]}],
        },
    }
    states: list[Any] = []

    def program() -> None:
        states.append(provider.construct("ops", "crossaccount:index:CrossAccountRole", inputs).state)

    deployment = deploy(program)
    assert deployment.one("Role").inputs["maxSessionDuration"] == 7200
    assert {each.inputs["policyName"] for each in deployment.of("Policy")} == {"ops-read", "ops-custom"}
    assert set(states[0]) == set(
        Analyzer("x").analyze([CrossAccountRole])["component_definitions"]["CrossAccountRole"].outputs
    )
    assert isinstance(states[0]["roleArn"], pulumi.Output)
