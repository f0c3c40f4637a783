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
	sed -i 's/^    for: 15m$/    for: 12s/; s/for: 15m,/for: 12s,/' ./*.yaml
	# What is to be deployed is built already: 1.1.0 beside the 1.0.0 that runs.
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

# The step that failed is tried again by a person, who then leaves the rest to the file.
again() {
	by_hand 7 '1\n4\n' resume --plain "$(run_id)" && said ' done after '
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

# ---- faults: plant NAME, mend NAME ------------------------------------------------------------

# The API of web1 with other settings, and well again.
api_with() { # NAME=VALUE...
	(
		cd "$HR_STACK_DIR/hosts/web1/home/ni_site" &&
			env "$@" "$HR_SITE_COMPOSE" up -d api >/dev/null 2>&1
	) && until_ok 30 curl -sf http://127.0.0.1:8001/health >/dev/null
}

plant() {
	case $1 in
	debug-on) api_with DEBUG=true ;;
	log-line) echo 'no JSON at all' >>"$HR_SITE_DIR/edge/access.log" ;;
	page-gone) edge_with 's/|malya|/|/' ;;
	*) echo "no such fault: $1"; return 1 ;;
	esac
}

mend() {
	case $1 in
	debug-on) api_with DEBUG=false ;;
	log-line) sed -i '/no JSON at all/d' "$HR_SITE_DIR/edge/access.log" ;;
	page-gone) edge_as_it_was ;;
	*) echo "no such fault: $1"; return 1 ;;
	esac
}

edge_with() { # SED: its configuration changed so
	[ -e "$HR_SITE_DIR/edge/nginx.conf.good" ] ||
		cp "$HR_SITE_DIR/edge/nginx.conf" "$HR_SITE_DIR/edge/nginx.conf.good"
	sed -i "$1" "$HR_SITE_DIR/edge/nginx.conf"
	kill -HUP "$(cat "$HR_SITE_DIR/edge/pid")"
}

edge_as_it_was() {
	mv "$HR_SITE_DIR/edge/nginx.conf.good" "$HR_SITE_DIR/edge/nginx.conf"
	kill -HUP "$(cat "$HR_SITE_DIR/edge/pid")"
}
