-- What is known of keys, runs, calls and events. Times are Unix nanoseconds by the clock of this database, money is in
-- USD. What comes from outside (journals, reports, JSON) is bytea: it may hold what text may not.

CREATE FUNCTION now_ns() RETURNS bigint LANGUAGE sql VOLATILE AS
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint';

-- A row is locked by who decides about its key. state and failed_ns are what the journal says.
CREATE TABLE keys (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    journal bytea,
    state text,
    failed_ns bigint,
    PRIMARY KEY (series, address)
);
CREATE INDEX keys_failed ON keys (failed_ns DESC) WHERE failed_ns IS NOT NULL;

-- Journals that could not be read, kept when another took their place.
CREATE TABLE damaged (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    journal bytea NOT NULL,
    moved_ns bigint NOT NULL
);

-- Runs that are open, or cancelled and not let go yet: at most one for each key.
CREATE TABLE tickets (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    run_id text NOT NULL,
    queued_ns bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'cancelled')),
    PRIMARY KEY (series, address)
);
CREATE INDEX tickets_waiting ON tickets (queued_ns, run_id) WHERE state = 'waiting';

-- Locked by who adds a ticket, so that the bound of the queue holds.
CREATE TABLE queue (id integer PRIMARY KEY CHECK (id = 1));
INSERT INTO queue VALUES (1);

-- Who works on a key. A holder whose token is not here any more publishes nothing.
CREATE SEQUENCE generations;
CREATE TABLE claims (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    token text NOT NULL,
    generation bigint NOT NULL,
    owner text NOT NULL,
    lease_until bigint NOT NULL,
    PRIMARY KEY (series, address)
) WITH (fillfactor = 70);

-- Lock a key, with_claim also its claim against the beats of its holder, and return its rows as they are then: each
-- statement of a function sees what others did while a lock was waited for.
CREATE FUNCTION enter_key(of_series text, of_address text, with_claim boolean)
RETURNS TABLE (
    journal bytea, queued_ns bigint, run_id text, state text, token text, owner text, has_lease boolean
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO keys (series, address) VALUES (of_series, of_address) ON CONFLICT DO NOTHING;
    PERFORM FROM keys k WHERE k.series = of_series AND k.address = of_address FOR UPDATE;
    IF with_claim THEN
        PERFORM FROM claims c WHERE c.series = of_series AND c.address = of_address FOR UPDATE;
    END IF;
    RETURN QUERY
        SELECT k.journal, t.queued_ns, t.run_id, t.state, c.token, c.owner, c.lease_until > now_ns()
        FROM keys k LEFT JOIN tickets t USING (series, address) LEFT JOIN claims c USING (series, address)
        WHERE k.series = of_series AND k.address = of_address;
END
$$;

-- The calls of journals, so that the database itself refuses a second paid one while another is open.
CREATE TABLE attempts (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    run_id text NOT NULL,
    number integer NOT NULL,
    sent_ns bigint NOT NULL,
    paid boolean NOT NULL,
    is_open boolean NOT NULL,
    outcome text NOT NULL,
    used boolean NOT NULL,
    estimate double precision NOT NULL CHECK (estimate >= 0),
    cost double precision NOT NULL CHECK (cost >= 0),
    PRIMARY KEY (series, address, run_id, number)
);
CREATE UNIQUE INDEX attempts_one_open_paid_call ON attempts (series, address) WHERE paid AND is_open;

-- Public reports. After a crash of the database they are gone, and derived from the journals again.
CREATE UNLOGGED TABLE reports (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    shown_ns bigint NOT NULL,
    PRIMARY KEY (series, address)
) WITH (fillfactor = 70);

CREATE TABLE failures (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    run_id text NOT NULL,
    ended_ns bigint NOT NULL,
    PRIMARY KEY (series, address, run_id)
);
CREATE INDEX failures_by_time ON failures (ended_ns);

-- The call log, with what its lines are summed up by. is_summed: the line counts in expenses, and by itself no more.
CREATE TABLE calls (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    run_id text,
    kind text,
    number bigint,
    sent_ns bigint NOT NULL,
    line bytea NOT NULL,
    day integer NOT NULL,
    group_kind text NOT NULL,
    model text NOT NULL,
    code text NOT NULL,
    accepted integer NOT NULL,
    refused integer NOT NULL,
    unknown integer NOT NULL,
    spent bigint NOT NULL,
    at_risk bigint NOT NULL,
    is_summed boolean NOT NULL DEFAULT false
);
CREATE INDEX calls_by_time ON calls (sent_ns, id);
CREATE INDEX calls_by_run ON calls (run_id);
CREATE INDEX calls_by_key ON calls (series, address, sent_ns);
CREATE INDEX calls_unsummed ON calls (sent_ns) WHERE NOT is_summed;

-- Sums of calls; money in millionths of a USD.
CREATE TABLE expenses (
    day integer NOT NULL,
    series text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    model text NOT NULL,
    code text NOT NULL,
    accepted bigint NOT NULL,
    refused bigint NOT NULL,
    unknown bigint NOT NULL,
    spent bigint NOT NULL,
    at_risk bigint NOT NULL,
    PRIMARY KEY (day, series, kind, model, code)
);

CREATE TABLE documents (name text PRIMARY KEY, body bytea NOT NULL);

-- Events until they are delivered. holder, held_until: who is sending it.
CREATE TABLE outbox (
    id text PRIMARY KEY,
    type text NOT NULL,
    time_ns bigint NOT NULL,
    data bytea NOT NULL,
    put_ns bigint NOT NULL,
    due_ns bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    status integer NOT NULL DEFAULT 0,
    is_given_up boolean NOT NULL DEFAULT false,
    holder text NOT NULL DEFAULT '',
    held_until bigint NOT NULL DEFAULT 0
);
CREATE INDEX outbox_due ON outbox (is_given_up, due_ns, id);

-- Names that one worker holds over all hosts.
CREATE TABLE exclusives (
    name text PRIMARY KEY,
    token text NOT NULL,
    owner text NOT NULL,
    lease_until bigint NOT NULL
);

-- Series files. revision: of the last change of any of them; locked by who changes one.
CREATE TABLE series_revision (id integer PRIMARY KEY CHECK (id = 1), revision bigint NOT NULL);
INSERT INTO series_revision VALUES (1, 1);
CREATE TABLE series_files (
    name text COLLATE "C" PRIMARY KEY,
    content bytea NOT NULL,
    revision bigint NOT NULL
);
CREATE TABLE series_versions (
    name text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL,
    replaced_ns bigint NOT NULL,
    PRIMARY KEY (name, number)
);

-- Files that lay in a host's own folder, and were taken from there once.
CREATE TABLE series_taken (
    name text COLLATE "C" NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (name, sha256)
);
