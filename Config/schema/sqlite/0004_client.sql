-- SPDX-License-Identifier: Apache-2.0
--
-- Service clients, and the count of failed tries.

CREATE TABLE client (
    -- The client_id, and the sub of its tokens: no account has it.
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the secret.
    secret_hash BLOB NOT NULL,
    roles TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- One row a failed try. The keys are MACs, of a name and a network (pair), a network, or a name (account); a key that is not
-- counted is NULL, and so is the pair of tries before one that succeeded. No more rows are kept than the program says, and
-- old ones go as new ones come.
CREATE TABLE failure (
    id INTEGER NOT NULL PRIMARY KEY,
    pair BLOB,
    -- /32, or /64 of IPv6.
    network BLOB,
    -- /48 of IPv6.
    site BLOB,
    account BLOB,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX failure_of_pair ON failure (pair, at) WHERE pair IS NOT NULL;
CREATE INDEX failure_of_network ON failure (network, at) WHERE network IS NOT NULL;
CREATE INDEX failure_of_site ON failure (site, at) WHERE site IS NOT NULL;
CREATE INDEX failure_of_account ON failure (account, at) WHERE account IS NOT NULL;
