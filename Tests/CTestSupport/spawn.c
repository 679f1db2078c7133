#define _GNU_SOURCE
#include "CTestSupport.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int test_pipe(int ends[2]) {
  return pipe2(ends, O_CLOEXEC);
}

int test_terminal(int *primary, int *secondary) {
  int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return -1;
  char name[64];
  if (grantpt(fd) != 0 || unlockpt(fd) != 0 || ptsname_r(fd, name, sizeof name) != 0) return -1;
  int other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (other < 0) return -1;
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  ioctl(other, TIOCSWINSZ, &size);
  *primary = fd;
  *secondary = other;
  return 0;
}

// glibc's sigaction refuses the two signals it keeps for itself; a test must not pass them on ignored.
static void default_signals(void) {
  struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
  } action = {.handler = SIG_DFL};
  for (int number = 1; number < 65; number++) {
    syscall(SYS_rt_sigaction, number, &action, NULL, 8);
  }
}

static void become(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    int input, int output, int errors, int terminal) {
  if (terminal) {
    if (setsid() < 0 || ioctl(input, TIOCSCTTY, 0) != 0) return;
  } else if (setpgid(0, 0) != 0) {
    return;
  }
  // Above 2 first, so that none of the three is overwritten before it has been copied.
  int copies[3] = {fcntl(input, F_DUPFD, 3), fcntl(output, F_DUPFD, 3), fcntl(errors, F_DUPFD, 3)};
  for (int fd = 0; fd < 3; fd++) {
    if (copies[fd] < 0 || dup2(copies[fd], fd) < 0) return;
  }
  default_signals();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (chdir(directory) != 0) return;
  // All but the pipe that reports a failure, which closes itself.
  for (int fd = 3; fd < 1024; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && !(flags & FD_CLOEXEC)) close(fd);
  }
  execve(path, arguments, environment);
}

pid_t test_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    int input, int output, int errors, int terminal) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return -1;
  // No handler of the parent may run in the child before the dispositions are back at their defaults.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = fork();
  if (pid == 0) {
    become(path, arguments, environment, directory, input, output, errors, terminal);
    int reason = errno;
    (void)!write(report[1], &reason, sizeof reason);
    _exit(127);
  }
  int failure = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  int reason = 0;
  if (pid > 0 && read(report[0], &reason, sizeof reason) > 0) {
    waitpid(pid, NULL, 0);
    failure = reason;
    pid = -1;
  }
  close(report[0]);
  errno = failure;
  return pid;
}
