# Where a job lies and what state it is in. Included in every script but look.sh.
# Ranges in patterns are spelled out: what [a-z] means depends on the locale.

# h_say STATE [WORD...]: the header line of the reply.
h_say() {
	echo "HR1 $* tok=$HR1_TOKEN"
}

# h_refuse KIND SENTENCE: the named refusal; nothing was started.
h_refuse() {
	h_say error "$1"
	echo "$2"
	exit 0
}

# h_why MESSAGE: the kind of refusal behind what a tool complained.
h_why() {
	case $1 in
	*'o space'*|*uota*) echo nospace ;;
	*'ead-only'*|*ermission*|*'such file'*) echo nohome ;;
	*) echo write ;;
	esac
}

h_check() {
	unset IFS
	set +f
	h_09=0123456789
	h_az=abcdefghijklmnopqrstuvwxyz
	h_up=ABCDEFGHIJKLMNOPQRSTUVWXYZ
	case $HR1_TOKEN in ''|*[!abcdef$h_09]*) HR1_TOKEN=0; h_refuse param token ;; esac
	case $HR1_RUN in ??????????????????????????) ;; *) h_refuse param run ;; esac
	case $HR1_RUN in *[!$h_up$h_09]*) h_refuse param run ;; esac
	for h_word in "${HR1_STEP-x}" "${HR1_HOST-x}"; do
		case $h_word in
		''|*[!$h_az${h_09}_-]*|?????????????????????????????????*)
			h_refuse param 'step or host' ;;
		esac
	done
	case ${HR1_CON-} in *[!$h_az$h_up${h_09}._/-]*) h_refuse param con ;; esac
	for h_word in "${HR1_ATTEMPT-1}" "${HR1_EPOCH-1}" "${HR1_OFFSET-0}" "${HR1_BLOCK-0}" \
		"${HR1_WAIT-0}" "${HR1_COUNT-1}" "${HR1_GRACE-0}" "${HR1_KILL_AFTER-0}"; do
		case $h_word in
		0) ;;
		''|0*|*[!$h_09]*|????????????????*) h_refuse param number ;;
		esac
	done
}

# h_where: h_base, h_run, h_job. A job_dir: that several accounts share (sticky, as
# /var/tmp is) gets a folder of this account in it.
h_where() {
	h_uid=$(id -u)
	if [ -n "$HR1_JOB_DIR" ]; then
		h_base=$HR1_JOB_DIR
		case $h_base in /*) ;; *) h_refuse param 'job_dir is not an absolute path' ;; esac
		case $(ls -ldn "$h_base" 2>/dev/null) in
		d????????[tT]*) h_mine "$h_base" || h_base=$h_base/handrail-$h_uid ;;
		esac
	else
		case ${XDG_STATE_HOME-} in
		/*) h_base=$XDG_STATE_HOME/handrail/jobs ;;
		*)
			case ${HOME-} in /*) ;; *) h_refuse nohome 'the account has no home' ;; esac
			h_base=$HOME/.local/state/handrail/jobs ;;
		esac
	fi
	h_run=$h_base/$HR1_RUN
	h_job=$h_run/${HR1_STEP-x}.${HR1_HOST-x}.${HR1_ATTEMPT-1}
}

# h_mine FOLDER: a real folder, ours, that nobody else may write.
h_mine() {
	[ -d "$1" ] && [ ! -h "$1" ] || return 1
	set -f
	set -- $(ls -ldn "$1" 2>/dev/null)
	set +f
	case ${1-} in d????-??-*) ;; *) return 1 ;; esac
	[ "$3" = "$h_uid" ]
}

# h_guarded: refuses a base, run or job folder that somebody else could have planted.
h_guarded() {
	for h_dir in "$h_base" "$h_run" "$h_job"; do
		if [ -h "$h_dir" ] || [ -e "$h_dir" ]; then
			h_mine "$h_dir" ||
				h_refuse unsafe "$h_dir is not a private folder of this account"
		fi
	done
}

# h_make_run: creates what lies above the job.
h_make_run() {
	umask 077
	h_text=$(LC_ALL=C mkdir -p "$h_run" 2>&1) ||
		h_refuse "$(h_why "$h_text")" "cannot create $h_run: ${h_text##*: }"
	h_guarded
}

# h_newer: a larger number than ours stands under epoch/; h_n is it.
h_newer() {
	for h_file in "$h_run"/epoch/*; do
		h_n=${h_file##*/}
		case $h_n in ''|0*|*[!$h_09]*|????????????????*) continue ;; esac
		[ "$h_n" -le "$HR1_EPOCH" ] || return 0
	done
	return 1
}

# h_mark: makes our number known under epoch/, unless a newer one is there: h_fence, which comes
# after it, says so. Two consoles may both believe that it is theirs when neither saw the other:
# a link is made at once or not at all, and names the first. The largest number is all that
# refuses anybody: smaller ones than ours go.
h_mark() {
	! h_newer || return 0
	h_text=$(LC_ALL=C mkdir "$h_run/epoch" "$h_run/epoch/$HR1_EPOCH" 2>&1)
	[ -d "$h_run/epoch/$HR1_EPOCH" ] || h_newer ||
		h_refuse "$(h_why "$h_text")" "cannot create the epoch: ${h_text##*: }"
	for h_file in "$h_run"/epoch/*; do
		h_n=${h_file##*/}
		case $h_n in ''|0*|*[!$h_09]*|????????????????*) continue ;; esac
		[ "$h_n" -lt "$HR1_EPOCH" ] || continue
		[ ! -h "$h_file/by" ] || rm -f "$h_file/by"
		rmdir "$h_file" 2>/dev/null || :
	done
	[ -n "${HR1_CON-}" ] || return 0
	h_file=$h_run/epoch/$HR1_EPOCH/by
	[ -h "$h_file" ] || h_text=$(LC_ALL=C ln -s "$HR1_CON" "$h_file" 2>&1)
	[ -h "$h_file" ] || h_newer ||
		h_refuse "$(h_why "$h_text")" "cannot create the epoch: ${h_text##*: }"
}

# h_fence: a larger number than ours under epoch/ is a newer driver, and ours by another
# console is not ours.
h_fence() {
	! h_newer || return 1
	h_n=$HR1_EPOCH
	h_file=$h_run/epoch/$HR1_EPOCH/by
	[ -n "${HR1_CON-}" ] && [ -h "$h_file" ] || return 0
	h_text=$(LC_ALL=C ls -ld "$h_file" 2>/dev/null)
	[ "${h_text##*-> }" = "$HR1_CON" ]
}

# h_here: h_boot and h_machine of where we run.
h_here() {
	h_boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null ||
		sysctl -n kern.boottime 2>/dev/null | tr -cd "$h_09")
	h_machine=$(cat /etc/machine-id 2>/dev/null)
	[ -n "$h_machine" ] || h_machine=$(uname -n)
}

h_read_meta() {
	h_sup= h_was_boot= h_was_machine= h_shell=
	[ -f "$h_job/meta" ] || return 0
	while IFS= read -r h_line; do
		case $h_line in
		boot=*) h_was_boot=${h_line#*=} ;;
		machine=*) h_was_machine=${h_line#*=} ;;
		shell=*) h_shell=${h_line#*=} ;;
		sup=*) h_sup=${h_line#*=} ;;
		esac
	done <"$h_job/meta"
}

# h_is_done: the exit status is the name of a file; a rename needs no room on the disk.
h_is_done() {
	for h_file in "$h_job"/done.*; do
		h_rc=${h_file##*/done.}
		case $h_rc in ''|*[!$h_09]*|????*) h_rc=; continue ;; esac
		h_state=done
		return 0
	done
	return 1
}

# h_look: sets h_state, h_rc (done only), h_pid ("PID BIRTH" as the payload wrote it).
# `go` is looked for first: what was written before it is whole once it is there.
h_look() {
	h_state=absent h_rc= h_pid= h_shell= h_go=
	[ -d "$h_job" ] || return 0
	[ ! -d "$h_job/go" ] || h_go=1
	h_here
	h_read_meta
	h_pid=$(cat "$h_job/pid" 2>/dev/null)
	if [ -n "$h_was_machine" ] && [ "$h_was_machine" != "$h_machine" ]; then
		h_state=elsewhere
	elif h_is_done; then
		:
	elif [ -e "$h_job/aborted" ]; then
		h_state=aborted
	elif [ -z "$h_go" ]; then
		h_state=launching
	elif [ "$h_was_boot" != "$h_boot" ]; then
		h_state=lost-reboot
	elif h_same "$h_sup"; then
		h_state=running
		[ -n "$h_pid" ] || h_state=starting
	elif h_same "$h_pid"; then
		h_state=orphan
	elif ! h_is_done; then
		h_state=lost-killed
	fi
	# A start that is being called off has its `go` a moment before it is `aborted`.
	case $h_state in
	lost-*)
		h_nap
		[ ! -e "$h_job/aborted" ] || h_state=aborted
		;;
	esac
}

# h_facts: what else the header tells of a job that has a folder.
h_facts() {
	h_more=
	[ -z "$h_pid" ] || h_more="pid=${h_pid%% *} birth=${h_pid#* }"
	case $h_more in *[!$h_az$h_up${h_09}_=:\ -]*) h_more=pid=bad ;; esac
	[ -z "$h_was_boot" ] || h_more="$h_more boot=$h_was_boot"
	[ -z "$h_shell" ] || h_more="$h_more shell=$h_shell"
	if [ -e "$h_job/cancel" ]; then
		h_by=$(cat "$h_job/cancel" 2>/dev/null)
		case $h_by in operator|kill_after) ;; *) h_by=unsaid ;; esac
		h_more="$h_more cancel=$h_by"
	fi
	h_ended=$(cat "$h_job/end" 2>/dev/null)
	case $h_ended in ''|*[!$h_09]*) ;; *) h_more="$h_more end=$h_ended" ;; esac
}

# h_claim: takes the start for ourselves, so that nobody else can start it any more.
h_claim() {
	mkdir "$h_job/go" 2>/dev/null || return 1
	rm -f "$h_job/env"
	mv "$h_job/live" "$h_job/aborted" 2>/dev/null || : >"$h_job/aborted"
}
