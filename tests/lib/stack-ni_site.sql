-- The database ni_site. grow(n) brings it to the state of night n; after the third there
-- are 18204 users.
create table schema_migrations (version text primary key, applied_at timestamptz not null);
insert into schema_migrations values
	('0001_users', '2026-01-05 09:00+00'),
	('0002_orders', '2026-02-11 09:00+00'),
	('0003_pages', '2026-03-02 09:00+00');

create table users (
	id bigint primary key,
	email text not null unique,
	name text not null,
	created_at timestamptz not null
);

create table orders (
	id bigint primary key,
	user_id bigint not null references users (id),
	total_cents bigint not null check (total_cents >= 0),
	placed_at timestamptz not null
);
create index orders_user_id on orders (user_id);

create table pages (
	id bigint primary key,
	slug text not null unique,
	body text not null
);
insert into pages
select n, 'page-' || n, repeat('Lorem ipsum ' || n || '. ', 20) from generate_series(1, 120) n;

create function grow(night int) returns void language sql as $$
	insert into users
	select n, 'user' || n || '@example.com', 'User ' || n,
		timestamptz '2026-01-05 09:00+00' + n * interval '17 minutes'
	from generate_series((select coalesce(max(id), 0) + 1 from users),
		(array[17911, 18102, 18204])[night]) n;
	insert into orders
	select n, 1 + n * 7919 % (select count(*) from users), n * 37 % 25000,
		timestamptz '2026-02-11 09:00+00' + n * interval '9 minutes'
	from generate_series((select coalesce(max(id), 0) + 1 from orders),
		(array[30112, 30498, 30760])[night]) n;
$$;
