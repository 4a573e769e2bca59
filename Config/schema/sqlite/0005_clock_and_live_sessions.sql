-- SPDX-License-Identifier: Apache-2.0
--
-- Version 5. From here on, the file's user_version is the oldest version whose release may still use the file: it stays as it is
-- while migrations only add what older releases can ignore.

-- The number of migrations that the file has been through.
ALTER TABLE meta ADD COLUMN schema_version INTEGER NOT NULL DEFAULT 5;

-- The issuer that was last served from this store.
ALTER TABLE meta ADD COLUMN issuer TEXT;

-- The latest time that a server has recorded as its own, in milliseconds. It is lowered only when no server has renewed it for ten
-- minutes.
ALTER TABLE meta ADD COLUMN clock_at INTEGER;

-- A login looks at the live sessions of its account. Ended sessions stay until their tokens are over, and there may be many.
CREATE INDEX session_live ON session (account_id, created_at) WHERE ended_at IS NULL;

-- As before, but whatever ended_at says: a server whose clock is ahead must not keep the others from showing what it has ended. A
-- bit whose tokens are over is shown by nobody and goes with the next sweep.
DROP TRIGGER session_ended;
CREATE TRIGGER session_ended AFTER UPDATE OF ended_at ON session
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.list IS NOT NULL AND NEW.cause NOT IN ('expired', 'idle')
BEGIN
    INSERT INTO status_bit (list, idx, until) VALUES (NEW.list, NEW.idx, NEW.tokens_until + 600000)
    ON CONFLICT (list, idx) DO UPDATE SET until = max(until, excluded.until);
    UPDATE meta SET status_version = status_version + 1, epoch = epoch + 1;
END;
