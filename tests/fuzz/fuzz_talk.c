#include "fuzz/parsers.h"

FUZZ_TARGET(talk)
