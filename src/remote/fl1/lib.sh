	# What both scripts share. `group` is true when this shell leads its process group, as
	# sshd and a local link start it: then one signal ends all that was started here, and
	# the number of a group with a living member is nobody else's. Without one it ends at
	# the next line that nobody takes.
	fl1_say()
	{
		echo "FL1 $* tok=$FL1_TOKEN"
	}
	fl1_beat()
	{
		fl1_say beat "$(date '+%s.%N %z' 2>/dev/null)"
	}
	fl1_signal()
	{
		[ -z "$fl1_group" ] || kill -s "$1" -- "-$$" 2>/dev/null
	}
	fl1_group=
	if kill -s 0 -- "-$$" 2>/dev/null || kill -s 0 "-$$" 2>/dev/null; then
		fl1_group=1
	fi
	exec 3<&0
	# Standard input ends when nobody listens any more.
	(
		trap '' TERM
		cat <&3 >/dev/null
		fl1_signal TERM
		sleep 1
		fl1_signal KILL
	) >/dev/null 2>&1 &
