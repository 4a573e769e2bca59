# SPDX-License-Identifier: Apache-2.0
"""Many tabs, lost answers, a restart, frozen and sleeping tabs, no network: one refresh for all, and nobody signed out.

Pages and servers are on different ports, as in development. One group of tabs speaks with a server directly; the other with one
behind a proxy that loses every third answer.
"""

import http.client
import json
import threading
import time

from browser import FULL, PASSWORD, Browser, Lanyard, Server, expect, page, scenario, wait

DELIVERIES = ("cookie", "body")
SETTINGS = {"TOKENS_ACCESS_LIFETIME": "30s", "SESSIONS_REFRESH_GRACE": "2s"}
# Two thirds of 30 s, less up to a tenth, and the moment by which tabs differ: when everybody has refreshed.
ROUND = 23


class Losses:
    """A proxy that asks the server, and then loses every third answer, and is slow with every fifth."""

    def __init__(self, stack, lanyard):
        self.lanyard, self.count, self.lost, self.lock = lanyard, 0, 0, threading.Lock()
        self.server = Server(stack, self.reply)

    def reply(self, method, path, fields, body):
        passed = {name: value for name, value in fields.items() if name.lower() not in ("host", "connection")}
        connection = http.client.HTTPConnection("127.0.0.1", self.lanyard.port, timeout=20)
        try:
            connection.request(method, path, body or None, {**passed, "Host": f"127.0.0.1:{self.lanyard.port}"})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if method == "POST" and path == "/refresh":
            with self.lock:
                self.count += 1
                number = self.count
                self.lost += number % 3 == 0
            if number % 5 == 0:
                time.sleep(0.8)
            if number % 3 == 0:
                return None
        omitted = ("content-length", "connection", "date")
        return answer.status, [field for field in answer.getheaders() if field[0].lower() not in omitted], content


class Group:
    """Some tabs of pages of one origin, each with a client for each delivery."""

    def __init__(self, browser, pages, issuer, tabs, extra=""):
        self.browser = browser
        self.serve = page(f"""
import {{ createClient }} from "{issuer}/lanyard.js";
window.events = [];
window.clients = {json.dumps(DELIVERIES)}.map((delivery) => {{
    const client = createClient({{ issuer: "{issuer}", delivery }});
    for (const type of ["signedin", "refreshed", "signedout"])
        client.addEventListener(type, () => events.push(`${{type}} ${{delivery}}`));
    return client;
}});
// The machine's clock is every tab's.
const everybody = new BroadcastChannel("clock");
const shift = (milliseconds) => {{
    const now = Date.now;
    Date.now = () => now() + milliseconds;
    document.dispatchEvent(new Event("visibilitychange"));
}};
everybody.onmessage = (event) => shift(event.data);
window.later = (milliseconds) => {{
    everybody.postMessage(milliseconds);
    shift(milliseconds);
}};
window.tokens = () => Promise.all(clients.map((client) => client.accessToken().catch((error) => error.error)));
{extra}""")
        self.tabs = []
        for index in range(tabs):
            self.tabs.append(browser.open(f"{pages}#{index}"))
            if index == 0:
                self.run(0, f"Promise.all(clients.map((c) => c.login('alice', '{PASSWORD}'))).then(() => 0)")
            else:
                found = self.run(index, "Promise.all(clients.map((c) => c.resume()))")
                expect(found == [True] * len(DELIVERIES), f"a new tab takes up the sessions: {found}")

    def run(self, index, script):
        return self.browser.run(self.tabs[index], script)

    def each(self, script):
        return [self.run(index, script) for index in range(len(self.tabs))]

    def expect_signed_in(self, when):
        for index, tokens in enumerate(self.each("tokens()")):
            expect(all(token and token.count(".") == 2 for token in tokens), f"{when}: tab {index} has {tokens}")
        for events in self.each("events"):
            expect(not any("signedout" in event for event in events), f"{when}: {events}")


def expect_few(lanyard, before, most, when):
    """Some refreshes since there were `before`, and no more than `most`."""
    found = lanyard.refreshes()
    print("tabs:", when, found, flush=True)
    expect(before < sum(found.values()) <= before + most, f"{when}: {found} is not between 1 and {most} more than {before}")
    expect("reused" not in found and "refused" not in found, f"{when}: {found}")
    return sum(found.values())


with scenario() as stack:
    direct, behind = Lanyard(stack, **SETTINGS), Lanyard(stack, **SETTINGS)
    losses = Losses(stack, behind)
    groups = {}
    pages = Server(stack, lambda method, path, fields, body: groups[path].serve)
    browser = Browser(stack)

    # A name with an address of its own keeps the cookies of the groups apart.
    def group(name, host, issuer, tabs, extra=""):
        groups[f"/{name}"] = made = Group.__new__(Group)
        made.__init__(browser, f"http://{host}:{pages.port}/{name}", issuer, tabs, extra)
        return made

    tabs = group("direct", "localhost", direct.url, 5)
    # Each three seconds one of its tabs finds that 25 s have passed.
    lossy = group("lossy", "127.0.0.1", f"http://127.0.0.1:{losses.server.port}", 3,
        "if (location.hash === '#0') setInterval(() => later(25_000), 3_000);")
    # One of each lifetime and delivery, of which two may fall into a round, and one more by accident. All tabs would make ten.
    few = 2 * len(DELIVERIES) + 1
    browser.cdp(tabs.tabs[4], "Page.setWebLifecycleState", state="frozen")
    browser.at(tabs.tabs[0])
    # Opening so many tabs takes its time. Without a restart, the next lifetime is like this one.
    if FULL:
        before = sum(direct.refreshes().values())
        time.sleep(ROUND)
        expect_few(direct, before, few, "after one lifetime")

    direct.stop()
    direct.start()
    time.sleep(ROUND)
    browser.cdp(tabs.tabs[4], "Page.setWebLifecycleState", state="active")
    tabs.expect_signed_in("after a restart of the server, and a tab that was frozen")
    before = expect_few(direct, 0, few, "after a restart and another lifetime")

    tabs.run(0, "void later(3_600_000)")
    tabs.expect_signed_in("after an hour of sleep")
    before = expect_few(direct, before, few, "after an hour of sleep")

    away = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    for tab in tabs.tabs:
        browser.cdp(tab, "Network.enable")
        browser.cdp(tab, "Network.emulateNetworkConditions", offline=True, **away)
    tabs.run(0, "void later(3_600_000)")
    # A tab may have got tokens just before the network went, and says so until they are over as well.
    wait("every tab says that there is no network", 60,
         lambda: all(tokens == ["network"] * len(DELIVERIES) for tokens in tabs.each("tokens()")))
    for tab in tabs.tabs:
        browser.cdp(tab, "Network.emulateNetworkConditions", offline=False, **away)
    # Until a tab hears that there is a network again, it says what it knows.
    wait("every tab has tokens again", 20, lambda: all("network" not in tokens for tokens in tabs.each("tokens()")))
    tabs.expect_signed_in("back online")
    expect_few(direct, before, few + 1, "back online")

    lossy.expect_signed_in("with every third answer lost")
    count = behind.refreshes()
    print("tabs: behind the proxy", count, "lost", losses.lost, flush=True)
    expect(losses.lost >= (6 if FULL else 3), f"only {losses.lost} answers were lost: {count}")
    expect("reused" not in count and "refused" not in count, count)

    tokens = tabs.run(0, "tokens()")
    tabs.run(1, "Promise.all(clients.map((client) => client.logout())).then(() => 0)")
    for index in range(5):
        wait("a logout reaches every tab", 10, lambda: tabs.run(index, "clients.every((client) => !client.signedIn)"))
    for token in tokens:
        status = tabs.run(2, f"fetch('{direct.url}/me', {{ headers: {{ Authorization: 'Bearer {token}' }} }}).then((r) => r.status)")
        expect(status == 401, f"the session is over at the server too: {status}")
    expect(tabs.run(3, "Promise.all(clients.map((client) => client.resume()))") == [False] * len(DELIVERIES), "and stays so")

    for group in (tabs, lossy):
        for trouble in group.each("trouble"):
            expect(trouble == [], trouble)
    noise = [entry["message"] for entry in browser.driver.get_log("browser") if "Failed to load resource" not in entry["message"]]
    expect(noise == [], noise)
    expect("origin_refused" not in direct.text() + behind.text(), "no origin was refused")
    print("tabs: all stay signed in, until one signs out")
