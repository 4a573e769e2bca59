# SPDX-License-Identifier: Apache-2.0
"""Runs the JavaScript of docs/browsers.md in Chromium, with real servers in place of those it names."""

import http.client
import pathlib
import re

from selenium.webdriver.common.by import By

from browser import HTML, PASSWORD, Browser, Lanyard, Server, expect, page, scenario, wait

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "browsers.md"
JAVASCRIPT = [("Content-Type", "text/javascript")]


class World:
    def __init__(self, stack):
        self.lanyard = Lanyard(stack)
        self.plain, self.react, self.rendered = re.findall(r"^```js\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.M | re.S)
        self.api = Server(stack, self.answer_api)
        self.pages = Server(stack, self.answer_pages)
        self.application = Server(stack, self.answer_application)
        self.browser = Browser(stack)

    def here(self, script):
        script = script.replace("https://auth.example.com", self.lanyard.url)
        return script.replace("https://api.example.com", self.api.url)

    def answer_api(self, method, path, fields, body):
        cors = [("Access-Control-Allow-Origin", fields.get("Origin", "*")), ("Access-Control-Allow-Headers", "authorization")]
        if method == "OPTIONS":
            return 204, cors, b""
        return 200, cors, b"feeds of " + fields.get("Authorization", "nobody")[:12].encode()

    def answer_pages(self, method, path, fields, body):
        if path == "/plain":
            script = self.here(self.plain)
            imports = re.match(r"import .*\n", script)[0]
            return page(f"""{imports}
window.shown = [];
const show = (text) => shown.push(text);
const askForNameAndPassword = async () => ["alice", "{PASSWORD}"];
{script[len(imports):]}
window.auth = auth;""")
        if path == "/react.js":
            # What React does with it: subscribes, and asks for the value again at each change.
            return 200, JAVASCRIPT, b"""export function useSyncExternalStore(subscribe, get) {
    window.seen = [get()];
    subscribe(() => seen.push(get()));
    return get();
}"""
        if path == "/claims.js":
            return 200, JAVASCRIPT, self.here(self.react).replace('"react"', '"/react.js"').encode()
        return page('import { auth, ready, useClaims } from "/claims.js"; window.auth = auth; window.first = useClaims(); await ready;')

    def answer_application(self, method, path, fields, body):
        """A server that renders pages, and passes the rest on, as a proxy in front of both would."""
        if path == "/page":
            token = re.search(r"lanyard-dev-access=([^;]+)", fields.get("Cookie", ""))
            shown = "<h1>Welcome</h1>" if token and self.verified(token[1]) else (
                '<form id="sign-in"><input name="username"><input name="password"><button>Sign in</button></form><p id="problem">')
            text = f'<!doctype html><link rel="icon" href="data:,">{shown}<script type="module" src="/page.js"></script>'
            return 200, HTML, text.encode()
        if path == "/page.js":
            return 200, JAVASCRIPT, self.rendered.encode() + b"\nwindow.ready = true;"
        return self.ask(method, path, fields, body)

    def ask(self, method, path, fields, body=b""):
        connection = http.client.HTTPConnection("127.0.0.1", self.lanyard.port, timeout=20)
        passed = {name: value for name, value in fields.items() if name.lower() not in ("host", "connection", "accept-encoding")}
        connection.request(method, path, body or None, {**passed, "Host": f"localhost:{self.lanyard.port}"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        omitted = ("content-length", "connection", "date")
        return answer.status, [field for field in answer.getheaders() if field[0].lower() not in omitted], content

    def verified(self, token):
        return self.ask("GET", "/me", {"Authorization": f"Bearer {token}"})[0] == 200


with scenario() as stack:
    world = World(stack)
    browser, driver = world.browser, world.browser.driver

    tab = browser.open(f"{world.pages.url}/plain")
    shown = browser.run(tab, "shown")
    expect(shown == ["Hello, alice", "feeds of Bearer eyJhb"], shown)

    second = browser.open(f"{world.pages.url}/react")
    expect(browser.run(second, "first") is None, "nobody at first")
    expect(browser.run(second, "seen.at(-1).preferred_username") == "alice", "the session of the other tab")
    browser.run(second, "auth.logout().then(() => 0)")
    expect(browser.run(second, "seen.at(-1)") is None, "drawn anew after the logout")
    wait("the first tab hears of it", 10, lambda: browser.run(tab, "shown.at(-1)") == "Please sign in.")

    third = browser.open(f"{world.application.url}/page")
    expect(driver.find_elements(By.ID, "sign-in"), "the form")
    driver.find_element(By.NAME, "username").send_keys("alice")
    driver.find_element(By.NAME, "password").send_keys("wrong")
    driver.find_element(By.TAG_NAME, "button").click()
    wait("the problem is told", 20, lambda: driver.find_element(By.ID, "problem").text == "Wrong name or password.")
    field = driver.find_element(By.NAME, "password")
    field.clear()
    field.send_keys(PASSWORD)
    driver.find_element(By.TAG_NAME, "button").click()
    welcome = lambda: [e.text for e in driver.find_elements(By.TAG_NAME, "h1")] == ["Welcome"]
    wait("the page of who is signed in", 20, welcome)
    expect(browser.run(third, "document.cookie") == "", "no script reads the cookies")
    driver.delete_cookie("lanyard-dev-access")
    driver.get(f"{world.application.url}/page")
    wait("the page comes back when only the access cookie is gone", 20, welcome)

    for tab in (tab, second):
        expect(browser.trouble(tab) == [], browser.trouble(tab))
    print("docs/browsers.md: every block has run")
