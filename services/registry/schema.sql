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
-- Name: organisation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    status text NOT NULL,
    names jsonb NOT NULL,
    acronyms jsonb DEFAULT '{}'::jsonb NOT NULL,
    aliases text[] DEFAULT '{}'::text[] NOT NULL,
    type_code text CONSTRAINT organisation_type_code_not_null1 NOT NULL,
    external_ids jsonb DEFAULT '{}'::jsonb NOT NULL,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    areas text[] DEFAULT '{}'::text[] NOT NULL,
    sort_name text NOT NULL COLLATE pg_catalog."C",
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    hidden_in xid8,
    merged_into uuid,
    CONSTRAINT organisation_status_check CHECK ((status = ANY (ARRAY['applied'::text, 'verified'::text, 'suspended'::text])))
);


--
-- Name: COLUMN organisation.sort_name; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.sort_name IS 'Folded name the list is ordered by, the Arabic one first.';


--
-- Name: COLUMN organisation.hidden_in; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.hidden_in IS 'When it ceased to be verified; null while it is, and of who never was: those who had it in their list are told.';


--
-- Name: COLUMN organisation.merged_into; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.organisation.merged_into IS 'The organisation it is now, at the end of all merges; null while it stands by itself.';


--
-- Name: same_organisations(uuid); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.same_organisations(asked uuid) RETURNS uuid[]
    LANGUAGE sql STABLE
    RETURN (SELECT array_agg(o.id ORDER BY o.id) AS array_agg FROM public.organisation o WHERE (COALESCE(o.merged_into, o.id) = (SELECT COALESCE(own.merged_into, own.id) AS "coalesce" FROM public.organisation own WHERE (own.id = same_organisations.asked))));


--
-- Name: allowance_spent; Type: TABLE; Schema: public; Owner: -
--

CREATE UNLOGGED TABLE public.allowance_spent (
    key bytea NOT NULL,
    window_number bigint NOT NULL,
    spent bigint NOT NULL,
    ends_at timestamp with time zone NOT NULL
);


--
-- Name: COLUMN allowance_spent.key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.allowance_spent.key IS 'Keyed hash of the policy and the client, person or network; the key is the gateway''s.';


--
-- Name: COLUMN allowance_spent.ends_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.allowance_spent.ends_at IS 'From when on it no longer counts, and is cleared away.';


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
    level smallint NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    names jsonb NOT NULL,
    aliases text[] DEFAULT '{}'::text[] NOT NULL,
    parent text,
    path text[] NOT NULL,
    latitude double precision,
    longitude double precision,
    changed_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT area_path_ends_here CHECK ((path[array_upper(path, 1)] = pcode))
);


--
-- Name: COLUMN area.path; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.area.path IS 'P-codes from adm0 down to the area itself.';


--
-- Name: area_boundary; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.area_boundary (
    country text NOT NULL,
    detail text NOT NULL,
    pcode text NOT NULL,
    version bigint NOT NULL,
    source text,
    geometry text NOT NULL,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    CONSTRAINT area_boundary_detail_check CHECK ((detail = ANY (ARRAY['full'::text, 'medium'::text, 'coarse'::text])))
);


--
-- Name: COLUMN area_boundary.version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.area_boundary.version IS 'Version of the area with which it came.';


--
-- Name: COLUMN area_boundary.source; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.area_boundary.source IS 'Whom a map that shows it is to name.';


--
-- Name: COLUMN area_boundary.geometry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.area_boundary.geometry IS 'GeoJSON, degrees of WGS 84.';


--
-- Name: area_name; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.area_name (
    folded text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL,
    pcode text NOT NULL
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
-- Name: client; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.client (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    role text NOT NULL,
    organisation_id uuid,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    areas text[] DEFAULT '{}'::text[] NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    version bigint DEFAULT 0 NOT NULL,
    CONSTRAINT client_member_has_organisation CHECK (((role <> 'member'::text) OR (organisation_id IS NOT NULL))),
    CONSTRAINT client_role_check CHECK ((role = ANY (ARRAY['member'::text, 'coordinator'::text, 'hub'::text, 'secretariat'::text])))
);


--
-- Name: COLUMN client.secret_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.client.secret_hash IS 'SHA-256 of 256 random bits; the secret itself is shown once and kept nowhere.';


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
-- Name: country; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.country (
    code text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    iso3 text,
    names jsonb NOT NULL
);


--
-- Name: COLUMN country.code; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.country.code IS 'P-code of adm0.';


--
-- Name: country_level; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.country_level (
    country text NOT NULL,
    level smallint NOT NULL,
    pattern text,
    names jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: COLUMN country_level.pattern; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.country_level.pattern IS 'Regular expression a P-code of this level matches as a whole.';


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
    version bigint DEFAULT 1 NOT NULL,
    sector text NOT NULL,
    names jsonb NOT NULL,
    unit text NOT NULL
);


--
-- Name: invitation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invitation (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    invited_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone
);


--
-- Name: COLUMN invitation.token_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.invitation.token_hash IS 'SHA-256 of 256 random bits; the token itself is shown once and kept nowhere.';


--
-- Name: COLUMN invitation.invited_by; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.invitation.invited_by IS 'Subject of who asked for it.';


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
-- Name: known_place; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.known_place (
    person_id uuid NOT NULL,
    kind text NOT NULL,
    key bytea NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT known_place_kind_check CHECK ((kind = ANY (ARRAY['device'::text, 'network'::text])))
);


--
-- Name: COLUMN known_place.key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.known_place.key IS 'HMAC of the person and the browser''s token or the network prefix; neither stands here.';


--
-- Name: organisation_contact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation_contact (
    organisation_id uuid NOT NULL,
    place smallint NOT NULL,
    name text NOT NULL,
    email text,
    phone text
);


--
-- Name: organisation_duplicate; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation_duplicate (
    id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    organisation_id uuid NOT NULL,
    other_id uuid NOT NULL,
    score smallint NOT NULL,
    reasons text[] NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    reason text,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organisation_duplicate_state_check CHECK ((state = ANY (ARRAY['open'::text, 'dismissed'::text])))
);


--
-- Name: organisation_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation_key (
    key text NOT NULL COLLATE pg_catalog."C",
    organisation_id uuid NOT NULL
);


--
-- Name: organisation_merge; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation_merge (
    id uuid NOT NULL,
    from_id uuid NOT NULL,
    into_id uuid NOT NULL,
    reason text NOT NULL,
    merged_at timestamp with time zone DEFAULT now() NOT NULL,
    undone_at timestamp with time zone,
    undone_reason text
);


--
-- Name: organisation_name; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation_name (
    folded text NOT NULL COLLATE pg_catalog."C",
    organisation_id uuid NOT NULL
);


--
-- Name: organisation_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organisation_type (
    code text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    names jsonb NOT NULL
);


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
-- Name: partner_code; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.partner_code (
    issuer text NOT NULL COLLATE pg_catalog."C",
    folded text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL,
    organisation_id uuid NOT NULL
);


--
-- Name: person; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.person (
    id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT person_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'deactivated'::text, 'erased'::text])))
);


--
-- Name: person_grant; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.person_grant (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    place smallint NOT NULL,
    role text NOT NULL,
    organisation_id uuid,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    areas text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT person_grant_member_has_organisation CHECK (((role <> 'member'::text) OR (organisation_id IS NOT NULL))),
    CONSTRAINT person_grant_role_check CHECK ((role = ANY (ARRAY['member'::text, 'coordinator'::text, 'hub'::text, 'secretariat'::text])))
);


--
-- Name: person_password; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.person_password (
    person_id uuid NOT NULL,
    hash text NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: COLUMN person_password.hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.person_password.hash IS 'argon2id, with its own salt and parameters.';


--
-- Name: person_profile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.person_profile (
    person_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    folded_email text NOT NULL COLLATE pg_catalog."C",
    language text NOT NULL,
    CONSTRAINT person_profile_language_check CHECK ((language = ANY (ARRAY['ar'::text, 'en'::text])))
);


--
-- Name: COLUMN person_profile.folded_email; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.person_profile.folded_email IS 'The address without regard to case or width: one person has it.';


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
-- Name: scope; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.scope (
    country text NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    names jsonb NOT NULL,
    areas text[] NOT NULL,
    active_from date,
    time_zone text NOT NULL
);


--
-- Name: COLUMN scope.active_from; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.scope.active_from IS 'Null while the scope is only planned.';


--
-- Name: sector; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sector (
    code text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    names jsonb NOT NULL,
    aliases text[] DEFAULT '{}'::text[] NOT NULL,
    parent text,
    has_working_group boolean DEFAULT false NOT NULL
);


--
-- Name: session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session (
    id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    person_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: COLUMN session.secret_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session.secret_hash IS 'SHA-256 of 256 random bits; the secret itself is in the person''s cookie alone.';


--
-- Name: COLUMN session.used_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session.used_at IS 'Written at most once a minute.';


--
-- Name: shipped_list; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.shipped_list (
    name text NOT NULL,
    digest bytea NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: sign_in_attempt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_attempt (
    key bytea NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    free_at timestamp with time zone NOT NULL
);


--
-- Name: COLUMN sign_in_attempt.key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sign_in_attempt.key IS 'HMAC of the account or the network address, neither of which stands here.';


--
-- Name: COLUMN sign_in_attempt.free_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sign_in_attempt.free_at IS 'When the next try is taken.';


--
-- Name: signing_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signing_key (
    kid text NOT NULL,
    public_key jsonb NOT NULL,
    private_key text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone
);


--
-- Name: allowance_spent allowance_spent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.allowance_spent
    ADD CONSTRAINT allowance_spent_pkey PRIMARY KEY (key, window_number);


--
-- Name: archive_file archive_file_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.archive_file
    ADD CONSTRAINT archive_file_pkey PRIMARY KEY (name);


--
-- Name: area_boundary area_boundary_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area_boundary
    ADD CONSTRAINT area_boundary_pkey PRIMARY KEY (country, detail, pcode);


--
-- Name: area_name area_name_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area_name
    ADD CONSTRAINT area_name_pkey PRIMARY KEY (folded, country, pcode);


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
-- Name: client client_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.client
    ADD CONSTRAINT client_pkey PRIMARY KEY (id);


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
-- Name: country_level country_level_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.country_level
    ADD CONSTRAINT country_level_pkey PRIMARY KEY (country, level);


--
-- Name: country country_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.country
    ADD CONSTRAINT country_pkey PRIMARY KEY (code);


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
-- Name: invitation invitation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);


--
-- Name: invitation invitation_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_token_hash_key UNIQUE (token_hash);


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
-- Name: known_place known_place_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.known_place
    ADD CONSTRAINT known_place_pkey PRIMARY KEY (person_id, kind, key);


--
-- Name: organisation_contact organisation_contact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_contact
    ADD CONSTRAINT organisation_contact_pkey PRIMARY KEY (organisation_id, place);


--
-- Name: organisation_duplicate organisation_duplicate_organisation_id_other_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_duplicate
    ADD CONSTRAINT organisation_duplicate_organisation_id_other_id_key UNIQUE (organisation_id, other_id);


--
-- Name: organisation_duplicate organisation_duplicate_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_duplicate
    ADD CONSTRAINT organisation_duplicate_pkey PRIMARY KEY (id);


--
-- Name: organisation_key organisation_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_key
    ADD CONSTRAINT organisation_key_pkey PRIMARY KEY (key, organisation_id);


--
-- Name: organisation_merge organisation_merge_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_merge
    ADD CONSTRAINT organisation_merge_pkey PRIMARY KEY (id);


--
-- Name: organisation_name organisation_name_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_name
    ADD CONSTRAINT organisation_name_pkey PRIMARY KEY (folded, organisation_id);


--
-- Name: organisation organisation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);


--
-- Name: organisation_type organisation_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_type
    ADD CONSTRAINT organisation_type_pkey PRIMARY KEY (code);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (event);


--
-- Name: partner_code partner_code_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.partner_code
    ADD CONSTRAINT partner_code_pkey PRIMARY KEY (issuer, folded);


--
-- Name: person_grant person_grant_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_grant
    ADD CONSTRAINT person_grant_pkey PRIMARY KEY (id);


--
-- Name: person_password person_password_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_password
    ADD CONSTRAINT person_password_pkey PRIMARY KEY (person_id);


--
-- Name: person person_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);


--
-- Name: person_profile person_profile_folded_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_profile
    ADD CONSTRAINT person_profile_folded_email_key UNIQUE (folded_email);


--
-- Name: person_profile person_profile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_profile
    ADD CONSTRAINT person_profile_pkey PRIMARY KEY (person_id);


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
-- Name: scope scope_code; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.scope
    ADD CONSTRAINT scope_code UNIQUE (code);


--
-- Name: scope scope_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.scope
    ADD CONSTRAINT scope_pkey PRIMARY KEY (country, code);


--
-- Name: sector sector_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sector
    ADD CONSTRAINT sector_pkey PRIMARY KEY (code);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);


--
-- Name: session session_secret_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_secret_hash_key UNIQUE (secret_hash);


--
-- Name: shipped_list shipped_list_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.shipped_list
    ADD CONSTRAINT shipped_list_pkey PRIMARY KEY (name);


--
-- Name: sign_in_attempt sign_in_attempt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (key);


--
-- Name: signing_key signing_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (kid);


--
-- Name: allowance_spent_ends_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX allowance_spent_ends_at ON public.allowance_spent USING btree (ends_at);


--
-- Name: archive_file_rows; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX archive_file_rows ON public.archive_file USING btree (source, partition, first_number);


--
-- Name: area_boundary_area; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_boundary_area ON public.area_boundary USING btree (country, pcode);


--
-- Name: area_by_change; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_by_change ON public.area USING btree (changed_in, country, pcode);


--
-- Name: area_level; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_level ON public.area USING btree (level, country, pcode);


--
-- Name: area_name_area; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_name_area ON public.area_name USING btree (country, pcode);


--
-- Name: area_parent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_parent ON public.area USING btree (country, parent, pcode);


--
-- Name: area_path; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX area_path ON public.area USING gin (path);


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
-- Name: indicator_sector; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX indicator_sector ON public.indicator USING btree (sector, code);


--
-- Name: invitation_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX invitation_open ON public.invitation USING btree (person_id) WHERE ((used_at IS NULL) AND (revoked_at IS NULL));


--
-- Name: invitation_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invitation_person ON public.invitation USING btree (person_id);


--
-- Name: job_dead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX job_dead ON public.job USING btree (died_at, id) WHERE (died_at IS NOT NULL);


--
-- Name: job_next; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX job_next ON public.job USING btree (queue, lane, due_at, id) WHERE ((died_at IS NULL) OR (schedule IS NOT NULL));


--
-- Name: known_place_seen_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX known_place_seen_at ON public.known_place USING btree (seen_at);


--
-- Name: organisation_areas; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_areas ON public.organisation USING gin (areas);


--
-- Name: organisation_by_change; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_by_change ON public.organisation USING btree (changed_in, id);


--
-- Name: organisation_duplicate_other; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_duplicate_other ON public.organisation_duplicate USING btree (other_id);


--
-- Name: organisation_duplicate_score; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_duplicate_score ON public.organisation_duplicate USING btree (score, id);


--
-- Name: organisation_key_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_key_organisation ON public.organisation_key USING btree (organisation_id);


--
-- Name: organisation_merge_from; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX organisation_merge_from ON public.organisation_merge USING btree (from_id) WHERE (undone_at IS NULL);


--
-- Name: organisation_merge_into; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_merge_into ON public.organisation_merge USING btree (into_id) WHERE (undone_at IS NULL);


--
-- Name: organisation_name_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_name_organisation ON public.organisation_name USING btree (organisation_id);


--
-- Name: organisation_same; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_same ON public.organisation USING btree (COALESCE(merged_into, id));


--
-- Name: organisation_sectors; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_sectors ON public.organisation USING gin (sectors);


--
-- Name: organisation_sort; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_sort ON public.organisation USING btree (sort_name, id);


--
-- Name: organisation_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_status ON public.organisation USING btree (status, sort_name, id);


--
-- Name: organisation_type_code; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organisation_type_code ON public.organisation USING btree (type_code, sort_name, id);


--
-- Name: partner_code_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX partner_code_organisation ON public.partner_code USING btree (organisation_id);


--
-- Name: person_grant_organisation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX person_grant_organisation ON public.person_grant USING btree (organisation_id, person_id);


--
-- Name: person_grant_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX person_grant_person ON public.person_grant USING btree (person_id, place);


--
-- Name: person_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX person_state ON public.person USING btree (state, id);


--
-- Name: session_expires_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_expires_at ON public.session USING btree (expires_at);


--
-- Name: session_grant; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_grant ON public.session USING btree (grant_id);


--
-- Name: session_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_person ON public.session USING btree (person_id, used_at);


--
-- Name: session_used_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_used_at ON public.session USING btree (used_at);


--
-- Name: sign_in_attempt_last_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_attempt_last_at ON public.sign_in_attempt USING btree (last_at);


--
-- Name: signing_key_active; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX signing_key_active ON public.signing_key USING btree ((true)) WHERE (retired_at IS NULL);


--
-- Name: area area_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER area_changed BEFORE UPDATE ON public.area FOR EACH ROW EXECUTE FUNCTION public.mark_changed();


--
-- Name: organisation organisation_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER organisation_changed BEFORE UPDATE ON public.organisation FOR EACH ROW EXECUTE FUNCTION public.mark_changed();


--
-- Name: area_boundary area_boundary_country_pcode_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area_boundary
    ADD CONSTRAINT area_boundary_country_pcode_fkey FOREIGN KEY (country, pcode) REFERENCES public.area(country, pcode) ON DELETE CASCADE;


--
-- Name: area area_country_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_country_fkey FOREIGN KEY (country) REFERENCES public.country(code);


--
-- Name: area area_country_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_country_parent_fkey FOREIGN KEY (country, parent) REFERENCES public.area(country, pcode);


--
-- Name: area_name area_name_country_pcode_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.area_name
    ADD CONSTRAINT area_name_country_pcode_fkey FOREIGN KEY (country, pcode) REFERENCES public.area(country, pcode) ON DELETE CASCADE;


--
-- Name: client client_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.client
    ADD CONSTRAINT client_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);


--
-- Name: country_level country_level_country_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.country_level
    ADD CONSTRAINT country_level_country_fkey FOREIGN KEY (country) REFERENCES public.country(code);


--
-- Name: indicator indicator_sector_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.indicator
    ADD CONSTRAINT indicator_sector_fkey FOREIGN KEY (sector) REFERENCES public.sector(code);


--
-- Name: invitation invitation_person_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;


--
-- Name: known_place known_place_person_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.known_place
    ADD CONSTRAINT known_place_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;


--
-- Name: organisation_contact organisation_contact_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_contact
    ADD CONSTRAINT organisation_contact_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id) ON DELETE CASCADE;


--
-- Name: organisation_duplicate organisation_duplicate_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_duplicate
    ADD CONSTRAINT organisation_duplicate_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id) ON DELETE CASCADE;


--
-- Name: organisation_duplicate organisation_duplicate_other_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_duplicate
    ADD CONSTRAINT organisation_duplicate_other_id_fkey FOREIGN KEY (other_id) REFERENCES public.organisation(id) ON DELETE CASCADE;


--
-- Name: organisation_key organisation_key_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_key
    ADD CONSTRAINT organisation_key_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id) ON DELETE CASCADE;


--
-- Name: organisation_merge organisation_merge_from_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_merge
    ADD CONSTRAINT organisation_merge_from_id_fkey FOREIGN KEY (from_id) REFERENCES public.organisation(id);


--
-- Name: organisation_merge organisation_merge_into_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_merge
    ADD CONSTRAINT organisation_merge_into_id_fkey FOREIGN KEY (into_id) REFERENCES public.organisation(id);


--
-- Name: organisation organisation_merged_into_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.organisation(id);


--
-- Name: organisation_name organisation_name_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation_name
    ADD CONSTRAINT organisation_name_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id) ON DELETE CASCADE;


--
-- Name: organisation organisation_type_code_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_type_code_fkey FOREIGN KEY (type_code) REFERENCES public.organisation_type(code);


--
-- Name: partner_code partner_code_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.partner_code
    ADD CONSTRAINT partner_code_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id) ON DELETE CASCADE;


--
-- Name: person_grant person_grant_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_grant
    ADD CONSTRAINT person_grant_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);


--
-- Name: person_grant person_grant_person_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_grant
    ADD CONSTRAINT person_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;


--
-- Name: person_password person_password_person_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_password
    ADD CONSTRAINT person_password_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;


--
-- Name: person_profile person_profile_person_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.person_profile
    ADD CONSTRAINT person_profile_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;


--
-- Name: scope scope_country_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.scope
    ADD CONSTRAINT scope_country_fkey FOREIGN KEY (country) REFERENCES public.country(code);


--
-- Name: sector sector_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sector
    ADD CONSTRAINT sector_parent_fkey FOREIGN KEY (parent) REFERENCES public.sector(code);


--
-- Name: session session_grant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.person_grant(id) ON DELETE CASCADE;


--
-- Name: session session_person_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE CASCADE;


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
    ('0106'),
    ('0107'),
    ('0108'),
    ('0110'),
    ('0111'),
    ('0118'),
    ('0148'),
    ('0160'),
    ('0161'),
    ('0162'),
    ('0163'),
    ('0180');
