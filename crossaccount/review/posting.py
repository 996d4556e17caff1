"""One comment on a pull request: found by its hidden line, written only where it differs.

Source: GitHub REST API, "Issue comments" and "Pull requests"; GitLab REST API, "Notes". The token comes from
the environment and is sent to the API's address only.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from crossaccount.access import AccessError
from crossaccount.review.markdown import MARKER
from crossaccount.review.words import NO_CHANGE

if TYPE_CHECKING:
    from collections.abc import Iterator

GITHUB_BOT = "github-actions[bot]"
_PAGE = 100
_SECONDS = 30


class PostingError(AccessError):
    """The comment cannot be read or written; says what the API answered, without the token."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where comments are.

    Attributes:
        list_url: lists them, a page at a time; a new one is posted to it.
        one_url: one of them, `{}` being its id.
        update: the method that changes one.
        headers: those that carry the token; never shown.
        author: whose comments count; empty for anybody's.
    """

    list_url: str
    one_url: str
    update: str
    headers: tuple[tuple[str, str], ...]
    author: str = ""

    def __repr__(self) -> str:
        return f"Place({self.list_url!r})"


def github(api: str, repository: str, number: int, token: str, author: str = GITHUB_BOT) -> Place:
    """A pull request's comments on GitHub."""
    base = f"{api.rstrip('/')}/repos/{quote(repository)}/issues"
    headers = (("Authorization", f"Bearer {token}"), ("Accept", "application/vnd.github+json"))
    return Place(f"{base}/{number}/comments", f"{base}/comments/{{}}", "PATCH", headers, author)


def gitlab(api: str, project: str, number: int, token: str, author: str = "") -> Place:
    """A merge request's notes on GitLab."""
    base = f"{api.rstrip('/')}/projects/{quote(project, safe='')}/merge_requests/{number}/notes"
    return Place(base, f"{base}/{{}}", "PUT", (("PRIVATE-TOKEN", token),), author)


def github_head(api: str, repository: str, number: int, token: str) -> str:
    """The commit that a pull request's branch is at.

    Raises:
        PostingError: the API refuses.
    """
    place = github(api, repository, number, token)
    url = f"{api.rstrip('/')}/repos/{quote(repository)}/pulls/{number}"
    return _text_at(_ask(place, "GET", url), url, "head", "sha")


def gitlab_user(api: str, token: str) -> str:
    """The user whose token it is: only that user's notes can be changed.

    Raises:
        PostingError: the API refuses.
    """
    url = f"{api.rstrip('/')}/user"
    return _text_at(_ask(gitlab(api, "", 0, token), "GET", url), url, "username")


def post(place: Place, body: str) -> str:
    """Writes the comment: `created`, `updated`, `unchanged`, or `not needed` where nothing was ever said.

    Raises:
        PostingError: the text is no comment of this tool, or the API refuses.
    """
    marker = body.partition("\n")[0]
    if not marker.startswith(MARKER):
        raise PostingError("that file is no comment: give what `crossaccount diff --markdown` wrote")
    found = next((each for each in _comments(place) if _is_ours(each, marker, place)), None)
    if found is None:
        if f"\n### {NO_CHANGE}" in body:
            return "not needed"
        _ask(place, "POST", place.list_url, body)
        return "created"
    if _text(found) == body.strip():
        return "unchanged"
    _ask(place, place.update, place.one_url.format(int(found["id"])), body)
    return "updated"


def _text_at(answer: Any, url: str, *keys: str) -> str:  # noqa: ANN401  JSON
    for key in keys:
        answer = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(answer, str) or not answer:
        raise PostingError(f"GET {url} did not answer with `{'.'.join(keys)}`")
    return answer


def _comments(place: Place) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        found = _ask(place, "GET", f"{place.list_url}?per_page={_PAGE}&page={page}")
        yield from found
        if len(found) < _PAGE:
            return
        page += 1


def _is_ours(comment: dict[str, Any], marker: str, place: Place) -> bool:
    author = comment.get("user") or comment.get("author") or {}
    if place.author and place.author not in (author.get("login"), author.get("username")):
        return False
    return _text(comment).partition("\n")[0] == marker


def _text(comment: dict[str, Any]) -> str:
    return str(comment.get("body") or "").replace("\r\n", "\n").strip()


def _ask(place: Place, method: str, url: str, body: str | None = None) -> Any:  # noqa: ANN401  JSON
    if urlsplit(url).scheme not in ("http", "https"):
        raise PostingError(f"`{url}` is no address of an API")
    data = None if body is None else json.dumps({"body": body}).encode()
    request = urllib.request.Request(url, data, dict(place.headers), method=method)  # noqa: S310  checked
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  checked
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise PostingError(f"{method} {url} was answered {error.code} {error.reason}") from None
    except (OSError, ValueError) as error:
        raise PostingError(f"{method} {url} failed: {error}") from None
