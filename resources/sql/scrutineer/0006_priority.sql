-- The queue's order within a severity, as the scan worked it out from evidence and impact. Flags of before have none and come last.
ALTER TABLE scrutineer.flag
    ADD COLUMN priority double precision GENERATED ALWAYS AS (coalesce((body ->> 'priority')::double precision, 0)) STORED;
