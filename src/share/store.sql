-- The store of Handrail in PostgreSQL 11 or newer: handrail-store(5). Sent by `handrail store
-- init` and `store upgrade`, printed by `store sql`; each version in one transaction, by
-- whoever may make roles and schemas. Never changed once released: what comes later is a
-- new version below, between marks like the one that follows.

-- version 1, read and written by what speaks version 1 or newer

-- Whatever somebody has put into public or another schema is not called from here.
set local search_path = pg_catalog, pg_temp;

-- Roles are the whole server's. Nobody logs in as one of these: they are granted.
do $$
begin
	if current_setting('server_encoding') <> 'UTF8' then
		raise exception 'the encoding of this database is %, and has to be UTF8',
			current_setting('server_encoding');
	end if;
	if not exists (select from pg_roles where rolname = 'handrail_owner') then
		create role handrail_owner nologin;
	end if;
	if not exists (select from pg_roles where rolname = 'handrail_writer') then
		create role handrail_writer nologin;
	end if;
	if not exists (select from pg_roles where rolname = 'handrail_reader') then
		create role handrail_reader nologin;
	end if;
	if not pg_has_role(current_user, 'handrail_owner', 'member') then
		execute format('grant handrail_owner to %I', current_user);
	end if;
end
$$;

create schema handrail authorization handrail_owner;
set local role handrail_owner;

create table handrail.version (
	version int primary key,
	speaks int not null, -- who writes here has to know at least this version
	applied_at timestamptz not null default clock_timestamp(),
	applied_by name not null default session_user
);

-- The lines of every run's journal.jsonl, each with its newline, byte for byte. A line is
-- also an anchor: its hash was known here at that time.
create table handrail.record (
	run text collate "C" not null,
	seq bigint not null,
	line bytea not null,
	hash bytea not null,               -- sha256(line), computed here
	anchored_at timestamptz not null,  -- by the clock of this server
	anchored_by name not null,         -- who was logged in
	primary key (run, seq)
);

-- A record goes in only behind the one before it: seq is the next one, and `prev` is the
-- hash of what stands here. The envelope of a line has a fixed order, handrail-journal(5),
-- so its first and last members are read where they stand; jsonb refuses what a line may
-- hold.
create function handrail.record_in() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
	t text := convert_from(new.line, 'UTF8');
	head text[] := regexp_match(t,
		'^\{"v":[1-9][0-9]*,"run":"([0-7][0-9A-HJKMNP-TV-Z]{25})","seq":(0|[1-9][0-9]{0,15}),"epoch":');
	prev text := (regexp_match(right(t, 76), '^,"prev":"([0-9a-f]{64})"\}\n$'))[1];
	last_seq bigint;
	last_hash bytea;
begin
	if head is null or prev is null or octet_length(new.line) > 65536 or
			position(E'\n' in t) < length(t) then
		raise exception 'this is no line of a record' using errcode = 'HR003';
	end if;
	if head[1] <> new.run or head[2]::bigint <> new.seq then
		raise exception 'this line is record % of run %, not % of %',
			head[2], head[1], new.seq, new.run using errcode = 'HR003';
	end if;
	perform pg_advisory_xact_lock(18514, hashtext(new.run));
	select r.seq, r.hash into last_seq, last_hash from handrail.record r
		where r.run = new.run order by r.seq desc limit 1;
	if new.seq <> coalesce(last_seq + 1, 0) then
		raise exception 'record % of run % is not the next one: the store has %',
			new.seq, new.run, coalesce(last_seq::text, 'none')
			using errcode = 'HR001';
	end if;
	if decode(prev, 'hex') <> coalesce(last_hash, decode(repeat('0', 64), 'hex')) then
		raise exception 'record % of run % does not follow the one that the store has',
			new.seq, new.run using errcode = 'HR001';
	end if;
	new.hash := sha256(new.line);
	new.anchored_at := clock_timestamp();
	new.anchored_by := session_user;
	return new;
end
$$;
create trigger record_in before insert on handrail.record
	for each row execute function handrail.record_in();

create function handrail.append_only() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
	raise exception '% of %: the store is only ever added to', tg_op, tg_table_name
		using errcode = 'HR002';
end
$$;
create trigger record_stays before update or delete or truncate on handrail.record
	for each statement execute function handrail.append_only();
create trigger version_stays before update or delete or truncate on handrail.version
	for each statement execute function handrail.append_only();

-- The newest record of each run.
create view handrail.head as
	select distinct on (run) run, seq, hash, anchored_at, anchored_by
	from handrail.record order by run, seq desc;

grant usage on schema handrail to handrail_writer, handrail_reader;
grant select on handrail.version, handrail.record, handrail.head
	to handrail_writer, handrail_reader;
grant insert (run, seq, line) on handrail.record to handrail_writer;

insert into handrail.version (version, speaks) values (1, 1);
reset role;
-- end of version 1
