-- SPDX-License-Identifier: Apache-2.0
--
-- Version 3: the Token Status List. A session has an index in a list from its login on; when it is ended early, a bit says so.

-- Raised by each change of the lists and of what they show; a bit that has been shown for long enough is no change.
ALTER TABLE meta ADD COLUMN status_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE status_list (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    -- Whether new sessions get no index of this list.
    full INTEGER NOT NULL DEFAULT 0 CHECK (full IN (0, 1))
) STRICT;

INSERT INTO status_list (number) VALUES (1);

-- A bit lives on its own, whatever becomes of session and account. It is shown up to until; then the row keeps the index from
-- being given out again while a verifier may still have a list that shows it.
CREATE TABLE status_bit (
    list INTEGER NOT NULL,
    idx INTEGER NOT NULL CHECK (idx >= 0),
    until INTEGER NOT NULL,
    PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX status_bit_to_sweep ON status_bit (until);

-- Whatever ends a session sets its bit in the same step, and no statement can forget it. What time ends needs no bit. Ten
-- minutes are for clocks that differ, of verifiers most of all; a bit that nobody needs any more is not set.
CREATE TRIGGER session_ended AFTER UPDATE OF ended_at ON session
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.list IS NOT NULL
    AND NEW.cause NOT IN ('expired', 'idle') AND NEW.tokens_until + 600000 > NEW.ended_at
BEGIN
    INSERT INTO status_bit (list, idx, until) VALUES (NEW.list, NEW.idx, NEW.tokens_until + 600000)
    ON CONFLICT (list, idx) DO UPDATE SET until = max(until, excluded.until);
    UPDATE meta SET status_version = status_version + 1, epoch = epoch + 1;
END;
