# SPDX-License-Identifier: Apache-2.0
"""Reviews rubrics in headless Chromium with nothing but keys, and kills the server in between.

Speaks the DevTools protocol over a pipe (descriptors 3 and 4 of the browser), so that no package is needed.

Usage: check_review.py RUBRICS CHROMIUM FOLDER
"""

import base64
import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

RUBRICS, CHROMIUM, FOLDER = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
KEYS = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, "ArrowUp": 38}


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, profile):
        to_browser, self.input = os.pipe()
        self.output, from_browser = os.pipe()

        def place_pipes():
            spare = [os.dup(to_browser), os.dup(from_browser)]
            high = [os.dup2(spare[0], 200), os.dup2(spare[1], 201)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
             "--remote-debugging-pipe", f"--user-data-dir={profile}", "--window-size=1440,1000", "about:blank"],
            preexec_fn=place_pipes, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.buffer, self.session = 0, b"", None
        page = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.input, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            while b"\0" in self.buffer:
                text, self.buffer = self.buffer.split(b"\0", 1)
                reply = json.loads(text)
                if reply.get("id") == self.number:
                    assert "error" not in reply, (method, reply["error"])
                    return reply["result"]
            if select.select([self.output], [], [], 1)[0]:
                self.buffer += os.read(self.output, 1 << 20)
        raise AssertionError(f"no answer to {method}")

    def evaluate(self, expression):
        reply = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait("document.querySelector('article.criterion')")

    def press(self, key, control=False):
        common = {"key": key, "modifiers": 2 if control else 8 if len(key) == 1 and key.isupper() else 0,
                  "windowsVirtualKeyCode": KEYS.get(key, ord(key.upper()) if len(key) == 1 and key.isalpha() else 0)}
        text = {"text": "\r"} if key == "Enter" and not control else {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def wait(self, condition, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.evaluate(f"document.readyState === 'complete' && !!({condition})"):
                    return
            except AssertionError:
                pass  # The page is on its way to another address.
            time.sleep(0.05)
        raise AssertionError(f"never came true: {condition}; the page says {self.evaluate('document.body.innerText')}")

    def screenshot(self, name):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        (FOLDER / name).write_bytes(base64.b64decode(data))

    def end(self):
        self.process.kill()
        self.process.wait()


def serve(rows):
    server = subprocess.Popen([RUBRICS, "review", str(rows), "--reviewer", "ada"], stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), address
    return server, address


def refused(address):
    """Whether the server turns away another host's name, another site's page, and a token that is wrong."""
    place = urllib.parse.urlsplit(address)
    statuses = []
    for method, path, headers in [
        ("GET", place.path, {"Host": "evil.example"}),
        ("POST", f"{place.path}undo", {"Origin": "http://evil.example", "Content-Length": "0"}),
        ("GET", "/" + "0" * 32 + "/", {}),
    ]:
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        connection.request(method, path, headers=headers)
        statuses.append(connection.getresponse().status)
        connection.close()
    return statuses == [403, 403, 404]


def log(rows):
    return [json.loads(line) for line in pathlib.Path(f"{rows}.review.jsonl").read_text().splitlines()]


def rows_file():
    rows = [
        {"id": "fever", "domain": "medicine", "prompt": "I have had a fever of 38.5 °C for two days. What should I do?",
         "reference_answer": "Rest and drink plenty of fluids. Paracetamol can lower the fever. See a doctor if it "
                             "lasts more than three days or you become short of breath.",
         "criteria": [
             {"title": "Fluids", "description": "Advises drinking fluids.", "importance": "essential", "weight": 1.0,
              "check": {"any_of": ["fluids", "water"]}},
             {"title": "See a doctor", "description": "Says when to see a doctor: after three days, or when breathing "
                                                      "gets hard.", "importance": "important", "weight": 0.7},
             {"title": "Antibiotics", "description": "Recommends antibiotics.", "importance": "pitfall", "weight": 0.9},
             {"title": "<script>alert(1)</script>", "description": "Keeps it short.\u0007 </p><b>bold</b>",
              "importance": "optional", "weight": 0.3}]},
        {"id": "cold", "prompt": "How long does a cold last?", "criteria": [
            {"title": "A week", "description": "Says that a cold lasts about a week.", "importance": "essential"}]},
        {"id": "third", "prompt": "Is a headache an emergency?", "criteria": [
            {"title": "Asks", "description": "Asks how it started.", "importance": "essential"}]},
    ]
    path = FOLDER / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def status(number):
    return f"document.querySelectorAll('article.criterion')[{number}].classList"


def decide_first_row(browser):
    browser.press("?")
    browser.wait("document.querySelector('#help').open")
    browser.screenshot("help.png")
    browser.press("?")
    browser.wait("!document.querySelector('#help').open")
    browser.press("a")
    browser.wait(f"{status(0)}.contains('accepted')")
    focused = "[...document.querySelectorAll('article.criterion')].indexOf(document.activeElement)"
    browser.wait(f"{focused} === 1")
    browser.press("e")
    browser.wait("document.activeElement.tagName === 'TEXTAREA'")
    browser.call("Input.insertText", text=" Or when confused.")
    browser.screenshot("edit.png")
    browser.press("Enter", control=True)
    browser.wait(f"{status(1)}.contains('edited')")


def decide_after_kill(browser):
    browser.wait(f"{status(0)}.contains('accepted') && {status(1)}.contains('edited')")
    browser.press("a")
    browser.wait("document.querySelector('#notice').textContent.includes('undecided')")
    browser.press("n")
    browser.wait(f"{status(2)}.contains('edited')")
    browser.press("j")
    browser.press("r")
    browser.wait(f"{status(3)}.contains('rejected')")
    browser.press("z")
    browser.wait(f"!{status(3)}.contains('rejected')")
    browser.press("r")
    browser.wait(f"{status(3)}.contains('rejected')")
    browser.wait("document.querySelector('progress').value === 1")
    browser.screenshot("decided.png")
    browser.press("u")
    browser.wait("document.body.innerText.includes('How long does a cold last?')")
    browser.press("A")
    browser.wait("document.querySelector('.decision.accepted')")
    browser.press("l")
    browser.wait("document.body.innerText.includes('Is a headache')")
    browser.press("R")
    browser.wait("document.querySelector('.decision.rejected')")
    browser.press("x")
    browser.wait("document.querySelector('#notice').textContent.includes('2 rows written')")
    assert browser.evaluate("document.querySelectorAll('script').length") == 1


def check_rows(path):
    fever, cold = [json.loads(line) for line in path.read_text().splitlines()]
    assert [c["title"] for c in fever["criteria"]] == ["Fluids", "See a doctor", "Antibiotics"], fever
    assert fever["criteria"][1]["description"].endswith("Or when confused."), fever
    assert fever["criteria"][2]["polarity"] == "negative", fever
    actions = [(c.get("criterion"), c["action"]) for c in fever["provenance"]["changes"]]
    assert actions == [("c1", "accepted"), ("c2", "edited"), ("c3", "edited"), ("c4", "removed")], actions
    assert cold["provenance"]["changes"][0]["action"] == "accepted", cold


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    rows = rows_file()
    browser = Browser(FOLDER / "profile")
    server, address = serve(rows)
    try:
        assert refused(address)
        browser.open(address)
        browser.screenshot("first.png")
        decide_first_row(browser)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        assert [line["action"] for line in log(rows)] == ["accepted", "edited"], log(rows)
        browser.press("r")
        browser.wait("document.querySelector('#notice').textContent.includes('does not answer')")
        browser.screenshot("killed.png")
        server, address = serve(rows)
        browser.open(address)
        decide_after_kill(browser)
        check_rows(FOLDER / "rows-reviewed.jsonl")
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.open(address.rstrip("/") + "/rows/1")
        browser.screenshot("dark.png")
        browser.call("Emulation.setDeviceMetricsOverride", width=420, height=900, deviceScaleFactor=1, mobile=True)
        browser.screenshot("narrow.png")
    finally:
        server.kill()
        server.wait()
        browser.end()
        shutil.rmtree(FOLDER / "profile", ignore_errors=True)
    print(f"the review works by keys alone and loses nothing when its server is killed; pictures are in {FOLDER}")


main()
