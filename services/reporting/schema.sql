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
    country text NOT NULL COLLATE pg_catalog."C",
    pcode text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    level smallint NOT NULL,
    path text[] NOT NULL,
    names jsonb NOT NULL
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
-- Name: closed_figure; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.closed_figure (
    country text NOT NULL COLLATE pg_catalog."C",
    adm1 text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    month text NOT NULL COLLATE pg_catalog."C",
    population_group text NOT NULL COLLATE pg_catalog."C",
    organisation_id uuid NOT NULL,
    implementer_id uuid NOT NULL,
    resolved boolean NOT NULL,
    implementer_resolved boolean NOT NULL,
    total bigint NOT NULL,
    men bigint,
    women bigint,
    boys bigint,
    girls bigint,
    not_disaggregated bigint NOT NULL,
    with_disability bigint,
    frozen_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: COLUMN closed_figure.resolved; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.closed_figure.resolved IS 'The registry had verified the reporting organisation when this was frozen.';


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
-- Name: counting_rule; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.counting_rule (
    code text NOT NULL,
    version integer NOT NULL,
    sector text NOT NULL COLLATE pg_catalog."C",
    method text NOT NULL,
    counts_people boolean NOT NULL,
    statuses text[] NOT NULL,
    presence_statuses text[] NOT NULL,
    provisional boolean NOT NULL,
    apart text[] NOT NULL,
    core_only text[] NOT NULL,
    only_units text[] NOT NULL,
    never_units text[] NOT NULL,
    CONSTRAINT counting_rule_method CHECK ((method = ANY (ARRAY['sum'::text, 'max'::text, 'mean'::text, 'new_only'::text])))
);


--
-- Name: COLUMN counting_rule.sector; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.counting_rule.sector IS 'Exact code; empty for the rule of all sectors without their own.';


--
-- Name: COLUMN counting_rule.counts_people; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.counting_rule.counts_people IS 'False: services only, unique people are null.';


--
-- Name: COLUMN counting_rule.apart; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.counting_rule.apart IS 'Parts of the sector added up by themselves; the greatest makes the reach.';


--
-- Name: COLUMN counting_rule.core_only; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.counting_rule.core_only IS 'Of these parts, only core items reach people.';


--
-- Name: COLUMN counting_rule.only_units; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.counting_rule.only_units IS 'Units that are people; empty for any but those that never are.';


--
-- Name: coverage_cell; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.coverage_cell (
    level smallint NOT NULL,
    population_group text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    area text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    month text NOT NULL COLLATE pg_catalog."C",
    adm1 text NOT NULL COLLATE pg_catalog."C",
    rule_code text NOT NULL,
    rule_version integer NOT NULL,
    reports bigint NOT NULL,
    official_reports bigint NOT NULL,
    organisations bigint NOT NULL,
    total bigint NOT NULL,
    men bigint NOT NULL,
    women bigint NOT NULL,
    boys bigint NOT NULL,
    girls bigint NOT NULL,
    not_disaggregated bigint NOT NULL,
    with_disability bigint NOT NULL,
    frequencies bigint NOT NULL,
    official_total bigint NOT NULL,
    official_frequencies bigint NOT NULL,
    total_known integer NOT NULL,
    men_known integer NOT NULL,
    women_known integer NOT NULL,
    boys_known integer NOT NULL,
    girls_known integer NOT NULL,
    with_disability_known integer NOT NULL,
    frequencies_known integer NOT NULL,
    official_total_known integer NOT NULL,
    official_frequencies_known integer NOT NULL,
    restricted bigint DEFAULT 0 NOT NULL,
    severe bigint DEFAULT 0 NOT NULL,
    parts_withheld bigint DEFAULT 0 NOT NULL,
    disability_withheld bigint DEFAULT 0 NOT NULL,
    open_total bigint DEFAULT 0 NOT NULL,
    open_frequencies bigint DEFAULT 0 NOT NULL,
    open_official_total bigint DEFAULT 0 NOT NULL,
    open_official_frequencies bigint DEFAULT 0 NOT NULL,
    unflagged bigint DEFAULT 0 NOT NULL,
    in_other_units bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');


--
-- Name: COLUMN coverage_cell.population_group; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.coverage_cell.population_group IS 'One group, or all: all of them together.';


--
-- Name: COLUMN coverage_cell.parts_withheld; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.coverage_cell.parts_withheld IS 'Counted reports whose parts others do not all see.';


--
-- Name: COLUMN coverage_cell.unflagged; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.coverage_cell.unflagged IS 'Reports that do not say whether their people are new, where only new ones reach.';


--
-- Name: COLUMN coverage_cell.in_other_units; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.coverage_cell.in_other_units IS 'Reports whose numbers count something else than people.';


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
    code text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL
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
-- Name: organisation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    version bigint NOT NULL,
    names jsonb NOT NULL,
    verified boolean DEFAULT false NOT NULL,
    merged_into uuid
);


--
-- Name: COLUMN organisation.merged_into; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.merged_into IS 'The organisation it is now; facts keep the id they were told with, and are counted as that one.';


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
-- Name: presence_cell; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.presence_cell (
    level smallint NOT NULL,
    country text NOT NULL COLLATE pg_catalog."C",
    area text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    month text NOT NULL COLLATE pg_catalog."C",
    organisation_id uuid NOT NULL,
    adm1 text NOT NULL COLLATE pg_catalog."C",
    reports bigint NOT NULL,
    moderate_reports bigint NOT NULL,
    high_reports bigint NOT NULL,
    by_group bigint[] NOT NULL
)
WITH (fillfactor='80');


--
-- Name: COLUMN presence_cell.moderate_reports; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.presence_cell.moderate_reports IS 'Those up to moderate: by them the organisation may be named to members.';


--
-- Name: COLUMN presence_cell.high_reports; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.presence_cell.high_reports IS 'Those up to high.';


--
-- Name: COLUMN presence_cell.by_group; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.presence_cell.by_group IS 'Reports per population group, in the order the service knows them.';


--
-- Name: projection_complete; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.projection_complete (
    consumer text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: provider_name; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.provider_name (
    id uuid NOT NULL,
    name text NOT NULL
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
-- Name: report_fact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report_fact (
    country text NOT NULL COLLATE pg_catalog."C",
    adm1 text NOT NULL COLLATE pg_catalog."C",
    unit uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    path text NOT NULL COLLATE pg_catalog."C",
    unit_key text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    month text NOT NULL COLLATE pg_catalog."C",
    population_group text NOT NULL COLLATE pg_catalog."C",
    indicator text NOT NULL COLLATE pg_catalog."C",
    organisation_id uuid NOT NULL,
    implementer_id uuid NOT NULL,
    status text NOT NULL,
    stage text NOT NULL,
    sensitivity text NOT NULL,
    newly_reached boolean,
    total integer,
    men integer,
    women integer,
    boys integer,
    girls integer,
    with_disability integer,
    parts_withheld boolean DEFAULT false NOT NULL,
    disability_withheld boolean DEFAULT false NOT NULL,
    counted_unit text DEFAULT 'people'::text NOT NULL COLLATE pg_catalog."C",
    component text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    core boolean DEFAULT true NOT NULL
);


--
-- Name: COLUMN report_fact.adm1; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.adm1 IS 'The country where a report names no governorate.';


--
-- Name: COLUMN report_fact.unit; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.unit IS 'Hash of country, path, unit_key, sector, month and population_group.';


--
-- Name: COLUMN report_fact.path; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.path IS 'P-codes from the country down to the reported area, joined by a slash.';


--
-- Name: COLUMN report_fact.indicator; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.indicator IS 'Empty where the report names none.';


--
-- Name: COLUMN report_fact.implementer_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.implementer_id IS 'Who did the work: the reporting organisation where no implementer is named.';


--
-- Name: COLUMN report_fact.parts_withheld; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.parts_withheld IS 'A part by sex or age is small: others do not see all of them in the row.';


--
-- Name: COLUMN report_fact.counted_unit; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.report_fact.counted_unit IS 'What the numbers of people count, where the report names another unit.';


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
    code text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    country text NOT NULL COLLATE pg_catalog."C",
    areas text[] NOT NULL,
    time_zone text NOT NULL
);


--
-- Name: sector; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sector (
    code text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    parent text COLLATE pg_catalog."C"
);


--
-- Name: target; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.target (
    id uuid NOT NULL,
    version bigint NOT NULL,
    country text NOT NULL COLLATE pg_catalog."C",
    area text NOT NULL COLLATE pg_catalog."C",
    path text[] NOT NULL,
    sector text NOT NULL COLLATE pg_catalog."C",
    indicator text NOT NULL COLLATE pg_catalog."C",
    population_group text NOT NULL COLLATE pg_catalog."C",
    month_from text NOT NULL COLLATE pg_catalog."C",
    month_to text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL,
    value bigint
);


--
-- Name: COLUMN target.indicator; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.indicator IS 'Empty: the target of the sector as a whole.';


--
-- Name: COLUMN target.population_group; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.population_group IS 'One group, or all: all of them together.';


--
-- Name: COLUMN target.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.value IS 'Null: withdrawn.';


--
-- Name: unit_cell; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unit_cell (
    country text NOT NULL COLLATE pg_catalog."C",
    adm1 text NOT NULL COLLATE pg_catalog."C",
    unit uuid NOT NULL,
    indicator text NOT NULL COLLATE pg_catalog."C",
    component text NOT NULL COLLATE pg_catalog."C",
    rule_code text NOT NULL,
    rule_version integer NOT NULL,
    counts boolean NOT NULL,
    official_counts boolean NOT NULL,
    reports integer NOT NULL,
    official_reports integer NOT NULL,
    restricted integer NOT NULL,
    severe integer NOT NULL,
    parts_withheld integer NOT NULL,
    disability_withheld integer NOT NULL,
    unflagged integer NOT NULL,
    in_other_units integer NOT NULL,
    total bigint,
    men bigint,
    women bigint,
    boys bigint,
    girls bigint,
    not_disaggregated bigint,
    with_disability bigint,
    frequencies bigint,
    official_total bigint,
    official_frequencies bigint,
    open_total bigint,
    open_frequencies bigint,
    open_official_total bigint,
    open_official_frequencies bigint
)
WITH (fillfactor='80');


--
-- Name: COLUMN unit_cell.component; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.unit_cell.component IS 'Part of the sector that is counted apart; empty where the rule knows none.';


--
-- Name: COLUMN unit_cell.counts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.unit_cell.counts IS 'Whether this makes the unit''s reach; false where another indicator of a max rule, or another part, does.';


--
-- Name: COLUMN unit_cell.restricted; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.unit_cell.restricted IS 'Reports above moderate; of them severe ones. The open figures are without them.';


--
-- Name: unit_reach; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unit_reach (
    country text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    indicator text NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    unit_key text NOT NULL COLLATE pg_catalog."C",
    population_group text NOT NULL COLLATE pg_catalog."C",
    month text NOT NULL COLLATE pg_catalog."C",
    total bigint,
    official_total bigint,
    open_total bigint,
    open_official_total bigint
)
WITH (fillfactor='80');


--
-- Name: COLUMN unit_reach.indicator; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.unit_reach.indicator IS 'Empty: the unit as a whole, kept for sectors with a max rule alone.';


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
-- Name: closed_figure closed_figure_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.closed_figure
    ADD CONSTRAINT closed_figure_pkey PRIMARY KEY (country, adm1, sector, month, population_group, organisation_id, implementer_id);


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
-- Name: counting_rule counting_rule_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.counting_rule
    ADD CONSTRAINT counting_rule_pkey PRIMARY KEY (code, version);


--
-- Name: coverage_cell coverage_cell_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.coverage_cell
    ADD CONSTRAINT coverage_cell_pkey PRIMARY KEY (level, population_group, country, area, sector, month, adm1);


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
-- Name: presence_cell presence_cell_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.presence_cell
    ADD CONSTRAINT presence_cell_pkey PRIMARY KEY (level, country, area, sector, month, organisation_id, adm1);


--
-- Name: projection_complete projection_complete_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.projection_complete
    ADD CONSTRAINT projection_complete_pkey PRIMARY KEY (consumer);


--
-- Name: provider_name provider_name_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.provider_name
    ADD CONSTRAINT provider_name_pkey PRIMARY KEY (id);


--
-- Name: relay_lease relay_lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.relay_lease
    ADD CONSTRAINT relay_lease_pkey PRIMARY KEY (shard);


--
-- Name: report_fact report_fact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report_fact
    ADD CONSTRAINT report_fact_pkey PRIMARY KEY (country, adm1, unit, id);


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
    ADD CONSTRAINT target_pkey PRIMARY KEY (id);


--
-- Name: unit_cell unit_cell_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unit_cell
    ADD CONSTRAINT unit_cell_pkey PRIMARY KEY (country, adm1, unit, indicator, component);


--
-- Name: unit_reach unit_reach_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unit_reach
    ADD CONSTRAINT unit_reach_pkey PRIMARY KEY (country, sector, indicator, path, unit_key, population_group, month) INCLUDE (total, official_total);


--
-- Name: archive_file_rows; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX archive_file_rows ON public.archive_file USING btree (source, partition, first_number);


--
-- Name: area_path; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_path ON public.area USING gin (path);


--
-- Name: audit_entry_object; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_object ON public.audit_entry USING btree (object, number);


--
-- Name: counting_rule_sector; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX counting_rule_sector ON public.counting_rule USING btree (sector, version);


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
-- Name: organisation_merged; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_merged ON public.organisation USING btree (id) WHERE (merged_into IS NOT NULL);


--
-- Name: presence_by_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presence_by_organisation ON public.presence_cell USING btree (organisation_id, level);


--
-- Name: report_fact_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_fact_id ON public.report_fact USING btree (id);


--
-- Name: report_fact_protection; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_fact_protection ON public.report_fact USING btree (country, adm1, sector, month) WHERE (split_part(sector, '-'::text, 1) = 'PRO'::text);


--
-- Name: sector_parent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sector_parent ON public.sector USING btree (parent);


--
-- Name: target_asked; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX target_asked ON public.target USING btree (sector, population_group, month_from, month_to, country, area) WHERE (value IS NOT NULL);


--
-- Name: target_path; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX target_path ON public.target USING gin (path) WHERE (value IS NOT NULL);


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
    ('0120'),
    ('0121'),
    ('0131'),
    ('0132'),
    ('0139'),
    ('0142'),
    ('0156'),
    ('0161');
