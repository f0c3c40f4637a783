#!/bin/bash
# Hosts that give few channels, for test_second. Run inside the stack; they end with it.
set -eu

# shellcheck source=tests/lib/more-hosts.sh
. "$(dirname "$0")/../lib/more-hosts.sh"

more_host two-sessions 127.0.0.150 <<<'MaxSessions 2'
more_host one-crowded 127.0.0.151 <<'END'
MaxSessions 1
MaxStartups 1:100:1
END
more_host one-locked 127.0.0.152 $'\tIdentityFile ~/.ssh/id_locked' <<<'MaxSessions 1'
if [ "$(id -u)" = 0 ]; then
	more_host one-password 127.0.0.153 <<-'END'
		MaxSessions 1
		PubkeyAuthentication no
		PasswordAuthentication yes
	END
fi
more_done '!one-locked'
