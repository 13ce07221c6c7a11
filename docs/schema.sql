-- What the migrations make, read from the catalogue of a database: npm run schema.
-- Where the server has lz4, storage of confluence_page_bodies is compressed with it.

CREATE TABLE confluence_sync_migrations (
  name text COLLATE "C" NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
  CONSTRAINT confluence_sync_migrations_pkey PRIMARY KEY (name)
);

CREATE TABLE confluence_pages (
  id text COLLATE "C" NOT NULL,
  title text NOT NULL,
  space_key text COLLATE "C" NOT NULL,
  content_hash text COLLATE "C" NOT NULL,
  last_updated timestamp with time zone NOT NULL,
  version integer NOT NULL,
  url text NOT NULL,
  synced_at timestamp with time zone NOT NULL,
  type text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  parent_id text COLLATE "C",
  hash_version smallint NOT NULL,
  content_changed_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  deleted_reason text COLLATE "C",
  CONSTRAINT confluence_pages_pkey PRIMARY KEY (id),
  CONSTRAINT confluence_pages_reason_known CHECK ((deleted_reason = ANY (ARRAY['trashed'::text, 'gone'::text, 'out_of_scope'::text]))),
  CONSTRAINT confluence_pages_status_known CHECK ((status = ANY (ARRAY['current'::text, 'archived'::text, 'trashed'::text, 'deleted'::text]))),
  CONSTRAINT confluence_pages_type_known CHECK ((type = ANY (ARRAY['page'::text, 'blogpost'::text])))
);
CREATE INDEX confluence_pages_by_last_updated ON confluence_pages USING btree (last_updated);
CREATE INDEX confluence_pages_by_space ON confluence_pages USING btree (space_key, length(id), id);
CREATE INDEX confluence_pages_by_status ON confluence_pages USING btree (status, space_key, length(id), id) WHERE (status <> 'current'::text);
CREATE INDEX confluence_pages_gone ON confluence_pages USING btree (space_key, length(id), id) WHERE (deleted_at IS NOT NULL);

CREATE TABLE confluence_page_bodies (
  page_id text COLLATE "C" NOT NULL,
  storage text NOT NULL,
  CONSTRAINT confluence_page_bodies_pkey PRIMARY KEY (page_id),
  CONSTRAINT confluence_page_bodies_page_id_fkey FOREIGN KEY (page_id) REFERENCES confluence_pages(id)
);

CREATE TABLE confluence_page_changes (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  page_id text COLLATE "C" NOT NULL,
  space_key text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  content_changed boolean NOT NULL,
  previous_hash text COLLATE "C",
  content_hash text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  run_id text COLLATE "C" NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT confluence_page_changes_pkey PRIMARY KEY (seq),
  CONSTRAINT confluence_page_changes_kind_known CHECK ((kind = ANY (ARRAY['created'::text, 'updated'::text, 'moved'::text, 'deleted'::text, 'restored'::text])))
);
COMMENT ON TABLE confluence_page_changes IS 'A page''s last row tells what the page is now: space_key, version and content_hash are the page''s own, and it is gone exactly when kind is deleted. content_hash of a deleted row is the hash the page had.';

CREATE TABLE confluence_sync_failures (
  page_id text COLLATE "C" NOT NULL,
  space_key text COLLATE "C" NOT NULL,
  title text,
  version integer,
  stage text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  message text NOT NULL,
  attempts integer NOT NULL,
  first_failed_at timestamp with time zone NOT NULL,
  last_failed_at timestamp with time zone NOT NULL,
  next_retry_at timestamp with time zone NOT NULL,
  CONSTRAINT confluence_sync_failures_pkey PRIMARY KEY (page_id)
);

CREATE TABLE confluence_sync_runs (
  id text COLLATE "C" NOT NULL DEFAULT (gen_random_uuid())::text,
  mode text COLLATE "C" NOT NULL,
  trigger text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
  finished_at timestamp with time zone,
  report jsonb,
  CONSTRAINT confluence_sync_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX confluence_sync_runs_by_start ON confluence_sync_runs USING btree (started_at);

CREATE TABLE confluence_sync_spaces (
  key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  status text COLLATE "C" NOT NULL,
  watermark timestamp with time zone,
  last_listed_at timestamp with time zone,
  held jsonb,
  CONSTRAINT confluence_sync_spaces_pkey PRIMARY KEY (key)
);

CREATE TABLE confluence_sync_state (
  only_row boolean NOT NULL DEFAULT true,
  deployment text COLLATE "C",
  base_url text,
  cloud_id text COLLATE "C",
  lease_holder text COLLATE "C",
  lease_expires_at timestamp with time zone,
  lease_token bigint NOT NULL DEFAULT 0,
  changes_removed_to bigint,
  pages_at_work jsonb NOT NULL DEFAULT '[]'::jsonb,
  crashes jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT confluence_sync_state_pkey PRIMARY KEY (only_row),
  CONSTRAINT confluence_sync_state_only_row CHECK (only_row)
);
