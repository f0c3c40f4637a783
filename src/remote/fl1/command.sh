# Runs one command that writes lines, for as long as somebody listens. Parameters and
# replies: README.
fl1_command() {
#@PARAMS
#@INCLUDE lib.sh
#@INCLUDE alone.sh
	fl1_say raw
	fl1_beat >&2
	(
		while sleep "$FL1_BEAT"; do
			fl1_beat >&2
		done
	) </dev/null 3<&- >/dev/null &
	/bin/sh -c "$FL1_TEXT" </dev/null 2>&1 3<&- &
	wait "$!"
	fl1_say end "$?" >&2
	fl1_signal KILL
	exit 0
}
fl1_command
