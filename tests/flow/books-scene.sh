# shellcheck shell=bash
# What the walks of the shipped checklists share, after site-scene.sh: the keys of five roles,
# answers to everything a person is asked, faults that are planted and mended.

books=$SRCDIR/tests/seeds

# A project of site_project with one host for all, shorter soaks, and everybody's keys.
books_project() {
	local who
	export NI_SITE_DSN="host=$HR_STACK_DIR/db user=postgres dbname=ni_site"
	sed -i 's/app: {ssh: \[web1, web2\]}/app: {ssh: web1}/' handrail.yaml
	sed -i 's|pages: .*|pages: https://ni.test:8445/|' handrail.yaml
	# What is shipped holds for a quarter of an hour; here for as long as it takes to be seen.
	sed -i 's/^    for: 15m$/    for: 12s/; s/for: 15m,/for: 12s,/; s/for: 1h, every: [15]m/for: 12s, every: 3s/' ./*.yaml
	sed -i '/^probes:/,/^steps:/s/every: [15]m/every: 3s/' first-week.yaml
	# What is to be deployed is built already: 1.1.0 beside the 1.0.0 that runs.
	# A few rows do without it, and without signers.
	[ -z "${HR_BOOKS_SAMPLE-}" ] || return 0
	docker build -q -t ni_site-api:1.1.0 "$HR_STACK_DIR/hosts/ni-db1/home/source" >/dev/null 2>&1
	: >ops/allowed_signers
	mkdir -p keys
	for who in dev sre sec owner lea; do
		ssh-keygen -q -t ed25519 -N '' -C "$who" -f "keys/$who"
		echo "$who@example.com namespaces=\"handrail-signoff-v1\" $(cat "keys/$who.pub")" >>ops/allowed_signers
	done
}

sign_as() { # WHO
	hr 0 sign --yes --key "keys/$1" "$(run_id)"
}

# The step that failed is tried again by a person, who then leaves the rest to the file (9 is no
# choice: the run stays open); a secret
# that the run has is asked for first.
again() { # [KEYS]
	by_hand 7 "${1-}1\\n9\\n" resume --plain "$(run_id)" && said ' done after '
}

# Done, with a text, to every step a person ticks; further lines as they are.
all_answers() { # RUNBOOK LINE...
	local book=$1 line
	shift
	{
		echo 'answers: 1'
		echo "inputs: {version: 1.1.0, commit: $(site_git 'rev-parse HEAD')}"
		echo 'steps:'
		"$HANDRAIL" show --json --env test "./$book.yaml" |
			jq -r '.items[] | select(.kind == "do") |
				"  \(.id): {tick: done, evidence: \"seen for \(.id)\"}"'
		for line; do
			echo "  $line"
		done
	} >answers.yaml
}

# Every step of the ledger in this book was done, with a reading, an output, or a text.
no_box_without() { # RUNBOOK
	local step rc=0
	for step in $(awk -F '\t' -v b="$1" '$6 == b { print $7 }' "$books/boxes.tsv" | sort -u); do
		jq -se --arg s "$step" 'map(select(.step == $s)) |
			any(.type == "probe.result" or .type == "step.done" or .type == "signoff" or
				(.type == "tick.set" and (.data.evidence // .data.reason // "") != ""))' \
			"$(newest)/journal.jsonl" >/dev/null || { echo "nothing of $step"; rc=1; }
	done
	return $rc
}

# ---- faults: planted, and mended ---------------------------------------------------------------

well_again() { until_ok 30 curl -sf http://127.0.0.1:8001/health; }

# The API of web1, or of both hosts, with other settings; without any as it was.
# shellcheck disable=SC2120 # it is called with arguments by books.faults
api_with() { # [NAME=VALUE...]
	api_on web1 8001 "$@"
}
# shellcheck disable=SC2120
both_with() {
	api_on web1 8001 "$@" && api_on web2 8002 "$@"
}
api_on() { # HOST PORT [NAME=VALUE...]
	(cd "$HR_STACK_DIR/hosts/$1/home/ni_site" && env "${@:3}" "$HR_SITE_COMPOSE" up -d api) &&
		until_ok 30 curl -s -o /dev/null "http://127.0.0.1:$2/health"
}

# A file changed by sed, or with other content, once; and as it was.
file_with() { # FILE SED
	[ -e "$1.good" ] || cp -p "$1" "$1.good"
	sed -i "$2" "$1"
}
file_back() { [ ! -e "$1.good" ] || mv "$1.good" "$1"; }

compose_with() { # SED: the API of web1 by a compose file changed so
	file_with "$HR_STACK_DIR/hosts/web1/home/ni_site/docker-compose.yml" "$1" && api_with
	(cd "$HR_STACK_DIR/hosts/web1/home/ni_site" && "$HR_SITE_COMPOSE" up -d worker)
}
compose_back() {
	file_back "$HR_STACK_DIR/hosts/web1/home/ni_site/docker-compose.yml" && api_with
	(cd "$HR_STACK_DIR/hosts/web1/home/ni_site" && "$HR_SITE_COMPOSE" up -d worker)
}

edge_again() {
	kill -HUP "$(cat "$HR_SITE_DIR/edge/pid")"
	# the old worker is gone when the new configuration alone answers
	until_ok 10 is 1 pgrep -c -P "$(cat "$HR_SITE_DIR/edge/pid")"
}
edge_with() { file_with "$HR_SITE_DIR/edge/nginx.conf" "$1" && edge_again; }
edge_back() { file_back "$HR_SITE_DIR/edge/nginx.conf" && edge_again; }
edge_at() { # PATH DIRECTIVES: another location of the API
	edge_with "s|location / { proxy_pass http://api; }|location = $1 { ${2//|/\\|} } &|"
}

certificate() { # DAYS
	(
		# shellcheck source=tests/lib/stack-tls.sh
		. "$SRCDIR/tests/lib/stack-tls.sh"
		# shellcheck disable=SC2034 # for tls_issue
		dir=$HR_STACK_DIR
		tls_issue "$HR_SITE_DIR/edge/tls/new" ni.test "$1"
	)
	mv "$HR_SITE_DIR/edge/tls/new.pem" "$HR_SITE_DIR/edge/tls/fullchain.pem"
	mv "$HR_SITE_DIR/edge/tls/new.key" "$HR_SITE_DIR/edge/tls/privkey.pem"
	chown ops "$HR_SITE_DIR"/edge/tls/*
	edge_again
}

# A file in the containers of the API that makes it sick, slow or leaking; without VALUE gone.
boxes_file() { # NAME [VALUE]
	local box
	for box in ni_site_web1_api_1 ni_site_web2_api_1; do
		# shellcheck disable=SC2016
		docker exec "$box" sh -c 'if [ -n "$2" ]; then echo "$2" >"/app/$1"; else rm -f "/app/$1"; fi' - "$1" "${2-}"
	done
}
ask_health() { # TIMES
	seq "$1" | xargs -P 4 -I% curl -s -o /dev/null http://127.0.0.1:8001/health
}
# When the next record has its first reading.
in_a_moment() { # COMMAND...
	local before
	before=$(newest)
	(until_ok 30 next_record_reads "$before" && "$@") &
}
next_record_reads() { # RECORD-BEFORE
	[ "$(newest)" != "$1" ] && has '"type":"step.enter"'
}

source_at=$HR_STACK_DIR/hosts/ni-db1/home/source
source_sed() { sed -i "$2" "$source_at/$1"; }
source_file() { echo "$2" >"$source_at/$1"; }
source_back() { site_git 'checkout -q . && git clean -fdq'; }

image_again() { docker build -q -t ni_site-api:1.1.0 "$source_at"; }

standin_without() { mv "$HR_SITE_DIR/standin/$1" "$HR_SITE_DIR/standin.gone"; standin_gone=$1; }
standin_back() { mv "$HR_SITE_DIR/standin.gone" "$HR_SITE_DIR/standin/$standin_gone"; }
pipeline() { # NAME CONCLUSION
	sed -i "s/\"conclusion\":\"[a-z]*\"/\"conclusion\":\"$2\"/" "$HR_SITE_DIR/standin/ci/workflows/$1.yml/runs"
}
mongo_says() { # WORDS: the shell of a MongoDB that is not to be had
	printf '#!/bin/sh\necho '\''%s'\''\n' "$1" >"$HR_SITE_DIR/mongosh"
	chmod 755 "$HR_SITE_DIR/mongosh"
}

cron_without() { mv "/etc/cron.d/ni_site_db_backup" "$HR_SITE_DIR/cron.gone"; }
cron_back() { mv "$HR_SITE_DIR/cron.gone" /etc/cron.d/ni_site_db_backup; }
schema_is() { site_ask ni_site "update alembic_version set version_num = '$1'"; }

prometheus_rules() { curl -s http://127.0.0.1:9090/api/v1/rules | jq -r '.data.groups[].rules[] | .name + .query'; }
rules_differ() { [ "$(prometheus_rules)" != "$1" ]; }
rules_with() { # SED
	local before
	before=$(prometheus_rules)
	file_with "$HR_STACK_DIR/prometheus/rules.yml" "$1"
	kill -HUP "$(pidof prometheus)"
	until_ok 10 rules_differ "$before"
}
rules_back() {
	local before
	before=$(prometheus_rules)
	file_back "$HR_STACK_DIR/prometheus/rules.yml"
	kill -HUP "$(pidof prometheus)"
	until_ok 10 rules_differ "$before"
}
# A target that does not answer: its series end with the next scrape.
target() { # JOB api or node, stop or go
	case $1.$2 in
	api.stop) docker pause ni_site_web1_api_1 ;;
	api.go) docker unpause ni_site_web1_api_1 ;;
	node.stop) kill -STOP "$(pidof prometheus-node-exporter)" ;;
	node.go) kill -CONT "$(pidof prometheus-node-exporter)" ;;
	esac
}
scraped() { # JOB 0 or 1
	curl -s "http://127.0.0.1:9090/api/v1/query?query=up%7Bjob%3D%22$1%22%7D" | grep -q "\"value\":\[[^]]*\"$2\"\]"
}
unseen_by_prometheus() { target "$1" stop && until_ok 20 scraped "$1" 0; }
seen_by_prometheus() { target "$1" go && until_ok 20 scraped "$1" 1; }
backup_told() { # SECONDS-AGO
	local at=$(($(date +%s) - $1))
	echo "backup_last_success_timestamp_seconds $at" >"$HR_SITE_DIR/node/backup.prom"
	until_ok 20 backup_known "$at"
}
backup_known() {
	curl -s "http://127.0.0.1:9090/api/v1/query?query=backup_last_success_timestamp_seconds" | grep -q "\"$1\""
}

restarted_often() {
	local n
	for n in 1 2 3; do
		kill -KILL "$(docker inspect -f '{{.State.Pid}}' ni_site_web1_api_1)"
		until_ok 30 is "$n" docker inspect -f '{{.RestartCount}}' ni_site_web1_api_1
		well_again
	done
}

burn() { # every processor
	local n
	burning=()
	for n in $(seq "$(nproc)"); do
		(while :; do :; done) &
		burning+=($!)
	done
}
burn_no_more() { kill "${burning[@]}"; wait "${burning[@]}" 2>/dev/null; }

slow_statements() {
	local n
	for n in 1 2 3 4 5 6; do
		seq 11 | sed "s/.*/select pg_sleep(0.2) as a$n;/" | site_psql &
	done
	wait
	site_ask ni_site "select count(*) from pg_stat_statements where calls > 10 and mean_exec_time > 100"
}
site_psql() { docker exec -i ni_site-db-1 psql -XAtq -U postgres -d ni_site; }
many_connections() {
	local n
	connected=()
	for n in $(seq 85); do
		"$(pg_bin)/psql" -XAtq -h "$HR_STACK_DIR/db" -U postgres -d ni_site -c 'select pg_sleep(300)' >/dev/null 2>&1 &
		connected+=($!)
	done
	until_ok 20 many_there
}
many_there() { [ "$(site_ask ni_site 'select count(*) from pg_stat_activity')" -gt 85 ]; }
no_connections() { kill "${connected[@]}"; wait "${connected[@]}" 2>/dev/null; }

newest_dump_broken() {
	broken_dump=$(ls -1t /var/backups/ni_site/ni_site*.sql.gz | head -n 1)
	cp -p "$broken_dump" "$HR_SITE_DIR/dump.good"
	gunzip -c "$HR_SITE_DIR/dump.good" | head -c 20000 | gzip >"$broken_dump"
}
newest_dump_back() { cp -p "$HR_SITE_DIR/dump.good" "$broken_dump"; }
