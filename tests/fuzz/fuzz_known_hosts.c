#include "fuzz/parsers.h"

FUZZ_TARGET(known_hosts)
