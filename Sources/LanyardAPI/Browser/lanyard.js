// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * Signs a browser in at Lanyard and keeps it signed in: one refresh at a time for all tabs, repeated when an answer is lost.
 *
 *     import { createClient } from "https://auth.example.com/lanyard.js";
 *     const auth = createClient({ issuer: "https://auth.example.com", delivery: "cookie" });
 *     if (!(await auth.resume())) await auth.login(name, password);
 *     const answer = await auth.fetch("/api/feeds");
 *
 * The rules that this follows are in docs/sessions.md, and what they mean in a browser in docs/browsers.md.
 */

/** How long one request may take, its answer included, in milliseconds. */
const ATTEMPT = 10_000;
/** How many requests are made for one refresh or logout before whoever waits is told, and how long each pause is at least. */
const ATTEMPTS = 3;
const FIRST_PAUSE = 400;
/** How long `Retry-After` is waited for with somebody waiting, and the longest pause when nobody does. */
const LONGEST_WAIT = 5_000;
const LONGEST_PAUSE = 60_000;
/** The longest that a server may ask to be left alone. */
const LONGEST_TOLD = 300_000;
/** How long another tab may hold the lock: as long as its attempts take at most. Then it hangs, and is not waited for. */
const LOCK = ATTEMPTS * (ATTEMPT + LONGEST_WAIT);
/** How far the news of another tab may be behind its lock, and how long a new tab waits for the others to answer. */
const NEWS = 60;
/** Tokens whose ages differ by less are one and the same. */
const SAME = 1_000;
const HELLO = 150;
/** How often the clocks are looked at: a timer stands still while the machine sleeps. */
const TICK = 15_000;
/** An access token is not handed out with less than this left: it has a way to go. */
const MARGIN = 3_000;
/** How many sessions that have ended are remembered. */
const REMEMBERED = 16;

/**
 * Whatever goes wrong, with the server's word for it (`error`), or one of `network`, `timeout`, `invalid_response`,
 * `session_changed`, `closed`.
 */
export class LanyardError extends Error {
    /**
     * @param {string} error
     * @param {string} message
     * @param {{ status?: number, retryAfter?: number | null, requestId?: string | null, cause?: unknown }} more
     */
    constructor(error, message, { status = 0, retryAfter = null, requestId = null, cause } = {}) {
        super(message, { cause });
        this.name = "LanyardError";
        this.error = error;
        /** The status of the answer; 0 where there was none. */
        this.status = status;
        /** In seconds. */
        this.retryAfter = retryAfter;
        /** What the server's log calls the request. */
        this.requestId = requestId;
    }
}

/** @param {import("./lanyard.js").Options} options */
export function createClient(options) {
    return new Client(options);
}

/**
 * What is known of a session. `age` counts from when the request was sent, by whichever clock has gone further: one stands still
 * while the machine sleeps, the other is set by people.
 *
 * @typedef {object} Tokens
 * @property {string} [access_token]
 * @property {string} [refresh_token]
 * @property {number} expires_in  seconds
 * @property {number} refresh_after  seconds
 * @property {number} wall  milliseconds
 * @property {number} monotonic  milliseconds
 * @property {string} sid  of the access token; empty if only cookies hold it
 * @property {object | null} claims
 * @property {boolean} [second]  whether it was asked for because the one before it was refused
 */

/** @typedef {import("./lanyard.js").Client} Promised */

/** @implements {Promised} */
class Client extends EventTarget {
    #issuer;
    #delivery;
    #storage;
    #login;
    /** Where `fetch` may send the token. */
    #origins;
    /** Of the channel and the storage. */
    #name;
    /** Of the lock: both deliveries by cookie have the same cookie. */
    #lock;
    /** @type {Tokens | null} */
    #tokens = null;
    /**
     * The refresh under way in this tab.
     * @type {Promise<void> | null}
     */
    #refreshing = null;
    /** Raised when somebody signs in or out: an answer to an older question is dropped. */
    #epoch = 0;
    /**
     * Sessions that have ended; news of them comes late.
     * @type {Set<string>}
     */
    #ended = new Set();
    #failures = 0;
    /** When to try again after a failure, in monotonic milliseconds. */
    #retryAt = 0;
    /**
     * What everybody is told who asks before `#closedUntil`: the last failure.
     * @type {LanyardError | null}
     */
    #failure = null;
    /** In monotonic milliseconds. */
    #closedUntil = 0;
    /** Tabs do not wake in the same moment: the first refreshes, and the others hear of it. In milliseconds. */
    #jitter = Math.random() * 1000;
    /** Whether a refresh must show the access token (LANYARD_SESSIONS_REQUIRE_ACCESS_TOKEN). */
    #shows = false;
    /** Whether it is unknown if there is a session, because the server could not be asked. */
    #unsure = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    /** @type {BroadcastChannel | null} */
    #channel = null;
    #closing = new AbortController();
    /**
     * Where there is no Web Lock: the end of what this tab has begun.
     * @type {Promise<unknown>}
     */
    #last = Promise.resolve();

    /** @param {import("./lanyard.js").Options} options */
    constructor({ issuer, delivery = "body", audience, roles, origins = [], storage = null }) {
        super();
        this.#issuer = String(new URL(issuer, globalThis.location?.href)).replace(/\/+$/, "");
        if (!["body", "cookie", "cookies"].includes(delivery)) throw new TypeError(`delivery: ${delivery}`);
        this.#delivery = delivery;
        this.#login = { audience, roles };
        this.#storage = delivery === "body" ? storage : null;
        this.#origins = new Set([this.#issuer, ...origins, globalThis.location?.href].flatMap((url) => {
            const origin = url ? new URL(url).origin : "null";
            return origin === "null" ? [] : [origin];
        }));
        this.#name = `lanyard ${delivery} ${this.#issuer}`;
        this.#lock = `lanyard ${delivery === "body" ? "body" : "cookie"} ${this.#issuer}`;

        const { signal } = this.#closing;
        // Where a server renders pages there are no tabs, and a channel would keep the process from ending.
        if (globalThis.BroadcastChannel && globalThis.location) {
            try {
                this.#channel = new BroadcastChannel(this.#name);
                this.#channel.addEventListener("message", ({ data }) => this.#hear(data ?? {}), { signal });
            } catch {
                // Forbidden, in a frame with a sandbox: the tab goes on by itself.
            }
        }
        for (const event of ["online", "pageshow", "focus"]) {
            globalThis.addEventListener?.(event, () => this.#look(event === "online"), { signal });
        }
        for (const event of ["visibilitychange", "resume"]) {
            globalThis.document?.addEventListener(event, () => this.#look(), { signal });
        }
    }

    /** The claims of the access token, unverified, for display: `null` when signed out, and `{}` where a cookie holds it. */
    get claims() {
        return /** @type {any} */ (this.#tokens?.claims ?? null);
    }

    get signedIn() {
        return this.#tokens !== null;
    }

    /**
     * Takes up the session of another tab, of the storage, or of the cookie. Rejects if the server cannot be asked; it is then
     * asked again after a while.
     */
    async resume() {
        this.#expectOpen();
        if (this.#tokens) return true;
        // The others first: a tab that is opened again may have stored what they have replaced since.
        await this.#askOthers();
        if (this.#tokens ? left(this.#tokens) <= MARGIN : this.#delivery !== "body") {
            this.#unsure = true;
            await this.#refresh();
        }
        this.#unsure = false;
        this.#look();
        return this.signedIn;
    }

    /**
     * @param {string} username
     * @param {string} password
     * @param {{ audience?: string | string[], roles?: string[], label?: string }} options
     */
    async login(username, password, options = {}) {
        // In the lock, or the cookie of a refresh that began before would replace that of the login.
        await this.#locked(async () => {
            const sent = now();
            const body = { username, password, delivery: this.#delivery, ...this.#login, ...options };
            const next = tokens(await this.#post("/login", body), sent);
            this.#epoch++;
            this.#ended.delete(next.sid);
            this.#take(next);
            this.#tell("signedin");
        });
        this.#emit("signedin");
        return this.claims;
    }

    /**
     * Ends the session, or with `all` every session of the account. When it rejects, nothing has changed here; the server may have
     * done it, if its answer was lost.
     *
     * @param {{ all?: boolean }} options
     */
    async logout({ all = false } = {}) {
        await this.#locked(async () => {
            // What has not been taken up yet is ended as well, and only the newest token speaks for the whole account.
            if (this.#delivery === "body") await this.#askOthers();
            await this.#persist(async () => {
                const known = this.#tokens;
                const body = { ...(known?.refresh_token && { refresh_token: known.refresh_token }), ...(all && { all }) };
                try {
                    // The access token speaks for the session where the cookie is gone.
                    await this.#post("/logout", body, known && left(known) > 0 ? known.access_token : undefined);
                } catch (error) {
                    if (all || !isNothing(error)) throw error;
                }
            });
            this.#leave("logout");
        });
    }

    /**
     * An access token that is good for a moment at least, or `null`: when signed out, and where a cookie holds it. Waits for a
     * refresh only if the last one has expired, and rejects if that cannot be had now.
     */
    async accessToken() {
        if (this.#tokens && left(this.#tokens) <= MARGIN) await this.#refresh();
        else this.#look();
        return this.#tokens?.access_token ?? null;
    }

    /**
     * `fetch` with the access token, for this page's origin, the issuer's and those of the options; other requests go out as they
     * are. A 401 is answered with one refresh and one more try, if the body can be sent twice, and only in the same session: what
     * one user has written is not sent as another.
     *
     * @param {RequestInfo | URL} input
     * @param {RequestInit} [init]
     */
    async fetch(input, init) {
        const request = new Request(input, init);
        const { signal } = request;
        if (!this.#origins.has(new URL(request.url).origin) || request.headers.has("Authorization")) return fetch(request);
        const isStream = init?.body instanceof ReadableStream;
        const [began, epoch] = [this.#tokens, this.#epoch];
        const isSame = () => epoch === this.#epoch && began?.sid === this.#tokens?.sid;
        await unlessAborted(this.accessToken(), signal);
        if (began && this.#tokens && !isSame()) throw new LanyardError("session_changed", "somebody has signed in meanwhile");
        const used = this.#tokens;
        const again = used && !isStream ? request.clone() : null;
        const answer = await fetch(this.#authorized(request));
        if (answer.status !== 401 || !again || !used) return answer;
        // Once for each token: a service that refuses a new one as well would refuse the next.
        if (this.#tokens === used) {
            if (used.second) return answer;
            await unlessAborted(this.#refresh({ instead: used }).catch(() => {}), signal);
        }
        if (!this.#tokens || this.#tokens === used || !isSame()) return answer;
        await answer.body?.cancel();
        return fetch(this.#authorized(again));
    }

    /**
     * Calls `listener` after each change, and returns a function that ends that.
     *
     * @param {(event: CustomEvent) => void} listener
     */
    onChange(listener) {
        const types = ["signedin", "refreshed", "signedout"];
        for (const type of types) this.addEventListener(type, /** @type {any} */ (listener));
        return () => {
            for (const type of types) this.removeEventListener(type, /** @type {any} */ (listener));
        };
    }

    /** Lets go of timers, listeners and tokens; the session goes on. */
    close() {
        this.#closing.abort();
        this.#channel?.close();
        this.#channel = null;
        clearTimeout(this.#timer);
        this.#tokens = null;
        this.#epoch++;
    }

    // What is known

    /** @param {Tokens} next */
    #take(next) {
        if (this.#closing.signal.aborted) return;
        this.#tokens = next;
        this.#succeed();
        this.#unsure = false;
        this.#store();
        this.#arm();
    }

    /**
     * Forgets the session, here and in the other tabs.
     * @param {"logout" | "ended"} reason
     */
    #leave(reason) {
        const sid = this.#tokens?.sid ?? "";
        this.#channel?.postMessage({ type: "signedout", sid, reason });
        this.#forget(sid, reason);
    }

    /**
     * @param {string} sid
     * @param {string} reason
     */
    #forget(sid, reason) {
        this.#epoch++;
        if (this.#ended.size >= REMEMBERED) this.#ended.clear();
        this.#ended.add(sid);
        const was = this.#tokens;
        this.#tokens = null;
        this.#unsure = false;
        clearTimeout(this.#timer);
        this.#store();
        if (was) this.#emit("signedout", { reason });
    }

    /**
     * Whether `next` is newer than what is known of the same session.
     * @param {Tokens} next
     */
    #isNews(next) {
        const known = this.#tokens;
        if (!known) return !this.#ended.has(next.sid);
        if (known.sid !== next.sid) return false;
        const ahead = generation(next) - generation(known) || issued(next) - issued(known);
        // Where cookies hold it, only its age tells; that of the same one differs by the way of the message.
        return ahead > 0 || (ahead === 0 && age(known) - age(next) > SAME);
    }

    /** @param {{ type: string, tokens: Tokens & { age: number }, sid: string, reason: string }} news */
    #hear({ type, tokens: told, sid, reason }) {
        if (type === "hello") {
            this.#tell("here");
        } else if (type === "signedout") {
            // Without an id it was the cookie, which all tabs share.
            if (!this.#tokens || this.#tokens.sid === sid || (!sid && this.#delivery !== "body")) this.#forget(sid, reason);
        } else if (["signedin", "refreshed", "here"].includes(type)) {
            const known = this.#tokens;
            const next = aged(told, told.age);
            if (type === "signedin") {
                // A tab that has found the same session by its cookie is nobody new.
                if (!next.sid || known?.sid !== next.sid) this.#epoch++;
                this.#ended.delete(next.sid);
            } else if (!this.#isNews(next)) return;
            this.#take(next);
            this.#emit(known?.sid === next.sid ? "refreshed" : "signedin");
        }
    }

    /** @param {"signedin" | "refreshed" | "here"} type */
    #tell(type) {
        if (this.#tokens) this.#channel?.postMessage({ type, tokens: { ...this.#tokens, age: age(this.#tokens) } });
    }

    /**
     * Takes what is newer in other tabs and in the storage. A tab that was frozen, or left and come back to, has heard nothing
     * meanwhile, and a refresh token that was replaced long ago would end the session.
     */
    async #askOthers() {
        const before = this.#tokens;
        this.#channel?.postMessage({ type: "hello" });
        const until = performance.now() + (this.#channel ? HELLO : 0);
        while (this.#tokens === before && performance.now() < until) await pause(10);
        this.#restore();
    }

    #store() {
        try {
            if (this.#tokens) this.#storage?.setItem(this.#name, JSON.stringify(this.#tokens));
            // Another tab may have signed in since: its session stays.
            else if (this.#ended.has(this.#stored()?.sid)) this.#storage?.removeItem(this.#name);
        } catch {
            // Full or forbidden: the tab goes on with what it knows.
        }
    }

    #stored() {
        return JSON.parse(this.#storage?.getItem(this.#name) ?? "null");
    }

    #restore() {
        try {
            const stored = this.#stored();
            if (!stored?.refresh_token) return;
            // The other clock began anew; a wall clock that went back says nothing, so the token is taken for old.
            const passed = Date.now() - stored.wall;
            const next = aged(stored, passed >= 0 ? passed : Infinity);
            if (this.#isNews(next)) this.#take(next);
        } catch {
            // Forbidden, or not ours.
        }
    }

    // Refreshing

    /** Looks at the clocks, and refreshes if it is time. */
    #look(isOnline = false) {
        if (this.#closing.signal.aborted) return;
        if (isOnline && !this.#failure?.retryAfter) this.#retryAt = this.#closedUntil = 0;
        if (this.#due() <= 0 && !isOffline()) (this.#tokens ? this.#refresh() : this.resume()).catch(() => {});
        this.#arm();
    }

    /** How long it is until a refresh nobody waits for, in milliseconds. */
    #due() {
        if (!this.#tokens) return this.#unsure ? this.#retryAt - performance.now() : Infinity;
        const later = globalThis.document?.hidden ? 1000 + this.#jitter : this.#jitter;
        return Math.max(this.#tokens.refresh_after * 1000 + later - age(this.#tokens), this.#retryAt - performance.now());
    }

    #arm() {
        clearTimeout(this.#timer);
        const due = this.#due();
        if (due === Infinity || this.#closing.signal.aborted) return;
        // Overdue is what is being done, or waits for a network.
        this.#timer = setTimeout(() => this.#look(), due > 0 ? Math.min(due, TICK) : this.#refreshing || isOffline() ? TICK : FIRST_PAUSE);
    }

    #succeed() {
        this.#failures = this.#retryAt = this.#closedUntil = 0;
        this.#failure = null;
    }

    /**
     * Refreshes, unless it is being done here already or another tab has just done it.
     *
     * @param {{ instead?: Tokens }} options
     */
    #refresh({ instead } = {}) {
        if (this.#failure && performance.now() < this.#closedUntil) return Promise.reject(this.#failure);
        this.#refreshing ??= this.#refreshInLock(instead)
            .then(() => this.#succeed())
            .catch((error) => {
                this.#failure = error;
                const wanted = Math.min((error.retryAfter ?? 0) * 1000, LONGEST_TOLD);
                const wait = Math.max(backoff(++this.#failures), wanted);
                this.#retryAt = performance.now() + wait;
                this.#closedUntil = performance.now() + (error.retryAfter ? wait : Math.min(wait, LONGEST_WAIT));
                this.#emit("error", { error });
                throw error;
            })
            .finally(() => {
                this.#refreshing = null;
                this.#arm();
            });
        return this.#refreshing;
    }

    /** @param {Tokens} [instead] */
    async #refreshInLock(instead) {
        const before = this.#tokens;
        const epoch = this.#epoch;
        // What another tab has may be newer and still too old: after a sleep nobody has a good one.
        const isDone = () => epoch !== this.#epoch || (this.#tokens !== before && this.#tokens && left(this.#tokens) > MARGIN);
        await this.#locked(async (waited) => {
            if (this.#delivery === "body") await this.#askOthers();
            else if (waited) await pause(NEWS);
            await this.#persist(async () => {
                // News of another tab, or while a pause lasted.
                if (isDone()) return;
                const known = this.#tokens;
                const sent = now();
                const answer = await this.#askAnew(known).catch((error) => {
                    if (!isEnd(error, this.#delivery)) throw error;
                    if (epoch !== this.#epoch) return;
                    if (known) this.#leave("ended");
                    else this.#forget("", "ended");
                    // A session that another tab has begun meanwhile.
                    this.#restore();
                    if (this.#tokens) this.#emit("signedin");
                });
                if (!answer || epoch !== this.#epoch) return;
                const next = tokens(answer, sent);
                if (this.#tokens !== known && !this.#isNews(next)) return;
                // The cookie is that of whoever has signed in last, on any origin of the site.
                const isSame = known?.sid === next.sid;
                if (!isSame) this.#epoch++;
                this.#take({ ...next, second: instead !== undefined });
                // Without an id a tab that begins tells nothing new.
                this.#tell(isSame || !next.sid ? "refreshed" : "signedin");
                this.#emit(isSame ? "refreshed" : "signedin");
            });
        });
    }

    /** @param {Tokens | null} known */
    async #askAnew(known) {
        const body = known?.refresh_token ? { refresh_token: known.refresh_token } : {};
        try {
            return await this.#post("/refresh", body, this.#shows ? known?.access_token : undefined);
        } catch (error) {
            if (this.#shows || !known?.access_token || !(error instanceof LanyardError && error.error === "invalid_token")) throw error;
            this.#shows = true;
            return await this.#post("/refresh", body, known.access_token);
        }
    }

    // Asking

    /**
     * Runs `work` while no other tab runs any, or after a while regardless: the server bears two at a time.
     *
     * @template T
     * @param {(waited: boolean) => Promise<T>} work
     * @returns {Promise<T>}
     */
    async #locked(work) {
        const { locks } = globalThis.navigator ?? {};
        if (!locks) return this.#queued(() => work(false));
        let waited = true;
        try {
            const first = await locks.request(this.#lock, { ifAvailable: true }, async (lock) => {
                if (!lock) return null;
                waited = false;
                return { value: await work(false) };
            });
            if (first) return first.value;
        } catch (error) {
            if (!waited) throw error;
            // Forbidden, in a frame with a sandbox.
            return this.#queued(() => work(false));
        }
        const limit = new AbortController();
        const timer = setTimeout(() => limit.abort(), LOCK);
        try {
            return await locks.request(this.#lock, { signal: limit.signal }, () => {
                clearTimeout(timer);
                return work(true);
            });
        } catch (error) {
            if (!limit.signal.aborted) throw error;
            return work(true);
        } finally {
            clearTimeout(timer);
        }
    }

    /**
     * One after the other, in this tab.
     *
     * @template T
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    #queued(work) {
        const next = this.#last.then(work, work);
        this.#last = next.catch(() => {});
        return next;
    }

    /**
     * Repeats what got no answer, or the answer to come back later.
     * @param {() => Promise<void>} work
     */
    async #persist(work) {
        for (let attempt = 1; ; attempt++) {
            try {
                return await work();
            } catch (reason) {
                const error = /** @type {any} */ (reason);
                const wait = Math.max((error.retryAfter ?? 0) * 1000, FIRST_PAUSE * 2 ** (attempt - 1)) * (1 + Math.random() / 2);
                if (!isPassing(error) || attempt === ATTEMPTS || wait > LONGEST_WAIT) throw error;
                await pause(wait, this.#closing.signal);
            }
        }
    }

    /**
     * One request and its whole answer, within its time. When that is over the connection is closed, so the server decides
     * nothing any more, and the same may be asked again.
     *
     * @param {string} path
     * @param {object} body
     * @param {string} [token]
     */
    async #post(path, body, token) {
        const closing = this.#closing.signal;
        this.#expectOpen();
        const limit = new AbortController();
        const abort = () => limit.abort();
        closing.addEventListener("abort", abort);
        const timer = setTimeout(abort, ATTEMPT);
        try {
            const answer = await fetch(this.#issuer + path, {
                method: "POST",
                headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
                body: JSON.stringify(body),
                credentials: this.#delivery === "body" ? "omit" : "include",
                cache: "no-store",
                redirect: "error",
                signal: limit.signal,
            });
            const text = await answer.text();
            if (answer.ok) return answer.status === 204 ? null : parsed(text);
            throw refusal(answer, text);
        } catch (error) {
            if (error instanceof LanyardError) throw error;
            const word = closing.aborted ? "closed" : limit.signal.aborted ? "timeout" : "network";
            throw new LanyardError(word, `${path} was not answered`, { cause: error });
        } finally {
            clearTimeout(timer);
            closing.removeEventListener("abort", abort);
        }
    }

    #expectOpen() {
        if (this.#closing.signal.aborted) throw new LanyardError("closed", "the client is closed");
    }

    /** @param {Request} request */
    #authorized(request) {
        const token = this.#tokens?.access_token;
        if (this.#delivery === "cookies" && request.credentials !== "omit") return new Request(request, { credentials: "include" });
        if (token) request.headers.set("Authorization", `Bearer ${token}`);
        return request;
    }

    /**
     * @param {string} type
     * @param {object} [detail]
     */
    #emit(type, detail = {}) {
        if (!this.#closing.signal.aborted) this.dispatchEvent(new CustomEvent(type, { detail: { claims: this.claims, ...detail } }));
    }
}

/**
 * @param {Record<string, any> | null} answer
 * @param {{ wall: number, monotonic: number }} sent
 * @returns {Tokens}
 */
function tokens(answer, sent) {
    const { access_token, refresh_token, expires_in, refresh_after } = answer ?? {};
    if (!(expires_in > 0)) throw new LanyardError("invalid_response", "the answer holds no token");
    const claims = access_token ? claimsOf(access_token) : {};
    return {
        access_token, refresh_token, expires_in, refresh_after: Math.max(1, refresh_after ?? expires_in * 0.6), ...sent,
        sid: claims.sid ?? "", claims: Object.freeze(claims),
    };
}

/** @param {string} token */
function claimsOf(token) {
    try {
        const text = atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
        return Object(JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)))));
    } catch (cause) {
        throw new LanyardError("invalid_response", "the access token is no JWT", { cause });
    }
}

/**
 * How often the refresh token was replaced (`rt1.<session>.<generation>.<MAC>`); unseen, where a cookie holds it.
 * @param {Tokens} of
 */
const generation = ({ refresh_token }) => Number(refresh_token?.split(".")[2] ?? 0);

/** @param {Tokens} of */
const issued = ({ claims }) => /** @type {any} */ (claims)?.iat ?? 0;

const now = () => ({ wall: Date.now(), monotonic: performance.now() });
/** @param {Tokens} of */
const age = ({ wall, monotonic }) => Math.max(Date.now() - wall, performance.now() - monotonic);
/** @param {Tokens} of */
const left = (of) => of.expires_in * 1000 - age(of);
/**
 * The tokens as this tab's clocks see them.
 * @param {Tokens} told
 * @param {number} passed
 * @returns {Tokens}
 */
const aged = (told, passed) => ({ ...told, wall: Date.now() - passed, monotonic: performance.now() - passed });

const isOffline = () => globalThis.navigator?.onLine === false;

/** @param {number} failures */
const backoff = (failures) => Math.min(1000 * 2 ** failures, LONGEST_PAUSE) * (0.75 + Math.random() / 2);

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
const pause = (milliseconds, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});

/**
 * Waits no longer than the signal lets it.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
const unlessAborted = (promise, signal) => new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
});

/**
 * Whether the same may go well a moment later.
 * @param {any} error
 */
const isPassing = ({ error, status }) =>
    ["network", "timeout", "invalid_response"].includes(error) || [429, 502, 503, 504].includes(status);

/**
 * Whether the session is over, and not only the server away: it says so in one way, or there is no cookie any more.
 * @param {any} error
 * @param {string} delivery
 */
const isEnd = ({ error, status }, delivery) =>
    (status === 401 && error === "invalid_grant") || (status === 400 && error === "invalid_request" && delivery !== "body");

/**
 * Whether there is nothing to log out of: no cookie, one of another server, or an access token that is over too.
 * @param {any} error
 */
const isNothing = ({ error }) => ["invalid_request", "invalid_grant", "invalid_token"].includes(error);

/** @param {string} text */
function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (cause) {
        throw new LanyardError("invalid_response", "the answer is not JSON", { cause });
    }
}

/**
 * @param {Response} answer
 * @param {string} text
 */
function refusal(answer, text) {
    /** @type {Record<string, any>} */
    let problem = {};
    try {
        problem = JSON.parse(text);
    } catch {
        // A proxy's page, most likely; the status says enough.
    }
    const { status, headers } = answer;
    const after = Number.parseInt(headers.get("Retry-After") ?? "", 10);
    return new LanyardError(problem?.error ?? `http_${status}`, problem?.detail ?? problem?.title ?? `status ${status}`, {
        status, retryAfter: after >= 0 ? after : null, requestId: headers.get("X-Request-Id"),
    });
}
