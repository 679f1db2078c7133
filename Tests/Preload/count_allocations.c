// Preloaded into the program under test: counts what it allocates, and writes the number to the file that
// ALLOCATIONS names when the program exits.
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *place, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static unsigned long count;

void *malloc(size_t size)
{
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count++;
    return __libc_calloc(number, size);
}

void *realloc(void *place, size_t size)
{
    count++;
    return __libc_realloc(place, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **place, size_t alignment, size_t size)
{
    count++;
    *place = __libc_memalign(alignment, size);
    return *place ? 0 : ENOMEM;
}

__attribute__((destructor)) static void tell(void)
{
    unsigned long allocations = count;
    const char *path = getenv("ALLOCATIONS");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%lu\n", allocations);
    fclose(file);
}
