/* The system calls that Swift's Glibc module hides, and inline functions for what Swift cannot say:
   macros with casts, variadic functions, unions. Each says which of these it stands for. */
#ifndef UPON_CSYSTEM_H
#define UPON_CSYSTEM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

/* With _GNU_SOURCE the member of fd_set has another name than in Swift's Glibc module, and the two modules
   could not be imported together. */
#include <features.h>
#undef __USE_XOPEN
#include <sys/select.h>
#define __USE_XOPEN 1
/* Nor may an enumeration have more members than it has there. */
#undef __USE_GNU
#include <sys/resource.h>
#define __USE_GNU 1

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "datagrams.h"
#include "files.h"
#include "resolve.h"
#include "sockets.h"
#include "spawn.h"

/* MARK: Files and descriptors */

/* S_IFMT is a macro with arguments of its own type. */
static inline int upon_file_type(mode_t mode) { return (int)(mode & S_IFMT); }

/* open() is variadic. */
static inline int upon_open(const char *path, int flags, mode_t mode) {
  return open(path, flags, mode);
}

/* O_PATH is hidden without _GNU_SOURCE. */
static inline int upon_o_path(void) { return O_PATH; }

/* fcntl() is variadic: COMMAND is one that takes nothing (F_GETFL, F_GETFD). */
static inline int upon_fcntl_get(int descriptor, int command) { return fcntl(descriptor, command); }

/* fcntl() is variadic: COMMAND is one that takes an int (F_SETFL, F_SETFD, F_DUPFD_CLOEXEC). */
static inline int upon_fcntl_set(int descriptor, int command, int value) {
  return fcntl(descriptor, command, value);
}

/* ioctl() is variadic: the bytes that can be read, or -1. */
static inline int upon_fionread(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) < 0 ? -1 : count;
}

/* preadv2 at the current position that never waits, whatever the descriptor's flags are. Pipes know
   it since Linux 6.4; before, and elsewhere, it fails with EOPNOTSUPP. */
static inline ssize_t upon_read_nowait(int descriptor, void *buffer, size_t count) {
  struct iovec part = {buffer, count};
  return preadv2(descriptor, &part, 1, -1, RWF_NOWAIT);
}

/* pwritev2 at the current position that never waits, as upon_read_nowait. */
static inline ssize_t upon_write_nowait(int descriptor, const void *buffer, size_t count) {
  struct iovec part = {(void *)buffer, count};
  return pwritev2(descriptor, &part, 1, -1, RWF_NOWAIT);
}

/* MARK: Signals */

/* SIGRTMIN and SIGRTMAX are calls behind macros. */
static inline int upon_sigrtmin(void) { return SIGRTMIN; }
static inline int upon_sigrtmax(void) { return SIGRTMAX; }

enum upon_disposition { UPON_DEFAULT = 0, UPON_IGNORED = 1, UPON_HANDLED = 2 };

/* SIG_DFL and SIG_IGN are casts: one of enum upon_disposition, or -1 where SIGNAL cannot be asked. */
static inline int upon_disposition(int signal) {
  struct sigaction action;
  if (sigaction(signal, NULL, &action) < 0)
    return -1;
  if (action.sa_flags & SA_SIGINFO)
    return UPON_HANDLED;
  return action.sa_handler == SIG_DFL ? UPON_DEFAULT
       : action.sa_handler == SIG_IGN ? UPON_IGNORED : UPON_HANDLED;
}

/* SIG_DFL and SIG_IGN are casts: 0, or -1 and errno. */
static inline int upon_set_disposition(int signal, int ignored) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = ignored ? SIG_IGN : SIG_DFL;
  return sigaction(signal, &action, NULL);
}

static inline void upon_take_no_note(int signal) { (void)signal; }

/* Has a signal do nothing, until a program takes the place of this process: execve makes the disposition default,
   where one that is ignored would stay. */
static inline int upon_catch_signal(int signal) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = upon_take_no_note;
  action.sa_flags = SA_RESTART;
  return sigaction(signal, &action, NULL);
}

/* MARK: Sockets */

/* With _GNU_SOURCE a socket address is a union that Swift cannot make: sends one datagram to the unix
   socket whose name has LENGTH bytes, abstract if the first is NUL. 0, or -1 and errno. */
static inline int upon_send_unix(const char *name, size_t length, const void *bytes, size_t count) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (length > sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(address.sun_path, name, length);
  int own = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (own < 0)
    return -1;
  ssize_t sent = sendto(own, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&address,
                        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
  int code = errno;
  close(own);
  errno = code;
  return sent < 0 ? -1 : 0;
}

/* MARK: Processes */

/* RUSAGE_THREAD is hidden, see above: how often this thread has slept and been woken, or -1. */
static inline long upon_wakeups(void) {
  struct rusage usage;
  return getrusage((enum __rusage_who)1, &usage) < 0 ? -1 : usage.ru_nvcsw;
}

/* The variable is shared and mutable, which Swift 6 refuses to name. */
static inline char **upon_environment(void) { return environ; }

/* pidfd_open of Linux 5.3, close-on-exec by itself; as a system call because glibc has it since 2.36. */
static inline int upon_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

/* pidfd_send_signal to the process group that the pid of PIDFD stands for, also when the process itself has
   gone; ESRCH when the group is empty. Linux 6.9, before it EINVAL; the flag is younger than the headers. */
static inline int upon_pidfd_signal_group(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 1u << 2);
}

enum upon_exit_told { UPON_EXIT_UNKNOWN = 0, UPON_EXIT_TOLD = 1, UPON_EXIT_LATER = 2 };

/* PIDFD_GET_INFO with PIDFD_INFO_EXIT of Linux 6.15, younger than the headers: how the process of PIDFD has ended,
   once its parent has waited for it; LATER until then. CODE and STATUS as of upon_wait. */
static inline enum upon_exit_told upon_pidfd_exit(int pidfd, int *code, int *status) {
  struct {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ids[8];
    int32_t exit_code;
  } info;
  memset(&info, 0, sizeof info);
  info.mask = 1u << 3;
  if (ioctl(pidfd, _IOWR(0xFF, 11, info), &info) < 0)
    return UPON_EXIT_UNKNOWN;
  /* Linux 6.13 and 6.14 know the call and not the flag; a zombie has its exit told only when it is gone. */
  if (!(info.mask & 1u << 3))
    return UPON_EXIT_LATER;
  *code = WIFEXITED(info.exit_code) ? CLD_EXITED : CLD_KILLED;
  *status = WIFEXITED(info.exit_code) ? WEXITSTATUS(info.exit_code) : WTERMSIG(info.exit_code);
  return UPON_EXIT_TOLD;
}

enum upon_wait_for { UPON_WAIT_ALL = 0, UPON_WAIT_PID = 1, UPON_WAIT_PIDFD = 3 };

/* The members of siginfo_t are macros over unions: waitid() for exits without waiting. Returns the pid,
   0 when none has exited, -1 and errno otherwise; CODE is CLD_EXITED, CLD_KILLED or CLD_DUMPED. With
   PEEK the process stays to be waited for. */
static inline pid_t upon_wait(enum upon_wait_for type, int id, int peek, int *code, int *status) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  int options = WEXITED | WNOHANG | (peek ? WNOWAIT : 0);
  if (waitid((idtype_t)type, (id_t)id, &info, options) < 0)
    return -1;
  *code = info.si_code;
  *status = info.si_status;
  return info.si_pid;
}

/* waitid() for processes that job control has stopped, without waiting: the pid, and why in SIGNAL; 0 when none has
   been, -1 and errno otherwise. With PEEK it is told again. */
static inline pid_t upon_wait_stopped(enum upon_wait_for type, int id, int peek, int *signal) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (waitid((idtype_t)type, (id_t)id, &info, WSTOPPED | WNOHANG | (peek ? WNOWAIT : 0)) < 0)
    return -1;
  *signal = info.si_status;
  return info.si_pid;
}

/* Lets go of the pages of code and constants that are resident; those that are used again come back from the
   cache of the file system one by one. */
void upon_release_text(void);

/* Whether so many bytes can be allocated now. */
int upon_has_memory(size_t count);

/* Tells the Swift runtime what main was given; both stay main's. */
void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc);
char **_swift_stdlib_getUnsafeArgvArgc(int *length);

#endif
