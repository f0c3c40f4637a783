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

-- version 2, read and written by what speaks version 1 or newer: who drives a run, and what
-- else of it another machine needs to go on with it

set local search_path = pg_catalog, pg_temp;
set local role handrail_owner;

-- Who drives a run: the row with the highest epoch. Taking it is one insert, which succeeds
-- once for each epoch. `until` says how long its console is believed without another word of
-- it; it is for people, and no right ends with it.
create table handrail.lease (
	run text collate "C" not null,
	epoch bigint not null,
	con text not null,                 -- of the console, as in its records
	who text not null,                 -- as it calls itself
	from_seq bigint,                   -- taken elsewhere: the newest record there was
	taken_at timestamptz not null,
	taken_by name not null,            -- who was logged in
	until timestamptz not null,
	left_at timestamptz,               -- the console ended, and drives no more
	primary key (run, epoch)
);

create function handrail.lease_in() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
	held handrail.lease;
	last_seq bigint;
begin
	if new.run !~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' or new.epoch < 1 or
			length(new.con) not between 1 and 200 or
			length(new.who) not between 1 and 400 then
		raise exception 'this is no lease of a run' using errcode = 'HR003';
	end if;
	perform pg_advisory_xact_lock(18514, hashtext(new.run));
	select * into held from handrail.lease l where l.run = new.run
		order by l.epoch desc limit 1;
	if held.epoch >= new.epoch then
		raise exception 'driver % of run % is % (%)', held.epoch, new.run,
			held.who, held.con using errcode = 'HR004';
	end if;
	if new.from_seq is not null then
		select r.seq into last_seq from handrail.record r where r.run = new.run
			order by r.seq desc limit 1;
		if new.from_seq is distinct from last_seq then
			raise exception 'run % went on: its newest record is %',
				new.run, last_seq using errcode = 'HR005';
		end if;
	end if;
	new.taken_at := clock_timestamp();
	new.taken_by := session_user;
	new.until := clock_timestamp() + interval '30 s';
	new.left_at := null;
	perform pg_notify('handrail', 'lease ' || new.run);
	return new;
end
$$;
create trigger lease_in before insert on handrail.lease
	for each row execute function handrail.lease_in();

-- Its holder says that it is still there, or that it leaves; nobody says when.
create function handrail.lease_kept() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
	if old.taken_by <> session_user then
		raise exception 'driver % of run % is another user''s, %', old.epoch, old.run,
			old.taken_by using errcode = 'HR002';
	end if;
	if exists (select from handrail.lease l
			where l.run = old.run and l.epoch > old.epoch) then
		raise exception 'driver % of run % is no longer its driver', old.epoch,
			old.run using errcode = 'HR004';
	end if;
	new.left_at := case when new.left_at is not null then clock_timestamp() end;
	new.until := clock_timestamp() +
		case when new.left_at is null then interval '30 s' else interval '0' end;
	if new.left_at is not null then
		perform pg_notify('handrail', 'lease ' || old.run);
	end if;
	return new;
end
$$;
create trigger lease_kept before update on handrail.lease
	for each row execute function handrail.lease_kept();
create trigger lease_stays before delete or truncate on handrail.lease
	for each statement execute function handrail.append_only();

-- A record of who drove before the newest lease goes in only when whoever brings it has what
-- its holder wrote: what a console wrote that was cut off, and has not sent, is no longer the
-- record. (Fired after record_in, so under its lock.) handrail.cons are the consoles that have
-- written the record of whoever brings it.
create function handrail.record_of_driver() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
	head text[] := regexp_match(convert_from(new.line, 'UTF8'),
		'^\{"v":[0-9]+,"run":"[^"]*","seq":[0-9]+,"epoch":(0|[1-9][0-9]{0,15}),"t":"[^"]*","mono":[0-9]+,"con":"([^"]*)"');
	held handrail.lease;
begin
	select * into held from handrail.lease l where l.run = new.run
		order by l.epoch desc limit 1;
	if held.epoch is null or head[1]::bigint > held.epoch or
			(head[1]::bigint = held.epoch and head[2] = held.con) or
			held.con = any(string_to_array(
				current_setting('handrail.cons', true), ' ')) then
		return new;
	end if;
	raise exception 'run % was taken over by % (%, driver %)', new.run, held.who,
		held.con, held.epoch using errcode = 'HR004';
end
$$;
create trigger record_of_driver before insert on handrail.record
	for each row execute function handrail.record_of_driver();

-- The files that a record names by their hash, in parts: the runbook, outputs, attachments.
create table handrail.blob (
	run text collate "C" not null,
	sha256 text collate "C" not null,
	part int not null,
	parts int not null,
	bytes bytea not null,
	kept_at timestamptz not null default clock_timestamp(),
	kept_by name not null default session_user,
	primary key (run, sha256, part),
	check (sha256 ~ '^[0-9a-f]{64}$' and part >= 0 and part < parts and parts <= 1024 and
		octet_length(bytes) <= 262144)
);
create trigger blob_stays before update or delete or truncate on handrail.blob
	for each statement execute function handrail.append_only();

-- Which runs there are, without looking through all of their records.
create index on handrail.record (run) where seq = 0;

-- Who drives each run.
create view handrail.driver as
	select distinct on (run) run, epoch, con, who, taken_at, taken_by, until, left_at
	from handrail.lease order by run, epoch desc;

grant select on handrail.lease, handrail.blob, handrail.driver
	to handrail_writer, handrail_reader;
grant insert (run, epoch, con, who, from_seq) on handrail.lease to handrail_writer;
grant update (until, left_at) on handrail.lease to handrail_writer;
grant insert (run, sha256, part, parts, bytes) on handrail.blob to handrail_writer;

insert into handrail.version (version, speaks) values (2, 1);
reset role;
-- end of version 2

-- version 3, read and written by what speaks version 1 or newer: what somebody elsewhere asks
-- of the console that drives a run, and what that one answers

set local search_path = pg_catalog, pg_temp;
set local role handrail_owner;

-- Letters to whoever drives a run: a note, a signature, a hold. They are no part of the record:
-- the driver reads them, and what it takes becomes a record of its own. One that is sent again
-- has the same id and is there once.
create table handrail.inbox (
	run text collate "C" not null,
	n bigint not null,                 -- in the order in which they came, from 1
	id text collate "C" not null,      -- made by the sender
	con text not null,                 -- of its console
	who text not null,                 -- as it calls itself
	kind text not null,
	body bytea not null,               -- a JSON object
	sent_at timestamptz not null,      -- by the clock of this server
	sent_by name not null,             -- who was logged in
	primary key (run, n),
	unique (run, id)
);

-- What the driver says to a letter: the record that it became, or why it became none.
create table handrail.answer (
	run text collate "C" not null,
	n bigint not null,
	con text not null,                 -- of the console that drives
	seq bigint,                        -- the record; null: refused
	why text,
	answered_at timestamptz not null,
	answered_by name not null,
	primary key (run, n),
	foreign key (run, n) references handrail.inbox,
	check ((seq is null) <> (why is null) and length(why) <= 1000)
);

create function handrail.inbox_in() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
	waiting bigint;
begin
	if new.run !~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' or new.id !~ '^[0-9a-f]{32}$' or
			length(new.con) not between 1 and 200 or
			length(new.who) not between 1 and 400 or
			new.kind !~ '^[a-z]{1,20}$' or octet_length(new.body) > 65536 then
		raise exception 'this is no letter to the driver of a run'
			using errcode = 'HR003';
	end if;
	perform pg_advisory_xact_lock(18515, hashtext(new.run));
	if exists (select from handrail.inbox i where i.run = new.run and i.id = new.id) then
		return null;
	end if;
	if not exists (select from handrail.record r where r.run = new.run and r.seq = 0) then
		raise exception 'there is no run %', new.run using errcode = 'HR003';
	end if;
	select count(*) into waiting from handrail.inbox i
		where i.run = new.run and i.sent_by = session_user and not exists
			(select from handrail.answer a where a.run = i.run and a.n = i.n);
	if waiting >= 100 then
		raise exception '% letters of % to run % are not answered yet', waiting,
			session_user, new.run using errcode = 'HR006';
	end if;
	select coalesce(max(i.n), 0) + 1 into new.n from handrail.inbox i
		where i.run = new.run;
	new.sent_at := clock_timestamp();
	new.sent_by := session_user;
	perform pg_notify('handrail', 'inbox ' || new.run);
	return new;
end
$$;
create trigger inbox_in before insert on handrail.inbox
	for each row execute function handrail.inbox_in();
create trigger inbox_stays before update or delete or truncate on handrail.inbox
	for each statement execute function handrail.append_only();

-- Only whoever drives the run answers.
create function handrail.answer_in() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
	held handrail.lease;
begin
	perform pg_advisory_xact_lock(18514, hashtext(new.run));
	select * into held from handrail.lease l where l.run = new.run
		order by l.epoch desc limit 1;
	if held.con is distinct from new.con or held.taken_by <> session_user then
		raise exception 'run % is not driven by %', new.run, new.con
			using errcode = 'HR004';
	end if;
	new.answered_at := clock_timestamp();
	new.answered_by := session_user;
	perform pg_notify('handrail', 'answer ' || new.run);
	return new;
end
$$;
create trigger answer_in before insert on handrail.answer
	for each row execute function handrail.answer_in();
create trigger answer_stays before update or delete or truncate on handrail.answer
	for each statement execute function handrail.append_only();

-- Whoever follows a run hears that there is more of it.
create function handrail.record_came() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
	perform pg_notify('handrail', 'record ' || r.run) from
		(select distinct run from came) r;
	return null;
end
$$;
create trigger record_came after insert on handrail.record
	referencing new table as came
	for each statement execute function handrail.record_came();

grant select on handrail.inbox, handrail.answer to handrail_writer, handrail_reader;
grant insert (run, id, con, who, kind, body) on handrail.inbox to handrail_writer;
grant insert (run, n, con, seq, why) on handrail.answer to handrail_writer;

insert into handrail.version (version, speaks) values (3, 1);
reset role;
-- end of version 3
