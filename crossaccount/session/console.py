"""Links into the console: signed in with a session, or to where a signed-in user switches to the role.

The federation sign-in gives a token that lives 30 seconds and opens one page. The session's keys are sent in
the body of a POST, never in an address. China site only: the other's parameters are not documented (facts 8).
Source: RAM documentation, "GetSigninToken" (91913) and "Login" (91914).
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.sdk_call import is_local, trusted

if TYPE_CHECKING:
    from crossaccount.session.role_session import RoleSession

SITE = "https://signin.aliyun.com"
TOKEN_SECONDS = 30
DESTINATION = "https://fcnext.console.aliyun.com/"
_OFFICIAL = (".aliyun.com", ".alibabacloud.com")
_LONGEST = 15


def switch_role_link(account: str, alias: str | None, role: str) -> str:
    """Where a signed-in RAM user switches to the role.

    Args:
        account: the id of the role's account.
        alias: that account's alias, None where it is not known.
        role: the role's name.
    """
    return f"{SITE}/switchRole.htm?" + urlencode(
        {"parentAlias": f"{alias or account}.onaliyun.com", "roleName": role}
    )


def federation_link(
    session: RoleSession, destination: str = DESTINATION, login_url: str | None = None
) -> str:
    """A link that opens the console inside the session: once, within 30 seconds. Never log it.

    Args:
        session: the session.
        destination: the page to open, on an official host.
        login_url: where the console leads when the session is over; the site by default.

    Raises:
        SessionError: the destination is not official, the sign-in service refuses or does not answer.
    """
    host = urlsplit(destination).hostname or ""
    if not destination.startswith("https://") or not host.endswith(_OFFICIAL):
        raise SessionError(
            ErrorKind.USAGE,
            f"`{destination}` is no page of the console",
            "give an `https://` address under `aliyun.com` or `alibabacloud.com`",
        )
    token = _signin_token(session)
    return f"{SITE}/federation?" + urlencode(
        {
            "Action": "Login",
            "LoginUrl": login_url or SITE,
            "Destination": destination,
            "SigninToken": token,
        }
    )


def _signin_token(session: RoleSession) -> str:
    site = _site()
    form = {
        "Action": "GetSigninToken",
        "AccessKeyId": session.access_key_id,
        "AccessKeySecret": session.access_key_secret,
        "SecurityToken": session.security_token,
        "TicketType": "mini",
    }
    request = urllib.request.Request(f"{site}/federation", urlencode(form).encode(), method="POST")  # noqa: S310  an https or loopback address
    proxies = (
        urllib.request.ProxyHandler({}) if is_local(urlsplit(site).netloc) else urllib.request.ProxyHandler()
    )
    opener = urllib.request.build_opener(proxies, urllib.request.HTTPSHandler(context=trusted()))
    try:
        with opener.open(request, timeout=_LONGEST) as answer:
            body = json.loads(answer.read(65536))
    except urllib.error.HTTPError as error:
        error.close()
        raise _failed(f"refuses the session (HTTP {error.code})") from None
    except ValueError:
        raise _failed("answers something that is no JSON") from None
    except OSError as error:
        raise _failed(f"does not answer ({type(error).__name__})") from None
    token = body.get("SigninToken") if isinstance(body, dict) else None
    if not isinstance(token, str) or not token:
        code = str(body.get("Code") or "no token") if isinstance(body, dict) else "no token"
        raise _failed(f"refuses the session ({code})")
    return token


def _site() -> str:
    """The sign-in service; a test's stands on this machine."""
    chosen = os.environ.get("CROSSACCOUNT_SIGNIN")
    if not chosen:
        return SITE
    if not is_local(chosen):
        raise SessionError(
            ErrorKind.USAGE,
            f"`CROSSACCOUNT_SIGNIN` is `{chosen}`, which is not on this machine",
            "it is for tests: unset it",
        )
    return f"http://{chosen}"


def _failed(why: str) -> SessionError:
    return SessionError(
        ErrorKind.UNREACHABLE,
        f"the console's sign-in service {why}",
        "try again, or use `--switch-role` for the link of a signed-in user",
        retryable=True,
    )
