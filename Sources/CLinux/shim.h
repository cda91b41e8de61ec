#include <linux/falloc.h>
#include <sys/types.h>

/* The C library declares it under _GNU_SOURCE only, which Swift's import of it does not define. */
int fallocate(int descriptor, int mode, off_t offset, off_t length);
