# shellcheck shell=bash
# What tests of crashes and failing disks share: namespaces of their own, a small run with
# real jobs on this machine that count how often they ran, and the questions asked of a
# record afterwards.

# Turns until COMMAND succeeds, for so many seconds.
until_ok() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		read -rt 0.05 <> <(:) || :
	done
}

# Starts the script again in its own namespaces, where it may mount and where whatever it
# leaves dies with it.
scene_alone() { # SCRIPT ARG...
	[ -z "${SCENE_ALONE-}" ] || return 0
	if ! unshare --user --map-root-user --mount true 2>/dev/null; then
		[ -z "${CI-}" ] || { echo "Bail out! no namespaces"; exit 99; }
		echo "1..0 # SKIP no user and mount namespaces here"
		exit 0
	fi
	SCENE_ALONE=1 exec unshare --user --map-root-user --mount --pid --fork --kill-child \
		--mount-proc -- bash "$@"
}

# A folder for everything, gone at the end; a run with three jobs, a tick and an input.
scene_begin() {
	scene=$(mktemp -d "${TMPDIR:-/tmp}/crash.XXXXXX")
	trap 'scene_end' EXIT
	trap 'exit 1' HUP INT TERM
	export HOME=$scene/home HANDRAIL_STATE_DIR=$scene/state HANDRAIL_OPERATOR=anna@example.com
	unset XDG_STATE_HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR
	export UV_THREADPOOL_SIZE=1
	mkdir -p "$HOME"
	cat >"$scene/r.yaml" <<'END'
handrail: 1
title: Three jobs
kind: maintenance
owner: platform
hosts: {box: {local: true}}
inputs: {word: {ask: "Which word?", type: text}}
steps:
  - id: one
    run: |
      echo one >>"$HOME/count"
      seq 1500
    host: box
    expect: {exit: 0}
    undo: "true"
  - id: tell
    do: Tell somebody
    evidence: text
  - id: two
    run: echo "two $word" >>"$HOME/count"
    host: box
    expect: {exit: 0}
    undo: "true"
  - id: three
    run: |
      echo three >>"$HOME/count"
      [ ! -p "$HOME/wait" ] || cat "$HOME/wait"
    host: box
    expect: {exit: 0}
    undo: "true"
END
	cat >"$scene/answers.yaml" <<'END'
answers: 1
inputs: {word: hello}
steps:
  tell: {tick: done, evidence: "told in the channel"}
END
	cd "$scene" || exit 99
}

scene_end() {
	local at
	cd /
	for at in "$scene"/disk*; do
		! mountpoint -q "$at" || umount "$at"
	done
	rm -rf "$scene"
}

# The world before the run.
scene_fresh() {
	rm -rf "$HOME" "$scene/state" "$scene/calls" "$scene/lines" "$scene/out"
	mkdir -p "$HOME"
}

scene_run() { # ARG...: lines of the record in $scene/lines, words in $scene/out
	"$HANDRAIL" run --json --answers answers.yaml "$@" ./r.yaml >"$scene/lines" \
		2>"$scene/out" </dev/null
}

scene_resume() { # WORD ARG...
	"$HANDRAIL" resume --json --answers answers.yaml "$@" >"$scene/again" \
		2>"$scene/out" </dev/null
}

scene_preloaded() { # VARIABLE=VALUE... -- COMMAND...: only the program itself has it
	local set=()
	while [ "$1" != -- ]; do
		set+=("$1")
		shift
	done
	shift
	env "${set[@]}" LD_PRELOAD="$BUILDDIR/tests/lib/crashpoint.so" "$@"
}

scene_record() {
	echo "${1:-$HANDRAIL_STATE_DIR}"/runs/*
}

scene_said() { # TEXT...
	local text
	for text; do
		grep -qF -- "$text" "$scene/out" || {
			echo "not said: $text"
			cat "$scene/out"
			return 1
		}
	done
}

# Whatever was told to somebody is in the record, byte for byte.
scene_keeps() { # RECORD LINES
	local lost
	lost=$(sed '$!b;/}$/!d' "$2" | grep -vxFf "$1/journal.jsonl" | head -n 1)
	[ -z "$lost" ] || {
		echo "acknowledged, and not in the record: $lost"
		return 1
	}
}

# Each job that reached the host ran once and has its intent.
scene_once() { # RECORD
	local twice step
	twice=$(sort "$HOME/count" 2>/dev/null | uniq -d)
	[ -z "$twice" ] || {
		echo "ran twice: $twice"
		return 1
	}
	for step in $(cut -d' ' -f1 "$HOME/count" 2>/dev/null); do
		grep -q "\"type\":\"step.intent\",\"step\":\"$step\"" "$1/journal.jsonl" || {
			echo "$step ran and has no intent"
			return 1
		}
	done
}

# Both verifiers accept it.
scene_verifies() { # RECORD
	"$HANDRAIL" verify "$1" >"$scene/verify" 2>&1 || {
		cat "$scene/verify"
		return 1
	}
	"$SRCDIR/contrib/verify" "$1" >"$scene/verify" 2>&1 || {
		echo "contrib/verify:"
		cat "$scene/verify"
		return 1
	}
}

scene_closed() { # RECORD
	tail -n 1 "$1/journal.jsonl" | grep -q '"type":"run.close".*"result":"ok"' || {
		tail -n 2 "$1/journal.jsonl"
		cat "$scene/out"
		return 1
	}
}
