# shellcheck shell=bash
# More sshds beside those of the stack: each is ni-db1 at another address with lines of its
# own. `. "$SRCDIR/tests/lib/more-hosts.sh"` inside the stack; they end with it. The
# operator's ssh_config gets what is collected in $more by more_done.

stack_base=$HR_STACK_DIR/hosts/ni-db1/sshd_config
stack_home=$HR_STACK_DIR/home/.ssh
more=$stack_home/more
: >"$more"

# NAME ADDRESS, sshd_config on standard input (the first of two lines with the same key
# wins), lines of ssh_config as $3, the program as $4
more_server() {
	local config=$HR_STACK_DIR/hosts/$1.config
	{
		cat
		sed "s/^ListenAddress.*/ListenAddress $2:22/" "$stack_base"
	} >"$config"
	"${4-$(command -v sshd)}" -f "$config" -E "$HR_STACK_DIR/log/sshd-$1.log"
	more_alias "$1" "$2" "${3-}"
}

more_alias() { # NAME ADDRESS, lines of ssh_config
	printf 'Host %s\n\tHostName %s\n%s\n' "$1" "$2" "${3-}" >>"$more"
}

more_known() { # ADDRESS [PUBLIC-KEY-FILE [MARKER]]
	echo "${3-} $1 $(cut -d' ' -f1,2 "${2-$HR_STACK_DIR/hosts/ni-db1/key.pub}")" |
		sed 's/^ //' >>"$stack_home/known_hosts"
}

more_host() { # the same as more_server, and it is known
	more_server "$@"
	more_known "$2"
}

more_key() { # NAME OPTION...
	ssh-keygen -q -C "$1" -f "$stack_home/$1" "${@:2}" </dev/null
	cat "$stack_home/$1.pub" >>"$HR_STACK_DIR/hosts/authorized_keys"
}

# Not the operator's own key as well, where the other one is the point: names as "!a !b".
more_done() { # NAMES
	sed "/^Host \\* /s/\$/ $1/" "$stack_home/config" >>"$more"
	mv "$more" "$stack_home/config"
}
