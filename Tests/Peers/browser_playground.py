# SPDX-License-Identifier: Apache-2.0
"""The playground by keyboard alone: nothing refused by its policy, no other host, and every word to be read by everybody."""

import contextlib
import time

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import FULL, Browser, Lanyard, expect, scenario, wait

# A little more than the grace of the servers here, in seconds.
GRACE = 3.2

# For every text that is shown: its contrast with what is behind it (WCAG 2.2 §1.4.3), and whether what can be used has a name.
AUDIT = """
const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
const ground = (e) => {
    for (; e; e = e.parentElement) {
        const color = numbers(getComputedStyle(e).backgroundColor);
        if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
};
const faults = [];
let texts = 0;
for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || ["INPUT"].includes(e.tagName);
    if (!own || !e.checkVisibility() || e.disabled || ["SCRIPT", "NOSCRIPT"].includes(e.tagName) || e.classList.contains("skip")) continue;
    const style = getComputedStyle(e);
    const [a, b] = [luminance(numbers(style.color)), luminance(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    texts += 1;
    if (ratio < (isLarge ? 3 : 4.5)) faults.push(`${e.tagName} ${e.className} ${e.textContent.slice(0, 30)}: ${ratio.toFixed(2)}`);
}
for (const e of document.querySelectorAll("input, textarea, button, select")) {
    const name = e.getAttribute("aria-label") ?? (e.labels?.length ? e.labels[0].textContent : e.textContent);
    if (!name.trim()) faults.push(`${e.outerHTML} has no name`);
    if (e.checkVisibility() && e.getBoundingClientRect().height < 24) faults.push(`${e.textContent} is a small target`);
}
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
if (new Set(ids).size !== ids.length) faults.push("an id twice");
for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const id of `${e.getAttribute("aria-labelledby") ?? ""} ${e.getAttribute("aria-describedby") ?? ""}`.trim().split(/\\s+/))
        if (!document.getElementById(id)) faults.push(`no element ${id}`);
const levels = [...document.querySelectorAll("h1, h2, h3")].map((e) => Number(e.tagName[1]));
if (levels[0] !== 1 || levels.some((level, i) => i && level > levels[i - 1] + 1)) faults.push(`headings ${levels}`);
if (!document.documentElement.lang) faults.push("no language");
if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the window: ${document.documentElement.scrollWidth}`);
return { faults, texts };
"""


# Before any script of a page: what no page may have.
WATCH = """window.trouble = [];
addEventListener("securitypolicyviolation", (e) => trouble.push(`policy: ${e.violatedDirective} ${e.blockedURI}`));
addEventListener("unhandledrejection", (e) => trouble.push(`unhandled: ${e.reason}`));
addEventListener("error", (e) => trouble.push(`error: ${e.message}`));"""


class Page:
    """The playground in a tab of its own, watched."""

    def __init__(self, browser, lanyard):
        self.browser, self.driver, self.url = browser, browser.driver, f"{lanyard.url}/"
        tab = browser.open("about:blank", "return true")
        browser.cdp(tab, "Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.load()

    def load(self):
        self.driver.get(self.url)
        wait("the page is there", 30, lambda: self.text("issuer") != "…")

    def expect_no_trouble(self):
        """To be asked before each `load`: the next document has a list of its own."""
        trouble = self.driver.execute_script("return window.trouble")
        expect(trouble == [], f"the page has trouble: {trouble}")

    def find(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        return self.find(name).text

    def focused(self):
        return self.driver.switch_to.active_element

    def key(self, key):
        self.focused().send_keys(key)

    def go_to(self, name):
        """Presses the tabulator until the element has the focus, which must be seen."""
        for _ in range(60):
            active = self.focused()
            if active.get_attribute("id") == name:
                outline = active.value_of_css_property("outline-style")
                expect(outline != "none", f"the focus on {name} is not seen")
                return active
            active.send_keys(Keys.TAB)
        raise AssertionError(f"the keyboard does not reach {name}")

    def press_first_session(self):
        """Presses the button of the first session; tells whether it was there: the list may be shown anew meanwhile."""
        try:
            self.driver.find_element(By.CSS_SELECTOR, "#sessions button").send_keys(Keys.ENTER)
        except StaleElementReferenceException:
            return False
        return True

    def press(self, name):
        self.go_to(name).send_keys(Keys.ENTER)

    def refresh(self, name, *starts):
        """Presses a button, and returns what the page then says of the refresh."""
        self.driver.execute_script("document.getElementById('refresh-result').textContent = ''")
        self.press(name)
        text = wait(f"{name} has a result", 20, lambda: self.text("refresh-result"))
        expect(text.startswith(starts), f"{name}: {text!r} begins with none of {starts}")
        return text

    def wait_for(self, name, start):
        return wait(f"{name} begins with {start!r}; it is {self.text(name)!r}", 20,
                    lambda: self.text(name).startswith(start) and self.text(name))

    def audit(self, when):
        found = self.driver.execute_script(AUDIT)
        expect(found["faults"] == [], f"{when}: {found['faults']}")
        expect(found["texts"] > 20, f"{when}: {found['texts']} texts")


def emulate(browser, scheme, width, motion="no-preference"):
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}]})


def walk(lanyard, browser, algorithm):
    """Everything that the page is for."""
    page = Page(browser, lanyard)
    page.audit("before the login")

    page.go_to("password").send_keys(Keys.END, "x", Keys.ENTER)
    page.wait_for("login-result", "401 invalid_credentials")
    page.go_to("password").send_keys(Keys.END, Keys.BACKSPACE, Keys.ENTER)
    page.wait_for("login-result", "Signed in.")
    page.wait_for("verdict", "Accepted")
    expect(algorithm in page.text("checks"), page.text("checks"))
    expect(page.text("claims").count("A claim of the account's own") == 0, "every claim is explained")
    expect("status_list" in page.text("claims"), "the token has a place in a status list")
    expect("alice" in page.text("claims") and "writer" in page.text("claims"), page.text("claims"))

    page.press("tamper")
    page.wait_for("verdict", "Refused. Signature:")
    page.press("restore")
    page.wait_for("verdict", "Accepted")
    area = page.go_to("token")
    area.send_keys("!")
    page.wait_for("verdict", "Refused. Form: the")
    page.press("restore")
    page.wait_for("verdict", "Accepted")

    page.refresh("refresh", "Kept", "Replaced")  # As long as it took to come here.
    replay(page)
    time.sleep(GRACE)
    page.refresh("replay", "Recovered")
    expect(page.text("sessions-result") == "One session.", page.text("sessions-result"))
    page.expect_no_trouble()
    return page


def replay(page):
    """Sends what was replaced, within the grace; a busy machine may need more than one try for that."""
    for _ in range(5):
        time.sleep(GRACE)
        began = time.monotonic()
        page.refresh("refresh", "Replaced")
        text = page.refresh("replay", "Replayed", "Recovered")
        if text.startswith("Replayed"):
            return
        expect(time.monotonic() - began > 3, f"within the grace: {text}")
    raise AssertionError("the machine is too busy to replay anything within 3 s")


def watch_the_bit(page, value):
    wait(f"the bit is {value}, and for how long", 20, lambda: page.text("lamp") == value and "another" in page.text("bit-ttl")
         or (page.press("look"), time.sleep(0.5)) and False)


with scenario() as stack:
    lanyard = Lanyard(stack, SESSIONS_REFRESH_GRACE="3s", STATUS_TTL="5s")
    browser = Browser(stack)
    emulate(browser, "light", 1280)
    page = walk(lanyard, browser, "RS256")
    page.audit("light, wide")
    watch_the_bit(page, "0")
    for scheme, width, motion in (("dark", 1280, "reduce"), ("light", 360, "reduce"), ("dark", 360, "no-preference")):
        emulate(browser, scheme, width, motion)
        page.audit(f"{scheme}, {width} pixels wide")
    print("playground is read by everybody, from 360 pixels on, light and dark", flush=True)

    page.press("logout")
    page.wait_for("logout-result", "Signed out.")
    watch_the_bit(page, "1")
    print("playground shows the bit of an ended session", flush=True)
    page.refresh("refresh", "Refused")
    page.audit("after the logout")

    # A theft ends the session as well.
    page.expect_no_trouble()
    page.load()
    page.go_to("password").send_keys(Keys.ENTER)
    page.wait_for("login-result", "Signed in.")
    for number in range(2):
        time.sleep(GRACE)
        page.refresh("refresh", f"Replaced: generation {number + 1}")
    page.refresh("steal", "Refused: generation 1 ends the session")
    print("playground shows a theft", flush=True)

    page.expect_no_trouble()

    # The keyboard keeps its place when the button under it goes.
    page.load()
    page.go_to("password").send_keys(Keys.ENTER)
    page.wait_for("login-result", "Signed in.")
    page.press("list")
    wait("the session is listed", 20, lambda: page.driver.find_elements(By.CSS_SELECTOR, "#sessions button"))
    wait("the button of the session is pressed", 20, page.press_first_session)
    page.wait_for("sessions-result", "The session is over")
    expect(page.focused().get_attribute("id") == "list", "the focus is beside what is gone")
    page.expect_no_trouble()
    hosts = browser.hosts()
    expect(hosts == {f"localhost:{lanyard.port}"}, f"other hosts were asked: {hosts}")
    noise = [entry["message"] for entry in browser.driver.get_log("browser") if "Failed to load resource" not in entry["message"]]
    expect(noise == [], noise)

    others = ("PS256", "ES256", "EdDSA") if FULL else ()
    for algorithm in others:
        with contextlib.ExitStack() as inner:
            walk(Lanyard(inner, KEYS_ALGORITHM=algorithm, SESSIONS_REFRESH_GRACE="3s"), browser, algorithm)
            expect("cannot check" not in browser.driver.find_element(By.ID, "checks").text, algorithm)
    print("playground verifies", ", ".join(("RS256", *others)))
