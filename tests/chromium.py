"""A real browser, driven over a pipe by its DevTools protocol: no port, no library."""

from __future__ import annotations

import base64
import json
import os
import selectors
import shutil
import subprocess
import time
from collections import deque

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "--window-size=1400,1000",
)
_ON_PIPES = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
_PATIENCE = 60
KEYS = {
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "ArrowDown": {"code": "ArrowDown", "windowsVirtualKeyCode": 40},
    "ArrowUp": {"code": "ArrowUp", "windowsVirtualKeyCode": 38},
    "ArrowLeft": {"code": "ArrowLeft", "windowsVirtualKeyCode": 37},
    "ArrowRight": {"code": "ArrowRight", "windowsVirtualKeyCode": 39},
}


def chromium_path():
    """The browser's program; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Chromium:
    """A browser with a profile of its own, until `close`."""

    def __init__(self, folder) -> None:
        command = [chromium_path(), *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _ON_PIPES, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._received = b""
        self._number = 0
        self.events: deque[dict] = deque()

    def close(self) -> None:
        """End the browser."""
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError):
            self._process.kill()
        self._process.wait(_PATIENCE)
        self._selector.close()
        self._process.stdin.close()
        self._process.stdout.close()

    def call(self, method, session=None, **parameters):
        """The result of a method of the protocol; events that come meanwhile are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        self._process.stdin.flush()
        while True:
            answer = self.receive()
            if answer.get("id") != self._number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def receive(self):
        """The next message.

        Raises:
            RuntimeError: none came in time, or the browser ended.
        """
        end = time.monotonic() + _PATIENCE
        while b"\0" not in self._received:
            if not self._selector.select(max(0.0, end - time.monotonic())):
                raise RuntimeError("the browser does not answer")
            piece = os.read(self._process.stdout.fileno(), 1 << 20)
            if not piece:
                raise RuntimeError("the browser ended")
            self._received += piece
        message, _, self._received = self._received.partition(b"\0")
        return json.loads(message)

    def page(self):
        """A new page."""
        return Page(self)


class Page:
    """A tab, with everything it said and asked for since it was made."""

    def __init__(self, browser) -> None:
        self._browser = browser
        self._target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)
        self._events: list[dict] = []

    def close(self) -> None:
        """Close the tab."""
        self._browser.call("Target.closeTarget", targetId=self._target)

    def call(self, method, **parameters):
        """The result of a method of the protocol."""
        return self._browser.call(method, self._session, **parameters)

    def open(self, path) -> None:
        """Open a file, and wait until it is loaded."""
        loader = self.call("Page.navigate", url=path.as_uri())["loaderId"]
        while not self._loaded(loader):
            self._browser.events.append(self._browser.receive())

    def evaluate(self, expression):
        """What an expression of JavaScript is, awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def texts(self, selector):
        """The text of each element."""
        return self.evaluate(
            f"[...document.querySelectorAll({json.dumps(selector)})].map(each => each.textContent)"
        )

    def press(self, key) -> None:
        """Press a key, as a person does."""
        known = KEYS.get(key, {"text": key})
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **known)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def type(self, text) -> None:
        """Press each key of a text."""
        for key in text:
            self.press(key)

    def picture(self, path, **options) -> None:
        """Write what is seen as PNG."""
        path.write_bytes(
            base64.b64decode(self.call("Page.captureScreenshot", format="png", **options)["data"])
        )

    def printed(self):
        """The page as PDF, as it would be printed."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def requests(self):
        """The addresses of everything that the page asked for."""
        return [
            each["params"]["request"]["url"]
            for each in self._collect()
            if each["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self):
        """Errors, warnings and what the security policy refused, in words."""
        said = []
        for each in self._collect():
            parameters = each["params"]
            if each["method"] == "Runtime.exceptionThrown":
                said.append(json.dumps(parameters["exceptionDetails"]))
            elif each["method"] == "Log.entryAdded":
                said.append(parameters["entry"]["text"])
            elif each["method"] == "Runtime.consoleAPICalled":
                said.append(json.dumps(parameters["args"]))
        return said

    def _loaded(self, loader):
        return any(
            each["method"] == "Page.lifecycleEvent"
            and (each["params"]["loaderId"], each["params"]["name"]) == (loader, "load")
            for each in self._collect()
        )

    def _collect(self):
        mine = [each for each in self._browser.events if each.get("sessionId") == self._session]
        for each in mine:
            self._browser.events.remove(each)
        self._events += mine
        return self._events
