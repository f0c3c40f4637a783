# shellcheck shell=bash
# A moment for loops that wait for a state: `until COMMAND; do pause; done`. Nobody is to be
# waited for that long; a loop without it takes the processor from what it waits for.

exec {pause_fd}<> <(:)

pause() {
	read -r -t 0.05 -u "$pause_fd" _ || :
}
