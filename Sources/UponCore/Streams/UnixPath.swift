import EventLoop
import Platform

/// The path of a unix socket that is upon's own.
///
/// A path that somebody serves is refused, one that nobody serves any more is replaced, and no other file is touched.
/// The socket appears under its path whole: bound, with its mode and listening. It is removed with the last reference,
/// or before its socket is closed: while that is open nobody else takes the path.
final class UnixPath {
  let path: [UInt8]
  private let mode: mode_t
  /// Where the socket stands until it is published.
  private var temporary: [UInt8]?
  private var device: dev_t = 0
  private var inode: ino_t = 0
  private var isPublished = false

  /// Looks at the path, so that nothing is made where it cannot be had.
  init(_ path: [UInt8], mode: Int) throws(SourceFailure) {
    self.path = path
    self.mode = mode_t(mode)
    try look()
  }

  deinit {
    remove()
  }

  /// Binds the socket to a name beside the path, where nobody looks for it.
  func bind(_ socket: Int32) throws(SourceFailure) {
    let folder = Self.folder(of: path)
    let name = Array(".upon-\(String(UInt32.random(in: .min ... .max), radix: 16))".utf8)
    if (folder + name).count <= SocketAddress.longestUnixName {
      try bind(socket, to: folder + name)
    } else {
      let short: ShortPath
      do throws(LoopError) {
        short = try ShortPath(to: name, in: Self.cString(folder))
      } catch {
        throw failure(error.code)
      }
      try bind(socket, to: short.bytes)
      _ = consume short
    }
    temporary = folder + name
    var status = stat()
    guard lstat(Self.cString(folder + name), &status) == 0 else { throw failure(errno) }
    (device, inode) = (status.st_dev, status.st_ino)
  }

  private func bind(_ socket: Int32, to path: [UInt8]) throws(SourceFailure) {
    guard let address = SocketAddress(unix: path) else { throw failure(ENAMETOOLONG) }
    // The file is made with its mode: a change by name could be of what somebody has put there meanwhile.
    _ = fchmod(socket, mode)
    let mask = umask(~mode & 0o777)
    let code = address.withSockaddr { upon_bind(socket, $0, $1) == 0 ? 0 : errno }
    umask(mask)
    guard code == 0 else { throw failure(code) }
  }

  /// Puts the bound socket, which listens, in its place.
  func publish() throws(SourceFailure) {
    guard let temporary else { return }
    let from = Self.cString(temporary)
    // A second link fails where a file stands, and one that nobody serves is replaced by only one at a time.
    if link(from, Self.cString(path)) == 0 {
      unlink(from)
    } else {
      try replace(from)
    }
    self.temporary = nil
    isPublished = true
  }

  /// Takes the place of a socket that nobody serves; of none on a file system that knows no links.
  private func replace(_ from: [CChar]) throws(SourceFailure) {
    let lock = try FolderLock(Self.folder(of: path), failure)
    // Whoever had the lock before may serve it now.
    try look()
    guard rename(from, Self.cString(path)) == 0 else { throw failure(errno) }
    lock.release()
  }

  /// Removes what was made, and nothing that has taken its place.
  func remove() {
    if let temporary { unlink(Self.cString(temporary)) }
    temporary = nil
    guard isPublished else { return }
    isPublished = false
    var status = stat()
    let name = Self.cString(path)
    if lstat(name, &status) == 0, status.st_dev == device, status.st_ino == inode { unlink(name) }
  }

  /// Throws where somebody serves it, and where another file stands there.
  private func look() throws(SourceFailure) {
    var status = stat()
    guard lstat(Self.cString(path), &status) == 0 else {
      if errno == ENOENT { return }
      throw failure(errno)
    }
    guard UInt32(upon_file_type(status.st_mode)) == S_IFSOCK else {
      throw SourceFailure("\(Word(path).text): exists and is not a socket")
    }
    // Asked for datagrams a socket that is served refuses by its type, or takes note of nothing: nobody is a client.
    let probe = upon_socket(AF_UNIX, upon_datagram_type(), 1)
    guard probe >= 0 else { throw failure(errno) }
    defer { close(probe) }
    let code = SocketAddress(unix: path)?.withSockaddr { upon_connect(probe, $0, $1) == 0 ? 0 : errno } ?? 0
    switch code {
    // A socket that nobody serves, and one that has gone meanwhile.
    case ECONNREFUSED, ENOENT: return
    case 0, EPROTOTYPE, EPERM, EAGAIN:
      throw SourceFailure("\(Word(path).text): is being served by another process")
    default: throw failure(code)
    }
  }

  private func failure(_ code: Int32) -> SourceFailure {
    SourceFailure(Word(path).text, errno: code)
  }

  /// The folder with its slash; empty for the current one.
  private static func folder(of path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return [] }
    return Array(path[...slash])
  }

  private static func cString(_ bytes: [UInt8]) -> [CChar] {
    bytes.map { CChar(bitPattern: $0) } + [0]
  }
}
