"""A delegation that has expired stays in the stack file until somebody takes it out."""

from typing import Any

import pytest
from pulumi import log

from components import owner_side
from components.settings import OwnerSettings, read

A, B = "1234567890120000", "1345678901230000"


@pytest.mark.parametrize(
    ("expires", "warned"), [("2020-01-01T00:00:00Z", True), ("2999-01-01T00:00:00Z", False)]
)
def test_an_expiry_that_has_passed_warns(
    deploy: Any, mocker: Any, tmp_path: Any, expires: str, warned: bool
) -> None:
    """It can still be previewed and destroyed, with a warning that names the key."""
    said = mocker.patch.object(log, "warn")
    delegation = {"trust": {"account": B, "users": ["dev"], "expires": expires}}
    config = {"side": "owner", "account": A, "delegations": {"fc": delegation}}
    stack = read({f"crossaccount:{key}": value for key, value in config.items()}, (), tmp_path)
    assert isinstance(stack, OwnerSettings)

    deployment = deploy(lambda: owner_side.declare(stack))

    assert expires in deployment.one("Role").inputs["assumeRolePolicyDocument"]
    texts = [call.args[0] for call in said.call_args_list]
    assert [("`crossaccount:delegations.fc.trust.expires`" in text) for text in texts] == [True] * warned
