# Starts a job, at most once. Parameters: README. Replies:
#   started pid= birth= boot= machine= shell=   the payload has written its number down
#   unconfirmed        launched, but no word of it within 5 s: ask for its status
#   exists             the job has a folder already: ask for its status; nothing was done
#   fenced by=N        a newer driver owns the run; nothing was run
#   aborted            somebody else claimed the start; nothing was run
#   error KIND, then a sentence: nohome nospace write unsafe noshell nodir notty nosetsid
#                      twin param; nothing was run
hr1_start() {
#@PARAMS
#@INCLUDE lib_proc.sh
#@INCLUDE lib_job.sh
#@SPEC
#@ENV
	h_sup_text() {
		cat <<'HR1_END_OF_SUP'
#@INCLUDE sup.sh
HR1_END_OF_SUP
	}

	# h_undo KIND SENTENCE: what could not be written whole is never started.
	h_undo() {
		h_claim || :
		h_refuse "$1" "$2"
	}

	# h_put FILE SUM: standard input into the file, which must then have that cksum.
	h_put() {
		cat 2>/dev/null >"$h_job/$1" && [ "$(cksum <"$h_job/$1")" = "$2" ]
	}

	h_tools() {
		command -v setsid >/dev/null 2>&1 || command -v perl >/dev/null 2>&1 ||
			h_refuse nosetsid 'neither setsid nor perl is there to detach a job'
		if [ "$HR1_TTY" = 1 ]; then
			h_text=$(SHELL=/bin/sh script -qec 'exit 7' /dev/null </dev/null 2>&1)
			[ $? = 7 ] || h_refuse notty 'the step wants a terminal and script(1) of util-linux is not there'
		fi
		if [ -z "$HR1_INTERP" ]; then
			HR1_INTERP='sh -eu'
			! command -v bash >/dev/null 2>&1 || HR1_INTERP='bash --norc -euo pipefail'
		fi
		case $HR1_INTERP in *[!$h_az$h_up${h_09}_./+=,\ -]*) h_refuse param shell ;; esac
		h_shell=${HR1_INTERP%% *}
		command -v "$h_shell" >/dev/null 2>&1 ||
			h_refuse noshell "there is no $h_shell here"
		case $HR1_DIR in
		'') HR1_DIR=$(pwd) ;;
		'~') HR1_DIR=$HOME ;;
		'~/'*) HR1_DIR=$HOME/${HR1_DIR#??} ;;
		esac
		(cd "$HR1_DIR") 2>/dev/null || h_refuse nodir "cannot enter $HR1_DIR"
		HR1_DIR=$(cd "$HR1_DIR" && pwd)
	}

	# h_alone: a step over several hosts runs once on each machine, whatever names lead to
	# it. A link is made at once or not at all, and holds the name that came first.
	h_alone() {
		[ "${HR1_ONCE-}" = 1 ] || return 0
		h_here
		case $h_machine in *[!$h_az$h_up${h_09}._-]*) h_machine=unnamed ;; esac
		mkdir "$h_run/once" 2>/dev/null
		h_mine "$h_run/once" || h_refuse unsafe "cannot create $h_run/once"
		h_file=$h_run/once/$HR1_STEP.$h_machine
		[ -h "$h_file" ] || ln -s "$HR1_HOST" "$h_file" 2>/dev/null
		h_text=$(LC_ALL=C ls -ld "$h_file" 2>/dev/null)
		h_text=${h_text##*-> }
		[ -n "$h_text" ] || h_refuse write "cannot create $h_file"
		[ "$h_text" = "$HR1_HOST" ] ||
			h_refuse twin "$HR1_HOST and $h_text are one machine, and $h_text has the step"
	}

	# The claim on the name: mkdir succeeds once.
	h_take_name() {
		h_mark
		h_fence || { h_say fenced "by=$h_n"; exit 0; }
		h_alone
		if ! h_text=$(LC_ALL=C mkdir "$h_job" 2>&1); then
			[ ! -d "$h_job" ] || { h_say exists; exit 0; }
			h_refuse "$(h_why "$h_text")" "cannot create the job: ${h_text##*: }"
		fi
		: 2>/dev/null >"$h_job/live"
		[ -e "$h_job/live" ] ||
			h_undo nospace "no room for the job in $h_base"
	}

	h_write_job() {
		h_here
		{
			echo proto=HR1
			echo "run=$HR1_RUN"
			echo "epoch=$HR1_EPOCH"
			echo "anchor=$HR1_ANCHOR"
			echo "machine=$h_machine"
			echo "boot=$h_boot"
			echo "shell=$h_shell"
			echo "start=$(date +%s)"
		} 2>/dev/null >"$h_job/meta"
		: 2>/dev/null >"$h_job/out"
		h_sup_text 2>/dev/null >"$h_job/sup"
		hr1_env | h_put env "$HR1_ENV_SUM" &&
			hr1_spec | h_put spec "$HR1_SPEC_SUM" &&
			[ "$(tail -n 1 "$h_job/sup" 2>/dev/null)" = 'hr1_sup "$@"' ] &&
			case $(tail -n 1 "$h_job/meta" 2>/dev/null) in start=?*) ;; *) false ;; esac &&
			[ -e "$h_job/out" ] && return 0
		# Whole is whole: on a full disk even the bytes that fit tell nothing.
		h_text=$(LC_ALL=C dd if=/dev/zero of="$h_job/room" bs=4096 count=4 2>&1) &&
			h_kind=write || h_kind=$(h_why "$h_text")
		rm -f "$h_job/room"
		h_undo "$h_kind" "the job could not be written whole in $h_base"
	}

	h_launch() {
		(h_leader $HR1_SH "$h_job/sup" run "$h_job" "$HR1_DIR" "$HR1_TTY" "$h_umask" \
			"$HR1_KILL_AFTER" "$HR1_GRACE" "$HR1_SH" "$HR1_INTERP") \
			</dev/null >/dev/null 2>&1 &
		h_until=$(($(date +%s) + 6))
		while [ "$(date +%s)" -lt "$h_until" ]; do
			if [ -e "$h_job/aborted" ]; then
				h_say aborted
				exit 0
			elif [ -s "$h_job/pid" ]; then
				h_pid=$(cat "$h_job/pid")
				h_say started "pid=${h_pid%% *}" "birth=${h_pid#* }" \
					"boot=$h_boot" "machine=$h_machine" "shell=$h_shell"
				exit 0
			elif h_is_done; then
				h_say started "boot=$h_boot" "machine=$h_machine" "shell=$h_shell"
				exit 0
			fi
			sleep 0.02 2>/dev/null || sleep 1
		done
		h_say unconfirmed
	}

	h_check
	case $HR1_ANCHOR in *[!$h_az${h_09}\ ]*) h_refuse param anchor ;; esac
	h_where
	h_umask=$(umask)
	h_tools
	h_make_run
	h_take_name
	h_write_job
	# Again: either we see the newer driver's epoch, or its list of jobs has ours.
	if ! h_fence; then
		h_claim || :
		h_say fenced "by=$h_n"
		exit 0
	fi
	h_launch
	exit 0
}
hr1_start
