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
    select array_remove((
        select array_agg(o.id) from organisation as o
         where coalesce(o.merged_into, o.id) = (
             select coalesce(own.merged_into, own.id) from organisation as own where own.id = asked)) || asked, null)
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alert; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alert (
    country text NOT NULL COLLATE pg_catalog."C",
    id uuid NOT NULL,
    identifier text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    content bytea NOT NULL,
    sender text NOT NULL,
    organisation_id uuid,
    issued_by text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    sent timestamp with time zone NOT NULL,
    status text NOT NULL,
    message_type text NOT NULL,
    scope text NOT NULL,
    restriction text,
    addresses uuid[] NOT NULL,
    cap_references text[] NOT NULL,
    superseded_by uuid,
    categories text[] NOT NULL,
    response_types text[] NOT NULL,
    urgency text NOT NULL,
    severity text NOT NULL,
    certainty text NOT NULL,
    effective timestamp with time zone NOT NULL,
    onset timestamp with time zone,
    expires timestamp with time zone,
    info jsonb NOT NULL,
    sectors text[] NOT NULL,
    areas text[] NOT NULL,
    within text[] NOT NULL,
    polygons text[] NOT NULL,
    circles text[] NOT NULL,
    area_description text,
    override_reason text,
    number bigint,
    supersedes uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    chain_areas text[] DEFAULT '{}'::text[] NOT NULL,
    chain_within text[] DEFAULT '{}'::text[] NOT NULL,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL
);


--
-- Name: COLUMN alert.content; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.content IS 'Hash of what was sent: the same identifier with the same content is a repeat.';


--
-- Name: COLUMN alert.organisation_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.organisation_id IS 'The sender''s; null for the secretariat''s own.';


--
-- Name: COLUMN alert.within; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.within IS 'The areas and every area above them.';


--
-- Name: COLUMN alert.polygons; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.polygons IS 'High. CAP strings: lat,lon pairs, closed.';


--
-- Name: COLUMN alert.circles; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.circles IS 'High. CAP strings: lat,lon and radius in km.';


--
-- Name: COLUMN alert.area_description; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.area_description IS 'High.';


--
-- Name: COLUMN alert.number; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.number IS 'Order in which published alerts became visible, without gaps; null for drafts. Streams resume behind it.';


--
-- Name: COLUMN alert.supersedes; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.supersedes IS 'All earlier messages of its chain.';


--
-- Name: COLUMN alert.chain_areas; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.chain_areas IS 'Its areas and those of the earlier messages of its chain.';


--
-- Name: COLUMN alert.chain_within; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.alert.chain_within IS 'Those areas and every area above them.';


--
-- Name: alert_counter; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alert_counter (
    only_one boolean DEFAULT true NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT alert_counter_only_one_check CHECK (only_one)
);


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
    path text[] NOT NULL
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
-- Name: delivery; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.delivery (
    id uuid DEFAULT uuidv7() NOT NULL,
    subscription_id uuid NOT NULL,
    alert_id uuid,
    number bigint,
    issued_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    attempted_at timestamp with time zone,
    delivered_at timestamp with time zone,
    last_status smallint,
    last_failure text,
    traceparent text,
    languages text[],
    under_way boolean DEFAULT false NOT NULL,
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['due'::text, 'delivered'::text, 'failed'::text, 'dropped'::text])))
);


--
-- Name: COLUMN delivery.subscription_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.delivery.subscription_id IS 'No foreign key: issuing an alert must never wait for, nor fail by, a subscription that is removed that moment.';


--
-- Name: COLUMN delivery.alert_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.delivery.alert_id IS 'Null for a ping.';


--
-- Name: COLUMN delivery.due_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.delivery.due_at IS 'When it is to be tried next; while an attempt is under way, when another worker may take it over.';


--
-- Name: COLUMN delivery.last_failure; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.delivery.last_failure IS 'A word for why the last attempt failed, never the other side''s text.';


--
-- Name: COLUMN delivery.languages; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.delivery.languages IS 'Asked for when it was made; null: made before this was kept.';


--
-- Name: COLUMN delivery.under_way; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.delivery.under_way IS 'An attempt is being made, until due_at at the longest.';


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
-- Name: identity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.identity (
    subject text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    grants jsonb NOT NULL
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
    status text NOT NULL,
    names jsonb NOT NULL,
    merged_into uuid
);


--
-- Name: COLUMN organisation.merged_into; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.merged_into IS 'The organisation it is now; alerts and subscriptions keep the id they have.';


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
    code text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL
);


--
-- Name: subscription; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.subscription (
    id uuid NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    organisation_id uuid,
    areas text[] NOT NULL,
    sectors text[] NOT NULL,
    url text NOT NULL,
    description text,
    wanted_country text COLLATE pg_catalog."C",
    wanted_areas text[] NOT NULL,
    wanted_sectors text[] NOT NULL,
    wanted_severities text[] NOT NULL,
    wanted_statuses text[] NOT NULL,
    languages text[] NOT NULL,
    state text NOT NULL,
    reason text,
    failing_since timestamp with time zone,
    secret text NOT NULL,
    earlier_secret text,
    earlier_secret_until timestamp with time zone,
    CONSTRAINT subscription_reason_check CHECK ((reason = ANY (ARRAY['by_holder'::text, 'failing'::text, 'gone'::text]))),
    CONSTRAINT subscription_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'ended'::text])))
);


--
-- Name: TABLE subscription; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.subscription IS 'Where alerts are sent to, for whom, and which of them.';


--
-- Name: COLUMN subscription.subject; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.subscription.subject IS 'The holder, with role, organisation, areas and sectors as at creation: live only while a grant still says so.';


--
-- Name: COLUMN subscription.reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.subscription.reason IS 'Why it is not active.';


--
-- Name: COLUMN subscription.failing_since; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.subscription.failing_since IS 'First failure since the last delivery that arrived.';


--
-- Name: COLUMN subscription.secret; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.subscription.secret IS 'Sealed under the installation''s secret: signing needs it whole, so it can''t be a hash.';


--
-- Name: COLUMN subscription.earlier_secret; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.subscription.earlier_secret IS 'Signs too until earlier_secret_until, so that a rotation loses nothing.';


--
-- Name: alert_counter alert_counter_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alert_counter
    ADD CONSTRAINT alert_counter_pkey PRIMARY KEY (only_one);


--
-- Name: alert alert_identifier; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_identifier UNIQUE (country, identifier);


--
-- Name: alert alert_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (country, id);


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
-- Name: delivery delivery_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_once UNIQUE (subscription_id, alert_id);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);


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
-- Name: identity identity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (subject);


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
-- Name: subscription subscription_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (id);


--
-- Name: alert_areas; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_areas ON public.alert USING gin (areas);


--
-- Name: alert_by_change; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_by_change ON public.alert USING btree (changed_in, id);


--
-- Name: alert_by_identifier; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_by_identifier ON public.alert USING btree (identifier);


--
-- Name: alert_by_issuer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_by_issuer ON public.alert USING btree (issued_by) WHERE (organisation_id IS NULL);


--
-- Name: alert_chain_areas; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_chain_areas ON public.alert USING gin (chain_areas);


--
-- Name: alert_chain_within; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_chain_within ON public.alert USING gin (chain_within);


--
-- Name: alert_drafts; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_drafts ON public.alert USING btree (organisation_id, sent DESC, id DESC) WHERE (status = 'Draft'::text);


--
-- Name: alert_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_id ON public.alert USING btree (id);


--
-- Name: alert_number; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX alert_number ON public.alert USING btree (number) WHERE (number IS NOT NULL);


--
-- Name: alert_sectors; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_sectors ON public.alert USING gin (sectors);


--
-- Name: alert_sent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_sent ON public.alert USING btree (sent DESC, id DESC) WHERE (status <> 'Draft'::text);


--
-- Name: alert_severity; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_severity ON public.alert USING btree (severity, sent DESC, id DESC) WHERE (status <> 'Draft'::text);


--
-- Name: alert_standing; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_standing ON public.alert USING btree (expires) WHERE ((status <> 'Draft'::text) AND (message_type <> 'Cancel'::text) AND (superseded_by IS NULL));


--
-- Name: alert_supersedes; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_supersedes ON public.alert USING gin (supersedes);


--
-- Name: alert_unusual; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_unusual ON public.alert USING btree (status, sent DESC, id DESC) WHERE (status <> ALL (ARRAY['Draft'::text, 'Actual'::text]));


--
-- Name: alert_within; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alert_within ON public.alert USING gin (within);


--
-- Name: archive_file_rows; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX archive_file_rows ON public.archive_file USING btree (source, partition, first_number);


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
-- Name: delivery_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX delivery_due ON public.delivery USING btree (due_at) WHERE (state = 'due'::text);


--
-- Name: delivery_of_subscription; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX delivery_of_subscription ON public.delivery USING btree (subscription_id, issued_at DESC, id DESC);


--
-- Name: delivery_old; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX delivery_old ON public.delivery USING btree (issued_at);


--
-- Name: delivery_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX delivery_waiting ON public.delivery USING btree (alert_id) WHERE (state = 'due'::text);


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
-- Name: organisation_same; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_same ON public.organisation USING btree (COALESCE(merged_into, id));


--
-- Name: subscription_active; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX subscription_active ON public.subscription USING btree (id) WHERE (state = 'active'::text);


--
-- Name: subscription_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX subscription_organisation ON public.subscription USING btree (organisation_id, role, id);


--
-- Name: subscription_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX subscription_subject ON public.subscription USING btree (subject, id);


--
-- Name: alert alert_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER alert_changed BEFORE UPDATE ON public.alert FOR EACH ROW EXECUTE FUNCTION public.mark_changed();


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
    ('0105'),
    ('0110'),
    ('0117'),
    ('0118'),
    ('0161');
