# SPDX-License-Identifier: Apache-2.0
"""/lanyard.js against servers that misbehave on purpose: which answers end a session, which hosts see a token."""

import base64
import json
import time

from browser import Browser, Lanyard, Server, expect, page, scenario, wait


def token(case, generation, body=True, **more):
    """What a login or refresh gives; nobody here verifies it."""
    claims = {"sid": case, "iat": int(time.time()), "sub": "alice", "n": generation}
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    members = {"access_token": f"h.{encoded}.s{generation}", "token_type": "Bearer", "expires_in": 900,
               "refresh_after": 600, "refresh_expires_in": 1209600, **more}
    if body:
        members["refresh_token"] = f"rt1.{case}.{generation}.mac"
    return 200, [("Content-Type", "application/json")], json.dumps(members).encode()


def problem(status, error, *fields):
    content = json.dumps({"status": status, "error": error, "detail": f"this is {error}"}).encode()
    return status, [("Content-Type", "application/problem+json"), *fields], content


class Issuer:
    """A server that answers each case, by the first segment of the path, as the case wants."""

    def __init__(self, stack):
        self.answers = {}
        self.server = Server(stack, self.reply)

    def reply(self, method, path, fields, body):
        cors = [("Access-Control-Allow-Origin", fields.get("Origin", "*")), ("Access-Control-Allow-Credentials", "true"),
                ("Access-Control-Allow-Headers", "authorization, content-type"),
                ("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After, X-Request-Id")]
        if method == "OPTIONS":
            return 204, cors, b""
        _, case, name = path.split("/", 2)
        queue = self.answers[case][name]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if callable(answer):
            answer = answer(fields, body)
        if answer is None:
            return None
        status, more, content = answer
        return status, cors + more, content

    def asked(self, case, name):
        return [json.loads(body or b"{}") for method, _, _, body in self.server.seen(f"/{case}/{name}") if method == "POST"]


class Case:
    """A page of its own, with a client of an issuer of its own."""

    def __init__(self, world, name, login=None, options="", **answers):
        self.world, self.name = world, name
        world.issuer.answers[name] = {
            "login": [login or token(name, 1)], **{key: list(value) for key, value in answers.items()}}
        self.url = f"{world.issuer.server.url}/{name}"
        self.script = f"""
import {{ createClient, LanyardError }} from "{world.lanyard.url}/lanyard.js";
window.events = [];
window.make = (more) => {{
    const made = createClient({{ issuer: "{self.url}", ...more }});
    for (const type of ["signedin", "refreshed", "signedout", "error"])
        made.addEventListener(type, (e) => events.push(type + (e.detail.reason ? ":" + e.detail.reason : "")));
    return made;
}};
window.LanyardError = LanyardError;
window.client = make({{ {options} }});"""
        world.scripts[f"/{name}"] = self.script
        self.tab = world.browser.open(f"{world.pages.url}/{name}")
        world.cases.append(self)

    def run(self, script, *arguments):
        return self.world.browser.run(self.tab, script, *arguments)

    def log_in(self):
        return self.run('client.login("alice", "secret")')

    def hurry(self):
        """Lets the access token be old: fifteen minutes pass, as they do in a sleep that only one clock notices."""
        self.run("(() => { const now = Date.now; Date.now = () => now() + 900_000; })()")

    def generation(self):
        return self.run("client.accessToken().then((t) => t && Number(t.split('.s')[1]))")

    def asked(self, name="refresh"):
        return self.world.issuer.asked(self.name, name)


class World:
    def __init__(self, stack):
        self.lanyard = Lanyard(stack)
        self.issuer = Issuer(stack)
        self.scripts, self.cases = {}, []
        self.pages = Server(stack, self.serve)
        self.allowed = Server(stack, self.resource)
        self.strange = Server(stack, self.resource)
        self.browser = Browser(stack)

    def serve(self, method, path, fields, body):
        if path in self.scripts:
            return page(self.scripts[path])
        return self.resource(method, path, fields, body)

    def resource(self, method, path, fields, body):
        cors = [("Access-Control-Allow-Origin", fields.get("Origin", "*")), ("Access-Control-Allow-Credentials", "true"),
                ("Access-Control-Allow-Headers", "authorization, content-type"), ("Access-Control-Allow-Methods", "*")]
        if method == "OPTIONS":
            return 204, cors, b""
        if path.startswith("/to?"):
            return 307, cors + [("Location", path[4:])], b""
        if path.startswith("/new-slow"):
            time.sleep(1)
        refused = path.startswith("/never") or (path.startswith("/new") and fields.get("Authorization", "").endswith(".s1"))
        return 401 if refused else 200, cors, body


def shows_the_token_to_those_it_is_for(world):
    case = Case(world, "hosts", options=f'origins: ["{world.allowed.url}"]')
    case.log_in()
    for url in ("/mine", f"{world.allowed.url}/allowed", f"{world.strange.url}/strange",
                f"{world.allowed.url}/to?{world.strange.url}/redirected"):
        expect(case.run(f"client.fetch('{url}').then((r) => r.status)") == 200, url)
    seen = {path: fields.get("Authorization") for server in (world.pages, world.allowed, world.strange)
            for method, path, fields, _ in server.http.seen if method == "GET"}
    expect(seen["/mine"] and seen["/mine"].startswith("Bearer h."), "the page's own origin gets the token")
    expect(seen["/allowed"] == seen["/mine"], "an origin that was named gets it")
    expect(seen["/strange"] is None, "another host does not")
    expect(seen["/redirected"] is None, "nor one that a redirect leads to")


def answers_a_401_with_one_refresh(world):
    case = Case(world, "retry", refresh=[token("retry", 2), token("retry", 3)])
    case.log_in()
    text = case.run("client.fetch('/new-body', { method: 'POST', body: 'the body' }).then((r) => r.text())")
    expect(text == "the body", f"the body is sent again: {text!r}")
    expect(len(world.pages.seen("/new-body")) == 2, "once refused, once accepted")
    expect(len(case.asked()) == 1, "one refresh")
    expect(case.run("Promise.all([1, 2, 3].map(() => client.fetch('/never').then((r) => r.status)))") == [401] * 3, "401")
    expect(len(case.asked()) == 1, "a token that a refusal brought is not replaced for another refusal")


def sends_nothing_as_somebody_else(world):
    post = "client.fetch('/new-{}', {{ method: 'POST', body: 'of alice' }}).then((r) => r.status)"
    cookie = Case(world, "changed", options='delivery: "cookie"', login=token("changed", 1, body=False),
                  refresh=[token("bob", 2, body=False)])
    cookie.log_in()
    cookie.run("(window.other = make({ delivery: 'cookie' }), other.resume())")
    expect(cookie.run(post.format("cookie")) == 401, "another origin of the site has replaced the cookie")
    expect(len(world.pages.seen("/new-cookie")) == 1, "what alice wrote is not sent as bob")
    expect(cookie.run("client.claims.sid") == "bob" and cookie.run("events.at(-1)") == "signedin", "the page is told who it is")
    wait("and so is the other tab", 10, lambda: cookie.run("other.claims.sid") == "bob")

    tab = Case(world, "relogin", refresh=[token("bob", 2)])
    tab.log_in()
    tab.run("(window.other = make({}), other.resume())")
    world.issuer.answers["relogin"]["login"] = [token("bob", 2)]
    tab.run(f"(window.first = {post.format('slow')}, 0)")
    wait("the first try", 10, lambda: world.pages.seen("/new-slow"))
    tab.run("other.login('bob', 'secret')")
    expect(tab.run("first") == 401 and len(world.pages.seen("/new-slow")) == 1, "nor when bob signs in meanwhile")

    early = Case(world, "early", options='delivery: "cookie"', login=token("early", 1, body=False),
                 refresh=[token("bob", 2, body=False)])
    early.log_in()
    early.hurry()
    expect(early.run(post.format("early"))["rejected"] == "session_changed", "nor when that is found out before")
    expect(world.pages.seen("/new-early") == [], "nothing was sent")

    def slow(fields, body):
        time.sleep(1.5)
        return token("joined", 2, body=False)

    same = Case(world, "joined", options='delivery: "cookie"', login=token("joined", 1, body=False), refresh=[slow])
    same.log_in()
    same.hurry()
    same.run(f"(window.first = {post.format('joined')}, 0)")
    wait("the refresh", 10, same.asked)
    # As a tab does that finds the same session by its cookie.
    same.run("""new BroadcastChannel(`lanyard cookie ${arguments[0]}`).postMessage({ type: "signedin", tokens: {
        access_token: "h.e30.s2", expires_in: 900, refresh_after: 600, sid: "joined", claims: { sid: "joined" }, age: 0 } })""", same.url)
    expect(same.run("first") == 200, "a tab that joins the session is nobody else")


def logs_out_of_what_there_is(world):
    stored = Case(world, "unresumed", options="storage: sessionStorage", logout=[(204, [], b"")])
    stored.log_in()
    world.browser.at(stored.tab)
    world.browser.driver.refresh()
    wait("ready", 20, lambda: stored.run("window.ready === true"))
    stored.run("client.logout()")
    expect(stored.asked("logout") == [{"refresh_token": "rt1.unresumed.1.mac"}], stored.asked("logout"))
    expect(stored.run("sessionStorage.length") == 0, "nothing is left")

    def bearer(fields, body):
        return (204, [], b"") if fields.get("Authorization", "").startswith("Bearer h.") else problem(400, "invalid_request")

    case = Case(world, "all", options='delivery: "cookie"', login=token("all", 1, body=False), logout=[bearer])
    case.log_in()
    case.run("client.logout({ all: true })")
    expect(not case.run("client.signedIn"), "without a cookie the access token says whose sessions")
    case.log_in()
    case.hurry()
    expect(case.run("client.logout({ all: true })")["rejected"] == "invalid_request", "what did not happen is not said to have")
    expect(case.run("client.signedIn"), "and changes nothing")
    case.run("client.logout()")
    expect(not case.run("client.signedIn"), "one session that cannot be shown is over for this browser")

    old = Case(world, "oldest", logout=[(204, [], b"")], refresh=[token("oldest", 2)])
    old.log_in()
    old.run("(window.other = make({}), other.resume())")
    old.run("(window.post = BroadcastChannel.prototype.postMessage, BroadcastChannel.prototype.postMessage = () => {}, 0)")
    old.hurry()
    old.generation()
    old.run("(BroadcastChannel.prototype.postMessage = post, other.logout({ all: true }))")
    expect(old.asked("logout") == [{"refresh_token": "rt1.oldest.2.mac", "all": True}], old.asked("logout"))


def leaves_the_session_of_another_tab(world):
    case = Case(world, "stale", options="storage: sessionStorage", refresh=[problem(401, "invalid_grant")])
    case.log_in()
    case.run("""(() => {
        const key = sessionStorage.key(0);
        const stored = JSON.parse(sessionStorage.getItem(key));
        const renamed = { refresh_token: "rt1.later.1.mac", sid: "later", claims: { sid: "later" }, wall: stored.wall + 900_000 };
        sessionStorage.setItem(key, JSON.stringify({ ...stored, ...renamed }));
    })()""")
    case.hurry()
    case.generation()
    expect(case.run("client.claims?.sid") == "later", "the session that was begun since is taken up")
    expect(case.run("events.slice(-2)") == ["signedout:ended", "signedin"], case.run("events"))
    expect("rt1.later.1.mac" in case.run("sessionStorage.getItem(sessionStorage.key(0))"), "and stays in the storage")


def hands_out_nothing_expired(world):
    case = Case(world, "asleep", refresh=[token("asleep", 2), token("asleep", 3)])
    case.log_in()
    case.run("(window.other = make({}), other.resume())")
    case.run("(window.post = BroadcastChannel.prototype.postMessage, BroadcastChannel.prototype.postMessage = () => {}, 0)")
    case.hurry()
    expect(case.generation() == 2, "the one refreshes")
    case.run("(BroadcastChannel.prototype.postMessage = post, 0)")
    case.hurry()
    expect(case.run("other.accessToken()").endswith(".s3"), "what the other has is newer, and as old")
    expect(case.asked()[-1]["refresh_token"] == "rt1.asleep.2.mac", case.asked())


def gives_up_when_the_caller_does(world):
    def slow(fields, body):
        time.sleep(3)
        return token("aborted", 2)

    case = Case(world, "aborted", refresh=[slow])
    case.log_in()
    case.hurry()
    failed = case.run("client.fetch('/aborted', { signal: AbortSignal.timeout(100) })")
    expect(failed["rejected"] == "TimeoutError" and "refreshed" not in case.run("events"), failed)


def spares_a_server_that_is_down(world):
    case = Case(world, "outage", refresh=[problem(500, "internal")])
    case.log_in()
    case.hurry()
    failed = case.run("""(async () => {
        const failed = [];
        for (let i = 0; i < 5; i++) failed.push(await client.accessToken().catch((error) => error.status));
        return failed;
    })()""")
    expect(failed == [500] * 5 and len(case.asked()) <= 2, f"{failed} of {len(case.asked())}")
    world.issuer.answers["outage"]["refresh"] = [token("outage", 2)]
    expect(case.run("(dispatchEvent(new Event('online')), client.accessToken())").endswith(".s2"), "and asks when the network is back")


def resumes_by_itself(world):
    case = Case(world, "again", options='delivery: "cookie"', refresh=[problem(500, "internal"), token("again", 1, body=False)])
    expect(case.run("client.resume()")["status"] == 500, "it cannot know")
    wait("signed in once the server is back", 20, lambda: case.run("client.signedIn"))


def works_in_a_sandbox(world):
    case = Case(world, "sandbox", refresh=[token("sandbox", 2)])
    text = case.script + """
const now = Date.now;
const said = (async () => {
    await client.login("alice", "secret");
    Date.now = () => now() + 900_000;
    return client.accessToken();
})();
said.then((token) => parent.postMessage(token, "*"), (error) => parent.postMessage(String(error), "*"));"""
    found = case.run("""new Promise((resolve) => {
        addEventListener("message", (event) => resolve(event.data));
        const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts";
        frame.srcdoc = `<script type="module">${arguments[0]}</script>`;
        document.body.append(frame);
    })""", text)
    expect(found.endswith(".s2"), f"where locks are forbidden: {found}")


def ends_for_one_answer_only(world):
    html = [("Content-Type", "text/html")]
    passing = [problem(500, "internal"), (401, html, b"<h1>Sign in to the Wi-Fi</h1>"), problem(401, "invalid_client"),
               problem(403, "origin_not_allowed"), problem(400, "invalid_request"), (404, html, b"no")]
    case = Case(world, "ends", refresh=passing[:1])
    case.log_in()
    case.hurry()

    def ask(answer):
        """The token after a refresh with this answer; the last one goes for whoever asks, also a timer."""
        world.issuer.answers["ends"]["refresh"] = [answer]
        return case.run("(dispatchEvent(new Event('online')), client.accessToken())")

    for answer in passing:
        failed = wait(f"the failure of {answer[0]}", 10, lambda: (found := ask(answer))["status"] == answer[0] and found)
        expect(failed["typed"] == "LanyardError", failed)
        expect(case.run("client.signedIn"), f"still signed in after {answer[0]}")
    wait("a page is no answer", 20, lambda: ask((200, html, b"<h1>Welcome</h1>"))["rejected"] == "invalid_response")
    wait("it goes on with the next good answer", 10, lambda: str(ask(token("ends", 2))).endswith(".s2"))
    world.issuer.answers["ends"]["refresh"] = [problem(401, "invalid_grant")]
    case.hurry()
    expect(case.generation() is None, "invalid_grant is the end")
    events = case.run("events")
    expect(events.count("signedout:ended") == 1 and events[-1] == "signedout:ended", events)
    expect(not case.run("client.signedIn") and case.run("client.claims") is None, "nothing is left")


def asks_again_when_an_answer_is_lost(world):
    case = Case(world, "lost", refresh=[None, None, token("lost", 2)])
    case.log_in()
    case.hurry()
    expect(case.generation() == 2, "the third answer came")
    expect([asked["refresh_token"] for asked in case.asked()] == ["rt1.lost.1.mac"] * 3, case.asked())
    expect("error" not in case.run("events"), "nobody was troubled")


def waits_as_long_as_it_is_told(world):
    case = Case(world, "told", refresh=[problem(503, "draining", ("Retry-After", "30"), ("X-Request-Id", "r1"))])
    case.log_in()
    case.hurry()
    began = time.monotonic()
    case.run("void document.dispatchEvent(new Event('visibilitychange'))")  # Nobody waits for this one.
    wait("the answer", 10, lambda: "error" in case.run("events"))
    for _ in range(5):
        failed = case.run("client.accessToken()")
        expect((failed["status"], failed["retryAfter"], failed["requestId"]) == (503, 30, "r1"), failed)
    expect(time.monotonic() - began < 10 and len(case.asked()) == 1, "it neither waits nor asks")
    expect(case.run("client.signedIn"), "still signed in")


def says_what_a_login_was_refused_for(world):
    case = Case(world, "refused", login=problem(429, "rate_limited", ("Retry-After", "7"), ("X-Request-Id", "r2")))
    failed = case.log_in()
    expect((failed["rejected"], failed["status"], failed["retryAfter"], failed["requestId"], failed["typed"])
           == ("rate_limited", 429, 7, "r2", "LanyardError"), failed)
    expect(len(case.asked("login")) == 1, "a password is not sent again unasked")


def goes_by_either_clock(world):
    case = Case(world, "clock", refresh=[token("clock", n) for n in (2, 3, 4)])
    case.log_in()
    case.hurry()
    expect(case.generation() == 2, "the wall clock went on while the machine slept")
    case.run("(() => { const now = Date.now; Date.now = () => now() - 86_400_000 })()")
    expect(case.generation() == 2, "set back, it says nothing")
    case.run("(() => { const now = performance.now.bind(performance); performance.now = () => now() + 700_000 })()")
    case.run("document.dispatchEvent(new Event('visibilitychange'))")
    wait("a refresh when the page is looked at again", 10, lambda: case.generation() == 3)


def bears_a_late_answer(world):
    def late(fields, body):
        time.sleep(1.5)
        return token("late", 2)

    # Without locks, as in an old browser; the second client stands for another tab.
    case = Case(world, "late", refresh=[late, token("late", 3), token("late", 4)])
    case.run("void Object.defineProperty(navigator, 'locks', { value: undefined })")
    case.log_in()
    case.run("(window.other = make({}), other.resume())")
    case.hurry()
    case.run("(window.slow = client.accessToken(), new Promise((done) => setTimeout(done, 300)))")
    case.run("other.accessToken()")
    expect(case.run("slow.then(() => client.accessToken())").endswith(".s3"), "the answer that came late is not kept")
    case.hurry()
    case.generation()
    expect(case.asked()[-1]["refresh_token"] == "rt1.late.3.mac", case.asked())


def shows_the_access_token_where_that_is_asked(world):
    def strict(fields, body):
        return token("strict", 2) if fields.get("Authorization") else problem(401, "invalid_token")

    case = Case(world, "strict", refresh=[strict])
    case.log_in()
    case.hurry()
    expect(case.generation() == 2, "it was shown")
    case.hurry()
    case.generation()
    expect(len(case.asked()) == 3, "from then on at once")


def takes_up_what_a_storage_has(world):
    case = Case(world, "stored", options="storage: sessionStorage", refresh=[token("stored", 2)])
    case.log_in()
    world.browser.at(case.tab)
    world.browser.driver.refresh()
    wait("ready", 20, lambda: case.run("window.ready === true"))
    expect(case.run("client.resume()") is True and case.generation() == 1, "after a reload")
    case.run("(window.old = sessionStorage.getItem(sessionStorage.key(0)), 0)")
    case.hurry()
    expect(case.generation() == 2, "refreshed")
    case.run("(sessionStorage.setItem(sessionStorage.key(0), old), window.again = make({ storage: sessionStorage }), 0)")
    expect(case.run("again.resume().then(() => again.accessToken())").endswith(".s2"), "what another tab has is newer")
    case.run("again.close()")
    world.issuer.answers["stored"]["logout"] = [(204, [], b"")]
    case.run("client.logout()")
    expect(case.run("sessionStorage.length") == 0, "nothing is left")


def asks_the_others_first(world):
    case = Case(world, "frozen", refresh=[token("frozen", n) for n in (2, 3, 4)])
    case.log_in()
    case.run("(window.other = make({}), other.resume())")
    # What a frozen tab misses.
    case.run("(window.post = BroadcastChannel.prototype.postMessage, BroadcastChannel.prototype.postMessage = () => {}, 0)")
    for generation in (2, 3):
        case.hurry()
        expect(case.generation() == generation, "the one refreshes")
    case.run("(BroadcastChannel.prototype.postMessage = post, 0)")
    expect(case.run("other.accessToken()").endswith(".s3"), "the other takes what it has missed")
    expect(len(case.asked()) == 2, "and does not send what was replaced long ago")


def resumes_by_cookie(world):
    none = Case(world, "nobody", options='delivery: "cookie"', refresh=[problem(400, "invalid_request")])
    expect(none.run("client.resume()") is False, "no cookie")
    expect(none.run("events") == [], "which is nothing to tell")
    away = Case(world, "away", options='delivery: "cookie"',
                refresh=[None, None, None, None, None, None, token("away", 1, body=False)])
    expect(away.run("client.resume()")["rejected"] == "network", "it cannot know")
    away.run("dispatchEvent(new Event('online'))")
    wait("signed in once there is a network", 20, lambda: away.run("client.signedIn"))
    expect(all(fields == {} for fields in away.asked()), "the cookie is all that is sent")


def leaves_cookies_to_the_browser(world):
    answer = token("cookies", 1, body=False)
    members = json.loads(answer[2])
    del members["access_token"]
    case = Case(world, "cookies", login=(200, answer[1], json.dumps(members).encode()),
                options=f'delivery: "cookies", origins: ["{world.allowed.url}"]')
    expect(case.log_in() == {}, "no claims to be seen")
    expect(case.run("client.fetch('/cookies-resource').then((r) => r.status)") == 200, "fetch works")
    expect("Authorization" not in world.pages.seen("/cookies-resource")[0][2], "without a header")
    case.run("(document.cookie = 'probe=1', client.fetch(arguments[0])).then((r) => r.status)", f"{world.allowed.url}/with-cookies")
    case.run("client.fetch('/cookies-omitted', { credentials: 'omit' }).then((r) => r.status)")
    expect("Cookie" not in world.pages.seen("/cookies-omitted")[0][2], "but for a caller who wants none")
    expect("probe=1" in world.allowed.seen("/with-cookies")[0][2].get("Cookie", ""), "with cookies, also to a named origin")
    expect(case.generation() is None, "no token")


def lets_go(world):
    case = Case(world, "close")
    case.log_in()
    case.run("client.close()")
    expect(case.generation() is None, "the token is gone")
    expect(case.run("client.login('a', 'b')")["rejected"] == "closed", "a closed client says so")
    expect(case.run("client.resume()")["rejected"] == "closed", "whatever it is asked")
    case.run("""new Promise((done) => {
        window.trusting = make({});
        const channel = new BroadcastChannel(`lanyard body ${arguments[0]}`);
        for (const news of [null, 1, {}, { type: "later" }, { type: "later", tokens: {} }]) channel.postMessage(news);
        setTimeout(done, 300);
    })""", case.url)  # What a later version may say is no trouble.


with scenario() as stack:
    world = World(stack)
    # Begun first, for it takes its time: the deadline of an attempt.
    hung = Case(world, "hung", refresh=[lambda *_: time.sleep(200), token("hung", 2)])
    hung.log_in()
    hung.hurry()
    hung.run("(window.hung = client.accessToken(), 0)")
    for test in (shows_the_token_to_those_it_is_for, answers_a_401_with_one_refresh, sends_nothing_as_somebody_else,
                 logs_out_of_what_there_is, leaves_the_session_of_another_tab, hands_out_nothing_expired,
                 gives_up_when_the_caller_does, spares_a_server_that_is_down, resumes_by_itself, works_in_a_sandbox,
                 ends_for_one_answer_only,
                 asks_again_when_an_answer_is_lost, waits_as_long_as_it_is_told, says_what_a_login_was_refused_for,
                 goes_by_either_clock, bears_a_late_answer, shows_the_access_token_where_that_is_asked,
                 takes_up_what_a_storage_has, asks_the_others_first, resumes_by_cookie, leaves_cookies_to_the_browser, lets_go):
        test(world)
        print("module", test.__name__.replace("_", " "), flush=True)
    expect(hung.run("hung").endswith(".s2"), "an attempt that hangs is given up, and made again")
    for case in world.cases:
        expect(case.run("trouble") == [], f"{case.name}: {case.run('trouble')}")
    noise = [entry["message"] for entry in world.browser.driver.get_log("browser")
             if "Failed to load resource" not in entry["message"]]
    expect(noise == [], noise)
    print("module is quiet")
