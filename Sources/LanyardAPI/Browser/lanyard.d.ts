// SPDX-License-Identifier: Apache-2.0

/** How a login delivers its tokens; docs/browsers.md says which to take. */
export type Delivery = "body" | "cookie" | "cookies";

export interface Options {
    /** The base URL of the server, with its path if it has one. */
    issuer: string | URL;
    /** `body` unless told. */
    delivery?: Delivery;
    /** What logins ask for unless told otherwise. */
    audience?: string | string[];
    roles?: string[];
    /** The origins that `fetch` may send the token to, beside this page's and the issuer's. */
    origins?: (string | URL)[];
    /**
     * Where the tokens of `body` delivery outlive the page: `sessionStorage` or `localStorage`, which every script of the page can
     * read. Without it they are in memory, and shared by the tabs that are open.
     */
    storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
}

export interface LoginOptions {
    audience?: string | string[];
    roles?: string[];
    /** What the account's list of sessions calls this one. */
    label?: string;
}

/** The claims of an access token, not verified. All are absent where a cookie holds it. */
export interface Claims {
    readonly sub?: string;
    readonly sid?: string;
    readonly preferred_username?: string;
    readonly roles?: readonly string[];
    readonly exp?: number;
    readonly iat?: number;
    readonly [name: string]: unknown;
}

export interface ClientEvents {
    /** This tab or another has signed in, or the session was taken up. */
    signedin: CustomEvent<{ claims: Claims }>;
    refreshed: CustomEvent<{ claims: Claims }>;
    /** `ended`: not by a logout in this browser. */
    signedout: CustomEvent<{ claims: null; reason: "logout" | "ended" }>;
    /** A refresh failed for now, and will be tried again; nobody is signed out. */
    error: CustomEvent<{ claims: Claims | null; error: LanyardError }>;
}

export interface Client extends EventTarget {
    /** `null` when signed out. The same object until the token is replaced. */
    readonly claims: Claims | null;
    readonly signedIn: boolean;
    /**
     * Takes up the session of another tab, of the storage, or of the cookie, and tells whether there is one. When it rejects, that
     * is not known yet; it is then tried again, and `signedin` tells of a session.
     */
    resume(): Promise<boolean>;
    /** Begins a session; one that was open here is forgotten, not ended. */
    login(username: string, password: string, options?: LoginOptions): Promise<Claims>;
    /**
     * Ends this session, or all of the account. When it rejects, nothing has changed in this browser; with `network` or `timeout`
     * the server may have ended it nevertheless.
     */
    logout(options?: { all?: boolean }): Promise<void>;
    /**
     * `null` when signed out, and where a cookie holds the token. Rejects if the last token has expired and no new one can be had;
     * for some seconds after a failure with that failure.
     */
    accessToken(): Promise<string | null>;
    /** Adds the token for the origins it is for. Rejects with `session_changed` if somebody else signs in before it is sent. */
    fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
    /** Calls `listener` after each change, and returns what ends that. */
    onChange(listener: (event: CustomEvent<{ claims: Claims | null }>) => void): () => void;
    /** Lets go of timers, listeners and tokens; the session goes on. */
    close(): void;
    addEventListener<K extends keyof ClientEvents>(
        type: K, listener: (event: ClientEvents[K]) => void, options?: boolean | AddEventListenerOptions): void;
    addEventListener(
        type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

export function createClient(options: Options): Client;

export class LanyardError extends Error {
    constructor(
        error: string, message: string,
        more?: { status?: number; retryAfter?: number | null; requestId?: string | null; cause?: unknown });
    /** The server's word, or `network`, `timeout`, `invalid_response`, `session_changed`, `closed`, `http_<status>`. */
    readonly error: string;
    /** The status of the answer; 0 where there was none. */
    readonly status: number;
    /** In seconds. */
    readonly retryAfter: number | null;
    /** What the server's log calls the request. */
    readonly requestId: string | null;
}
