/* The one place that starts processes.

   posix_spawn of glibc 2.36 leaves signals 32 and 33 ignored in every child, cannot set RLIMIT_NOFILE or
   PDEATHSIG, and gives no pidfd. As with vfork the child borrows the parent's memory, so that the time does
   not grow with the parent, and its errno comes back in a variable of the parent's frame. */
#include "CSystem.h"

#include <sched.h>

/* Makes the three sources 0, 1 and 2. Sources that stand in each other's way move up first; afterwards
   each is either in its place or above 2, and no dup2 can close one that is still needed. */
static int place_standard(const int wanted[3]) {
  int source[3];
  for (int i = 0; i < 3; i++) {
    source[i] = wanted[i];
    if (source[i] >= 0 && source[i] <= 2 && source[i] != i) {
      source[i] = fcntl(source[i], F_DUPFD_CLOEXEC, 3);
      if (source[i] < 0)
        return -1;
    }
  }
  for (int i = 0; i < 3; i++) {
    if (source[i] == i) {
      int flags = fcntl(i, F_GETFD);
      if (flags < 0 || ((flags & FD_CLOEXEC) && fcntl(i, F_SETFD, flags & ~FD_CLOEXEC) < 0))
        return -1;
    } else if (dup2(source[i], i) < 0) {
      return -1;
    }
  }
  return 0;
}

static void close_span(unsigned first, unsigned last) {
  if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
    return;
  /* Before Linux 5.9: one by one, as far as descriptors can have been opened. */
  struct rlimit limit;
  unsigned end = 1024;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur > end)
    end = limit.rlim_cur < (1u << 20) ? (unsigned)limit.rlim_cur : 1u << 20;
  for (unsigned number = first; number < end && number <= last; number++)
    close((int)number);
}

static int close_rest(int keep) {
  if (keep < 3) {
    close_span(3, ~0u);
    return 0;
  }
  int flags = fcntl(keep, F_GETFD);
  if (flags < 0 || ((flags & FD_CLOEXEC) && fcntl(keep, F_SETFD, flags & ~FD_CLOEXEC) < 0))
    return -1;
  close_span(3, (unsigned)keep - 1);
  close_span((unsigned)keep + 1, ~0u);
  return 0;
}

/* Setting all 64 would take a tenth of the time of a run. */
static void set_dispositions(uint64_t changed, uint64_t ignored) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  for (; changed != 0; changed &= changed - 1) {
    int signal = __builtin_ctzll(changed) + 1;
    action.sa_handler = (ignored >> (signal - 1)) & 1 ? SIG_IGN : SIG_DFL;
    sigaction(signal, &action, NULL);
  }
}

/* TERM when the parent dies; a change of user takes that back. */
static int bind_to_parent(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
    return -1;
  /* The parent may have died before the line above: nobody would send the signal then. */
  if (getppid() != parent)
    _exit(128 + SIGTERM);
  return 0;
}

/* By system calls: the functions of the C library would change other threads of the parent too. */
static int become_user(const struct upon_spawn_request *request) {
  if (syscall(SYS_setgroups, request->group_count, request->groups) < 0)
    return -1;
  if (syscall(SYS_setresgid, request->group, request->group, request->group) < 0)
    return -1;
  return (int)syscall(SYS_setresuid, request->user, request->user, request->user);
}

/* Runs between clone and execve: only system calls, no allocation, no lock. Returns after a failure. */
static void become(const struct upon_spawn_request *request, pid_t parent) {
  set_dispositions(request->changed, request->ignored);
  if ((request->flags & UPON_SPAWN_GROUP) && setpgid(0, 0) < 0)
    return;
  if (!(request->flags & UPON_SPAWN_DETACH) && bind_to_parent(parent) < 0)
    return;
  if (place_standard(request->standard) < 0 || close_rest(request->keep) < 0)
    return;
  /* Before it runs: it could not read until then. TTOU, which would stop it, is blocked. */
  if (request->terminal >= 0)
    tcsetpgrp(request->terminal, getpid());
  if (request->flags & UPON_SPAWN_LIMIT) {
    struct rlimit limit = {request->soft_limit, request->hard_limit};
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
      return;
  }
  if (request->flags & UPON_SPAWN_USER) {
    if (become_user(request) < 0)
      return;
    if (!(request->flags & UPON_SPAWN_DETACH) && bind_to_parent(parent) < 0)
      return;
  }
  if (request->directory && chdir(request->directory) < 0)
    return;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(request->path, request->arguments, request->environment);
}

struct start {
  const struct upon_spawn_request *request;
  pid_t parent;
  int error;
};

static int run(void *argument) {
  struct start *start = argument;
  become(start->request, start->parent);
  start->error = errno;
  _exit(127);
}

pid_t upon_spawn(const struct upon_spawn_request *request, int *pidfd, int *error) {
  /* The parent sleeps until the child has left this frame, in which its stack is. */
  char stack[32768] __attribute__((aligned(16)));
  struct start start = {request, getpid(), 0};
  int flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (pidfd ? CLONE_PIDFD : 0);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = clone(run, stack + sizeof stack, flags, &start, pidfd);
  int code = pid < 0 ? errno : start.error;
  if (pid > 0 && code != 0) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    if (pidfd && *pidfd >= 0)
      close(*pidfd);
    pid = -1;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  *error = code;
  return pid;
}

/* 0 when PATH can be executed as a file. */
static int executable(const char *path) {
  struct stat status;
  if (stat(path, &status) < 0)
    return errno;
  if (!S_ISREG(status.st_mode))
    return EACCES;
  return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? errno : 0;
}

int upon_find_program(const char *name, const char *path, char *buffer, size_t size) {
  size_t length = strlen(name);
  if (length == 0)
    return ENOENT;
  if (strchr(name, '/')) {
    if (length >= size)
      return ENAMETOOLONG;
    memcpy(buffer, name, length + 1);
    return executable(buffer);
  }
  int result = ENOENT;
  for (const char *part = path ? path : "/bin:/usr/bin";; ) {
    const char *end = strchrnul(part, ':');
    size_t folder = (size_t)(end - part);
    if (folder + length + 2 <= size) {
      memcpy(buffer, part, folder);
      /* An empty part is the current directory. */
      if (folder > 0)
        buffer[folder++] = '/';
      memcpy(buffer + folder, name, length + 1);
      int found = executable(buffer);
      if (found == 0)
        return 0;
      if (found == EACCES)
        result = EACCES;
    }
    if (*end == '\0')
      return result;
    part = end + 1;
  }
}
