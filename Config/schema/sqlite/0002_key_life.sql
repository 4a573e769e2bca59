-- SPDX-License-Identifier: Apache-2.0
--
-- Version 2: what the life of a key needs beyond its states.

-- Raised by each change of keys and secrets, which is made only at the version that it was decided on, and with the longest
-- access lifetime, by which keys are kept.
ALTER TABLE meta ADD COLUMN key_version INTEGER NOT NULL DEFAULT 0;

-- Milliseconds that every replica must have published the key before one signs with it.
ALTER TABLE key ADD COLUMN lead INTEGER NOT NULL DEFAULT 0 CHECK (lead >= 0);

-- When the key left the key set; gone_at is when it is to. The row stays as long as a session can have a token that it
-- signed, so that an expired access token can still be checked.
ALTER TABLE key ADD COLUMN left_at INTEGER;

ALTER TABLE key ADD COLUMN revoked_at INTEGER;
