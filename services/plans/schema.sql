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
    country text NOT NULL,
    pcode text NOT NULL,
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
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);


--
-- Name: sector; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sector (
    code text NOT NULL,
    version bigint NOT NULL,
    parent text,
    spellings text[] NOT NULL
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
    area_levels smallint[],
    unit text NOT NULL,
    value bigint,
    set_by text NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
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
-- Name: COLUMN target.area_levels; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.area_levels IS 'Level of each area of the path where one is skipped; null: none is.';


--
-- Name: COLUMN target.unit; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.unit IS 'What value counts: people, or the unit of the indicator.';


--
-- Name: COLUMN target.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.target.value IS 'Null: withdrawn. The row stays, so that a target set again goes on with its version.';


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
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (event);


--
-- Name: relay_lease relay_lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.relay_lease
    ADD CONSTRAINT relay_lease_pkey PRIMARY KEY (shard);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);


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
-- Name: target target_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER target_changed BEFORE UPDATE ON public.target FOR EACH ROW EXECUTE FUNCTION public.mark_changed();


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
    ('0102');
