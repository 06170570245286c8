-- The kinds of write access that read_only_proof.sql looks for.
SELECT kind FROM (VALUES ('attribute'), ('predefined role'), ('admin option'), ('ownership'), ('table'), ('column'), ('sequence'), ('schema'),
    ('database'), ('security definer function'), ('large object'), ('large object function'), ('server function'), ('extension function'),
    ('language'), ('foreign data wrapper'), ('foreign server'), ('tablespace'), ('parameter'), ('default privilege')) AS k (kind)
