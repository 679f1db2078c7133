// Periodic timers of libevent: the reference of `upon every:…`.
//
// timers SECONDS PERIOD_US         prints a record for each tick
// timers SECONDS PERIOD_US COUNT   COUNT timers, each a microsecond longer than the one before, that print nothing
#include "base.h"
#include "record.h"

static struct event_base *base;
static uint64_t ticks;
static long period_us;
static struct timespec origin;

static long long microseconds_since_origin(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - origin.tv_sec) * 1000000LL + (now.tv_nsec - origin.tv_nsec) / 1000;
}

// On an absolute grid, as upon: EV_PERSIST loses the phase when a tick is late by more than a period.
static void printing(evutil_socket_t fd, short what, void *event)
{
    (void)fd, (void)what;
    static const char fixed[] = "\",\"name\":\"every:1ms\",\"kind\":\"every\",\"event\":\"tick\",\"count\":1,\"number\":";
    static long long last;
    long long now = microseconds_since_origin();
    long long number = now / period_us > last ? now / period_us : last + 1;
    long long late = now - number * period_us, wait = period_us - late;
    record_now();
    record_begin(fixed, sizeof fixed - 1);
    put_number((uint64_t)number);
    PUT(",\"missed\":");
    put_number((uint64_t)(number - last - 1));
    PUT(",\"late_us\":");
    if (late < 0)
        PUT("-");
    put_number((uint64_t)(late < 0 ? -late : late));
    PUT("}\n");
    last = number;
    record_flush();
    event_add(event, &(struct timeval){wait / 1000000, wait % 1000000});
}

static void counting(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
    ticks++;
}

static void over(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
    event_base_loopbreak(base);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    base = make_base();
    long seconds = atol(argv[1]), count = argc > 3 ? atol(argv[3]) : 1;
    period_us = atol(argv[2]);
    clock_gettime(CLOCK_MONOTONIC, &origin);
    event_add(event_new(base, -1, 0, over, NULL), &(struct timeval){seconds, 0});
    for (long place = 0; place < count; place++) {
        long period = period_us + place;
        struct timeval time = {period / 1000000, period % 1000000};
        event_add(argc > 3 ? event_new(base, -1, EV_PERSIST, counting, NULL)
                           : event_new(base, -1, 0, printing, event_self_cbarg()), &time);
    }
    event_base_dispatch(base);
    if (argc > 3)
        printf("%llu\n", (unsigned long long)ticks);
    return 0;
}
