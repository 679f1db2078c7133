// The one importer of the C library. What stands above names POSIX's calls, constants and errors, and not where they
// come from: another system's C library takes the place of this line.
@_exported import CSystem

#if canImport(Glibc)
  @_exported import Glibc
#endif
