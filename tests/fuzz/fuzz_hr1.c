#include "fuzz/parsers.h"

FUZZ_TARGET(hr1)
