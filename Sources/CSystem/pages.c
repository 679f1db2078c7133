#include "CSystem.h"

#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int release(struct dl_phdr_info *object, size_t size, void *context)
{
    (void)size, (void)context;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        /* A writable segment holds what exists nowhere else, relocated constants too. */
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W)
            continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = object->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void upon_release_text(void)
{
    dl_iterate_phdr(release, NULL);
}

int upon_has_memory(size_t count)
{
    /* A compiler leaves out an allocation that is freed again, and takes it to have succeeded. */
    void *volatile memory = malloc(count);

    if (!memory)
        return 0;
    free(memory);
    return 1;
}
