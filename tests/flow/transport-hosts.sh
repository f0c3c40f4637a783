#!/bin/bash
# One sshd and one alias per way to log in, for test_transports. Run inside the stack; they
# end with it.
set -eu

# shellcheck source=tests/lib/more-hosts.sh
. "$(dirname "$0")/../lib/more-hosts.sh"
home=$stack_home
at=$HR_STACK_DIR/hosts

# ---- through another host ----

more_alias proxied 127.0.0.3 $'\tHostKeyAlias 127.0.0.3\n\tProxyCommand ssh -W %h:%p ni-db1'
more_alias jump-to-unknown 127.0.0.10 $'\tProxyJump ni-db1'
more_alias jump-over-changed 127.0.0.3 $'\tProxyJump changed'
more_alias jumped-locked 127.0.0.3 $'\tIdentityFile ~/.ssh/id_locked\n\tProxyJump locked'
more_alias jump-to-refused 127.0.0.11 $'\tProxyJump ni-db1'

# ---- certificates ----

ssh-keygen -q -t ed25519 -N '' -C ca -f "$at/ca"
for name in id_cert id_certfile id_expired; do
	ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$home/$name"
done
ssh-keygen -q -s "$at/ca" -I cert -n "$HR_LOGIN" "$home/id_cert.pub" 2>/dev/null
ssh-keygen -q -s "$at/ca" -I certfile -n "$HR_LOGIN" "$home/id_certfile.pub" 2>/dev/null
mv "$home/id_certfile-cert.pub" "$home/elsewhere.pub"
ssh-keygen -q -s "$at/ca" -I expired -n "$HR_LOGIN" -V 20200101:20200102 "$home/id_expired.pub" 2>/dev/null
more_host usercert 127.0.0.130 $'\tIdentityFile ~/.ssh/id_cert' <<END
TrustedUserCAKeys $at/ca.pub
AuthorizedKeysFile none
END
more_alias certfile 127.0.0.130 $'\tIdentityFile ~/.ssh/id_certfile\n\tCertificateFile ~/.ssh/elsewhere.pub'
more_alias certexpired 127.0.0.130 $'\tIdentityFile ~/.ssh/id_expired'

for name in hostcert hostcert-revoked hostcert-other; do
	ssh-keygen -q -t ed25519 -N '' -f "$at/$name"
done
ssh-keygen -q -t ed25519 -N '' -C ca2 -f "$at/ca2"
ssh-keygen -q -h -s "$at/ca" -I h -n 127.0.0.131 "$at/hostcert.pub" 2>/dev/null
ssh-keygen -q -h -s "$at/ca2" -I h -n 127.0.0.132 "$at/hostcert-revoked.pub" 2>/dev/null
ssh-keygen -q -h -s "$at/ca2" -I h -n 127.0.0.133 "$at/hostcert-other.pub" 2>/dev/null
n=131
for name in hostcert hostcert-revoked hostcert-other; do
	more_server $name 127.0.0.$n <<END
HostKey $at/$name
HostCertificate $at/$name-cert.pub
HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com
END
	n=$((n + 1))
done
more_known 127.0.0.131 "$at/ca.pub" @cert-authority
more_known 127.0.0.132 "$at/ca2.pub" @cert-authority
more_known 127.0.0.132 "$at/ca2.pub" @revoked
more_known 127.0.0.133 "$at/ca.pub" @cert-authority

# ---- FIDO keys, through the provider of OpenSSH's own tests ----

sk=/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so
if [ -e $sk ]; then
	more_key id_sk -t ed25519-sk -w $sk -N ''
	more_alias fido 127.0.0.2 $'\tIdentityFile ~/.ssh/id_sk\n\tSecurityKeyProvider '$sk
fi

# ---- a ticket that is there but opens nothing ----

more_alias gssapi 127.0.0.2 $'\tGSSAPIAuthentication yes'

# ---- few sessions, few logins ----

more_host two-sessions 127.0.0.140 <<<'MaxSessions 2'
more_host crowded 127.0.0.141 <<<'MaxStartups 1:100:1'

# ---- questions of the host: a password and a one-time code, one after the other ----

if [ "$(id -u)" = 0 ]; then
	more_host key-or-password 127.0.0.144 $'\tIdentityFile ~/.ssh/id_stranger' <<-'END'
		PasswordAuthentication yes
	END
	cp -a /etc/pam.d "$HR_STACK_DIR/etc/pam.d"
	mount --bind "$HR_STACK_DIR/etc/pam.d" /etc/pam.d
	[ -z "$(find /lib /usr/lib -name pam_oath.so 2>/dev/null)" ] || : >"$HR_STACK_DIR/has-codes"
	# The seed of RFC 4226, whose codes everybody knows.
	printf 'HOTP %s - 3132333435363738393031323334353637383930\n' "$HR_LOGIN" >"$HR_STACK_DIR/etc/oath"
	chmod 600 "$HR_STACK_DIR/etc/oath"
	cat >/etc/pam.d/sshd-otp <<-END
		auth required pam_unix.so nodelay
		auth required pam_oath.so usersfile=$HR_STACK_DIR/etc/oath window=20
		account required pam_permit.so
		session required pam_permit.so
	END
	ln -s "$(command -v sshd)" "$HR_STACK_DIR/etc/sshd-otp"
	more_host otp 127.0.0.142 '' "$HR_STACK_DIR/etc/sshd-otp" <<-'END'
		UsePAM yes
		PubkeyAuthentication no
		KbdInteractiveAuthentication yes
	END
	more_host key-and-otp 127.0.0.143 '' "$HR_STACK_DIR/etc/sshd-otp" <<-'END'
		UsePAM yes
		AuthenticationMethods publickey,keyboard-interactive
		KbdInteractiveAuthentication yes
	END
fi

# ---- down at first: test_transports starts it ----

printf '#!/bin/sh\nexec %s -f %s -E %s\n' "$(command -v sshd)" "$at/late.config" \
	"$HR_STACK_DIR/log/sshd-late.log" >"$HR_STACK_DIR/late"
chmod 755 "$HR_STACK_DIR/late"
{
	echo "PidFile $at/late.pid"
	sed 's/^ListenAddress.*/ListenAddress 127.0.0.145:22/' "$stack_base"
} >"$at/late.config"
more_alias late 127.0.0.145
more_known 127.0.0.145

# ---- agents that ask a person before they sign, who says yes through a fifo; and one that
# ends instead of asking ----

more_agent() { # NAME, the askpass program on standard input
	cat >"$HR_STACK_DIR/$1"
	chmod 755 "$HR_STACK_DIR/$1"
	env DISPLAY=:0 SSH_ASKPASS="$HR_STACK_DIR/$1" ssh-agent -a "$HR_STACK_DIR/$1.sock" >/dev/null
	SSH_AUTH_SOCK=$HR_STACK_DIR/$1.sock ssh-add -q -c "$home/id_confirmed" 2>/dev/null
	more_alias "$1" 127.0.0.2 $'\tIdentitiesOnly no\n\tIdentityFile ~/.ssh/none\n\tIdentityAgent '"$HR_STACK_DIR/$1.sock"
}
mkfifo "$HR_STACK_DIR/yes"
more_key id_confirmed -t ed25519 -N ''
more_agent patient <<END
#!/bin/sh
read -r yes <"$HR_STACK_DIR/yes"
END
more_agent mortal <<'END'
#!/bin/sh
kill -9 $PPID
END
rm "$home/id_confirmed"

# ---- what known_hosts must say for nobody to get in: nothing, other keys, revoked ----

stranger=$(cut -d' ' -f1,2 "$home/id_stranger.pub")
: >"$HR_STACK_DIR/known-unknown"
awk -v key="$stranger" '/^@revoked/ { next } /^@/ { print $1, $2, key; next } { print $1, key }' \
	"$home/known_hosts" >"$HR_STACK_DIR/known-changed"
{
	cat "$home/known_hosts"
	awk '/^@/ { print "@revoked *", $3, $4; next } { print "@revoked *", $2, $3 }' "$home/known_hosts"
} >"$HR_STACK_DIR/known-revoked"

more_done '!usercert !certfile !certexpired !fido !jumped-locked !key-or-password !patient !mortal'
for kind in unknown changed revoked; do
	{
		printf 'UserKnownHostsFile %s\nGlobalKnownHostsFile /dev/null\n' "$HR_STACK_DIR/known-$kind"
		cat "$home/config"
	} >"$HR_STACK_DIR/config-$kind"
done
