// The lines of standard input as JSON records, on libevent: the reference of `upon stdin`.
//
// stdin_lines [FIRST LAST]   watches these descriptors too, which stay idle
#include "base.h"
#include "record.h"
#include <errno.h>
#include <sys/stat.h>

enum { PIECE = 1 << 16, LONGEST = 1 << 20 };

static struct event_base *base;
static struct event *readable;
static bool is_file;
static char buffer[LONGEST + PIECE];
static size_t held;

static void put_line(const char *line, size_t size)
{
    static const char fixed[] = "\",\"name\":\"stdin\",\"kind\":\"stdin\",\"event\":\"line\",\"count\":1";
    if (size && line[size - 1] == '\r')
        size--;
    record_begin(fixed, sizeof fixed - 1);
    record_end_with_data(line, size);
}

static void ready(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
    ssize_t count = read(0, buffer + held, PIECE);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    record_now();
    if (count <= 0) {
        if (held)
            put_line(buffer, held);
        record_flush();
        event_base_loopbreak(base);
        return;
    }
    char *line = buffer, *end = buffer + held + count, *from = buffer + held, *stop;
    while ((stop = memchr(from, '\n', (size_t)(end - from)))) {
        put_line(line, (size_t)(stop - line));
        line = from = stop + 1;
    }
    held = (size_t)(end - line);
    if (held > LONGEST)
        exit(1);
    memmove(buffer, line, held);
    record_flush();
    // epoll refuses regular files: they are kept going by a timer.
    if (is_file)
        event_add(readable, &(struct timeval){0, 0});
}

static void unexpected(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
    exit(1);
}

int main(int argc, char **argv)
{
    base = make_base();
    struct stat status;
    is_file = fstat(0, &status) == 0 && S_ISREG(status.st_mode);
    readable = event_new(base, is_file ? -1 : 0, is_file ? 0 : EV_READ | EV_PERSIST, ready, NULL);
    event_add(readable, is_file ? &(struct timeval){0, 0} : NULL);
    for (int fd = argc == 3 ? atoi(argv[1]) : 0; argc == 3 && fd <= atoi(argv[2]); fd++)
        event_add(event_new(base, fd, EV_READ | EV_PERSIST, unexpected, NULL), NULL);
    event_base_dispatch(base);
    return 0;
}
