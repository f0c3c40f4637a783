#!/bin/bash
# Fifty hosts, 127.0.0.61 to 127.0.0.110, on one sshd, and the configurations by which
# fanoutbench and its peers reach them. Run inside the stack; they end with it.
set -eu

at=$HR_STACK_DIR/fanout
port=2022
home=$HR_STACK_DIR/home/.ssh
mkdir -p "$at"
sed "s/^ListenAddress.*/ListenAddress 0.0.0.0:$port/" "$HR_STACK_DIR/hosts/ni-db1/sshd_config" |
	grep -v key_ecdsa >"$at/sshd_config"
"$(command -v sshd)" -f "$at/sshd_config" -E "$HR_STACK_DIR/log/sshd-fanout.log"

key=$(cut -d' ' -f1,2 "$HR_STACK_DIR/hosts/ni-db1/key.pub")
for n in $(seq 61 110); do
	printf 'Host h%s\n\tHostName 127.0.0.%s\n' "$n" "$n"
	echo "[127.0.0.$n]:$port $key" >>"$at/known_hosts"
done >"$at/config"
cat >>"$at/config" <<END
Host h*
	Port $port
	User $HR_LOGIN
	IdentityFile $home/id_ed25519
	IdentitiesOnly yes
	UserKnownHostsFile $at/known_hosts
	GlobalKnownHostsFile /dev/null
END
{
	echo "KexAlgorithms curve25519-sha256"
	cat "$at/config"
} >"$at/x25519"
{
	printf 'ControlPath %s/m-%%n\n' "$at"
	cat "$at/config"
} >"$at/hot"

# The masters that the peers are hot by.
[ "${HR_FANOUT_MASTERS-}" != none ] || exit 0
for n in $(seq 61 110); do
	ssh -F "$at/hot" -M -N -f -o ControlPersist=no "h$n" </dev/null >/dev/null 2>&1
done
