-- Objects, what names them, and the gallery's index.
--
-- An object is in the bucket once, under a name that is never used again. Its row is written before the bucket gets it,
-- so that what nobody came to name is found without listing a bucket. What names an object is a row of another table;
-- the triggers keep in the object's own row since when nothing does. A picture's row is its pointer and its entry in the
-- gallery at once.

-- size, sha256   of the bytes
-- modified_ns    the time of the object, which every copy of it has
-- whole          false: a picture whose bytes have no end
-- data           the bytes of a text, which the bucket does not get
-- free_ns        since when nothing names it, NULL while something does
-- doomed         nothing can name it any more: it is being deleted from the bucket
CREATE TABLE objects (
    name text COLLATE "C" PRIMARY KEY,
    size bigint NOT NULL CHECK (size >= 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    modified_ns bigint NOT NULL,
    whole boolean NOT NULL DEFAULT true,
    data bytea,
    free_ns bigint,
    doomed boolean NOT NULL DEFAULT false CHECK (free_ns IS NOT NULL OR NOT doomed)
);
CREATE INDEX objects_free ON objects (free_ns) WHERE free_ns IS NOT NULL;

-- name     an address, or what a picture of another program is called
-- version  '' while none is noted
-- painting how many of its rows, from above, are the painting; 0: unknown
-- words    series, name and title as the filter finds them: upper case and lower case are the same
CREATE TABLE pictures (
    id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    series text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    object text COLLATE "C" NOT NULL REFERENCES objects,
    modified_ns bigint NOT NULL,
    size bigint NOT NULL,
    whole boolean NOT NULL,
    version text COLLATE "C" NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    title text COLLATE "C" NOT NULL,
    painter text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    painting integer NOT NULL DEFAULT 0,
    PRIMARY KEY (series, name)
);
CREATE UNIQUE INDEX pictures_object ON pictures (object);
-- With the words, so that a filter reads thousands of pictures in order from the index alone.
CREATE INDEX pictures_order ON pictures (series, modified_ns DESC, name DESC) INCLUDE (words) WHERE whole;
CREATE INDEX pictures_torn ON pictures (series, name) WHERE NOT whole;

-- The pieces of a picture's words, by which the few are found that may match; the series is one of them, behind a '='.
CREATE TABLE grams (
    id bigint PRIMARY KEY REFERENCES pictures (id) ON DELETE CASCADE,
    pieces text[] COLLATE "C" NOT NULL
);
CREATE INDEX grams_pieces ON grams USING gin (pieces) WITH (fastupdate = off);
ALTER TABLE grams ALTER COLUMN pieces SET STATISTICS 1000;

-- The picture before, while that one is made again.
CREATE TABLE previous (
    series text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    object text COLLATE "C" NOT NULL REFERENCES objects,
    modified_ns bigint NOT NULL,
    size bigint NOT NULL,
    whole boolean NOT NULL,
    version text COLLATE "C" NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    title text COLLATE "C" NOT NULL,
    painter text COLLATE "C" NOT NULL,
    words text COLLATE "C" NOT NULL,
    painting integer NOT NULL DEFAULT 0,
    kept_ns bigint NOT NULL,
    PRIMARY KEY (series, name)
);
CREATE UNIQUE INDEX previous_object ON previous (object);
CREATE INDEX previous_kept ON previous (kept_ns);

-- What else belongs to a key and is public. kind: the second part of the path.
CREATE TABLE blobs (
    path text COLLATE "C" PRIMARY KEY,
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    object text COLLATE "C" REFERENCES objects,
    data bytea,
    modified_ns bigint NOT NULL,
    CHECK ((object IS NULL) <> (data IS NULL))
);
CREATE INDEX blobs_key ON blobs (series, address, kind);
CREATE INDEX blobs_object ON blobs (object) WHERE object IS NOT NULL;

-- What attempts brought, until it has become the picture. A host's spool may still have the bytes.
CREATE TABLE originals (
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    object text COLLATE "C" NOT NULL REFERENCES objects,
    arrived_ns bigint NOT NULL,
    PRIMARY KEY (series, address, run_id, number, kind)
);
CREATE INDEX originals_object ON originals (object);
CREATE INDEX originals_arrived ON originals (arrived_ns);

-- Bytes that are no picture, kept for people.
CREATE TABLE quarantined (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    object text COLLATE "C" NOT NULL REFERENCES objects,
    at_ns bigint NOT NULL
);
CREATE INDEX quarantined_object ON quarantined (object);

CREATE FUNCTION note_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.object IS NOT DISTINCT FROM NEW.object THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.object IS NOT NULL THEN
        UPDATE objects SET free_ns = NULL WHERE name = NEW.object AND NOT doomed;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'object % is being deleted', NEW.object USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.object IS NOT NULL THEN
        UPDATE objects SET free_ns = now_ns() WHERE name = OLD.object
            AND NOT EXISTS (SELECT FROM pictures WHERE object = OLD.object)
            AND NOT EXISTS (SELECT FROM previous WHERE object = OLD.object)
            AND NOT EXISTS (SELECT FROM blobs WHERE object = OLD.object)
            AND NOT EXISTS (SELECT FROM originals WHERE object = OLD.object)
            AND NOT EXISTS (SELECT FROM quarantined WHERE object = OLD.object);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER names AFTER INSERT OR DELETE OR UPDATE OF object ON pictures FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER names AFTER INSERT OR DELETE OR UPDATE OF object ON previous FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER names AFTER INSERT OR DELETE OR UPDATE OF object ON blobs FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER names AFTER INSERT OR DELETE OR UPDATE OF object ON originals FOR EACH ROW EXECUTE FUNCTION note_names();
CREATE TRIGGER names AFTER INSERT OR DELETE OR UPDATE OF object ON quarantined FOR EACH ROW EXECUTE FUNCTION note_names();

-- How many pictures a series has, and how many of each day and hour: a place in the middle is found without reading up to it.
-- A publication only adds a row to `changes`, so that no two wait for each other; they are summed up now and then.
CREATE TABLE folders (
    series text COLLATE "C" PRIMARY KEY,
    count bigint NOT NULL
);
CREATE TABLE hours (
    series text COLLATE "C" NOT NULL,
    hour bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (series, hour)
);
CREATE TABLE days (
    series text COLLATE "C" NOT NULL,
    day bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (series, day)
);
CREATE TABLE changes (
    series text COLLATE "C" NOT NULL,
    hour bigint NOT NULL,
    count bigint NOT NULL
);

-- Pictures whose rows were deleted by something else than this program, until what belongs to them is cleared away.
CREATE TABLE vanished (
    series text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    PRIMARY KEY (series, name)
);

CREATE FUNCTION note_picture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.whole THEN
        INSERT INTO changes VALUES (OLD.series, OLD.modified_ns / 3600000000000, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.whole THEN
        INSERT INTO changes VALUES (NEW.series, NEW.modified_ns / 3600000000000, 1);
    END IF;
    IF TG_OP = 'INSERT' THEN
        DELETE FROM vanished WHERE series = NEW.series AND name = NEW.name;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO vanished VALUES (OLD.series, OLD.name) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gallery AFTER INSERT OR DELETE OR UPDATE OF series, name, modified_ns, whole ON pictures
    FOR EACH ROW EXECUTE FUNCTION note_picture();
