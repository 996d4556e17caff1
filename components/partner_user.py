"""PartnerUser: a RAM user of the partner. Source: facts 1.6, 7.3 and 8, "RAM: CreateUser"."""

import re
from collections.abc import Sequence
from typing import Optional

import pulumi
import pulumi_alicloud as alicloud
from typing_extensions import NotRequired, TypedDict

from components import console_link
from components.arguments import PartnerUserDeclaration
from components.component_arguments import Arguments
from components.deletion import PATIENCE
from components.problems import Problem, RefusedError


class ConsoleArgs(TypedDict):
    """A user's console login."""

    password: pulumi.Input[str]
    """The first password; a secret in state and never shown. The account's password policy applies."""
    mfa_bind_required: NotRequired[bool]
    """Ask for a second factor; true if left out."""
    password_reset_required: NotRequired[bool]
    """Ask for another password at the first sign-in; false if left out."""


class PartnerUserArgs(TypedDict):
    """The arguments of PartnerUser."""

    account: pulumi.Input[str]
    """The partner's account id: 16 digits."""
    account_alias: NotRequired[pulumi.Input[str]]
    """The partner's account alias, for the sign-in link."""
    user_name: NotRequired[pulumi.Input[str]]
    """1 to 64 letters, digits, `.`, `_`, `-`, without the domain; the component's name if left out.

    Another name is another user: RAM leaves a renamed user its policies, and Pulumi could not detach them.
    """
    adopt: NotRequired[bool]
    """Take a user that exists already and leave it as it is; false if left out."""
    display_name: NotRequired[pulumi.Input[str]]
    """1 to 128 characters; not for an adopted user."""
    comments: NotRequired[pulumi.Input[str]]
    """1 to 128 characters; not for an adopted user."""
    console: NotRequired[ConsoleArgs]
    """A console login; none if left out."""
    access_key: NotRequired[bool]
    """An access key; none if left out or false. A user holds at most two."""


class PartnerUser(pulumi.ComponentResource):
    """A RAM user of the partner, made or adopted; it gets a console login and an access key only when asked.

    An adopted user is looked up; one that does not exist ends the run before anything that depends on it.
    The password and the access key's secret are Pulumi secrets. Deleting removes what was made here, nothing
    else. Wrong arguments end the run with every problem named (`RefusedError`), those of Outputs once they
    are known.
    """

    user_name: pulumi.Output[str]
    """The user's name, without the domain."""
    user_arn: pulumi.Output[str]
    """The user's ARN."""
    sign_in_link_china_site: pulumi.Output[str]
    """Where the user signs in to the console of the China site."""
    access_key_id: Optional[pulumi.Output[str]]
    """The access key's id, if one was asked for; a secret."""
    access_key_secret: Optional[pulumi.Output[str]]
    """The access key's secret, if one was asked for; a secret."""

    def __init__(
        self, name: str, args: PartnerUserArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        arguments = Arguments(
            "PartnerUser", name, PartnerUserDeclaration, (("adopt",), ("console",), ("access_key",))
        )
        declared = arguments.with_defaults(args, user_name=name)
        arguments.refuse_known(declared)
        super().__init__("crossaccount:index:PartnerUser", name, None, opts)
        checked = arguments.resolved({key: value for key, value in declared.items() if key != "console"})
        self.user = None if args.get("adopt") else self._make(name, checked)
        self.user_name = self.user.name if self.user else self._adopt(checked)
        self.login = self._login(name, args["console"]) if args.get("console") else None
        self.access_key = self._access_key(name) if args.get("access_key") else None
        self._expose(checked)

    def _make(self, name: str, checked: "pulumi.Output[PartnerUserDeclaration]") -> alicloud.ram.User:
        return alicloud.ram.User(
            name,
            name=checked.apply(lambda d: d.user_name),
            display_name=checked.apply(lambda d: d.display_name),
            comments=checked.apply(lambda d: d.comments),
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["name"], custom_timeouts=PATIENCE),
        )

    def _adopt(self, checked: "pulumi.Output[PartnerUserDeclaration]") -> "pulumi.Output[str]":
        wanted = checked.apply(lambda d: d.user_name)
        found = alicloud.ram.get_users_output(
            name_regex=wanted.apply(lambda name: f"^{re.escape(name)}$"),
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return pulumi.Output.all(wanted, found.names).apply(lambda both: _existing(*both))

    def _login(self, name: str, console: ConsoleArgs) -> alicloud.ram.LoginProfile:
        return alicloud.ram.LoginProfile(
            name,
            user_name=self.user_name,
            password=pulumi.Output.secret(console["password"]),
            mfa_bind_required=console.get("mfa_bind_required", True),
            password_reset_required=console.get("password_reset_required", False),
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["password"]),
        )

    def _access_key(self, name: str) -> alicloud.ram.AccessKey:
        return alicloud.ram.AccessKey(
            name,
            user_name=self.user_name,
            opts=self._child(),
        )

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _expose(self, checked: "pulumi.Output[PartnerUserDeclaration]") -> None:
        key = self.access_key
        self.access_key_id = pulumi.Output.secret(key.id) if key else None
        self.access_key_secret = pulumi.Output.secret(key.secret) if key else None
        self.user_arn = pulumi.Output.all(checked, self.user_name).apply(
            lambda both: f"acs:ram::{both[0].account}:user/{both[1]}"
        )
        self.sign_in_link_china_site = checked.apply(
            lambda d: console_link.sign_in(d.account, d.account_alias)
        )
        self.register_outputs(
            {
                "userName": self.user_name,
                "userArn": self.user_arn,
                "signInLinkChinaSite": self.sign_in_link_china_site,
                "accessKeyId": self.access_key_id,
                "accessKeySecret": self.access_key_secret,
            }
        )


def _existing(wanted: str, found: Sequence[str]) -> str:
    if wanted in found:
        return wanted
    message = (
        f"`{wanted}` does not exist in this account: make it first, or leave `adopt` out to have it made"
    )
    raise RefusedError("PartnerUser cannot adopt", [Problem("user_name", message)])
