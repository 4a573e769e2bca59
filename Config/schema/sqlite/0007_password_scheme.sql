-- SPDX-License-Identifier: Apache-2.0
--
-- The scheme and cost of each stored hash in plain text, so that a login with an unknown name can cost what others do.

-- NULL until it has been filled in, which takes the key that seals the hashes; empty for a hash that cannot be read. The
-- release before this one writes NULL for a new account, and leaves the column as it is when a password changes.
ALTER TABLE account ADD COLUMN scheme TEXT;

-- How many accounts have each scheme: a list of scheme and count in turn, and when that was counted.
ALTER TABLE meta ADD COLUMN schemes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE meta ADD COLUMN schemes_counted_at INTEGER;

CREATE INDEX account_of_scheme ON account (scheme) WHERE scheme IS NOT NULL;
CREATE INDEX account_without_scheme ON account (id) WHERE scheme IS NULL;
