#include "CSystem.h"

#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* A timer that is never due: only that the clock is set cancels it. */
static int arm(int descriptor)
{
    struct itimerspec never = { .it_value = { .tv_sec = INT32_MAX } };

    if (sizeof(time_t) > 4)
        never.it_value.tv_sec = (time_t)1 << 40;
    return timerfd_settime(descriptor, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

int upon_clock_watch(void)
{
    int descriptor = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

    if (descriptor >= 0 && arm(descriptor) < 0) {
        int code = errno;
        close(descriptor);
        errno = code;
        return -1;
    }
    return descriptor;
}

void upon_clock_watch_again(int descriptor)
{
    uint64_t expirations;

    /* ECANCELED is what a reading says when the clock was set. */
    ssize_t count = read(descriptor, &expirations, sizeof expirations);
    (void)count;
    arm(descriptor);
}
