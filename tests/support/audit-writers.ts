import { query } from './mirror.ts';

/** What the database itself saw of its writers, whatever they think they did. */
export type WritersAudit = Readonly<{
  /** Transactions that wrote feed rows. */
  transactions: number;
  /** Pairs of them that were at work at the same moment. */
  overlaps: number;
  /** Runs whose rows came under more than one token of the lease. */
  mixedRuns: number;
  /** Feed rows that came after a row of a later token. */
  stepsBack: number;
}>;

/**
 * Makes the database write down each transaction that writes to the feed: from its first row to the moment of its commit, with the
 * lease's token as the database has it. A claim of the lease is written down with its time.
 */
export async function startAudit(url: string): Promise<void> {
  await query(url, AUDIT);
}

/** What was written down. */
export async function readAudit(url: string): Promise<WritersAudit> {
  const [audit] = await query<WritersAudit>(url, VERDICT);
  if (audit === undefined) throw new Error('the audit says nothing');
  return audit;
}

/** Claims of the lease, oldest first; times in milliseconds since 1970. */
export async function readClaims(url: string): Promise<readonly Readonly<{ token: number; at: number }>[]> {
  return await query(
    url,
    'select token::int, (extract(epoch from at) * 1000)::float8 as at from audit.claims order by token',
  );
}

const AUDIT = `
  create schema audit;
  create table audit.spans (number bigint, run_id text, token bigint, began timestamptz, ended timestamptz,
    primary key (number, run_id, token));
  create table audit.rows (seq bigint primary key, token bigint);
  create table audit.claims (token bigint primary key, at timestamptz);

  create function audit.write_down() returns trigger language plpgsql as $$
    declare current_token bigint := (select lease_token from public.confluence_sync_state);
    begin
      insert into audit.rows select seq, current_token from fresh;
      insert into audit.spans select distinct txid_current(), run_id, current_token, clock_timestamp(), clock_timestamp() from fresh
        on conflict do nothing;
      return null;
    end $$;
  create trigger audit after insert on public.confluence_page_changes referencing new table as fresh
    for each statement execute function audit.write_down();

  create function audit.end_span() returns trigger language plpgsql as $$ begin
    update audit.spans set ended = clock_timestamp() where number = new.number;
    return null;
  end $$;
  create constraint trigger at_commit after insert on audit.spans deferrable initially deferred
    for each row execute function audit.end_span();

  create function audit.claim() returns trigger language plpgsql as $$ begin
    insert into audit.claims values (new.lease_token, clock_timestamp());
    return null;
  end $$;
  create trigger audit after update on public.confluence_sync_state for each row
    when (old.lease_token <> new.lease_token) execute function audit.claim()`;

const VERDICT = `
  select (select count(distinct number)::int from audit.spans) as transactions,
    (select count(*)::int from audit.spans a join audit.spans b on a.number < b.number
      where a.began < b.ended and b.began < a.ended) as overlaps,
    (select count(*)::int from (select 1 from audit.spans group by run_id having count(distinct token) > 1) as mixed)
      as "mixedRuns",
    (select count(*)::int from (select token, lag(token) over (order by seq) as before from audit.rows) as ordered
      where token < before) as "stepsBack"`;
