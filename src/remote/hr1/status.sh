# The state of a job and the next piece of its output. Parameters: README. Replies:
#   STATE [RC] size=N block=B pid= birth= boot= shell= cancel= end=
# then raw bytes of `out` from B * 65536 on, at most COUNT blocks (16); BLOCK is asked for as
# OFFSET / 65536, and the asker drops what it has already. With WAIT the
# reply waits, up to 10 s, until there is a byte beyond OFFSET or the state is no longer
# KNOWN; end of standard input ends the wait. out=gone: the raw output was removed.
hr1_status() {
#@PARAMS
#@INCLUDE lib_proc.sh
#@INCLUDE lib_job.sh
	h_read_size() {
		h_size=0 h_out=
		if [ -f "$h_job/out" ]; then
			set -f
			set -- $(ls -ln "$h_job/out" 2>/dev/null)
			set +f
			h_size=${5:-0}
		elif [ "$h_state" != absent ] && [ "$h_state" != launching ]; then
			h_out=out=gone
		fi
	}

	# h_beyond A B: A is larger. The numbers of mksh have 32 bits, outputs may have more.
	h_beyond() {
		if [ "${#1}" -ne "${#2}" ]; then
			[ "${#1}" -gt "${#2}" ]
		elif [ "${#1}" -lt 10 ]; then
			[ "$1" -gt "$2" ]
		else
			expr "$1" '>' "$2" >/dev/null
		fi
	}

	# h_news: there is something to tell. State first, size second: what `done` left is whole.
	h_news() {
		h_look
		h_read_size
		! h_beyond "$h_size" "$HR1_OFFSET" || return 0
		case $h_state in launching|starting|running|orphan) ;; *) return 0 ;; esac
		[ -n "$HR1_KNOWN" ] && [ "$h_state" != "$HR1_KNOWN" ]
	}

	h_check
	h_where
	h_guarded
	[ "$HR1_WAIT" -le 10 ] || HR1_WAIT=10
	[ "$HR1_COUNT" -le 16 ] || HR1_COUNT=16
	if ! h_news && [ "$HR1_WAIT" -gt 0 ]; then
		exec 3<&0
		cat <&3 3<&- >/dev/null 2>&1 &
		h_watch=$!
		h_stop=$(($(date +%s) + HR1_WAIT))
		while [ "$(date +%s)" -lt "$h_stop" ] && h_stat "$h_watch"; do
			h_nap
			! h_news || break
		done
		kill "$h_watch" 2>/dev/null
	fi
	h_more=
	[ "$h_state" = absent ] || h_facts
	h_say "$h_state" $h_rc "size=$h_size" "block=$HR1_BLOCK" $h_out $h_more
	if h_beyond "$h_size" "$HR1_OFFSET" && [ "$HR1_COUNT" -gt 0 ]; then
		dd if="$h_job/out" bs=65536 skip="$HR1_BLOCK" count="$HR1_COUNT" 2>/dev/null
	fi
	exit 0
}
hr1_status
