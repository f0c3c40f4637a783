# shellcheck shell=bash
# What walks of the shipped runbooks on the site of the stack share: a project around
# runbooks/site with hosts and values of the stack, the binary in the line mode, questions
# to the site and to the record. Runs inside the target stack with the site.

# shellcheck source=tests/lib/stack-say.sh
. "$SRCDIR/tests/lib/stack-say.sh"
site_dumps=/var/backups/ni_site

# A project in DIR; the working directory and the state are there afterwards.
site_project() { # DIR
	dir=$1
	mkdir -p "$dir/ops"
	cp "$SRCDIR"/runbooks/site/*.yaml "$dir/"
	cp "$HR_SIGNERS" "$dir/ops/allowed_signers"
	cat >"$dir/handrail.yaml" <<-END
		handrail_project: 1
		name: ni_site
		runbooks: [.]
		environments:
		  test:
		    badge: TEST
		    hosts:
		      data: {ssh: ni-db1}
		      app: {ssh: [web1, web2]}
		      release: {ssh: web1}
		      edge: {ssh: ni-db1}
		      build: {ssh: ni-db1}
		    inputs:
		      site: "$HR_SITE_URL"
		      ca: "$HR_TLS_CA"
		      compose: $HR_SITE_COMPOSE
		      dir: ni_site
		      source: source
		      image: ni_site-api
		      services: $HR_SITE_SERVICES
		      psql: docker exec -i ni_site-db-1 psql -U postgres
		      database: ni_site
		      db_container: ni_site-db-1
		      backups: $site_dumps
		      soak: 10 seconds
		      must_hold: users
		      pages: $HR_SITE_URL/pages/
		      writers: $HR_SITE_SERVICES
		      name: ni.test
		      served_at: ni.test:8444
		      tls_dir: $HR_SITE_DIR/edge/tls
		      new_chain: $HR_SITE_DIR/edge/new/fullchain.pem
		      new_tls_key: $HR_SITE_DIR/edge/new/privkey.pem
		      nginx: nginx -e stderr -c $HR_SITE_DIR/edge/nginx.conf
		      # of the checklists: web1 stands for all hosts, because all share one engine here
		      memory_query: "max(process_resident_memory_bytes - min_over_time(process_resident_memory_bytes[30s]))"
		      p95_query: "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[20s])))"
		      plain_site: http://ni.test:8080/health
		      origin: https://ni.test:8445
		      asset: https://ni.test:8445/assets/app.4f2a.js
		      pages_at: ni.test:8445
		      limited: $HR_SITE_URL/limited
		      protected: $HR_SITE_URL/api/v1/whoami
		      form: $HR_SITE_URL/api/v1/profile
		      login: $HR_SITE_URL/api/v1/login
		      metrics_at: http://127.0.0.1:8001/metrics
		      prometheus: ${HR_PROMETHEUS_URL-http://127.0.0.1:9090}
		      ci: http://127.0.0.1:9200/ci
		      sentry: http://127.0.0.1:9200/sentry
		      api_container: ni_site_web1_api_1
		      worker_container: ni_site_web1_worker_1
		      resolver: 127.0.0.1:5353
		      upload: $HR_SITE_URL/api/v1/upload
		      access_log: $HR_SITE_DIR/edge/access.log
		      tests: python3 -m unittest -q
		      must_have_rows: users
		      technical_lead: lea, 4711
		      on_call: anna, 4712
		      escalation: olga, 4713
		      database_provider: ourselves
		      hosting_provider: ourselves
		    bursts: ["$HR_SITE_URL"]
		roles:
		  Technical lead: [lea@example.com, sam@example.com]
		  Developer: [dev@example.com]
		  DevOps/SRE: [sre@example.com]
		  Security: [sec@example.com]
		  Product Owner: [owner@example.com]
		allowed_signers: ops/allowed_signers
	END
	cd "$dir" || exit 99
	export HANDRAIL_STATE_DIR=$dir/state HANDRAIL_OPERATOR=anna@example.com
}

hr() { # STATUS ARG...: the binary, its words in $dir/out
	local want=$1 rc=0
	shift
	"${HANDRAIL:?}" "$@" >"$dir/out" 2>&1 </dev/null || rc=$?
	[ "$rc" = "$want" ] || {
		echo "handrail $*: exit $rc, not $want"
		cat "$dir/out"
		return 1
	}
}

# A person at a terminal answers what the line mode asks.
by_hand() { # STATUS KEYS ARG...
	local want=$1 keys=$2 rc=0
	shift 2
	# shellcheck disable=SC2059 # \n in the keys
	printf "$keys" | script -qec "$HANDRAIL $*" /dev/null >"$dir/out" 2>&1 || rc=$?
	[ "$rc" = "$want" ] || {
		echo "handrail $*: exit $rc, not $want"
		cat "$dir/out"
		return 1
	}
}

# The answers to a release.
release() { # VERSION [PHRASE]
	cat >answers.yaml <<-END
		answers: 1
		inputs: {version: $1}
		steps:
		  migrate/upgrade-to-head: {confirm: ${2:-migrate ni_site to $1}}
		  follow-the-logs: {tick: done}
	END
}

walk() { # STATUS RUNBOOK: with answers.yaml
	hr "$1" run --plain --env test --answers answers.yaml "./$2.yaml"
}

said() { # TEXT...: each stands in what the binary said last
	local text
	for text; do
		grep -qF -- "$text" "$dir/out" || {
			echo "not said: $text"
			cat "$dir/out"
			return 1
		}
	done
}

newest() { find "$dir/state/runs" -mindepth 1 -maxdepth 1 | sort | tail -n 1; }
run_id() { basename "$(newest)"; }
has() { grep -q "$1" "$(newest)/journal.jsonl" || { echo "not in the record: $1"; return 1; }; }
hasnt() { ! has "$1" >/dev/null; }
accepted() { "$HANDRAIL" verify "$(run_id)" && "$SRCDIR/contrib/verify" "$(newest)"; }

# Each act began once on each host, unless a person asked for more.
nothing_twice() { # [RECORD]
	local twice
	twice=$(jq -r 'select(.type == "step.started") |
		.step + " " + .data.host + " " + (.data.way // "on")' \
		"${1:-$(newest)}/journal.jsonl" | sort | uniq -d)
	[ -z "$twice" ] || {
		echo "started twice: $twice"
		return 1
	}
}

begun() { # STEP HOST: how often, by the record
	jq -r --arg s "$1" --arg h "$2" \
		'select(.type == "step.started" and .step == $s and .data.host == $h) | .seq' \
		"$(newest)/journal.jsonl" | wc -l
}

# ---- the state of the stack -----------------------------------------------------------------

site_ask() { # DATABASE SQL
	docker exec -i ni_site-db-1 psql -XAtq -v ON_ERROR_STOP=1 -U postgres -d "$1" -c "$2"
}

is() { # WANT COMMAND...: its output, on one line
	local want=$1 have
	shift
	have=$("$@" 2>&1 | tr '\n' ' ')
	[ "${have% }" = "$want" ] || {
		echo "$have, not $want"
		return 1
	}
}

site_git() { # ARGUMENTS: in the working tree on the build host, in one shell text
	ssh -n ni-db1 "cd source && git $1"
}

whole_dump() { # FILE
	gzip -t "$1" && gunzip -c "$1" | tail -n 5 | grep -q 'PostgreSQL database dump complete'
}

# What answers on each host, and the images behind it.
versions() {
	local port
	for port in 8001 8002; do
		curl -sf "http://127.0.0.1:$port/health" | jq -r '.status + " " + .version' || echo dead
	done
}

images() {
	docker ps --filter label=com.docker.compose.service=api --format '{{.Names}} {{.Image}}' | sort
}

images_are() { # VERSION: both hosts run its image
	is "ni_site_web1_api_1 ni_site-api:$1 ni_site_web2_api_1 ni_site-api:$1" images
}

image_ids() {
	docker inspect -f '{{.Image}}' ni_site_web1_api_1 ni_site_web2_api_1
}

restarts() { # COUNT: the engine had to start a container again so often
	is "$1 $1" docker inspect -f '{{.RestartCount}}' ni_site_web1_api_1 ni_site_web2_api_1
}

schema() { site_ask ni_site 'select version_num from alembic_version'; }

well() { # VERSION: the whole site runs this one and is well
	is "ok $1 ok $1" versions && curl -sf --cacert "$HR_TLS_CA" "$HR_SITE_URL/health" >/dev/null
}

# The processes of a host, which have a mount namespace of their own.
host_processes() { # NAME
	local at want
	want=$(readlink "/proc/$(pgrep -of "hosts/$1/sshd_config")/ns/mnt") || return 1
	for at in /proc/[0-9]*; do
		[ "$(readlink "$at/ns/mnt" 2>/dev/null)" != "$want" ] || echo "${at#/proc/}"
	done
}

# A host loses its power: every process of it dies. Its containers are on the engine, which
# goes on.
host_down() { # NAME; in the same shell as host_up
	local all
	all=$(host_processes "$1") || return 1
	exec {host_ns}<"/proc/${all%%[!0-9]*}/ns/mnt" # its mounts outlive it
	# shellcheck disable=SC2086
	kill -KILL $all 2>/dev/null
	until_ok 10 bash -c "! ssh -n -o ConnectTimeout=2 -o BatchMode=yes $1 true"
}

host_up() { # NAME
	nsenter --mount="/proc/$BASHPID/fd/$host_ns" "$(command -v sshd)" -D \
		-f "$HR_STACK_DIR/hosts/$1/sshd_config" -E "$HR_STACK_DIR/log/sshd-$1.log" \
		>/dev/null 2>&1 &
	until_ok 10 ssh -n -o BatchMode=yes "$1" true
	exec {host_ns}<&-
}

# Waits until the record of the newest run has a line with all these words, in this order.
recorded() { # SECONDS WORD...
	until_ok "$1" record_has "${*:2}"
}

record_has() { # WORDS
	grep -q "${1// /.*}" "$(newest)/journal.jsonl"
}

# The site as the stack made it: version 1.0.0, schema 0001, no image or tag of a release.
site_again() {
	local host
	for host in web1 web2; do
		(
			cd "$HR_STACK_DIR/hosts/$host/home/ni_site" || exit 1
			rm -f .env.before-*
			grep -q '^TAG=1.0.0$' .env && is "ni_site_${host}_api_1 ni_site-api:1.0.0" \
				docker ps --filter "name=ni_site_${host}_api_1" --format '{{.Names}} {{.Image}}' &&
				exit 0
			sed -i 's/^TAG=.*/TAG=1.0.0/' .env
			# shellcheck disable=SC2086
			"$HR_SITE_COMPOSE" up -d $HR_SITE_SERVICES >/dev/null 2>&1
		) &
	done
	wait
	docker ps -aq --filter status=created --filter status=exited | xargs -r docker rm -f >/dev/null
	docker image ls --format '{{.Repository}}:{{.Tag}}' ni_site-api | grep -v ':1.0.0$' |
		xargs -r docker image rm -f >/dev/null
	site_ask ni_site "drop index if exists users_name; alter table users drop column if exists nickname;
		update alembic_version set version_num = '0001'" >/dev/null 2>&1
	site_git 'tag -l | grep -v ^v1.0.0$ | xargs -r git tag -d; rm -rf ../origin.git/refs/tags' >/dev/null
	until_ok 30 well 1.0.0
}
