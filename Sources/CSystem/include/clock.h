#ifndef UPON_CLOCK_H
#define UPON_CLOCK_H

/* A descriptor that becomes readable when the wall clock is set, and after a suspend; -1 and errno where the system has
   none. It is close-on-exec and does not block. The corresponding Linux functions are timerfd_create and
   timerfd_settime with TFD_TIMER_CANCEL_ON_SET. */
int upon_clock_watch(void);

/* Takes note that the descriptor was readable and watches on. */
void upon_clock_watch_again(int descriptor);

#endif
