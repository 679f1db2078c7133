/* Watching files: inotify, reading directories, and what a file is, without the variadic calls and the unions
   that Swift cannot say. */
#ifndef UPON_FILES_H
#define UPON_FILES_H
#include <stdint.h>
#include <sys/types.h>

/* A new inotify instance that does not wait, close-on-exec; or -1 and errno. */
int upon_inotify_open(void);

/* Watches what DESCRIPTOR stands for, exactly this inode whatever its name is by now; the bits of MASK are added
   to those of a watch that is there already. The number of the watch, or -1 and errno. */
int upon_inotify_watch(int instance, int descriptor, uint32_t mask);

/* Takes a watch back; an IN_IGNORED event follows. */
int upon_inotify_forget(int instance, int watch);

/* Opens NAME below DIRECTORY for reading entries, links not followed; or a negated errno, as the next three. */
int upon_open_directory(int directory, const char *name);

/* Opens the directory NAME below DIRECTORY as a place only (O_PATH), links not followed. */
int upon_open_directory_place(int directory, const char *name);

/* Opens NAME below DIRECTORY as a place only (O_PATH), links not followed. */
int upon_open_place(int directory, const char *name);

/* Opens NAME below DIRECTORY for reading, a FIFO without waiting; with FOLLOW through links. */
int upon_open_file(int directory, const char *name, int follow);

/* Entries of a directory as struct linux_dirent64: bytes, 0 at the end, or -1 and errno. */
ssize_t upon_read_directory(int directory, void *buffer, size_t size);

/* What a file is. Times are in nanoseconds since 1970; BORN is 0 where the file system does not keep it. */
struct upon_facts {
  uint64_t device, inode, size, links;
  int64_t modified, changed, born;
  uint32_t mode;
};

/* statx() of NAME below DIRECTORY, or of DIRECTORY itself when NAME is empty: 0, or an errno. */
int upon_look(int directory, const char *name, int follow, struct upon_facts *facts);

/* Whether a process has the file open for writing: 1, 0, or -1 where the kernel does not tell us. DESCRIPTOR
   must be open for reading only. */
int upon_has_writer(int descriptor);

/* The kind of file system (f_type of statfs), or 0. */
uint64_t upon_file_system(int descriptor);

/* The target of the link that DESCRIPTOR (O_PATH) stands for: its length, or -1 and errno. */
ssize_t upon_link_target(int descriptor, char *buffer, size_t size);

#endif
