/* Starting processes: what happens between clone and execve cannot be written in Swift. */
#ifndef UPON_SPAWN_H
#define UPON_SPAWN_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum upon_spawn_flags {
  UPON_SPAWN_GROUP = 1,  /* the process leads a process group of its own */
  UPON_SPAWN_DETACH = 2, /* it does not get TERM when its parent dies */
  UPON_SPAWN_USER = 8,   /* it becomes user and group, with groups as all others */
  UPON_SPAWN_LIMIT = 4,  /* soft_limit and hard_limit are its RLIMIT_NOFILE */
};

/* Everything belongs to the caller and is only read. Bit N-1 of a set stands for signal N. */
struct upon_spawn_request {
  const char *path;         /* to execute as it stands: no search */
  char *const *arguments;   /* ends with NULL, as does the next */
  char *const *environment;
  const char *directory;    /* or NULL */
  int standard[3];          /* become 0, 1, 2; may be 0-2 in any order */
  int keep;                 /* a further descriptor, inherited under its number, or -1 */
  int terminal;             /* 0 or keep: the terminal that its group gets, or -1 */
  int flags;                /* enum upon_spawn_flags */
  uint64_t changed;         /* signals whose disposition is not as the process is to find it; the parent handles none */
  uint64_t ignored;         /* of these, the ones that it ignores; the others are default */
  uint64_t soft_limit;
  uint64_t hard_limit;
  uid_t user;
  gid_t group;
  const gid_t *groups;
  size_t group_count;
};

/* Starts a process and returns its pid once it runs the program; -1 and *error when any step failed, and
   then no process is left. The process has an empty signal mask and no descriptors beyond 0-2 and keep.
   With pidfd not NULL a pidfd of it is made at the same time, close-on-exec; before Linux 5.2 *pidfd stays
   as it was. */
pid_t upon_spawn(const struct upon_spawn_request *request, int *pidfd, int *error);

/* Finds the file that execvp() would run for NAME along PATH (NULL: the system's default), and copies its
   path into BUFFER. Returns 0, or ENOENT, EACCES (something was there but not executable), ENAMETOOLONG. */
int upon_find_program(const char *name, const char *path, char *buffer, size_t size);

#endif
