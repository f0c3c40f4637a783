# shellcheck shell=bash
# The scene of the restore, for its tests in the line mode and on the screen: a project of
# its own, questions to the database, and a hold on it that makes a step last. Runs inside
# the target stack with sshd and docker.
#
#   . restore-scene.sh                    the functions
#   bash restore-scene.sh FUNCTION ARG... one of them, for a test that is no script

# shellcheck source=tests/lib/stack-say.sh
. "$SRCDIR/tests/lib/stack-say.sh"
scene_dumps=/var/backups/ni_site

# A project in DIR around the shipped runbook. The third argument is the transport of the
# hosts: auto, libssh2 or openssh.
scene_make() { # DIR [TRANSPORT]
	local dir=$1 transport=${2:-auto}
	mkdir -p "$dir/runbooks" "$dir/ops"
	sed -e "s/^  db:  {ssh: ni-db1}/  db: {ssh: ni-db1, transport: $transport}/" \
		-e "s/^  web: {ssh: \[web1, web2\]}/  web: {ssh: [web1, web2], transport: $transport}/" \
		"$SRCDIR/runbooks/restore-postgres.yaml" >"$dir/runbooks/restore-postgres.yaml"
	[ "$transport" != auto ] || cp "$SRCDIR/runbooks/restore-postgres.yaml" "$dir/runbooks/"
	cp "$HR_SIGNERS" "$dir/ops/allowed_signers"
	cat >"$dir/handrail.yaml" <<-'END'
		handrail_project: 1
		name: ni_site
		runbooks: [runbooks]
		environments:
		  test:
		    badge: TEST
		    inputs: {api_url: "http://127.0.0.1:8000"}
		roles:
		  Technical lead: [lea@example.com, sam@example.com]
		allowed_signers: ops/allowed_signers
	END
}

# The newest dump of a night.
scene_newest() {
	# shellcheck disable=SC2012
	ls -1t "$scene_dumps"/ni_site-2*.sql.gz | head -n 1
}

# A dump that breaks off: cut in its middle, or whole but with an error near its end.
scene_bad_dump() { # truncated|broken FILE
	local good
	good=$(scene_newest)
	case $1 in
	truncated) head -c $(($(stat -c %s "$good") / 2)) "$good" >"$2" ;;
	broken) { gunzip -c "$good"; echo 'select no_such_thing();'; } | gzip -1 >"$2" ;;
	esac
	chmod 644 "$2"
}

scene_psql() { # DATABASE ARG...
	local database=$1
	shift
	docker exec -i ni_site-db-1 psql -X -q -v ON_ERROR_STOP=1 -U postgres -d "$database" \
		-At "$@"
}

scene_users() { # ROWS: so many users are in the database
	local now
	now=$(scene_psql ni_site -c 'select count(*) from users' 2>&1)
	[ "$now" = "$1" ] || {
		echo "users: $now, not $1"
		return 1
	}
}

scene_restored() {
	scene_users 18204 && scene_health 200 ok
}

scene_health() { # STATUS WORD
	local out
	out=$(printf 'GET /api/v1/health HTTP/1.0\r\n\r\n' | busybox nc 127.0.0.1 8000)
	[[ $out == "HTTP/1.1 $1 "*'"status":"'"$2"'"'* ]] || {
		echo "$out"
		return 1
	}
}

# What a hash of the users table is, to see that nothing touched it.
scene_state() {
	scene_psql ni_site -c "select md5(string_agg(u::text, '|' order by id)) from users u"
}

# Holds pg_database so that databases can be read and none can be made or dropped: the
# load stays in its middle until scene_release. DIR is a folder of the caller.
scene_hold() { # DIR
	mkdir -p "$1"
	rm -f "$1/release" "$1/held"
	mkfifo "$1/release"
	{
		{
			echo 'begin; lock table pg_catalog.pg_database in share mode;'
			echo "select 'held';"
			cat "$1/release"
		} | scene_psql postgres
	} >"$1/held" 2>&1 </dev/null &
	until_ok 60 grep -q held "$1/held"
}

scene_release() { # DIR
	echo 'rollback;' >"$1/release"
}

# The load waits for the held table: it is in its middle.
scene_waits() {
	scene_psql postgres -c "select pid from pg_stat_activity where wait_event_type = 'Lock'
		and query like '%ni_site_new%'" | grep -q .
}

scene_record() { # DIR: the folder of its one run
	echo "$1"/state/runs/*
}

# How often the record holds a kind of event, for a step if one is named.
scene_events() { # DIR COUNT TYPE [STEP]
	local n
	n=$(jq -r --arg t "$3" --arg s "${4-}" 'select(.type == $t and ($s == "" or .step == $s))
		| .seq' "$(scene_record "$1")/journal.jsonl" | wc -l)
	[ "$n" = "$2" ] || {
		echo "$n of $3 ${4-}, not $2"
		return 1
	}
}

# What a third party says about the record.
scene_accepted() { # DIR
	"$SRCDIR/contrib/verify" "$(scene_record "$1")"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	"$@"
fi
