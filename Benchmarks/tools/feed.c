// Writes log lines, the same ones every time.
//
// feed LINES SIZE [LINES_PER_WRITE]   SIZE is that of a line with its end; 0 for lines as programs log them
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST = 1 << 18 };

static char line[LONGEST], *batch;

static size_t make(unsigned long number, size_t size)
{
    static const char *const levels[] = {"INFO", "WARN", "ERROR", "DEBUG"};
    size_t length = (size_t)snprintf(line, sizeof line,
        "2026-11-23T07:%02lu:%02lu.%03lu %s host%lu app[%lu]: request %lu served in %lu ms from 10.0.%lu.%lu",
        number / 60000 % 60, number / 1000 % 60, number % 1000, levels[number % 4], number % 17, 1000 + number % 9000,
        number, number * 7 % 1000, number % 256, number * 3 % 256);
    if (size > 0) {
        for (size_t at = length; at < size - 1; at++)
            line[at] = (char)('a' + (at + number) % 26);
        length = size - 1;
    }
    line[length] = '\n';
    return length + 1;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    unsigned long lines = strtoul(argv[1], NULL, 10), size = strtoul(argv[2], NULL, 10);
    unsigned long per_write = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    size_t capacity = (1 << 16) + LONGEST, used = 0;
    if (size >= LONGEST || !(batch = malloc(capacity)))
        return 64;
    for (unsigned long number = 0; number < lines; number++) {
        size_t length = make(number, size);
        memcpy(batch + used, line, length);
        used += length;
        int is_last = number + 1 == lines;
        if (is_last || used >= 1 << 16 || (per_write && (number + 1) % per_write == 0)) {
            for (size_t written = 0; written < used;) {
                ssize_t count = write(1, batch + written, used - written);
                if (count < 0)
                    return 1;
                written += (size_t)count;
            }
            used = 0;
        }
    }
    return 0;
}
