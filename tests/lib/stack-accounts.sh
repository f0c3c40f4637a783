# shellcheck shell=bash
# Accounts of the hosts: copies of the machine's files, seen only inside. As root there are
# ops (HR_LOGIN; docker, sudo), guest (neither) and locked (no shell); a plain user's
# namespace has one account, his own. The operator's entry gets a clean home: ssh looks
# there, whatever HOME says.

accounts_ops_uid=64711
accounts_guest_uid=64712
accounts_locked_uid=64713
accounts_gid=64711
export HR_OPS_PASSWORD=ops-password
# crypt(3) of the above, so that no program is needed to make it
# shellcheck disable=SC2016
accounts_hash='$6$handrail$bSn2NSHJr.5Etxeuydx/LXiHDRVClS.F1SIkenrT.xXpC22803Q2bT.j7HWtVQBEkXg3qzyxcmhGNV04UvCQf1'

accounts_cover() {
	mount --bind "$dir/etc/$1" "/etc/$1" || cannot "/etc/$1 cannot be covered"
}

accounts_passwd() {
	local me line
	me=$(id -un)
	line=$(getent passwd "$me")
	{
		awk -F: -v OFS=: -v home="$dir/home" '{ $6 = home; $7 = "/bin/bash"; print }' \
			<<<"$line"
		grep -v "^$me:" /etc/passwd
		if [ "$HR_STACK_MODE" = root ]; then
			echo "ops:x:$accounts_ops_uid:$accounts_gid::$dir/homes/ops:/bin/bash"
			echo "guest:x:$accounts_guest_uid:$accounts_gid::$dir/homes/guest:/bin/sh"
			echo "locked:x:$accounts_locked_uid:$accounts_gid::/:/usr/sbin/nologin"
		fi
	} >"$dir/etc/passwd"
}

# A plain user's namespace has no group tty; sshd gives terminals to the user's own if
# there is none by that name.
accounts_groups() {
	local docker_gid
	docker_gid=$(getent group docker | cut -d: -f3)
	if [ "$HR_STACK_MODE" = user ]; then
		grep -v '^tty:' /etc/group >"$dir/etc/group"
		return
	fi
	{
		grep -v '^docker:' /etc/group
		echo "ops:x:$accounts_gid:"
		echo "docker:x:${docker_gid:-64714}:ops"
	} >"$dir/etc/group"
}

accounts_make() {
	local file files=(passwd group nsswitch.conf)
	accounts_passwd
	accounts_groups
	# Names come from files alone: without a network a resolver would only wait.
	sed '/^hosts:/d' /etc/nsswitch.conf >"$dir/etc/nsswitch.conf" 2>/dev/null
	echo 'hosts: files' >>"$dir/etc/nsswitch.conf"
	export HR_LOGIN
	HR_LOGIN=$(id -un)
	if [ "$HR_STACK_MODE" = root ]; then
		HR_LOGIN=ops
		(umask 077 && {
			cat /etc/shadow
			echo "ops:$accounts_hash:19000:0:99999:7:::"
			echo "guest:$accounts_hash:19000:0:99999:7:::"
			echo "locked:*:19000:0:99999:7:::"
		} >"$dir/etc/shadow")
		files+=(shadow)
	fi
	if with sudo; then
		(umask 0337 && cat >"$dir/etc/sudoers" <<-END
			Defaults env_reset, timestamp_timeout=0, !lecture, !mail_badpass, !mail_no_user
			Defaults passwd_tries=1, secure_path="/usr/sbin:/usr/bin:/sbin:/bin"
			root ALL=(ALL:ALL) ALL
			ops ALL=(ALL:ALL) ALL
		END
		)
		files+=(sudoers)
	fi
	for file in "${files[@]}"; do
		accounts_cover "$file"
	done
}

# Gives a tree to the login of the hosts.
accounts_give() {
	[ "$HR_STACK_MODE" != root ] || chown -R "ops:ops" "$@"
}
