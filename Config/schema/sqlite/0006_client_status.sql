-- SPDX-License-Identifier: Apache-2.0
--
-- Service clients have a place in the status lists, from their first token on, and a new one after their tokens were revoked.

ALTER TABLE client ADD COLUMN list INTEGER;
ALTER TABLE client ADD COLUMN idx INTEGER;

-- When the client's tokens were last revoked. Tokens without an index, of a service without status lists, are judged by this.
ALTER TABLE client ADD COLUMN revoked_at INTEGER;

-- An index of a status list is never given out twice.
CREATE UNIQUE INDEX client_status ON client (list, idx) WHERE list IS NOT NULL;
