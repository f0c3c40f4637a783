#ifndef WORKER_WARM_H
#define WORKER_WARM_H

/*
 * Does once what OpenSSL does at first use: loads algorithms, builds tables, seeds. Each
 * process would pay 2.5 ms for it at its first connection; workers are forked after it.
 */

void warm_crypto(void);

#endif
