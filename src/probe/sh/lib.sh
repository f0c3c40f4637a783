# Shared by the scripts of the probes. One line per fact; see README.
	LC_ALL=C
	PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin:/usr/sbin:/sbin
	export LC_ALL PATH

	p_wants() {
		case $HRP_WANT in
		*" $1 "*) return 0 ;;
		esac
		return 1
	}
	# One line of somebody's words, without control characters, at most 200 bytes.
	p_words() {
		tr '\n\t' '  ' | tr -d '\000-\037\177' | cut -c1-200
	}
	p_end() {
		echo end
		exit 0
	}
	p_cannot() {
		echo "cannot $(printf %s "$*" | p_words)"
		p_end
	}
	p_none() {
		echo "none $(printf %s "$*" | p_words)"
		p_end
	}
	p_need() {
		command -v "$1" >/dev/null 2>&1 || p_cannot "there is no $1 here"
	}
	# The container engine, in $engine.
	p_engine() {
		engine=docker
		command -v docker >/dev/null 2>&1 || engine=podman
		command -v $engine >/dev/null 2>&1 ||
			p_cannot 'there is neither docker nor podman here'
	}
	# Says why the engine does not know $1: none where it answers at all, else cannot.
	p_engine_says() {
		if "$engine" ps -q >/dev/null 2>&1; then
			p_none "there is no container $1"
		fi
		p_cannot "$engine: $("$engine" ps -q 2>&1 >/dev/null | p_words)"
	}
