import Platform

/// A named pipe, made if it was not there, that is open for reading and has no end.
///
/// It is open for writing too: without a writer it would end again and again. What was made is removed with the last
/// reference. The corresponding C functions are `mkfifo` and `open`.
final class NamedPipe {
  let descriptor: Int32
  private let path: [CChar]
  private let isMade: Bool
  private let device: dev_t
  private let inode: ino_t

  init(_ name: [UInt8], mode: Int) throws(SourceFailure) {
    let path = name.map { CChar(bitPattern: $0) } + [0]
    let title = Word(name).text
    self.path = path
    // A umask would take bits of the mode that was asked for.
    let mask = umask(0)
    isMade = mkfifo(path, mode_t(mode)) == 0
    let code = errno
    umask(mask)
    if !isMade, code != EEXIST { throw SourceFailure(title, errno: code) }
    var status = stat()
    // Only for the message: what counts is what has been opened.
    if stat(path, &status) == 0, UInt32(upon_file_type(status.st_mode)) != S_IFIFO {
      throw SourceFailure("\(title): exists and is not a named pipe")
    }
    let descriptor = upon_open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw SourceFailure(title, errno: errno) }
    guard fstat(descriptor, &status) == 0, UInt32(upon_file_type(status.st_mode)) == S_IFIFO else {
      close(descriptor)
      throw SourceFailure("\(title): exists and is not a named pipe")
    }
    self.descriptor = descriptor
    (device, inode) = (status.st_dev, status.st_ino)
  }

  deinit {
    var status = stat()
    if isMade, lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode { unlink(path) }
    close(descriptor)
  }
}
