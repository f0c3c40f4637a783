# The end of a log for the console to count in: HRP_CONTAINER, HRP_UNIT or HRP_PATH. HRP_SECONDS
# is the window, '' for all of it; at most HRP_BYTES come. Says none or cannot as the others do,
# or "now SECONDS ZONE" and "data": what follows that line is the log itself. Any other status
# than 0 says that whoever keeps the log failed; the last line then tells why.
p_log() {
#@INCLUDE lib.sh
	p_tail() {
		echo "now $(date +%s) $(date +%z)"
		echo data
		tail -c "$HRP_BYTES"
	}
	# A pipe ends as its last part does: what the first one ended with comes around it.
	p_whole() {
		exec 3>&1
		rc=$({ { "$@"; echo $? >&4; } | p_tail >&3; } 4>&1)
		exit "$((rc ? 3 : 0))"
	}
	if [ -n "$HRP_CONTAINER" ]; then
		p_engine
		"$engine" inspect --type container --format '{{.State.Status}}' -- "$HRP_CONTAINER" \
			>/dev/null 2>&1 || p_engine_says "$HRP_CONTAINER"
		if [ -n "$HRP_SECONDS" ]; then
			set -- --since "$(($(date +%s) - HRP_SECONDS))"
		else
			set -- --tail 20000
		fi
		p_logs() {
			"$engine" logs --timestamps "$@" -- "$HRP_CONTAINER" 2>&1
		}
		p_whole p_logs "$@"
	elif [ -n "$HRP_UNIT" ]; then
		p_need journalctl
		set -- -q --no-pager -o short-iso -u "$HRP_UNIT"
		if [ -n "$HRP_SECONDS" ]; then
			set -- "$@" --since "@$(($(date +%s) - HRP_SECONDS))"
		else
			set -- "$@" -n 20000
		fi
		said=$(journalctl "$@" -n 1 2>&1 >/dev/null) || p_cannot "journalctl: $said"
		case $said in
		*'No journal files were opened'*|*'ermission'*) p_cannot "journalctl: $said" ;;
		esac
		p_whole journalctl "$@" 2>/dev/null
	else
		[ -e "$HRP_PATH" ] || p_none "there is no file $HRP_PATH"
		[ -f "$HRP_PATH" ] && [ -r "$HRP_PATH" ] || p_cannot "$HRP_PATH cannot be read"
		p_tail <"$HRP_PATH"
	fi
}
p_log
