-- SPDX-License-Identifier: Apache-2.0
--
-- The store in SQLite, version 1. The version is the file's user_version; its application_id tells a store from any
-- other SQLite file. Times are milliseconds since 1970, UTC. Lists of words are JSON arrays of strings.
-- Words that later versions may add to (why a session ended, what a secret is for) are checked by the program when it
-- reads them, not by the table: a CHECK cannot be changed without writing the table anew.

-- One row: what the store knows of itself. A store without it was never founded.
CREATE TABLE meta (
    only INTEGER NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only = 1),
    -- Raised by each change that running servers have to follow.
    epoch INTEGER NOT NULL DEFAULT 0,
    dev INTEGER NOT NULL CHECK (dev IN (0, 1)),
    -- Milliseconds. The longest that any replica has used; it never falls.
    longest_access_lifetime INTEGER NOT NULL DEFAULT 0 CHECK (longest_access_lifetime >= 0)
) STRICT;

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- NFC(lowercased(NFC(name))), compared as bytes.
    name_key TEXT NOT NULL UNIQUE,
    email TEXT,
    roles TEXT NOT NULL,
    claims TEXT NOT NULL,
    -- Sealed.
    password BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    last_login_at INTEGER
) STRICT;

-- One row a login, however often it is refreshed. A refresh writes one row and touches no index.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    current INTEGER NOT NULL,
    previous INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    cause TEXT,
    tokens_until INTEGER NOT NULL,
    -- The sweep looks at the row at this time, and then removes it or moves the time on. A refresh does not move it:
    -- an index that follows rotated_at would nearly double the cost of a refresh.
    sweep_at INTEGER NOT NULL,
    list INTEGER,
    idx INTEGER,
    audience TEXT NOT NULL,
    roles TEXT,
    delivery TEXT NOT NULL CHECK (delivery IN ('body', 'cookie', 'cookies')),
    label TEXT,
    network TEXT,
    CHECK (previous < current),
    CHECK ((ended_at IS NULL) = (cause IS NULL)),
    CHECK ((list IS NULL) = (idx IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_account ON session (account_id, created_at);
CREATE INDEX session_to_sweep ON session (sweep_at);
-- An index of a status list is never given out twice.
CREATE UNIQUE INDEX session_status ON session (list, idx) WHERE list IS NOT NULL;

CREATE TABLE key (
    position INTEGER NOT NULL PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    algorithm TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('next', 'active', 'retired')),
    -- DER SubjectPublicKeyInfo.
    public_key BLOB NOT NULL,
    -- PKCS#8 DER, sealed; destroyed when the key retires.
    private_key BLOB,
    created_at INTEGER NOT NULL,
    signs_from INTEGER NOT NULL,
    retired_at INTEGER,
    gone_at INTEGER,
    CHECK ((private_key IS NULL) = (state = 'retired'))
) STRICT;

CREATE TABLE secret (
    position INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
