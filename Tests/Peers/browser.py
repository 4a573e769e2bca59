# SPDX-License-Identifier: Apache-2.0
"""What the browser tests share: a real Chromium, a real lanyard, servers for pages, and waits that end.

Every test file is started with the path of the lanyard binary, ends within DEADLINE, and leaves nothing running.
"""

import contextlib
import ctypes
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

DEADLINE = 170  # seconds, of a whole file
FULL = "LANYARD_FULL" in os.environ  # whether what takes long is done in full (Scripts/test --full)
PASSWORD = "correct horse battery staple"
DRIVER = "/usr/bin/chromedriver"

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    sys.exit("selenium is not there: run Scripts/test, or pip install -r Tests/Peers/requirements.txt")


def wait(what, seconds, condition):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}; it is {value!r}")
        time.sleep(0.05)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


@contextlib.contextmanager
def scenario():
    """Ends everything after DEADLINE, whatever hangs."""

    def late(*_):
        raise TimeoutError(f"the test is not done after {DEADLINE} s")

    signal.signal(signal.SIGALRM, late)
    signal.signal(signal.SIGTERM, late)
    signal.alarm(DEADLINE)
    with contextlib.ExitStack() as stack:
        yield stack
    signal.alarm(0)


class Lanyard:
    """`lanyard serve --dev`, which can be stopped and started again at its port."""

    def __init__(self, stack, **settings):
        self.binary = os.path.abspath(sys.argv[1])
        self.folder = tempfile.mkdtemp(prefix="lanyard-browser-")
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        settings = {"MANAGEMENT_LISTEN": "127.0.0.1:0", **settings}
        self.settings = {f"LANYARD_{name}": value for name, value in settings.items()}
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        stack.callback(self.log.close)
        self.process = None
        self.port = 0
        stack.callback(self.stop)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "serve", "--dev", "--listen", f"127.0.0.1:{self.port}"], cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=self.log, preexec_fn=die_with_parent,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.settings})
        ports = {}
        while len(ports) < 2:
            line = self.process.stdout.readline()
            expect(line, f"lanyard does not start:\n{self.text()}")
            if found := re.match(r"lanyard: (listening|management) on http://\S+:(\d+)$", line):
                ports[found[1]] = int(found[2])
        self.port, self.management = ports["listening"], ports["management"]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        if self.process:
            self.process.stdout.close()

    def text(self):
        return pathlib.Path(self.log.name).read_text(encoding="utf-8")

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def refreshes(self):
        """How many refreshes there were since the start, by result."""
        connection = http.client.HTTPConnection("127.0.0.1", self.management, timeout=10)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        found = re.findall(r'lanyard_refreshes_total\{result="(\w+)"\} (\d+)', text)
        return {result: int(count) for result, count in found if count != "0"}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers from a function of the request; one that returns None closes the connection instead."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        with self.server.lock:
            self.server.seen.append((self.command, self.path, dict(self.headers), body))
        reply = self.server.reply(self.command, self.path, self.headers, body)
        if reply is None:
            self.close_connection = True
            return
        status, fields, content = reply
        try:
            self.send_response_only(status)
            for name, value in fields:
                self.send_header(name, value)
            if status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_OPTIONS = do_DELETE = do_HEAD = do_PUT = answer

    def log_message(self, *_):
        pass


class Server:
    """A server of the test's own on a free port of loopback."""

    def __init__(self, stack, reply):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.reply = reply
        self.http.seen = []
        self.http.lock = threading.Lock()
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        stack.callback(self.http.server_close)
        stack.callback(self.http.shutdown)
        self.port = self.http.server_port
        self.url = f"http://localhost:{self.port}"

    def seen(self, path):
        with self.http.lock:
            return [request for request in self.http.seen if request[1] == path]


HTML = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]


def page(script):
    """A page with a module script, which tells what no page may have: rejections nobody handles, and errors."""
    text = f"""<!doctype html><title>A page of somebody's</title><link rel="icon" href="data:,"><script type="module">
window.trouble = [];
addEventListener("unhandledrejection", (event) => trouble.push(`unhandled: ${{event.reason}}`));
addEventListener("error", (event) => trouble.push(`error: ${{event.message}}`));
addEventListener("securitypolicyviolation", (event) => trouble.push(`policy: ${{event.violatedDirective}}`));
{script}
window.ready = true;
</script>"""
    return 200, HTML, text.encode()


class Browser:
    """A headless Chromium with a profile of its own."""

    def __init__(self, stack, *arguments):
        if not os.path.exists(DRIVER):
            sys.exit("chromedriver is not there: run Scripts/test, or apt-get install chromium chromium-driver")
        profile = tempfile.mkdtemp(prefix="lanyard-chromium-")
        stack.callback(shutil.rmtree, profile, ignore_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", *arguments,
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        stack.callback(self.close)
        self.driver.set_script_timeout(60)
        self.driver.set_page_load_timeout(60)
        self.tabs = []

    def close(self):
        try:
            self.driver.quit()
        finally:
            process = self.driver.service.process
            if process and process.poll() is None:
                process.kill()
                process.wait(10)

    def open(self, url, ready="return window.ready === true"):
        """Opens a page in a tab of its own."""
        if self.tabs:
            self.driver.switch_to.new_window("tab")
        tab = self.driver.current_window_handle
        self.tabs.append(tab)
        self.driver.get(url)
        wait(f"{url} is ready", 30, lambda: self.driver.execute_script(ready))
        return tab

    def at(self, tab):
        if self.driver.current_window_handle != tab:
            self.driver.switch_to.window(tab)

    def run(self, tab, script, *arguments):
        """The value of an expression, awaited, in a tab; a rejection is returned as {"rejected": word, …}."""
        self.at(tab)
        return self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async () => ({script}))().then(done, (e) => done({{ rejected: e.error ?? e.name, text: String(e),"
            " status: e.status, retryAfter: e.retryAfter, requestId: e.requestId, typed: e.constructor.name }));",
            *arguments)

    def cdp(self, tab, command, **parameters):
        self.at(tab)
        return self.driver.execute_cdp_cmd(command, parameters)

    def trouble(self, tab):
        return self.run(tab, "window.trouble")

    def hosts(self):
        """Every host that was asked for something since the last call."""
        found = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = urllib.parse.urlsplit(message["params"]["request"]["url"])
                if url.scheme not in ("data", "blob", "chrome"):
                    found.add(url.netloc)
        return found
