	# Follows FL1_PATH by its inode.
	# fl1_look PATH: fl1_ino and fl1_size of it, '' when it is not there.
	fl1_look()
	{
		set -- $(ls -Lnid -- "$1" 7<&7 2>/dev/null)
		fl1_ino=${1-} fl1_size=${6-}
		case $fl1_ino,$fl1_size in
		*[!0123456789,]* | ,* | *,) fl1_ino= fl1_size= ;;
		esac
	}
	fl1_fail()
	{
		fl1_say error "$@"
		fl1_signal KILL
		exit 0
	}
	# Sends what is new in the open file, up to its size as seen now. Beside others no more
	# than FL1_PIECE bytes in one turn.
	fl1_send()
	{
		fl1_look "$fl1_fd"
		[ -n "$fl1_size" ] || fl1_size=$fl1_at
		if [ "$fl1_size" -lt "$fl1_at" ]; then
			fl1_say truncated "$fl1_at" "$fl1_size"
			fl1_at=0
		fi
		while [ "$fl1_size" -gt "$fl1_at" ]; do
			fl1_len=$((fl1_size - fl1_at))
			[ -z "$fl1_turns" ] || [ "$fl1_len" -le "$FL1_PIECE" ] || fl1_len=$FL1_PIECE
			fl1_take
			fl1_echo data "$fl1_open" "$fl1_at" "$fl1_len"
			tail -c "+$((fl1_at + 1))" "$fl1_fd" 7<&7 2>/dev/null | head -c "$fl1_len"
			echo
			fl1_echo done
			fl1_give
			fl1_at=$((fl1_at + fl1_len)) fl1_busy=50
		done
	}
	# fl1_begin PATH OFFSET: opens it; OFFSET '' means that the last LINES are sent. False
	# and fl1_why: it cannot be opened.
	fl1_begin()
	{
		fl1_why=nofile
		[ -f "$1" ] || return 1
		fl1_why=noread
		[ -r "$1" ] || return 1
		exec 7<"$1"
		fl1_fd=/dev/fd/7
		[ -e /proc/self/fd ] || fl1_fd=$1
		fl1_look "$fl1_fd"
		fl1_why=nofile
		[ -n "$fl1_ino" ] || return 1
		[ "${#fl1_size}" -le 9 ] || [ "$((2147483647 + 1))" -gt 0 ] || fl1_fail big
		fl1_open=$fl1_ino fl1_at=$2 fl1_whole=whole
		[ -n "$fl1_at" ] || fl1_last
		fl1_say open "$fl1_open" "$fl1_at" "$fl1_whole"
		fl1_told= fl1_away=0
	}
	# Where the last LINES begin. When the file grows meanwhile it may be inside a line.
	fl1_last()
	{
		fl1_try=0
		while fl1_try=$((fl1_try + 1)); do
			fl1_was=$fl1_size
			fl1_at=$((fl1_was - $(tail -n "$FL1_LINES" "$fl1_fd" 7<&7 2>/dev/null | wc -c)))
			[ "$fl1_at" -ge 0 ] || fl1_at=0
			fl1_look "$fl1_fd"
			[ "$fl1_size" != "$fl1_was" ] || return 0
			[ "$fl1_try" -lt 3 ] || break
		done
		[ "$fl1_at" -eq 0 ] || fl1_whole=partial
	}
	# After a drop: the same file, or wherever it was renamed to, from where we were.
	fl1_resume()
	{
		set +f
		for fl1_name in "$FL1_PATH" "$FL1_PATH"?*; do
			fl1_look "$fl1_name"
			[ "$fl1_ino" = "$FL1_INODE" ] || continue
			set -f
			! fl1_begin "$fl1_name" "$FL1_OFFSET" || return 0
		done
		set -f
		fl1_say lost "$FL1_INODE" "$FL1_OFFSET"
		fl1_start=0
	}
	# The name does not lead to the open file: it is gone, or another file is there. The
	# old one is read for a while yet, since its writer may hold it open.
	fl1_moved()
	{
		if [ -z "$fl1_ino" ]; then
			[ -n "$fl1_told" ] || fl1_say gone
			fl1_told=1
			return 0
		fi
		fl1_away=$((fl1_away + 1))
		[ "$fl1_away" -ge "$FL1_GRACE" ] || return 0
		fl1_send
		fl1_say rotated
		exec 7</dev/null
		fl1_open= fl1_told= fl1_start=0
	}
	# What cannot be opened now may come yet; then all of it is new.
	fl1_wait()
	{
		[ -z "$FL1_ONCE" ] || fl1_fail "$fl1_why"
		[ "$fl1_told" = "$fl1_why" ] || fl1_say "$fl1_why"
		fl1_told=$fl1_why fl1_start=0
	}
	fl1_file_main()
	{
		set -f
		unset IFS
		exec 7</dev/null
		fl1_open= fl1_told= fl1_start= fl1_busy=0 fl1_left=0 fl1_quick=1
		! sleep 0.1 2>/dev/null || fl1_quick=0.2
		fl1_beat
		[ -z "$FL1_INODE" ] || fl1_resume
		while :; do
			[ -z "$fl1_open" ] || fl1_send
			fl1_look "$FL1_PATH"
			[ -z "$fl1_open" ] || [ "$fl1_ino" = "$fl1_open" ] || fl1_moved
			if [ -z "$fl1_open" ]; then
				if fl1_begin "$FL1_PATH" "$fl1_start"; then
					fl1_send
				else
					fl1_wait
				fi
			fi
			if [ -n "$FL1_ONCE" ]; then
				fl1_say end 0
				fl1_signal KILL
				exit 0
			fi
			if [ "$fl1_busy" -gt 0 ]; then
				fl1_busy=$((fl1_busy - 1)) fl1_left=$((fl1_left + 1))
				sleep "$fl1_quick"
			else
				fl1_left=$((fl1_left + 5))
				sleep 1
			fi
			if [ "$fl1_left" -ge "$((FL1_BEAT * 5))" ]; then
				fl1_left=0
				fl1_beat
			fi
		done
	}
