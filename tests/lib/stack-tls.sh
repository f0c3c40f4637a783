# shellcheck shell=bash
# Names of this machine and a certificate authority of our own.

export HR_TLS_CA=$HR_STACK_DIR/ca/ca.pem HR_TLS_CLIENT=$HR_STACK_DIR/ca/client
export HR_REDIS_PASSWORD=probe-password-4711

tls_names() {
	{
		cat /etc/hosts
		echo "127.0.0.1 site.test www.site.test soon.test expired.test self.test cache.test db.test" \
			"ni.test"
	} >"$dir/etc/hosts"
	mount --bind "$dir/etc/hosts" /etc/hosts || cannot "/etc/hosts cannot be covered"
}

tls_run() {
	openssl "$@" >>"$dir/log/openssl.log" 2>&1 || broken "$dir/log/openssl.log" "openssl failed"
}

tls_authority() {
	mkdir -p "$dir/ca"
	tls_run req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
		-subj "/CN=Handrail test authority" -keyout "$dir/ca/ca.key" -out "$HR_TLS_CA"
	tls_issue "$HR_TLS_CLIENT" client.test 30
}

# FILE.pem and FILE.key for the names, ending in DAYS (-1: yesterday).
tls_issue() { # FILE NAMES DAYS
	local name names=''
	for name in $2; do
		names="$names${names:+,}DNS:$name"
	done
	tls_run req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=${2%% *}" -keyout "$1.key" -out "$1.csr"
	tls_run x509 -req -in "$1.csr" -CA "$HR_TLS_CA" -CAkey "$dir/ca/ca.key" \
		-set_serial "0x$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" -days "$3" \
		-extfile <(echo "subjectAltName=$names") -out "$1.pem"
}

tls_self() { # FILE NAME
	tls_run req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "$1.key" -out "$1.pem"
}
