// SPDX-License-Identifier: Apache-2.0
// @ts-check

// The page speaks with the server directly, so that every answer can be shown as it came; pages of yours use lanyard.js.

/**
 * @param {string} id
 * @returns {any}
 */
const at = (id) => document.getElementById(id);
const base = new URL(".", location.href).href.replace(/\/$/, "");

/** How long an answer may take, in milliseconds. */
const DEADLINE = 10_000;
/** How often the status list is looked at after a session has ended, a second apart. */
const LOOKS = 10;

/**
 * What a login and its refreshes gave.
 * @type {{ access: string, refresh: string[], over: boolean } | null}
 */
let session = null;
let issuer = base;
/** Each check of a token begins one anew, and only the last is shown. */
let round = 0;

/**
 * @param {string} path
 * @param {{ method?: string, body?: object, token?: string }} what
 */
async function ask(path, { method = "GET", body, token } = {}) {
    const answer = await fetch(base + path, {
        method, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(DEADLINE),
        headers: { ...(body && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) },
        body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    const isJSON = /json/.test(answer.headers.get("Content-Type") ?? "");
    const value = isJSON && text ? JSON.parse(text) : text;
    if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${value.error ?? ""}: ${value.detail ?? value.title ?? ""}`), { answer, value });
    return value;
}

/**
 * @param {string} tag
 * @param {object} [properties]
 * @param {...(Node | string)} children
 * @returns {any}
 */
function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
}

/**
 * @param {any} where
 * @param {string} text
 * @param {boolean} [isGood]
 */
function say(where, text, isGood) {
    where.textContent = text;
    where.classList.toggle("good", isGood === true);
    where.classList.toggle("bad", isGood === false);
}

/**
 * Runs what a button is for, with the button held down; tells what went wrong.
 * @param {string} id
 * @param {string} result
 * @param {() => Promise<void>} work
 */
function onClick(id, result, work) {
    at(id).addEventListener("click", () => guarded(at(id), at(result), work));
}

/**
 * @param {any} button
 * @param {any} result
 * @param {() => Promise<void>} work
 */
async function guarded(button, result, work) {
    if (button.getAttribute("aria-busy") === "true") return;
    // Not disabled, or the keyboard would lose its place.
    button.setAttribute("aria-busy", "true");
    try {
        await work();
    } catch (error) {
        say(result, reason(error), false);
    } finally {
        button.removeAttribute("aria-busy");
    }
}

/** @param {any} error */
const reason = (error) => error.answer ? error.message : `No answer: ${error.message}`;

// Base64url, strict: every part has one spelling, or a change in the last character could mean nothing (RFC 4648 §3.5).

/**
 * @param {string} text
 * @returns {Uint8Array}
 */
function decoded(text) {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error("is not base64url");
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const again = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    if (again !== text) throw new Error("has bits that are not part of it");
    return bytes;
}

/** @param {string} text */
function object(text) {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decoded(text)));
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("is no object");
    return value;
}

// Verifying

/** @type {Record<string, { name: any, verify: any, kty: string, members: string[] }>} */
const algorithms = {
    RS256: { kty: "RSA", members: ["n", "e"], name: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, verify: { name: "RSASSA-PKCS1-v1_5" } },
    PS256: { kty: "RSA", members: ["n", "e"], name: { name: "RSA-PSS", hash: "SHA-256" }, verify: { name: "RSA-PSS", saltLength: 32 } },
    ES256: { kty: "EC", members: ["crv", "x", "y"], name: { name: "ECDSA", namedCurve: "P-256" }, verify: { name: "ECDSA", hash: "SHA-256" } },
    EdDSA: { kty: "OKP", members: ["crv", "x"], name: { name: "Ed25519" }, verify: { name: "Ed25519" } },
};

/**
 * Checks a JWS against the key set, and says of each step how it went; the first that fails is the last.
 *
 * @param {string} token
 * @param {{ type: string, now: number }} expected
 */
async function verify(token, { type, now }) {
    /** @type {[string, boolean | null][]} */
    const steps = [];
    /** @type {any} */
    let header;
    /** @type {any} */
    let claims;
    const fail = (/** @type {string} */ text) => ({ steps: [...steps, /** @type {[string, boolean]} */ ([text, false])], header, claims, isGood: false });
    const parts = token.split(".");
    if (parts.length !== 3) return fail(`Form: there are ${parts.length} parts, and not three.`);
    for (const [index, name] of ["header", "claims"].entries()) {
        try {
            const value = object(parts[index]);
            index ? claims = value : header = value;
        } catch (error) {
            return fail(`Form: the ${name} ${error instanceof SyntaxError || error instanceof TypeError ? "is not JSON" : /** @type {any} */ (error).message}.`);
        }
    }
    let signature;
    try {
        signature = decoded(parts[2]);
    } catch (error) {
        return fail(`Form: the signature ${/** @type {any} */ (error).message}.`);
    }
    steps.push(["Form: three parts, two of them JSON.", true]);
    if (header.typ !== type) return fail(`Type: ${header.typ} is not ${type}.`);
    const { keys } = await ask("/.well-known/jwks.json");
    const key = keys.find((/** @type {any} */ key) => key.kid === header.kid);
    if (!key) return fail("Key: the key set has no key of this kid.");
    const algorithm = algorithms[key.alg];
    if (!algorithm || key.kty !== algorithm.kty || header.alg !== key.alg) return fail(`Algorithm: the key is for ${key.alg}, and not for ${header.alg}.`);
    steps.push([`Key: ${key.kid.slice(0, 8)}… is in the key set, for ${key.alg}.`, true]);
    try {
        const members = Object.fromEntries(["kty", ...algorithm.members].map((name) => [name, key[name]]));
        const imported = await crypto.subtle.importKey("jwk", members, algorithm.name, false, ["verify"]);
        const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
        if (!await crypto.subtle.verify(algorithm.verify, imported, signature, signed)) {
            return fail("Signature: it is not of these words. Somebody changed them, or it.");
        }
        steps.push(["Signature: made by this key, over exactly these words.", true]);
    } catch {
        steps.push([`Signature: this browser cannot check ${key.alg}.`, null]);
    }
    if (claims.iss !== undefined && claims.iss !== issuer) return fail(`Issuer: ${claims.iss} is not ${issuer}.`);
    if (claims.iss !== undefined) steps.push(["Issuer: this server.", true]);
    if (claims.exp <= now) return fail(`Time: it expired ${ago(now - claims.exp)} ago.`);
    if (claims.nbf > now + 30) return fail("Time: it is not valid yet.");
    steps.push([`Time: good for another ${ago(claims.exp - now)}.`, true]);
    return { steps, header, claims, isGood: true };
}

const seconds = () => Math.floor(Date.now() / 1000);

/** @param {number} count of seconds */
function ago(count) {
    if (count < 120) return `${count} s`;
    if (count < 7200) return `${Math.round(count / 60)} minutes`;
    return count < 172_800 ? `${Math.round(count / 3600)} hours` : `${Math.round(count / 86_400)} days`;
}

// The token, taken apart

/** @type {Record<string, string>} */
const meanings = {
    alg: "How it is signed. A verifier goes by the key, and never by this alone.",
    kid: "Which key of the key set signed it: the thumbprint of that key.",
    typ: "That it is an access token, and can be taken for nothing else.",
    iss: "Who made it. A service accepts its own issuer only.",
    sub: "Who it is about: an id that stays, whatever the account is called.",
    aud: "Who it is for. A service accepts tokens made for it only.",
    exp: "When it ends. From then on nobody accepts it.",
    iat: "When it was made.",
    nbf: "From when on it is good.",
    jti: "Its own number, which no other token has.",
    client_id: "Which client asked for it; logins belong to “lanyard”.",
    sid: "The session it is of. It stays the same through every refresh.",
    auth_time: "When the password was typed in. A refresh does not change it.",
    amr: "How the account was checked: by password.",
    preferred_username: "The account's name, for display.",
    roles: "What the account may do.",
    status: "Where to look whether the session was ended early: a list, and a place in it.",
};

/**
 * @param {any} list
 * @param {Record<string, any>} members
 */
function show(list, members) {
    list.replaceChildren(...Object.entries(members).map(([name, value]) => {
        const isTime = ["exp", "iat", "nbf", "auth_time"].includes(name) && Number.isFinite(value);
        const text = typeof value === "string" ? value : JSON.stringify(value);
        const shown = isTime ? `${value} (${new Date(value * 1000).toLocaleString()})` : text;
        return element("div", {}, element("dt", {}, name), element("dd", {},
            element("span", { className: "value" }, shown),
            element("span", { className: "says" }, Object.hasOwn(meanings, name) ? meanings[name] : "A claim of the account's own.")));
    }));
}

function colour() {
    const parts = at("token").value.split(".");
    const names = ["p-header", "p-claims", "p-signature"];
    at("coloured").replaceChildren(...parts.flatMap((/** @type {string} */ part, /** @type {number} */ index) => {
        const coloured = element("span", { className: names[index] ?? "bad" }, part);
        return index ? [".", coloured] : [coloured];
    }), "\n");
}

async function check() {
    colour();
    const mine = ++round;
    const token = at("token").value.trim();
    at("restore").disabled = token === session?.access;
    let result;
    try {
        result = await verify(token, { type: "at+jwt", now: seconds() });
    } catch (error) {
        if (mine === round) say(at("verdict"), reason(error), false);
        return;
    }
    if (mine !== round) return;
    const { steps, header = {}, claims = {}, isGood } = result;
    const last = steps.at(-1)?.[0] ?? "";
    const isChecked = steps.every(([, passed]) => passed);
    say(at("verdict"), !isGood ? `Refused. ${last}` : isChecked ? "Accepted: a service may believe it, without asking anybody." : "Not all of it can be checked here.", isGood);
    at("checks").replaceChildren(...steps.map(([text, passed]) => element("li", {},
        element("span", { className: `mark-text ${passed ? "good" : "bad"}` }, passed ? "✓" : passed === null ? "?" : "✗"), element("span", {}, text))));
    show(at("header-members"), header);
    show(at("claims"), claims);
    const bytes = token.split(".")[2]?.length * 6 >> 3 || 0;
    at("signature").textContent = `${bytes} bytes over the two parts before it. Whoever has the public key can check it, and only the server can make it.`;
}

// Signing in, refreshing, signing out

/** @param {string} token */
const generation = (token) => Number(token.split(".")[2]);

/** @param {any} answer */
function take({ access_token, refresh_token }) {
    if (!session) return;
    session.access = access_token;
    if (!session.refresh.includes(refresh_token)) session.refresh.push(refresh_token);
    session.refresh.sort((a, b) => generation(a) - generation(b));
    at("token").value = access_token;
    list();
    return check();
}

function list() {
    const tokens = session?.refresh ?? [];
    const newest = tokens.length - 1;
    at("generations").replaceChildren(...tokens.map((token, index) => {
        const is = session?.over ? "void: the session is over" : index === newest ? "the one to use next"
            : index === newest - 1 ? "replaced, and good for late requests" : "a thief's, if it comes again";
        return element("tr", { className: index === newest ? "now" : "" }, element("td", {}, String(generation(token))),
            element("td", { className: "mono" }, `${token.slice(0, 10)}…${token.slice(-6)}`), element("td", {}, is));
    }).reverse());
    at("replay").disabled = tokens.length < 2;
    at("steal").disabled = tokens.length < 3;
    snippets();
}

/** @param {string} sent */
async function refresh(sent) {
    const known = session?.refresh.at(-1) ?? sent;
    const result = at("refresh-result");
    try {
        const answer = await ask("/refresh", { method: "POST", body: { refresh_token: sent } });
        const [before, asked, after] = [generation(known), generation(sent), generation(answer.refresh_token)];
        await take(answer);
        if (after === asked) say(result, `Kept: generation ${after} is younger than the grace, so you keep it, with a new access token.`, true);
        else if (after === before) say(result, `Replayed: ${asked} was replaced a moment ago, so you get its successor ${after} again. So two tabs get the same.`, true);
        else if (asked === before) say(result, `Replaced: generation ${asked} is used up, ${after} comes next.`, true);
        else say(result, `Recovered: ${asked} was sent again, so the answer with ${before} must be lost. ${before} is void now, ${after} comes next.`, true);
    } catch (error) {
        const { value } = /** @type {any} */ (error);
        if (value?.error !== "invalid_grant") throw error;
        if (session) session.over = true;
        list();
        say(result, `Refused: generation ${generation(sent)} ends the session, for whoever holds a token of it. Look at the status bit below.`, false);
        await lookUntilEnded();
    }
}

async function sessions() {
    const { sessions: found } = await ask("/sessions", { token: session?.access });
    at("sessions").replaceChildren(...found.map((/** @type {any} */ one) => {
        const end = element("button", { type: "button", className: "small" }, "End");
        end.setAttribute("aria-label", one.current ? "End this session" : `End the session of ${one.created}`);
        end.addEventListener("click", () => guarded(end, at("sessions-result"), async () => {
            await ask(`/sessions/${encodeURIComponent(one.id)}`, { method: "DELETE", token: session?.access });
            // The button goes with its session, and the keyboard's place with the button.
            at("list").focus();
            if (one.current) await ended("You ended this very session.");
            else await sessions();
        }));
        return element("li", {}, element("span", {}, one.label ?? (one.current ? "This page" : "A session"),
            element("span", { className: "hint" }, `since ${new Date(one.created).toLocaleString()}, from ${one.network ?? "somewhere"}`)), end);
    }));
    say(at("sessions-result"), found.length === 1 ? "One session." : `${found.length} sessions.`);
}

/** @param {string} text */
async function ended(text) {
    if (session) session.over = true;
    list();
    at("sessions").replaceChildren();
    say(at("sessions-result"), "The session is over, so it sees nothing any more.");
    say(at("logout-result"), text);
    await lookUntilEnded();
}

/** The list is made anew a moment after the session has ended. */
async function lookUntilEnded() {
    for (let count = 0; count < LOOKS && await look() === 0; count++) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
}

// The status bit

/** @type {ReturnType<typeof setInterval> | undefined} */
let countdown;

async function look() {
    clearInterval(countdown);
    at("bit-ttl").textContent = "";
    const claims = session ? object(session.access.split(".")[1]) : {};
    const place = claims.status?.status_list;
    if (!place) {
        bit(null);
        say(at("bit-text"), "This token has no place in a status list.");
        return null;
    }
    // Its URL is below the issuer's; this page may be reached by another name, and asks only where it came from.
    const path = String(place.uri).startsWith(issuer) ? place.uri.slice(issuer.length) : new URL(place.uri).pathname;
    const token = await ask(path);
    const { isGood, claims: list, steps } = await verify(token, { type: "statuslist+jwt", now: seconds() });
    if (!isGood) {
        bit(null);
        say(at("bit-text"), `The list is refused. ${steps.at(-1)?.[0]}`, false);
        return null;
    }
    const stream = new Blob([decoded(list.status_list.lst)]).stream().pipeThrough(new DecompressionStream("deflate"));
    const bits = new Uint8Array(await new Response(stream).arrayBuffer());
    const value = bits[place.idx >> 3] >> (place.idx & 7) & 1;
    bit(value);
    const says = value ? "the session was ended, and its tokens are void."
        : session?.over ? "the list is older than the end of the session." : "nothing is known against the session.";
    say(at("bit-text"), `Bit ${place.idx} of ${bits.length * 8} is ${value}: ${says}`, value === 0 && !session?.over);
    const until = performance.now() + (list.ttl ?? 60) * 1000;
    const tick = () => {
        const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
        at("bit-ttl").textContent = left ? `A service may go by this list for another ${left} s.` : "Time to fetch the list again.";
        if (!left) clearInterval(countdown);
    };
    tick();
    // Another look may have come in between.
    clearInterval(countdown);
    countdown = setInterval(tick, 1000);
    return value;
}

/** @param {number | null} value */
function bit(value) {
    const lamp = at("lamp");
    lamp.textContent = value ?? "–";
    lamp.className = `lamp ${value === 0 ? "off" : value === 1 ? "on" : ""}`;
}

// To copy

function snippets() {
    const refresh = session?.refresh.at(-1) ?? "rt1.…";
    const password = "--data-urlencode 'password=correct horse battery staple'";
    at("curl").replaceChildren(
        snippet("Sign in", `curl -s ${base}/login -d username=alice \\\n  ${password}`),
        snippet("Keep the access token alone", `TOKEN=$(curl -s ${base}/login -H 'Accept: application/jwt' \\\n  -d username=alice ${password})`),
        snippet("Who am I?", `curl -s ${base}/me -H "Authorization: Bearer $TOKEN"`),
        snippet("Refresh", `curl -s ${base}/refresh -d refresh_token=${refresh}`),
        snippet("The keys", `curl -s ${base}/.well-known/jwks.json`),
        snippet("Sign out", `curl -s ${base}/logout -d refresh_token=${refresh}`));
}

/**
 * @param {string} title
 * @param {string} text
 */
function snippet(title, text) {
    const copy = element("button", { type: "button", className: "small" }, "Copy");
    copy.setAttribute("aria-label", `Copy: ${title}`);
    copy.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(text);
            copy.textContent = "Copied";
        } catch {
            copy.textContent = "Not allowed";
        }
        setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
    const shown = element("pre", { tabIndex: 0 }, element("code", {}, text));
    shown.setAttribute("role", "region");
    shown.setAttribute("aria-label", title);
    return element("div", { className: "snippet" }, element("p", {}, element("strong", {}, title), copy), shown);
}

/**
 * A copy with another character among the claims that leaves them JSON, as somebody would who wants to be believed.
 * @param {string} token
 */
function changed(token) {
    const [header, claims, ...rest] = token.split(".");
    for (let place = claims?.length >> 1; place < claims?.length; place++) {
        for (const character of "QRSTUVWXYZabcdef") {
            const copy = claims.slice(0, place) + character + claims.slice(place + 1);
            try {
                if (copy !== claims && object(copy)) return [header, copy, ...rest].join(".");
            } catch {
                // The next one, then.
            }
        }
    }
    return `${token}A`;
}

// The page

at("login").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    guarded(at("login").querySelector("button"), at("login-result"), async () => {
        const body = { username: at("username").value, password: at("password").value, label: "Playground" };
        const answer = await ask("/login", { method: "POST", body });
        session = { access: "", refresh: [], over: false };
        at("after").hidden = false;
        say(at("refresh-result"), "");
        say(at("logout-result"), "");
        say(at("login-result"), `Signed in. The access token lives ${ago(answer.expires_in)}; a client would refresh in ${ago(answer.refresh_after)}.`, true);
        await take(answer);
        await sessions().catch((error) => say(at("sessions-result"), reason(error), false));
        await look().catch((error) => say(at("bit-text"), reason(error), false));
    });
});
at("token").addEventListener("input", check);
at("tamper").addEventListener("click", () => {
    at("token").value = changed(at("token").value);
    check();
});
at("restore").addEventListener("click", () => {
    at("token").value = session?.access ?? "";
    at("tamper").focus();
    check();
});
onClick("refresh", "refresh-result", () => refresh(session?.refresh.at(-1) ?? ""));
onClick("replay", "refresh-result", () => refresh(session?.refresh.at(-2) ?? ""));
onClick("steal", "refresh-result", () => refresh(session?.refresh[0] ?? ""));
onClick("list", "sessions-result", sessions);
onClick("logout", "logout-result", async () => {
    await ask("/logout", { method: "POST", body: { refresh_token: session?.refresh.at(-1) } });
    await ended("Signed out.");
});
onClick("logout-all", "logout-result", async () => {
    await ask("/logout", { method: "POST", body: { refresh_token: session?.refresh.at(-1), all: true } });
    await ended("Signed out everywhere.");
});
onClick("look", "bit-text", async () => { await look(); });

snippets();
at("module").replaceChildren(snippet("Sign in and fetch", `import { createClient } from "${base}/lanyard.js";

const auth = createClient({ issuer: "${base}", delivery: "cookie" });
if (!(await auth.resume())) await auth.login(username, password);
const answer = await auth.fetch("/api/feeds");`));
try {
    ({ issuer } = await ask("/.well-known/oauth-authorization-server"));
} catch (error) {
    say(at("login-result"), reason(error), false);
}
at("issuer").textContent = issuer;
