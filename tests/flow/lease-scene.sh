# shellcheck shell=bash
# Two consoles on machines of their own (network namespaces con1 and con2), between them
# PostgreSQL and a host with sshd, each at an address for each console, so that a console can
# be cut off from the one and still reach the other. Behind store-scene.sh, which it sources.

# shellcheck source=tests/flow/store-scene.sh
. "$SRCDIR/tests/flow/store-scene.sh"

far_host=$HR_STACK_DIR/hosts/ni-db1
far_home=$far_host/home

# Console N has 10.9.N.2, and the store 10.9.N.3 for it; the host is 10.9.0.1.
net_up() {
	local n
	for n in 1 2; do
		ip netns add "con$n" &&
			ip link add "to$n" type veth peer name eth0 netns "con$n" &&
			ip addr add "10.9.$n.1/24" dev "to$n" && ip addr add "10.9.$n.3/24" dev "to$n" &&
			ip link set "to$n" up && ip -n "con$n" link set lo up &&
			ip -n "con$n" addr add "10.9.$n.2/24" dev eth0 && ip -n "con$n" link set eth0 up &&
			ip -n "con$n" route add default via "10.9.$n.1" || return 1
	done
	ip addr add 10.9.0.1/32 dev lo
	sed 's/^ListenAddress.*/ListenAddress 10.9.0.1:22/' "$far_host/sshd_config" >"$far_host/sshd_far"
	unshare --mount "$SRCDIR/tests/lib/stack-host" "$far_home" "$(getent passwd "$HR_LOGIN" | cut -d: -f6)" \
		"$(command -v sshd)" -D -f "$far_host/sshd_far" -E "$HR_STACK_DIR/log/sshd-far.log" 3>&- 4>&- &
	printf 'Host db\n\tHostName 10.9.0.1\n' | cat - ~/.ssh/config >config && cat config >~/.ssh/config
	printf '10.9.0.1 %s\n' "$(cut -d' ' -f1,2 "$far_host/key.pub")" >>~/.ssh/known_hosts
	{
		echo 'host all all 10.9.0.0/16 scram-sha-256'
		cat "$pg_data/pg_hba.conf"
	} >hba && cat hba >"$pg_data/pg_hba.conf"
	pg_down INT
	pg_command=("${pg_command[@]/listen_addresses=127.0.0.1/listen_addresses=*}")
	pg_up
}
store_cut() { ip addr del "10.9.$1.3/24" dev "to$1"; }
store_back() { ip addr add "10.9.$1.3/24" dev "to$1"; }
net_cut() { ip -n "con$1" link set eth0 down; }
net_back() { ip -n "con$1" link set eth0 up && ip -n "con$1" route add default via "10.9.$1.1"; }

# Each with a home, a name and an operator of its own.
machine() { # N NAME OPERATOR
	local home=$PWD/home$1
	mkdir -p "$home/state" "$home/work" "$home/run" && chmod 700 "$home/run" && cp handrail.yaml "$home/work"
	printf '[team]\nhost=10.9.%s.3\nuser=%s\npassword=%s\ndbname=handrail\nsslmode=disable\n' \
		"$1" "$3" "$store_word" >"$home/services"
	cat >"$home/as" <<-END
		#!/bin/bash
		export HANDRAIL_OPERATOR=$3@example.com HANDRAIL_STATE_DIR=$home/state PGSERVICEFILE=$home/services
		export XDG_CONFIG_HOME=$home/.config XDG_RUNTIME_DIR=$home/run # no socket leads from one to the other
		exec ip netns exec con$1 unshare --uts sh -c 'hostname $2 && exec "\$@"' - "\$@"
	END
	chmod 755 "$home/as"
}
# From a folder with a handrail.yaml of its own; only the first one has the runbook.
con1() { (cd home1/work && ../as "${HANDRAIL:?}" "$@" </dev/null); }
con2() { (cd home2/work && ../as "${HANDRAIL:?}" "$@" </dev/null); }
