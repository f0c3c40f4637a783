#!/bin/bash
# More sshds beside those of the stack, for test_worker_login: each is ni-db1 at another
# address with lines of its own. Run inside the stack; they end with it.
set -eu

# shellcheck source=tests/lib/more-hosts.sh
. "$(dirname "$0")/../lib/more-hosts.sh"
home=$stack_home

more_key id_ecdsa -t ecdsa -b 384 -N ''
more_key id_ecdsa_locked -t ecdsa -a 2 -N "$HR_PASSPHRASE"
more_key id_pem -t ecdsa -m PEM -N ''
more_key id_pem_locked -t ecdsa -m PEM -N "$HR_PASSPHRASE"
rm "$home/id_pem_locked.pub" # its public half is only inside
more_key id_gcm -t ed25519 -a 2 -Z aes256-gcm@openssh.com -N "$HR_PASSPHRASE"
more_key id_confirm -t ed25519 -N ''
for name in id_ecdsa id_ecdsa_locked id_pem id_pem_locked id_gcm; do
	printf 'Host %s\n\tHostName 127.0.0.2\n\tIdentityFile ~/.ssh/%s\n' "$name" "$name" >>"$more"
done

more_host rekey 127.0.0.120 <<<'RekeyLimit 256K'
more_host twofactor 127.0.0.121 <<'END'
AuthenticationMethods publickey,password
PasswordAuthentication yes
END
more_host keyboard 127.0.0.122 <<'END'
UsePAM yes
PubkeyAuthentication no
KbdInteractiveAuthentication yes
END
more_host fewtries 127.0.0.123 $'\tIdentitiesOnly no\n\tIdentityAgent '"$HR_STACK_DIR/crowd.sock" \
	<<<'MaxAuthTries 6'
more_host confirms 127.0.0.124 $'\tIdentitiesOnly no\n\tIdentityFile ~/.ssh/none\n\tIdentityAgent '"$HR_STACK_DIR/confirm.sock" \
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

more_done '!id_gcm !confirms'
