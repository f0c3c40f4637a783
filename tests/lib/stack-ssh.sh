# shellcheck shell=bash
# The operator's home with keys and ssh configuration, and the sshd "hosts".

export HR_PASSPHRASE='correct horse battery'
export HR_SIGNERS=$HR_STACK_DIR/signers
ssh_home=$HR_STACK_DIR/home/.ssh

ssh_key() { # FILE TYPE PASSPHRASE [OPTION...]
	local file=$1 type=$2 pass=$3
	shift 3
	ssh-keygen -q -t "$type" -N "$pass" -C "${file##*/}" -f "$file" "$@" </dev/null ||
		broken "" "ssh-keygen cannot make $file"
}

# Keys, known names of signers; what hosts add to known_hosts comes with them.
ssh_operator() {
	mkdir -p "$dir/hosts" "$ssh_home" && chmod 700 "$ssh_home" || exit 99
	command -v ssh-keygen >/dev/null || return 0
	ssh_key "$ssh_home/id_ed25519" ed25519 ""
	ssh_key "$ssh_home/id_locked" ed25519 "$HR_PASSPHRASE" -a 4
	ssh_key "$ssh_home/id_lea" ed25519 "$HR_PASSPHRASE" -a 4
	ssh_key "$ssh_home/id_stranger" ed25519 ""
	ssh_key "$dir/id_agent" ed25519 ""
	cp "$dir/id_agent.pub" "$ssh_home/"
	{
		printf 'sam@example.com %s\n' "$(cut -d' ' -f1,2 "$ssh_home/id_ed25519.pub")"
		printf 'lea@example.com %s\n' "$(cut -d' ' -f1,2 "$ssh_home/id_lea.pub")"
	} >"$HR_SIGNERS"
}

# An agent with a key that lies in no file.
ssh_agent() {
	export SSH_AUTH_SOCK=$dir/agent.sock
	ssh-agent -D -a "$SSH_AUTH_SOCK" >"$dir/log/agent.log" 2>&1 &
	until_ok 10 test -S "$SSH_AUTH_SOCK" || broken "$dir/log/agent.log" "no ssh-agent"
	ssh-add -q "$dir/id_agent" || broken "" "ssh-add failed"
	rm "$dir/id_agent"
}

# Newer servers punish an address for failed logins; all our hosts share one.
ssh_penalties() {
	sshd -t -f /dev/null -h "$dir/hosts/ni-db1/key" -o PerSourcePenalties=no 2>/dev/null &&
		echo "PerSourcePenalties no"
}

ssh_sshd() { # NAME ADDRESS PORT, extra configuration on standard input
	local name=$1 host=$dir/hosts/$1
	mkdir -p "$host/home"
	accounts_give "$host/home"
	[ -e "$host/key" ] || ssh_key "$host/key" ed25519 ""
	{
		cat # the first of two lines with the same key wins
		cat <<-END
			ListenAddress $2:$3
			HostKey $host/key
			PidFile none
			AuthorizedKeysFile $dir/hosts/authorized_keys
			StrictModes no
			UsePAM no
			UseDNS no
			PasswordAuthentication no
			KbdInteractiveAuthentication no
			PrintMotd no
			PrintLastLog no
			MaxStartups 200
			LogLevel VERBOSE
			Subsystem sftp internal-sftp
			$ssh_extra
		END
	} >"$host/sshd_config"
	grep -q '^SetEnv' "$host/sshd_config" ||
		echo "SetEnv PATH=/usr/sbin:/usr/bin:/sbin:/bin" >>"$host/sshd_config"
	unshare --mount "$here/stack-host" "$host/home" "$(ssh_login_home)" \
		"$(command -v sshd)" -D -f "$host/sshd_config" -E "$dir/log/sshd-$name.log" &
	ssh_pid=$!
	ssh_listeners+=("$name $2 $3")
}

ssh_login_home() {
	getent passwd "$HR_LOGIN" | cut -d: -f6
}

# The line of known_hosts for a key file.
ssh_known() { # NAME-IN-KNOWN-HOSTS PUBLIC-KEY-FILE
	printf '%s %s\n' "$1" "$(cut -d' ' -f1,2 "$2")"
}

ssh_config() { # ALIAS ADDRESS [OPTION VALUE]...
	printf 'Host %s\n\tHostName %s\n' "$1" "$2"
	shift 2
	while [ $# -gt 1 ]; do
		printf '\t%s %s\n' "$1" "$2"
		shift 2
	done
}

# name address port; more lines of sshd_config and of ssh_config stand in the two cases below
ssh_table='
ni-db1    127.0.0.2  22
web1      127.0.0.3  22
web2      127.0.0.4  2222
aeadonly  127.0.0.5  22
etmonly   127.0.0.6  22
rsahost   127.0.0.7  22
changed   127.0.0.8  22
revoked   127.0.0.9  22
unknown   127.0.0.10 22
noauth    127.0.0.12 22
nologin   127.0.0.13 22
password  127.0.0.14 22
nohome    127.0.0.15 22
fullhome  127.0.0.16 22
mute      127.0.0.17 22
narrow    127.0.0.18 22
'

ssh_server_lines() { # NAME
	case $1 in
	ni-db1) echo "HostKey $dir/hosts/ni-db1/key_ecdsa" ;;
	aeadonly) echo "Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com" ;;
	etmonly)
		echo "Ciphers aes256-ctr"
		echo "MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com"
		;;
	noauth) echo "AuthorizedKeysFile none" ;;
	nologin) [ "$HR_STACK_MODE" = root ] || echo "ForceCommand /usr/sbin/nologin" ;;
	password) printf 'PubkeyAuthentication no\nPasswordAuthentication yes\n' ;;
	nohome) echo "SetEnv HOME=/nonexistent PATH=/usr/sbin:/usr/bin:/sbin:/bin" ;;
	narrow) echo "MaxSessions 1" ;;
	esac
}

ssh_client_options() { # NAME PORT
	[ "$2" = 22 ] || echo "Port $2"
	[ "$1$HR_STACK_MODE" != nologinroot ] || echo "User locked"
}

ssh_known_line() { # NAME ADDRESS PORT
	local at=$2 key=$dir/hosts/$1/key.pub
	[ "$3" = 22 ] || at="[$2]:$3"
	case $1 in
	unknown) ;;
	changed) ssh_known "$at" "$ssh_home/id_stranger.pub" ;;
	revoked) echo "@revoked $(ssh_known "$at" "$key")"; ssh_known "$at" "$key" ;;
	*) ssh_known "$at" "$key" ;;
	esac
}

# A home without a byte to spare; without its filler it has a quarter of a megabyte.
ssh_fill_home() {
	local home=$dir/hosts/fullhome/home
	mkdir -p "$home"
	mount -t tmpfs -o size=256k,mode=0777 full "$home" || return 0
	dd if=/dev/zero of="$home/filler" bs=4096 count=256 2>/dev/null
	mkdir -p "$home/x" 2>/dev/null
}

# shellcheck disable=SC2088 # ssh expands the tilde itself
ssh_write_client_files() {
	local name address port option
	{
		while read -r name address port; do
			[ -n "$name" ] || continue
			mapfile -t option < <(ssh_client_options "$name" "$port")
			# shellcheck disable=SC2068,SC2086
			ssh_config "$name" "$address" ${option[@]}
		done <<<"$ssh_table"
		ssh_config refused 127.0.0.11
		ssh_config unreachable 192.0.2.1
		ssh_config nosuchhost no-such-host.invalid
		ssh_config locked 127.0.0.2 IdentityFile '~/.ssh/id_locked'
		ssh_config rsauser 127.0.0.2 IdentityFile '~/.ssh/id_rsa'
		ssh_config agentuser 127.0.0.2 IdentityFile '~/.ssh/id_agent.pub'
		ssh_config jumped 127.0.0.3 ProxyJump ni-db1
		ssh_config aliased 127.0.0.3 HostKeyAlias web1.example.com
		ssh_config nosudo 127.0.0.2 User guest
		printf 'Host * !locked !rsauser !agentuser\n\tIdentityFile ~/.ssh/id_ed25519\n'
		printf 'Host *\n\tUser %s\n\tIdentitiesOnly yes\n\tUpdateHostKeys no\n' "$HR_LOGIN"
	} >"$ssh_home/config"
	{
		while read -r name address port; do
			[ -z "$name" ] || [ "$name" = web1 ] || ssh_known_line "$name" "$address" "$port"
		done <<<"$ssh_table"
		ssh_known web1.example.com "$dir/hosts/web1/key.pub"
	} >"$ssh_home/known_hosts"
	ssh_known_line web1 127.0.0.3 22 >"$ssh_home/hashed"
	ssh-keygen -q -H -f "$ssh_home/hashed" >/dev/null 2>&1
	cat "$ssh_home/hashed" >>"$ssh_home/known_hosts"
	rm -f "$ssh_home"/hashed*
}

ssh_answers() { # ADDRESS PORT
	local line
	exec 9<>"/dev/tcp/$1/$2" && read -r -t 5 line <&9 && [ "${line#SSH-2.0}" != "$line" ]
}

ssh_start() {
	local name address port ssh_extra ssh_pid ssh_listeners=()
	mkdir -p /run/sshd "$dir/hosts"/{ni-db1,rsahost}
	ssh_key "$dir/hosts/rsahost/key" rsa "" -b 2048 &
	ssh_key "$ssh_home/id_rsa" rsa "" -b 2048 &
	ssh_key "$dir/hosts/ni-db1/key" ed25519 ""
	ssh_key "$dir/hosts/ni-db1/key_ecdsa" ecdsa ""
	wait
	cat "$ssh_home"/id_{ed25519,locked,rsa,agent}.pub >"$dir/hosts/authorized_keys"
	ssh_extra=$(ssh_penalties)
	ssh_fill_home
	[ "$HR_STACK_MODE" != root ] || chown guest "$dir/homes/guest"
	while read -r name address port; do
		[ -n "$name" ] || continue
		ssh_sshd "$name" "$address" "$port" < <(ssh_server_lines "$name")
		if [ "$name" = mute ]; then
			mute_pid=$ssh_pid
		fi
	done <<<"$ssh_table"
	ssh_write_client_files
	for name in "${ssh_listeners[@]}"; do
		read -r name address port <<<"$name"
		until_ok 20 ssh_answers "$address" "$port" ||
			broken "$dir/log/sshd-$name.log" "sshd of $name does not answer"
	done
	kill -STOP "$mute_pid" # the kernel still accepts, nobody speaks
}
