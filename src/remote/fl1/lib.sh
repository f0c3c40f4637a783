	# What the scripts share. `group` is true when this shell leads its process group, as
	# sshd and a local link start it: then one signal ends all that was started here, and
	# the number of a group with a living member is nobody else's. Without one it ends at
	# the next line that nobody takes.
	# Beside others a follower writes only while it has the turn: a line that goes round in
	# descriptor 8.
	fl1_turns=
	fl1_take()
	{
		[ -z "$fl1_turns" ] || read -r fl1_turn <&8
	}
	fl1_give()
	{
		[ -z "$fl1_turns" ] || echo >&8
	}
	fl1_echo()
	{
		echo "FL1 $* tok=$FL1_TOKEN"
	}
	fl1_say()
	{
		fl1_take
		fl1_echo "$@"
		fl1_give
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
