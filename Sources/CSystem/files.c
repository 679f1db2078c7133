#include "CSystem.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/vfs.h>

int upon_inotify_open(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int upon_inotify_watch(int instance, int descriptor, uint32_t mask) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return inotify_add_watch(instance, path, mask | IN_MASK_ADD);
}

int upon_inotify_forget(int instance, int watch) { return inotify_rm_watch(instance, watch); }

static int result(int descriptor) { return descriptor < 0 ? -errno : descriptor; }

int upon_open_directory(int directory, const char *name) {
  return result(openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

int upon_open_directory_place(int directory, const char *name) {
  return result(openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

int upon_open_place(int directory, const char *name) {
  return result(openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

int upon_open_file(int directory, const char *name, int follow) {
  int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
  return result(openat(directory, name, flags));
}

ssize_t upon_read_directory(int directory, void *buffer, size_t size) {
  return syscall(SYS_getdents64, directory, buffer, size);
}

static int64_t nanoseconds(struct statx_timestamp time) {
  return time.tv_sec * 1000000000 + time.tv_nsec;
}

int upon_look(int directory, const char *name, int follow, struct upon_facts *facts) {
  struct statx status;
  int flags = AT_EMPTY_PATH | AT_NO_AUTOMOUNT | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
  if (statx(directory, name, flags, STATX_BASIC_STATS | STATX_BTIME, &status) < 0)
    return errno;
  *facts = (struct upon_facts){
      .device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor,
      .inode = status.stx_ino,
      .size = status.stx_size,
      .links = status.stx_nlink,
      .modified = nanoseconds(status.stx_mtime),
      .changed = nanoseconds(status.stx_ctime),
      .born = status.stx_mask & STATX_BTIME ? nanoseconds(status.stx_btime) : 0,
      .mode = status.stx_mode,
  };
  return 0;
}

int upon_has_writer(int descriptor) {
  /* Whoever opens the file for writing just now breaks the lease, and the kernel tells us by a signal: by
     default SIGIO, which kills. SIGURG is ignored unless somebody asks for it. */
  if (fcntl(descriptor, F_SETSIG, SIGURG) < 0)
    return -1;
  if (fcntl(descriptor, F_SETLEASE, F_RDLCK) < 0)
    return errno == EAGAIN ? 1 : -1;
  fcntl(descriptor, F_SETLEASE, F_UNLCK);
  return 0;
}

uint64_t upon_file_system(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) < 0 ? 0 : (uint64_t)(uint32_t)status.f_type;
}

ssize_t upon_link_target(int descriptor, char *buffer, size_t size) {
  return readlinkat(descriptor, "", buffer, size);
}
