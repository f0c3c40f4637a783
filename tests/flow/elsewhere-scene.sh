# shellcheck shell=bash
# A run that the first console drives up to where its long step waits, and the second console
# as one that looks on. Behind lease-scene.sh.
# shellcheck disable=SC2034 # what is set here is read by whoever includes it

expect() { # STATUS TEXT COMMAND...: ends so, and says that
	local rc=0 status=$1 text=$2
	shift 2
	"$@" >out 2>&1 || rc=$?
	[ "$rc" = "$status" ] && grep -qF -- "$text" out || {
		echo "exit $rc, not $status, or without: $text"
		cat out
		return 1
	}
}
is() { [ "$1" = "$2" ] || { printf 'got:  %s\nwant: %s\n' "$1" "$2"; return 1; }; }
newest() { find "home$1/state/runs" -mindepth 1 -maxdepth 1 -name '0*' | sort | tail -n 1; }
in_store() { # TEXT: the record of the run there has it
	root -c "select convert_from(line, 'UTF8') from handrail.record where run = '$run'" | grep -q -- "$1"
}
book() { # NAME
	cat >"home1/work/$1.yaml" <<-END
		handrail: 1
		title: Roll it out
		kind: deploy
		hosts: {db: {ssh: db}}
		steps:
		  - {id: begin, run: 'echo begin >>~/count', host: db, expect: {exit: 0}, irreversible: test}
		  - {id: long, run: '. $SRCDIR/tests/lib/pause.sh; touch ~/started; until [ -e ~/go ]; do pause; done; echo long >>~/count', host: db, expect: {exit: 0}, irreversible: test}
		  - {id: last, run: 'echo last >>~/count', host: db, expect: {exit: 0}, irreversible: test}
	END
}
drive() { # NAME: in the background, pid in first
	rm -f "$far_home"/{go,count,started}
	[ -e "home1/work/$1.yaml" ] || book "$1"
	con1 run --plain "$1.yaml" >first.out 2>&1 &
	first=$!
	wait_for test -e "$far_home/started"
	run=$(basename "$(newest 1)")
	short=${run: -6}
	wait_for in_store '"type":"step.started","step":"long"'
}
follow() { # N FILE: in the background, pid in follower
	"con$1" watch --plain "$short" >"$2" 2>&1 &
	follower=$!
}
ended() { # PID: its exit status in rc
	rc=0
	wait "$1" || rc=$?
}
dir_of() { echo "home$1/state/runs/$run"; }
of_type() { jq -c "select(.type == \"$1\")" "$(dir_of "${2-1}")/journal.jsonl"; }

# Past the program: what a login may write into the store itself.
as() { # LOGIN SQL
	PGOPTIONS=-csearch_path=pg_catalog,pg_temp command psql -qAtX -v ON_ERROR_STOP=1 \
		"host=127.0.0.1 user=$1 password=$store_word dbname=handrail sslmode=disable" -c "$2"
}
letter() { # LOGIN ID WHO KIND BODY
	as "$1" "insert into handrail.inbox (run, id, con, who, kind, body) values ('$run', '$2', 'x/1/0', '$3', '$4', convert_to('$5', 'UTF8'))"
}
answered() { # ID: there is an answer
	[ -n "$(answer_to "$1")" ]
}
answer_to() { root -c "select coalesce(a.seq::text, a.why) from handrail.answer a join handrail.inbox i using (run, n) where i.run = '$run' and i.id = '$1'"; }
id_of() { printf '%032x' "$1"; } # NUMBER

# A console on a screen nobody looks at: pid in first or second, keys to descriptor 5 or 6.
screen() { # N WORDS...
	local n=$1
	shift
	[ -p "keys$n" ] || mkfifo "keys$n"
	(cd "home$n/work" && TERM=xterm-256color exec ../as script -qefc "stty rows 36 cols 120; exec '${HANDRAIL:?}' $*" /dev/null) <"keys$n" >"screen$n.out" 2>&1 5>&- 6>&- &
	if [ "$n" = 1 ]; then
		first=$!
		exec 5>keys1
	else
		second=$!
		exec 6>keys2
	fi
}
shown() { wait_for grep -qaF -- "$2" "screen$1.out"; } # N TEXT
drives() { [ "$(root -c "select left_at is null and epoch = $1 from handrail.driver where run = '$run'")" = t ]; }
press_until() { # KEY COMMAND...: on the second screen, where a button may be guarded for a while
	local i key=$1
	shift
	for ((i = 0; i < 60; i++)); do
		"$@" && return
		printf '%b' "$key" >&6
		sleep_less
	done
	return 1
}
sleep_less() { for _ in 1 2 3 4 5; do pause; done; }
