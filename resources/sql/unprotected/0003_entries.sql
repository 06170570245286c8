-- The attempts' part of the sealed log, as in reference/0001: the log of a site that votes badly can be sealed all the same.
ALTER TABLE unprotected.attempt ADD COLUMN action text NOT NULL DEFAULT 'cast', ADD COLUMN xid xid8, ADD COLUMN entry bytea;
CREATE INDEX attempt_by_xid ON unprotected.attempt (xid);
