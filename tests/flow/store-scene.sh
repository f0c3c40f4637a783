# shellcheck shell=bash
# A store in the PostgreSQL of the stack: its server as something that can be stopped, frozen
# and started again, an operator who logs in with a password, and a project that names it.
# Sourced in an empty folder, which stays the working folder.

export HANDRAIL_OPERATOR=anna@example.com HANDRAIL_STATE_DIR=$PWD/state
export PGSERVICEFILE=$PWD/services PGCLIENTENCODING=UTF8 HANDRAIL_TEST_PACE=20
store_word=not-a-secret-word

# As the superuser, past everything that the store says about writers.
# Both see PostgreSQL's own functions only.
root() { PGOPTIONS=-csearch_path=pg_catalog,pg_temp command psql -qAtX -v ON_ERROR_STOP=1 -h "$HR_PG_SOCKET_DIR" -U postgres handrail "$@"; }
# As the operator, with the rights of a writer.
anna() { PGOPTIONS=-csearch_path=pg_catalog,pg_temp command psql -qAtX -v ON_ERROR_STOP=1 service=team "$@"; }
hr() { "${HANDRAIL:?}" "$@" </dev/null; }
wait_for() { # COMMAND...: polls until it is true, 60 s at most
	local end=$((SECONDS + 60))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		pause
	done
}

pg_data=$HR_STACK_DIR/pg/data
pg_pid=$(head -n 1 "$pg_data/postmaster.pid")
mapfile -d '' pg_command <"/proc/$pg_pid/cmdline"
pg_uid=$(stat -c %u "/proc/$pg_pid")
[ "$pg_uid" = "$(id -u)" ] ||
	pg_command=(setpriv --reuid "$pg_uid" --regid "$(stat -c %g "/proc/$pg_pid")" --clear-groups -- "${pg_command[@]}")
pg_up() {
	"${pg_command[@]}" >>"$HR_STACK_DIR/log/postgres.log" 2>&1 3>&- 4>&- &
	wait_for root -c 'select 1'
}
pg_down() { # SIGNAL
	kill "-${1-INT}" "$(head -n 1 "$pg_data/postmaster.pid")"
	wait_for test ! -e "$pg_data/postmaster.pid"
}
pg_all() { # SIGNAL: the server and every process of it
	local pid
	pid=$(head -n 1 "$pg_data/postmaster.pid")
	# shellcheck disable=SC2046 # many
	kill "-$1" "$pid" $(cat "/proc/$pid/task/$pid/children")
}
no() { ! "$@"; }

cat >services <<S
[root]
host=$HR_PG_SOCKET_DIR
user=postgres
dbname=handrail
[team]
host=127.0.0.1
user=anna
password=$store_word
dbname=handrail
S
printf 'handrail_project: 1\nname: x\nstore: {postgres: {service: team}}\n' >handrail.yaml
root -c "create role anna login password '$store_word'"
{
	echo 'host all anna 127.0.0.1/32 scram-sha-256'
	cat "$pg_data/pg_hba.conf"
} >hba && cat hba >"$pg_data/pg_hba.conf"
root -c 'select pg_reload_conf()' >/dev/null

run_dir() { echo "$HANDRAIL_STATE_DIR"/runs/*; }
run_id() { basename "$(run_dir)"; }
# What a stranger gets of the record, with the commands of handrail-store(5).
stored() { anna -c "select rtrim(convert_from(line, 'UTF8'), E'\\n') from handrail.record where run = '$(run_id)' order by seq"; }
same() { stored >stored.jsonl && cmp stored.jsonl "$(run_dir)/journal.jsonl"; }
