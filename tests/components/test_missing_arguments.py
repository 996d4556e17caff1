"""Components that get no arguments at all."""

from typing import Any

import pytest

from components.assume_role_grant import AssumeRoleGrant
from components.cross_account_role import CrossAccountRole
from components.partner_user import PartnerUser
from components.problems import RefusedError
from components.role_permissions import RolePermissions


@pytest.mark.parametrize("component", [CrossAccountRole, RolePermissions, PartnerUser, AssumeRoleGrant])
@pytest.mark.parametrize("args", [None, "x", []])
def test_no_arguments_are_refused(deploy: Any, component: Any, args: Any) -> None:
    """What is no mapping is refused like any wrong argument, by the component's name."""

    def program() -> None:
        with pytest.raises(
            RefusedError, match=rf"{component.__name__} `r` is refused.*\n.*`args`: .* is not"
        ):
            component("r", args)

    assert [each for each in deploy(program).resources if "ram" in each.type] == []
