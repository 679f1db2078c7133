import Platform

/// The path of a unix socket that is upon's own.
///
/// A path that somebody serves is refused, one that nobody serves any more is replaced, and no other file is touched.
/// The socket appears under its path whole: bound, with its mode and listening. It is removed with the last reference.
final class UnixPath {
  let path: [UInt8]
  private let type: Int32
  private let mode: mode_t
  /// Where the socket stands until it is published.
  private var temporary: [UInt8]?
  private var isReplacing = false
  private var device: dev_t = 0
  private var inode: ino_t = 0
  private var isPublished = false

  /// Looks at the path; `type` is that of the socket which is to stand there.
  init(_ path: [UInt8], mode: Int, type: Int32 = upon_stream_type()) throws(SourceFailure) {
    self.path = path
    self.mode = mode_t(mode)
    self.type = type
    isReplacing = try isStale()
  }

  deinit {
    remove()
  }

  /// Binds the socket to a name beside the path, where nobody looks for it.
  func bind(_ socket: Int32) throws(SourceFailure) {
    let folder = Self.folder(of: path)
    let name = Array(".upon-\(String(UInt32.random(in: .min ... .max), radix: 16))".utf8)
    var beside = folder + name
    var descriptor: Int32 = -1
    defer { if descriptor >= 0 { close(descriptor) } }
    if beside.count > SocketAddress.longestUnixName {
      // An address holds less than a path: the folder is reached through a descriptor.
      descriptor = upon_open(Self.cString(folder), Int32(upon_o_path()) | O_DIRECTORY | O_CLOEXEC, 0)
      guard descriptor >= 0 else { throw failure(errno) }
      beside = Array("/proc/self/fd/\(descriptor)/".utf8) + name
    }
    guard let address = SocketAddress(unix: beside) else { throw failure(ENAMETOOLONG) }
    let code = address.withSockaddr { upon_bind(socket, $0, $1) == 0 ? 0 : errno }
    guard code == 0 else { throw failure(code) }
    temporary = folder + name
    var status = stat()
    guard chmod(Self.cString(folder + name), mode) == 0, lstat(Self.cString(folder + name), &status) == 0
    else {
      throw failure(errno)
    }
    (device, inode) = (status.st_dev, status.st_ino)
  }

  /// Puts the bound socket in its place.
  func publish() throws(SourceFailure) {
    guard let temporary else { return }
    let from = Self.cString(temporary)
    let to = Self.cString(path)
    // A second link fails where a file has appeared since; some file systems know no links.
    if !isReplacing {
      if link(from, to) == 0 {
        unlink(from)
      } else if errno == EEXIST || rename(from, to) != 0 {
        throw failure(errno)
      }
    } else if rename(from, to) != 0 {
      throw failure(errno)
    }
    self.temporary = nil
    isPublished = true
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

  /// Whether a socket stands there that nobody serves; false where nothing stands there.
  private func isStale() throws(SourceFailure) -> Bool {
    var status = stat()
    guard lstat(Self.cString(path), &status) == 0 else {
      if errno == ENOENT { return false }
      throw failure(errno)
    }
    guard UInt32(upon_file_type(status.st_mode)) == S_IFSOCK else {
      throw SourceFailure("\(Word(path).text): exists and is not a socket")
    }
    let probe = upon_socket(AF_UNIX, type, 1)
    guard probe >= 0 else { throw failure(errno) }
    defer { close(probe) }
    let code = SocketAddress(unix: path)?.withSockaddr { upon_connect(probe, $0, $1) == 0 ? 0 : errno } ?? 0
    switch code {
    case ECONNREFUSED: return true
    case 0, EAGAIN, EINPROGRESS, EPROTOTYPE:
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
