#!/bin/bash
# More sshds beside those of the stack, for test_worker_login: each is ni-db1 at another
# address with lines of its own. Run inside the stack; they end with it.
set -eu

base=$HR_STACK_DIR/hosts/ni-db1/sshd_config
home=$HR_STACK_DIR/home/.ssh

host() { # NAME ADDRESS, sshd_config on standard input, lines of ssh_config as $3
	local config=$HR_STACK_DIR/hosts/$1.config
	{
		cat
		sed "s/^ListenAddress.*/ListenAddress $2:22/" "$base"
	} >"$config"
	"$(command -v sshd)" -f "$config" -E "$HR_STACK_DIR/log/sshd-$1.log"
	printf 'Host %s\n\tHostName %s\n%s\n' "$1" "$2" "${3-}" >>"$home/more"
	echo "$2 $(cut -d' ' -f1,2 "$HR_STACK_DIR/hosts/ni-db1/key.pub")" >>"$home/known_hosts"
}

key() { # NAME OPTION...
	ssh-keygen -q -C "$1" -f "$home/$1" "${@:2}" </dev/null
	cat "$home/$1.pub" >>"$HR_STACK_DIR/hosts/authorized_keys"
}

: >"$home/more"
key id_ecdsa -t ecdsa -b 384 -N ''
key id_ecdsa_locked -t ecdsa -a 2 -N "$HR_PASSPHRASE"
key id_pem -t ecdsa -m PEM -N ''
key id_pem_locked -t ecdsa -m PEM -N "$HR_PASSPHRASE"
rm "$home/id_pem_locked.pub" # its public half is only inside
key id_gcm -t ed25519 -a 2 -Z aes256-gcm@openssh.com -N "$HR_PASSPHRASE"
key id_confirm -t ed25519 -N ''
for name in id_ecdsa id_ecdsa_locked id_pem id_pem_locked id_gcm; do
	printf 'Host %s\n\tHostName 127.0.0.2\n\tIdentityFile ~/.ssh/%s\n' "$name" "$name" >>"$home/more"
done

host rekey 127.0.0.120 <<<'RekeyLimit 256K'
host twofactor 127.0.0.121 <<'END'
AuthenticationMethods publickey,password
PasswordAuthentication yes
END
host keyboard 127.0.0.122 <<'END'
UsePAM yes
PubkeyAuthentication no
KbdInteractiveAuthentication yes
END
host fewtries 127.0.0.123 $'\tIdentitiesOnly no\n\tIdentityAgent '"$HR_STACK_DIR/crowd.sock" \
	<<<'MaxAuthTries 6'
host confirms 127.0.0.124 $'\tIdentitiesOnly no\n\tIdentityFile ~/.ssh/none\n\tIdentityAgent '"$HR_STACK_DIR/confirm.sock" \
	</dev/null

# Agents: six keys that open nothing before the one that does; and one that must confirm
# each signature, with nobody to ask.
ssh-agent -a "$HR_STACK_DIR/crowd.sock" >/dev/null
for i in 1 2 3 4 5 6; do
	ssh-keygen -q -t ed25519 -N '' -C "stranger $i" -f "$HR_STACK_DIR/stranger$i"
	SSH_AUTH_SOCK=$HR_STACK_DIR/crowd.sock ssh-add -q "$HR_STACK_DIR/stranger$i"
done
SSH_AUTH_SOCK=$HR_STACK_DIR/crowd.sock ssh-add -q "$home/id_ed25519"
env -u DISPLAY SSH_ASKPASS=/bin/false ssh-agent -a "$HR_STACK_DIR/confirm.sock" >/dev/null
SSH_AUTH_SOCK=$HR_STACK_DIR/confirm.sock ssh-add -q -c "$home/id_confirm"
rm "$home/id_confirm"

# Not the operator's own key as well, where the other one is the point.
sed '/^Host \* /s/$/ !id_gcm !confirms/' "$home/config" >>"$home/more"
mv "$home/more" "$home/config"
