# shellcheck shell=bash
# The walks of site-kill.test: how the site is made ready for each, how it is walked, how it
# ends, and whether what its record calls done is so on the stack.

# shellcheck disable=SC2034 # of the test
walks=(deploy rollback restore migration back)
declare -A phrases=([deploy]='migrate ni_site to 1.1.0' [migration]='migrate ni_site to 1.1.0'
	[rollback]='go back to 1.0.0' [restore]='restore ni_site on ni-db1' [back]="")

# ---- the site, put back -------------------------------------------------------------------------

# The database as it is now, to be had again; of the first one a dump as well.
keep_schema() { # VERSION
	[ "$1" != 0001 ] || {
		site_ask postgres 'create extension if not exists pg_stat_statements'
		ssh -n ni-db1 "docker exec ni_site-db-1 pg_dump -U postgres -d ni_site | gzip >'$site_dumps/kept.sql.gz'"
	}
	[ "$1" = 0001 ] || docker tag ni_site-api:1.1.0 ni_site-kept:1.1.0
	until_ok 20 site_ask postgres "create database kept_$1 template ni_site"
}

again_schema() { # VERSION
	[ "$(schema 2>/dev/null) $(site_ask ni_site 'select count(*) from users' 2>/dev/null)" != "$1 18204" ] ||
		return 0
	{
		site_ask postgres 'drop database if exists ni_site_new with (force)' &&
			site_ask postgres 'drop database if exists ni_site with (force)' &&
			site_ask postgres "create database ni_site template kept_$1"
	} 2>/dev/null
}

again_images() { # VERSION: what runs on both hosts
	local host tag
	for host in web1 web2; do
		(
			cd "$HR_STACK_DIR/hosts/$host/home/ni_site" || exit 1
			rm -f .env.before-*
			sed -i "s/^TAG=.*/TAG=$1/" .env
			[ "$1" = 1.0.0 ] || docker tag "ni_site-kept:$1" "ni_site-api:$1"
			is "ni_site-api:$1 running" docker inspect -f '{{.Config.Image}} {{.State.Status}}' \
				"ni_site_${host}_api_1" || {
				docker rm -f "ni_site_${host}_api_1"
				"$HR_SITE_COMPOSE" up -d api
			}
		) >/dev/null 2>&1 &
	done
	wait
	docker ps -aq --filter status=created --filter status=exited | xargs -r docker rm -f >/dev/null
	for tag in $(docker image ls --format '{{.Tag}}' ni_site-api); do
		[ "$tag" = 1.0.0 ] || [ "$tag" = "$1" ] || docker image rm -f "ni_site-api:$tag" >/dev/null
	done
}

prepare() { # WALK
	local version=1.0.0 at=0001
	[ "$1" != rollback ] || version=1.1.0 at=0003
	again_schema "$at"
	again_images "$version"
	site_git 'tag -l | grep -v ^v1.0.0$ | xargs -r git tag -d; rm -rf ../origin.git/refs/tags' >/dev/null
	[ "$1" != migration ] || docker tag ni_site-kept:1.1.0 ni_site-api:1.1.0
	find "$site_dumps" -name 'before-*' -delete
	until_ok 30 well "$version" || return 1
	[ "$1" != restore ] || site_ask ni_site 'truncate users cascade' >/dev/null 2>&1
}

begin() { # WALK NAME
	site_project "$TMPDIR/$2"
	sed -i 's/for: 10s/for: 1s/; s/every: 2s/every: 500ms/' ./*.yaml
	# A watch is a person's: what becomes of one whose host is gone nobody here can say.
	sed -i '/^  - watch: api/,/^    for: /d' deploy.yaml
	[ "$1" != back ] || echo '  - {do: Is it better than before?, id: better}' >>deploy.yaml
	cat >answers.yaml <<-END
		answers: 1
		inputs: {$(inputs_of "$1")}
		steps:
	END
	answers_of "$1" >>answers.yaml
	: >"$HR_SITE_DIR/calls"
	site_ask postgres 'select pg_stat_statements_reset()' >/dev/null
	mkdir -p state
	mount -t tmpfs -o size=8m,mode=0700 state state
	walk=$1
	[ "$1" != back ] || hr 5 run --plain --env test --answers answers.yaml ./deploy.yaml
}

inputs_of() { # WALK
	case $1 in
	rollback) echo 'previous: 1.0.0' ;;
	restore) echo "dump: $site_dumps/kept.sql.gz" ;;
	*) echo 'version: 1.1.0' ;;
	esac
}

answers_of() { # WALK
	case $1 in
	deploy | back) echo "  migrate/upgrade-to-head: {confirm: ${phrases[deploy]}}" ;;
	migration) echo "  upgrade-to-head: {confirm: ${phrases[migration]}}" ;;
	rollback) printf '  %s\n' 'schema-fits: {choose: it-fits}' \
		"take-the-stack-down: {confirm: ${phrases[rollback]}}" ;;
	restore) printf '  %s\n' 'tell-people: {tick: done, evidence: "https://chat.example.com/1"}' \
		"load-the-dump: {confirm: ${phrases[restore]}}" ;;
	esac
}

# ---- walking ------------------------------------------------------------------------------------

walking() { # WALK
	[ "$1" != back ] || exec "$HANDRAIL" resume --plain --rollback "$(words_back)" "$(run_id)" \
		>"$dir/out" 2>&1 </dev/null
	exec "$HANDRAIL" run --plain --env test --answers answers.yaml "./$1.yaml" \
		>"$dir/out" 2>&1 </dev/null
}

words_back() { echo "roll back $(run_id | tail -c 5) in test"; }

on_again() {
	if [ "$walk" = back ]; then
		"$HANDRAIL" resume --plain --rollback "$(words_back)" "$(run_id)"
	else
		"$HANDRAIL" resume --plain --answers answers.yaml "$(run_id)"
	fi
}

# The restore waits for its signature; of a release the migration and the tag stay.
is_over() { # WALK EXIT
	case $1 in
	restore) [ "$2" = 5 ] && grep -q 'handrail sign' "$dir/out" ;;
	back) grep -q 'is closed (failed)\|is closed: failed' "$dir/out" ;;
	*) [ "$2" = 0 ] || grep -q 'is closed (ok)' "$dir/out" ;;
	esac
}

untouched() { # WALK
	local version=1.0.0
	[ "$1" != rollback ] || version=1.1.0
	is "ok $version ok $version" versions
}

# ---- what must hold -----------------------------------------------------------------------------

# What stands by the record: the last word about each step and host, both ways.
stands() { # "STEP HOST on" or "STEP HOST back"
	jq -rn 'reduce (inputs | select(.data.host != null and .step != null)) as $e ({};
		($e.step + " " + $e.data.host) as $k | ($e.data.way // "on") as $w |
		if $e.data.look then .
		elif $e.type == "step.intent" then .[$k] = null
		elif $e.type == "step.done" and $e.data.verdict == "ok" then .[$k] = $w
		else . end) | to_entries[] | select(.value) | .key + " " + .value' \
		"$(newest)/journal.jsonl" 2>/dev/null
}

runs_image() { # HOST VERSION
	is "ni_site-api:$2 running" docker inspect -f '{{.Config.Image}} {{.State.Status}}' \
		"ni_site_$1_api_1"
}

none() { ! "$@" >/dev/null 2>&1; }

# What the record calls done, and not taken back since, is so on the stack.
is_so() {
	local step host way
	while read -r step host way; do
		case ${step##*/}:$way in
		upgrade-to-head:on) is 0003 schema ;;
		build-images:on) docker image inspect ni_site-api:1.1.0 >/dev/null ;;
		build-images:back) none docker image inspect ni_site-api:1.1.0 ;;
		tag-release:on) site_git 'ls-remote --exit-code origin refs/tags/v1.1.0' >/dev/null ;;
		start-services:on) runs_image "$host" 1.1.0 ;;
		start-services:back | take-the-stack-down:on) runs_image "$host" 1.0.0 ;;
		load-the-dump:on) is 18204 site_ask ni_site 'select count(*) from users' ;;
		start-the-writers:on) runs_image "$host" 1.0.0 ;;
		esac || { echo "$step on $host ($way) is not so"; return 1; }
	done < <(stands)
}

# By the database's own count: it was put in place no more often than that was ordered.
loaded_once() {
	local loaded
	loaded=$(site_ask postgres "select coalesce(sum(calls), 0) from pg_stat_statements
		where query ilike 'alter database%ni_site_new%'")
	[ "$loaded" -le "$(ordered load-the-dump ni-db1)" ] || {
		echo "the dump was put in place $loaded times"
		return 1
	}
}
