// Preloaded into the program under test: its wall clock is ahead of the system's by the seconds that stand in the file
// CLOCK_OFFSET, and what tells it that the clock was set is the fifo CLOCK_TOLD, into which the test writes.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static long long offset(void)
{
    char text[32] = "";
    int file = open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    return count > 0 ? atoll(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = (int)syscall(SYS_clock_gettime, clock, time);

    if (clock == CLOCK_REALTIME)
        time->tv_sec += offset();
    return result;
}

int timerfd_create(clockid_t clock, int flags)
{
    if (clock != CLOCK_REALTIME)
        return (int)syscall(SYS_timerfd_create, clock, flags);
    return open(getenv("CLOCK_TOLD"), O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

int timerfd_settime(int descriptor, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    // The fifo is no timer, which nobody is to notice.
    syscall(SYS_timerfd_settime, descriptor, flags, new, old);
    return 0;
}
