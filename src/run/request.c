#include "run/request.h"

const char *
request_name(enum request_kind k)
{
	static const char *const names[REQ_COUNT] = {
#define X(id, fields, help) [REQ_##id] = #id,
		REQUESTS(X)
#undef X
	};

	return names[k];
}

bool
request_is_outcome(enum request_kind k)
{
	return k >= REQ_STARTED && k <= REQ_READING;
}
