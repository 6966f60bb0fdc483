\restrict dbmate

-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: mark_changed(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.mark_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.changed_in := pg_current_xact_id();
    return new;
end
$$;


--
-- Name: same_organisations(uuid); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.same_organisations(asked uuid) RETURNS uuid[]
    LANGUAGE sql STABLE
    AS $$
    select (
        select array_agg(o.id) from organisation as o
         where coalesce(o.merged_into, o.id) = (
             select coalesce(own.merged_into, own.id) from organisation as own where own.id = asked)) || asked
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: archive_file; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.archive_file (
    name text NOT NULL,
    source text NOT NULL,
    partition text NOT NULL,
    month text NOT NULL,
    rows integer NOT NULL,
    bytes bigint NOT NULL,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: COLUMN archive_file.name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.archive_file.name IS 'In the object store; it contains the SHA-256 of the file.';


--
-- Name: COLUMN archive_file.source; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.archive_file.source IS 'The table the rows were in.';


--
-- Name: area; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.area (
    country text NOT NULL,
    pcode text NOT NULL,
    version bigint NOT NULL,
    level smallint NOT NULL,
    path text[] NOT NULL,
    names jsonb NOT NULL,
    spellings text[] NOT NULL
);


--
-- Name: audit_entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_entry (
    number bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    subject text NOT NULL,
    role text NOT NULL,
    organisation_id uuid,
    action text NOT NULL,
    object text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_entry_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.audit_entry ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_entry_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: change_history; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_history (
    only_one boolean DEFAULT true NOT NULL,
    epoch uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT change_history_only_one_check CHECK (only_one)
);


--
-- Name: consumer_offset; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.consumer_offset (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition bigint NOT NULL,
    next_offset bigint NOT NULL,
    schema_version bigint NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='50');


--
-- Name: COLUMN consumer_offset.schema_version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.consumer_offset.schema_version IS 'None, 0, while a projection is built beside: nobody moves it then.';


--
-- Name: consumer_schema; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.consumer_schema (
    consumer text NOT NULL,
    version bigint NOT NULL,
    rebuilt_at timestamp with time zone DEFAULT now() NOT NULL,
    earlier bigint[] DEFAULT '{}'::bigint[] NOT NULL
);


--
-- Name: COLUMN consumer_schema.version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.consumer_schema.version IS 'Hash of what decides what the projection holds; as it is, or is being rebuilt.';


--
-- Name: COLUMN consumer_schema.earlier; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.consumer_schema.earlier IS 'Versions it replaced: a process that has one of them stands back.';


--
-- Name: dead_letter; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.dead_letter (
    number bigint NOT NULL,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition bigint NOT NULL,
    record_offset bigint NOT NULL,
    key bytea,
    type text,
    version bigint,
    header_names text[] NOT NULL,
    header_values bytea[] NOT NULL,
    payload bytea,
    cause text NOT NULL,
    attempts bigint DEFAULT 1 NOT NULL,
    died_at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_at timestamp with time zone,
    resolution text,
    CONSTRAINT dead_letter_resolution CHECK (((resolved_at IS NULL) = (resolution IS NULL)))
);


--
-- Name: COLUMN dead_letter.resolution; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.dead_letter.resolution IS 'retried, superseded or dropped.';


--
-- Name: dead_letter_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.dead_letter ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letter_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event (
    number bigint NOT NULL,
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid text NOT NULL,
    type text NOT NULL,
    version bigint,
    payload bytea,
    header_names text[],
    header_values bytea[],
    traceparent text,
    "time" timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: COLUMN event.aggregatetype; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.aggregatetype IS 'Noun of the topic, such as activities.reports.';


--
-- Name: COLUMN event.aggregateid; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.aggregateid IS 'Key on the topic.';


--
-- Name: COLUMN event.payload; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.payload IS 'What travels, byte for byte; null is a tombstone.';


--
-- Name: COLUMN event.header_names; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.event.header_names IS 'Headers kept from another event, when this is the copy of a dead letter.';


--
-- Name: event_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.event ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: idempotency_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_key (
    client text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    status smallint,
    headers jsonb,
    body bytea
);


--
-- Name: indicator; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.indicator (
    code text NOT NULL,
    version bigint NOT NULL,
    sector text NOT NULL,
    unit text NOT NULL
);


--
-- Name: job; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.job (
    id uuid DEFAULT uuidv7() NOT NULL,
    queue text NOT NULL,
    key text NOT NULL,
    lane text DEFAULT ''::text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    schedule text,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    edition bigint DEFAULT 1 NOT NULL,
    lease uuid,
    held_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    taken integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    cause text,
    died_at timestamp with time zone,
    traceparent text,
    put_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='500');


--
-- Name: COLUMN job.key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.key IS 'What it is about: of one queue and key there is one job, and putting it again renews it.';


--
-- Name: COLUMN job.lane; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.lane IS 'Whose it is, in a fair queue: lanes take turns, and each has one job under way, in order.';


--
-- Name: COLUMN job.schedule; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.schedule IS 'When it is due again after it is done; null: it is then removed.';


--
-- Name: COLUMN job.edition; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.edition IS 'Raised whenever it is put or moved: what was put while it ran is done once more.';


--
-- Name: COLUMN job.held_until; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.held_until IS 'Nobody takes it before: it is under way, or rests after a failure.';


--
-- Name: COLUMN job.taken; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.taken IS 'How often it was taken without getting on: who kills its worker each time dies, too.';


--
-- Name: COLUMN job.died_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.job.died_at IS 'When it was given up; it waits for an operator, or for its next time.';


--
-- Name: job_turn; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.job_turn (
    queue text NOT NULL,
    lane text NOT NULL,
    taken_at timestamp with time zone NOT NULL
);


--
-- Name: TABLE job_turn; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.job_turn IS 'When each lane of a fair queue had its last turn; who waited longest is next.';


--
-- Name: judging; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.judging (
    edition integer NOT NULL,
    behind uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    done boolean DEFAULT false NOT NULL
);


--
-- Name: mapping; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mapping (
    id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    country text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    side text NOT NULL,
    organisation_id uuid,
    sector text,
    scope text,
    profile jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    made_by text NOT NULL,
    CONSTRAINT mapping_check CHECK (((sector IS NULL) = (scope IS NULL)))
);


--
-- Name: COLUMN mapping.fingerprint; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.mapping.fingerprint IS 'Of the headings of the files it is for.';


--
-- Name: COLUMN mapping.side; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.mapping.side IS 'Whose it is, as of uploads: the secretariat, an organisation, or else a client.';


--
-- Name: mapping_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mapping_version (
    mapping_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    profile jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    made_by text NOT NULL
);


--
-- Name: mislevelled; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mislevelled (
    noun text NOT NULL,
    id uuid NOT NULL
);


--
-- Name: organisation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    spellings text[] NOT NULL,
    acronyms text[] NOT NULL,
    codes text[] DEFAULT '{}'::text[] NOT NULL,
    issuers text[] DEFAULT '{}'::text[] NOT NULL,
    merged_into uuid
);


--
-- Name: COLUMN organisation.codes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.codes IS 'Codes by which clusters know it, folded, and in issuers the sector of each.';


--
-- Name: COLUMN organisation.merged_into; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.merged_into IS 'The organisation it is now; reports keep the id they were sent with.';


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox (
    event bigint NOT NULL,
    slot bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000');


--
-- Name: COLUMN outbox.slot; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.outbox.slot IS 'Stable hash of the key; slot % shards says which relay publishes it.';


--
-- Name: provider_organisation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.provider_organisation (
    id uuid NOT NULL,
    acronym text,
    name text,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: provider_rekeying; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.provider_rekeying (
    edition integer NOT NULL,
    behind uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    done boolean DEFAULT false NOT NULL
);


--
-- Name: rekeying; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.rekeying (
    edition integer NOT NULL,
    behind uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    done boolean DEFAULT false NOT NULL
);


--
-- Name: relay_lease; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.relay_lease (
    shard bigint NOT NULL,
    shards bigint NOT NULL,
    holder uuid NOT NULL,
    term bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    asleep boolean DEFAULT false NOT NULL
)
WITH (fillfactor='50');


--
-- Name: COLUMN relay_lease.asleep; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.relay_lease.asleep IS 'The relay sleeps long between its looks: wake it with a NOTIFY.';


--
-- Name: report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report (
    country text NOT NULL,
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    identity text NOT NULL,
    version bigint NOT NULL,
    content bytea NOT NULL,
    stage text NOT NULL,
    sensitivity text NOT NULL,
    external_id text,
    organisation_name text,
    organisation_resolved boolean NOT NULL,
    implementer_id uuid,
    implementer_name text,
    implementer_resolved boolean,
    donors text[],
    un_funded boolean,
    sector text NOT NULL,
    activity text,
    activity_description text,
    indicator text,
    unit text,
    output_value numeric,
    in_response_plan boolean,
    hub text,
    cross_line boolean,
    modality text,
    conditionality text,
    transfer_value_usd numeric,
    transfer_mechanism text,
    area text NOT NULL,
    area_path text[] NOT NULL,
    adm1 text,
    adm2 text,
    adm3 text,
    area_as_sent text,
    community text,
    neighbourhood text,
    site_name text,
    site_type text,
    latitude double precision,
    longitude double precision,
    unit_key text NOT NULL,
    month text NOT NULL,
    start_date date,
    end_date date,
    status text NOT NULL,
    population_group text,
    households integer,
    people_total integer,
    people_men integer,
    people_women integer,
    people_boys integer,
    people_girls integer,
    people_age_0_4 integer,
    people_age_5_11 integer,
    people_age_12_17 integer,
    people_age_18_59 integer,
    people_age_60_plus integer,
    people_with_disability integer,
    newly_reached boolean,
    previously_assisted boolean,
    reported_elsewhere boolean,
    disaggregation_method text,
    budget_required numeric,
    budget_received numeric,
    currency text,
    measured_outputs jsonb,
    comments text,
    exact_repeat boolean NOT NULL,
    flags text[] NOT NULL,
    upload_id uuid,
    upload_row integer,
    submitted_by text NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() NOT NULL,
    upload_sheet text,
    submitted_by_role text,
    submission_comment text,
    reviewed_at timestamp with time zone,
    reviewed_by text,
    reviewed_by_role text,
    reviewed_as text,
    review_comment text,
    override_reason text,
    sensitivity_by text,
    sensitivity_reason text,
    implementer_contest text,
    contested_at timestamp with time zone,
    contested_by text,
    contest_reason text,
    contest_settled_at timestamp with time zone,
    contest_settled_by text,
    contest_settlement text,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    area_levels smallint[],
    withdrawn_at timestamp with time zone,
    withdrawn_by text,
    withdrawn_by_role text,
    withdrawal_reason text,
    withdrawal_id uuid,
    as_written jsonb
)
WITH (fillfactor='90');


--
-- Name: COLUMN report.identity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.identity IS 'e: and the organisation''s external_id, or n: and natural key with ordinal.';


--
-- Name: COLUMN report.content; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.content IS 'Hash of what was sent: the same content again is no new version.';


--
-- Name: COLUMN report.upload_sheet; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.upload_sheet IS 'Name of the sheet it stood in; upload_row is the row of that sheet.';


--
-- Name: COLUMN report.submitted_by_role; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.submitted_by_role IS 'Null on what was sent before roles were kept.';


--
-- Name: COLUMN report.submission_comment; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.submission_comment IS 'What its sender answered when a returned report was sent again unchanged.';


--
-- Name: COLUMN report.reviewed_as; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.reviewed_as IS 'working_group, or secretariat where no working group can or it stepped in.';


--
-- Name: COLUMN report.override_reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.override_reason IS 'Why the secretariat decided what belongs to a working group.';


--
-- Name: COLUMN report.implementer_contest; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.implementer_contest IS 'open, upheld or dismissed; null: not contested. It goes with the implementer.';


--
-- Name: COLUMN report.contest_settlement; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.contest_settlement IS 'Why the reviewer upheld or dismissed it.';


--
-- Name: COLUMN report.area_levels; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.area_levels IS 'Level of each area of the path where one is skipped; null: none is.';


--
-- Name: COLUMN report.withdrawal_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report.withdrawal_id IS 'The withdrawal of a file that made this version, until something else is sent.';


--
-- Name: report_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report_version (
    country text NOT NULL,
    organisation_id uuid NOT NULL,
    report_id uuid NOT NULL,
    version bigint NOT NULL,
    submitted_by text NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    replaced_by text NOT NULL,
    replaced_at timestamp with time zone DEFAULT now() NOT NULL,
    "row" jsonb NOT NULL,
    replaced_in xid8 DEFAULT pg_current_xact_id() NOT NULL
);


--
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);


--
-- Name: scope; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.scope (
    code text NOT NULL,
    version bigint NOT NULL,
    country text NOT NULL,
    areas text[] NOT NULL,
    active_from date,
    time_zone text NOT NULL
);


--
-- Name: sector; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sector (
    code text NOT NULL,
    version bigint NOT NULL,
    parent text,
    spellings text[] NOT NULL,
    has_working_group boolean DEFAULT false NOT NULL
);


--
-- Name: target; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.target (
    country text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    area text NOT NULL COLLATE pg_catalog."C",
    indicator text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    population_group text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    month_from text NOT NULL COLLATE pg_catalog."C",
    month_to text NOT NULL COLLATE pg_catalog."C",
    id uuid NOT NULL,
    version bigint NOT NULL,
    area_path text[] NOT NULL,
    unit text NOT NULL,
    value bigint,
    set_by text NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    area_levels smallint[],
    CONSTRAINT target_period CHECK ((month_from <= month_to)),
    CONSTRAINT target_value CHECK ((value >= 0))
);


--
-- Name: COLUMN target.indicator; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.indicator IS 'Empty: the target of the sector as a whole.';


--
-- Name: COLUMN target.population_group; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.population_group IS 'Empty: all groups together.';


--
-- Name: COLUMN target.unit; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.unit IS 'What value counts: people, or the unit of the indicator.';


--
-- Name: COLUMN target.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.value IS 'Null: withdrawn. The row stays, so that a target set again goes on with its version.';


--
-- Name: COLUMN target.area_levels; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.area_levels IS 'Level of each area of the path where one is skipped; null: none is.';


--
-- Name: target_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.target_version (
    country text NOT NULL COLLATE pg_catalog."C",
    target_id uuid NOT NULL,
    version bigint NOT NULL,
    value bigint,
    unit text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    replaced_by text NOT NULL,
    replaced_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: upload; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload (
    country text NOT NULL,
    id uuid NOT NULL,
    client text NOT NULL,
    role text NOT NULL,
    organisation_id uuid,
    sectors text[] NOT NULL,
    areas text[] NOT NULL,
    month text,
    sector text,
    organisation text,
    language text NOT NULL,
    size bigint NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    failure text,
    next_record bigint DEFAULT 0 NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    columns jsonb,
    assumptions jsonb DEFAULT '[]'::jsonb NOT NULL,
    finished_at timestamp with time zone,
    file_name text,
    kind text,
    sheets jsonb DEFAULT '[]'::jsonb NOT NULL,
    sheet_counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    failure_facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    side text GENERATED ALWAYS AS (
CASE
    WHEN (role = 'secretariat'::text) THEN 'secretariat'::text
    WHEN (role = 'member'::text) THEN COALESCE((organisation_id)::text, client)
    ELSE client
END) STORED,
    problem_counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    replaces boolean DEFAULT false NOT NULL,
    accept_ignored boolean DEFAULT false NOT NULL,
    status text,
    values_not_understood jsonb DEFAULT '[]'::jsonb NOT NULL,
    dry_run boolean DEFAULT false NOT NULL,
    confirm boolean DEFAULT false NOT NULL,
    confirmed jsonb,
    draft jsonb,
    problem_causes jsonb DEFAULT '[]'::jsonb NOT NULL,
    holds_severe boolean DEFAULT false NOT NULL,
    CONSTRAINT upload_state CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'proposed'::text, 'done'::text, 'failed'::text])))
);


--
-- Name: COLUMN upload.next_record; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.next_record IS 'Records of the file whose effects are stored.';


--
-- Name: COLUMN upload.file_name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.file_name IS 'As the sender calls it: shown, never used to tell what the file is.';


--
-- Name: COLUMN upload.sheets; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.sheets IS 'Each sheet with its place in the file, its name, and why it was passed over.';


--
-- Name: COLUMN upload.sheet_counts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.sheet_counts IS 'What became of the rows, by the sheet''s place in the file.';


--
-- Name: COLUMN upload.side; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.side IS 'Who takes turns with others: the secretariat, an organisation, or else a client.';


--
-- Name: COLUMN upload.problem_counts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.problem_counts IS 'Problems by code, the ones that were counted only included.';


--
-- Name: COLUMN upload.accept_ignored; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.accept_ignored IS 'The sender takes it that columns which are not understood are left out.';


--
-- Name: COLUMN upload.dry_run; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.dry_run IS 'The sender wants to see how the file is read before any row of it counts.';


--
-- Name: COLUMN upload.confirm; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.confirm IS 'The sender does not look at a proposal: what is uncertain refuses the file.';


--
-- Name: COLUMN upload.confirmed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.confirmed IS 'How a person said each sheet is to be read, by its place in the file.';


--
-- Name: COLUMN upload.draft; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.draft IS 'What was met of a file that is to be proposed, until its turn comes again.';


--
-- Name: COLUMN upload.problem_causes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.problem_causes IS 'Problems of its rows by cause, with values rows hold: kept as long as problems are.';


--
-- Name: COLUMN upload.holds_severe; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload.holds_severe IS 'Its rows were not kept, for some of them are severe.';


--
-- Name: upload_aside; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_aside (
    country text NOT NULL,
    upload_id uuid NOT NULL,
    sheet smallint NOT NULL,
    spot bytea NOT NULL,
    "row" integer NOT NULL,
    sheet_name text,
    sent jsonb NOT NULL,
    flags text[] NOT NULL,
    letter bytea NOT NULL,
    carried text[] NOT NULL,
    repeats boolean NOT NULL
);


--
-- Name: COLUMN upload_aside.spot; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload_aside.spot IS 'Hash of organisation, place, month and sector: rows of one are paired together.';


--
-- Name: upload_chunk; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_chunk (
    upload_id uuid NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.upload_chunk ALTER COLUMN content SET STORAGE EXTERNAL;


--
-- Name: upload_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_key (
    country text NOT NULL,
    upload_id uuid NOT NULL,
    natural_key bytea NOT NULL,
    content bytea NOT NULL,
    rows integer NOT NULL
);


--
-- Name: COLUMN upload_key.natural_key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload_key.natural_key IS 'Hash of what makes rows the same kind of report.';


--
-- Name: upload_met; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_met (
    country text NOT NULL,
    upload_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    identity text NOT NULL
);


--
-- Name: upload_problem; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_problem (
    country text NOT NULL,
    upload_id uuid NOT NULL,
    "row" integer NOT NULL,
    number integer NOT NULL,
    code text NOT NULL,
    field text,
    facts jsonb NOT NULL,
    sheet integer DEFAULT 1 NOT NULL
);


--
-- Name: COLUMN upload_problem.sheet; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload_problem.sheet IS 'The sheet''s place in the file, from 1; row numbers are the sheet''s own.';


--
-- Name: upload_proposal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_proposal (
    upload_id uuid NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    digest text NOT NULL,
    told jsonb NOT NULL,
    profiles jsonb NOT NULL
);


--
-- Name: COLUMN upload_proposal.digest; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload_proposal.digest IS 'Of what is told: what was seen is what is confirmed.';


--
-- Name: COLUMN upload_proposal.told; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload_proposal.told IS 'Sheets, columns, sums, problems and values to settle.';


--
-- Name: COLUMN upload_proposal.profiles; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.upload_proposal.profiles IS 'How each sheet would be read, by its place in the file.';


--
-- Name: upload_report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_report (
    upload_id uuid NOT NULL,
    report_id uuid NOT NULL,
    version bigint NOT NULL
);


--
-- Name: upload_rows; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_rows (
    upload_id uuid NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY public.upload_rows ALTER COLUMN content SET STORAGE EXTERNAL;


--
-- Name: upload_whole; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.upload_whole (
    upload_id uuid NOT NULL,
    country text NOT NULL,
    organisation_id uuid NOT NULL,
    sector text NOT NULL,
    month text NOT NULL
);


--
-- Name: withdrawal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.withdrawal (
    id uuid NOT NULL,
    upload_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    withdrawn_by text NOT NULL,
    withdrawn_by_role text NOT NULL,
    withdrawn_at timestamp with time zone DEFAULT now() NOT NULL,
    restored_by text,
    restored_by_role text,
    restored_at timestamp with time zone,
    CONSTRAINT withdrawal_kind CHECK ((kind = ANY (ARRAY['withdrawal'::text, 'replacement'::text]))),
    CONSTRAINT withdrawal_state CHECK ((state = ANY (ARRAY['withdrawing'::text, 'withdrawn'::text, 'restoring'::text, 'restored'::text])))
);


--
-- Name: COLUMN withdrawal.kind; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.withdrawal.kind IS 'withdrawal: of all the file made; replacement: of what it did not hold.';


--
-- Name: withdrawn_report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.withdrawn_report (
    withdrawal_id uuid NOT NULL,
    report_id uuid NOT NULL,
    outcome text NOT NULL,
    before bigint,
    CONSTRAINT withdrawn_report_outcome CHECK ((outcome = ANY (ARRAY['open'::text, 'withdrawn'::text, 'put_back'::text, 'left'::text, 'restored'::text])))
);


--
-- Name: COLUMN withdrawn_report.before; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.withdrawn_report.before IS 'The version that was replaced: what a restoring goes back to.';


--
-- Name: archive_file archive_file_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.archive_file
    ADD CONSTRAINT archive_file_pkey PRIMARY KEY (name);


--
-- Name: area area_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_pkey PRIMARY KEY (country, pcode);


--
-- Name: audit_entry audit_entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (number);


--
-- Name: change_history change_history_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_history
    ADD CONSTRAINT change_history_pkey PRIMARY KEY (only_one);


--
-- Name: consumer_offset consumer_offset_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.consumer_offset
    ADD CONSTRAINT consumer_offset_pkey PRIMARY KEY (consumer, topic, partition);


--
-- Name: consumer_schema consumer_schema_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.consumer_schema
    ADD CONSTRAINT consumer_schema_pkey PRIMARY KEY (consumer);


--
-- Name: dead_letter dead_letter_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_once UNIQUE (consumer, topic, partition, record_offset);


--
-- Name: dead_letter dead_letter_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (number);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (number);


--
-- Name: idempotency_key idempotency_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (client, key);


--
-- Name: indicator indicator_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.indicator
    ADD CONSTRAINT indicator_pkey PRIMARY KEY (code);


--
-- Name: job job_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_once UNIQUE (queue, key);


--
-- Name: job job_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);


--
-- Name: job_turn job_turn_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.job_turn
    ADD CONSTRAINT job_turn_pkey PRIMARY KEY (queue, lane);


--
-- Name: judging judging_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.judging
    ADD CONSTRAINT judging_pkey PRIMARY KEY (edition);


--
-- Name: mapping mapping_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mapping
    ADD CONSTRAINT mapping_pkey PRIMARY KEY (id);


--
-- Name: mapping_version mapping_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mapping_version
    ADD CONSTRAINT mapping_version_pkey PRIMARY KEY (mapping_id, version);


--
-- Name: mislevelled mislevelled_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mislevelled
    ADD CONSTRAINT mislevelled_pkey PRIMARY KEY (noun, id);


--
-- Name: organisation organisation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (event);


--
-- Name: provider_organisation provider_organisation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.provider_organisation
    ADD CONSTRAINT provider_organisation_pkey PRIMARY KEY (id);


--
-- Name: provider_rekeying provider_rekeying_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.provider_rekeying
    ADD CONSTRAINT provider_rekeying_pkey PRIMARY KEY (edition);


--
-- Name: rekeying rekeying_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.rekeying
    ADD CONSTRAINT rekeying_pkey PRIMARY KEY (edition);


--
-- Name: relay_lease relay_lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.relay_lease
    ADD CONSTRAINT relay_lease_pkey PRIMARY KEY (shard);


--
-- Name: report report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (country, organisation_id, identity);


--
-- Name: report_version report_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report_version
    ADD CONSTRAINT report_version_pkey PRIMARY KEY (country, organisation_id, report_id, version);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: scope scope_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.scope
    ADD CONSTRAINT scope_pkey PRIMARY KEY (code);


--
-- Name: sector sector_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sector
    ADD CONSTRAINT sector_pkey PRIMARY KEY (code);


--
-- Name: target target_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.target
    ADD CONSTRAINT target_pkey PRIMARY KEY (country, sector, area, indicator, population_group, month_from, month_to);


--
-- Name: target_version target_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.target_version
    ADD CONSTRAINT target_version_pkey PRIMARY KEY (country, target_id, version);


--
-- Name: upload_aside upload_aside_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_aside
    ADD CONSTRAINT upload_aside_pkey PRIMARY KEY (country, upload_id, sheet, spot, "row");


--
-- Name: upload_chunk upload_chunk_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_chunk
    ADD CONSTRAINT upload_chunk_pkey PRIMARY KEY (upload_id, number);


--
-- Name: upload_key upload_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_key
    ADD CONSTRAINT upload_key_pkey PRIMARY KEY (country, upload_id, natural_key, content);


--
-- Name: upload_met upload_met_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_met
    ADD CONSTRAINT upload_met_pkey PRIMARY KEY (country, upload_id, organisation_id, identity);


--
-- Name: upload upload_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (country, id);


--
-- Name: upload_problem upload_problem_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_problem
    ADD CONSTRAINT upload_problem_pkey PRIMARY KEY (country, upload_id, sheet, "row", number);


--
-- Name: upload_proposal upload_proposal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_proposal
    ADD CONSTRAINT upload_proposal_pkey PRIMARY KEY (upload_id);


--
-- Name: upload_report upload_report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_report
    ADD CONSTRAINT upload_report_pkey PRIMARY KEY (upload_id, report_id);


--
-- Name: upload_rows upload_rows_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_rows
    ADD CONSTRAINT upload_rows_pkey PRIMARY KEY (upload_id, number);


--
-- Name: upload_whole upload_whole_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.upload_whole
    ADD CONSTRAINT upload_whole_pkey PRIMARY KEY (upload_id, country, organisation_id, sector, month);


--
-- Name: withdrawal withdrawal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_pkey PRIMARY KEY (id);


--
-- Name: withdrawn_report withdrawn_report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.withdrawn_report
    ADD CONSTRAINT withdrawn_report_pkey PRIMARY KEY (withdrawal_id, report_id);


--
-- Name: archive_file_rows; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX archive_file_rows ON public.archive_file USING btree (source, partition, first_number);


--
-- Name: area_country; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_country ON public.area USING btree (country) WHERE (level = 0);


--
-- Name: area_pcode; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_pcode ON public.area USING btree (pcode);


--
-- Name: area_spellings; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_spellings ON public.area USING gin (spellings);


--
-- Name: audit_entry_object; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_object ON public.audit_entry USING btree (object, number);


--
-- Name: dead_letter_oldest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX dead_letter_oldest ON public.dead_letter USING btree (number) WHERE (resolved_at IS NULL);


--
-- Name: dead_letter_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX dead_letter_open ON public.dead_letter USING btree (consumer, topic, partition, key) WHERE (resolved_at IS NULL);


--
-- Name: idempotency_key_claimed_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_key_claimed_at ON public.idempotency_key USING btree (claimed_at);


--
-- Name: job_dead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX job_dead ON public.job USING btree (died_at, id) WHERE (died_at IS NOT NULL);


--
-- Name: job_next; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX job_next ON public.job USING btree (queue, lane, due_at, id) WHERE ((died_at IS NULL) OR (schedule IS NOT NULL));


--
-- Name: mapping_by_shape; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX mapping_by_shape ON public.mapping USING btree (fingerprint, country, side);


--
-- Name: mapping_by_side; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mapping_by_side ON public.mapping USING btree (side, made_at DESC, id DESC);


--
-- Name: mapping_listed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mapping_listed ON public.mapping USING btree (made_at DESC, id DESC);


--
-- Name: organisation_acronyms; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_acronyms ON public.organisation USING gin (acronyms);


--
-- Name: organisation_codes; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_codes ON public.organisation USING gin (codes);


--
-- Name: organisation_same; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_same ON public.organisation USING btree (COALESCE(merged_into, id));


--
-- Name: organisation_spellings; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_spellings ON public.organisation USING gin (spellings);


--
-- Name: report_by_change; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_change ON public.report USING btree (changed_in, id);


--
-- Name: report_by_contest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_contest ON public.report USING btree (implementer_contest, month DESC, id) WHERE (implementer_contest IS NOT NULL);


--
-- Name: report_by_district; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_district ON public.report USING btree (adm2, sector, month DESC, id);


--
-- Name: report_by_external_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_external_id ON public.report USING btree (external_id, month DESC, id) WHERE (external_id IS NOT NULL);


--
-- Name: report_by_governorate; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_governorate ON public.report USING btree (adm1, sector, month DESC, id);


--
-- Name: report_by_implementer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_implementer ON public.report USING btree (implementer_id, month DESC, id) WHERE (implementer_id IS NOT NULL);


--
-- Name: report_by_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_organisation ON public.report USING btree (organisation_id, month DESC, id);


--
-- Name: report_by_spot; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_spot ON public.report USING btree (month, sector, organisation_id, country, area);


--
-- Name: report_by_stage_and_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_stage_and_status ON public.report USING btree (stage, status);


--
-- Name: report_by_upload; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_by_upload ON public.report USING btree (upload_id, month DESC, id) WHERE (upload_id IS NOT NULL);


--
-- Name: report_changed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_changed ON public.report USING brin (submitted_at);


--
-- Name: report_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_id ON public.report USING btree (id);


--
-- Name: report_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_newest ON public.report USING btree (month DESC, id);


--
-- Name: report_reviewed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_reviewed ON public.report USING brin (reviewed_at);


--
-- Name: report_to_review; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_to_review ON public.report USING btree (sector, adm1, month DESC, id) WHERE (stage = 'submitted'::text);


--
-- Name: report_version_by_upload; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_version_by_upload ON public.report_version USING btree ((("row" ->> 'upload_id'::text))) WHERE (("row" ->> 'upload_id'::text) IS NOT NULL);


--
-- Name: target_by_change; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX target_by_change ON public.target USING btree (changed_in, id);


--
-- Name: target_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX target_id ON public.target USING btree (id);


--
-- Name: target_path; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX target_path ON public.target USING gin (area_path);


--
-- Name: upload_by_change; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_by_change ON public.upload USING btree (changed_in, id);


--
-- Name: upload_by_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_by_client ON public.upload USING btree (client, received_at DESC, id DESC);


--
-- Name: upload_by_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_by_organisation ON public.upload USING btree (organisation_id, received_at DESC, id DESC) WHERE (organisation_id IS NOT NULL);


--
-- Name: upload_chunk_stored_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_chunk_stored_at ON public.upload_chunk USING btree (stored_at);


--
-- Name: upload_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_id ON public.upload USING btree (id);


--
-- Name: upload_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_newest ON public.upload USING btree (received_at DESC, id DESC);


--
-- Name: upload_report_by_report; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_report_by_report ON public.upload_report USING btree (report_id);


--
-- Name: withdrawal_in_force; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX withdrawal_in_force ON public.withdrawal USING btree (upload_id) WHERE ((kind = 'withdrawal'::text) AND (state <> 'restored'::text));


--
-- Name: withdrawal_latest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX withdrawal_latest ON public.withdrawal USING btree (upload_id, withdrawn_at DESC);


--
-- Name: withdrawn_report_by_outcome; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX withdrawn_report_by_outcome ON public.withdrawn_report USING btree (withdrawal_id, outcome, report_id);


--
-- Name: report report_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER report_changed BEFORE UPDATE ON public.report FOR EACH ROW WHEN ((old.changed_in = new.changed_in)) EXECUTE FUNCTION public.mark_changed();


--
-- Name: target target_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER target_changed BEFORE UPDATE ON public.target FOR EACH ROW EXECUTE FUNCTION public.mark_changed();


--
-- Name: upload upload_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER upload_changed BEFORE UPDATE OF state, kind, failure, counts, sheets, finished_at ON public.upload FOR EACH ROW EXECUTE FUNCTION public.mark_changed();


--
-- PostgreSQL database dump complete
--

\unrestrict dbmate


--
-- Dbmate schema migrations
--

INSERT INTO public.schema_migrations (version) VALUES
    ('0001'),
    ('0002'),
    ('0003'),
    ('0004'),
    ('0005'),
    ('0006'),
    ('0101'),
    ('0102'),
    ('0103'),
    ('0104'),
    ('0110'),
    ('0111'),
    ('0112'),
    ('0120'),
    ('0121'),
    ('0122'),
    ('0130'),
    ('0131'),
    ('0132'),
    ('0133'),
    ('0134'),
    ('0136'),
    ('0137'),
    ('0139'),
    ('0140'),
    ('0141'),
    ('0143'),
    ('0144'),
    ('0145'),
    ('0146'),
    ('0148'),
    ('0149'),
    ('0150'),
    ('0153'),
    ('0154'),
    ('0160'),
    ('0161'),
    ('0162'),
    ('0166'),
    ('0190'),
    ('0191');
