"""Links to the console of the China site; the international site's parameters are not known (facts 8)."""

from urllib.parse import quote, urlencode

_SITE = "https://signin.aliyun.com"


def switch_role(account: str, alias: str | None, role: str) -> str:
    """Where a signed-in RAM user switches to the role.

    Args:
        account: the id of the role's account.
        alias: that account's alias, if it has one.
        role: the role's name.
    """
    return f"{_SITE}/switchRole.htm?" + urlencode({"parentAlias": _domain(account, alias), "roleName": role})


def sign_in(account: str, alias: str | None) -> str:
    """Where the RAM users of an account sign in."""
    return f"{_SITE}/{quote(_domain(account, alias))}/login.htm"


def _domain(account: str, alias: str | None) -> str:
    return f"{alias or account}.onaliyun.com"
