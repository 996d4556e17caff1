"""PartnerUser: made or adopted, and given a login and a key only when asked."""

from typing import Any

import pulumi
import pytest

from components.partner_user import PartnerUser
from components.problems import RefusedError

B = "1345678901230000"


def user(**more: Any) -> PartnerUser:
    return PartnerUser("fc.operator", {"account": B, **more})


def outputs(deployment: Any) -> dict[str, Any]:
    return deployment.outputs[deployment.one("PartnerUser").urn]


def kinds(deployment: Any) -> list[str]:
    return [each.type.rsplit(":", 1)[-1] for each in deployment.resources if each.type.startswith("alicloud")]


def test_only_the_user_is_made_unless_more_is_asked(deploy: Any) -> None:
    """Without further arguments there is neither a login nor an access key, and nothing secret."""
    deployment = deploy(lambda: user(account_alias="company-b", display_name="Operator", comments="of B"))
    assert kinds(deployment) == ["User"]
    inputs = {"name": "fc.operator", "displayName": "Operator", "comments": "of B"}
    assert deployment.one("User").inputs == inputs
    found = outputs(deployment)
    assert found["userArn"] == f"acs:ram::{B}:user/fc.operator"
    assert found["signInLinkChinaSite"] == "https://signin.aliyun.com/company-b.onaliyun.com/login.htm"
    assert "accessKeySecret" not in found


def test_key_and_login_are_secret(deploy: Any) -> None:
    """Password and key are secrets as inputs and as outputs, and hang on the user."""
    deployment = deploy(lambda: user(access_key=True, console={"password": "hunter2"}))
    login, key = deployment.one("LoginProfile"), deployment.one("AccessKey")
    assert login.inputs == {
        "userName": "fc.operator",
        "password": {"secret": "hunter2"},
        "mfaBindRequired": True,
        "passwordResetRequired": False,
    }
    assert login.secret_outputs == ("password",)
    assert key.secret_outputs == ("secret",)
    found = outputs(deployment)
    assert found["accessKeySecret"] == {"secret": "the-access-key-secret"}
    assert found["accessKeyId"] == {"secret": "fc.operator-id"}
    assert "hunter2" not in str(found)
    made = deployment.one("User").urn
    assert all(made in each.depends_on for each in (login, key))
    assert {each.parent for each in (login, key)} == {deployment.one("PartnerUser").urn}


def test_an_adopted_user_is_looked_up_and_left_as_it_is(deploy: Any) -> None:
    """Adopting declares no user; what is asked for hangs on the name that was found."""
    deployment = deploy(
        lambda: user(adopt=True, access_key=True), users=["fc-operator", "fc.operator", "fcxoperator"]
    )
    assert kinds(deployment) == ["AccessKey"]
    assert deployment.calls == ["alicloud:ram/getUsers:getUsers"]
    assert deployment.one("AccessKey").inputs == {"userName": "fc.operator"}


def test_a_user_that_is_not_there_cannot_be_adopted(deploy: Any) -> None:
    """A user whose name only looks alike is not the one."""
    with pytest.raises(RefusedError, match=r"`fc\.operator` does not exist"):
        deploy(lambda: user(adopt=True), users=["fcxoperator"])


def test_wrong_arguments_are_refused_together_without_the_password(deploy: Any) -> None:
    """Each wrong argument is named, the password is not shown, nothing is declared."""

    def program() -> None:
        with pytest.raises(RefusedError) as wrong:
            user(adopt=True, comments="x", user_name="a b", console={"pasword": "hunter2", "password": 7})
        keys = {each.key for each in wrong.value.problems}
        assert keys == {"comments", "user_name", "console.pasword", "console.password"}
        assert "hunter2" not in str(wrong.value)
        assert "did you mean `password`?" in str(wrong.value)

    assert kinds(deploy(program)) == []


def test_a_name_may_be_an_output(deploy: Any) -> None:
    """A user name from elsewhere is used, and checked when it is known."""
    deployment = deploy(lambda: user(user_name=pulumi.Output.from_input("dev")))
    assert deployment.one("User").inputs["name"] == "dev"
    with pytest.raises(RefusedError, match="user_name"):
        deploy(lambda: user(user_name=pulumi.Output.from_input("a b")))
