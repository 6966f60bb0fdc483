-- migrate:up
set local lock_timeout = '5s';

-- Rows of a file are accepted or rejected, as in every other answer.
create function pg_temp.renamed(counts jsonb) returns jsonb language sql as $$
    select counts - '{taken,refused}'::text []
        || jsonb_strip_nulls(jsonb_build_object('accepted', counts -> 'taken', 'rejected', counts -> 'refused'))
$$;
update upload
set
    counts = pg_temp.renamed(counts),
    sheet_counts = (
        select coalesce(jsonb_object_agg(sheet, pg_temp.renamed(counted)), '{}')
        from jsonb_each(sheet_counts) as each_sheet (sheet, counted)
    )
where counts ? 'taken';

-- migrate:down
