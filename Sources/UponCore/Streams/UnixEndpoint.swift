import Platform

/// Where a unix socket of upon's own stands.
enum UnixEndpoint: Sendable, Equatable {
  case path([UInt8], mode: Int)
  /// `@NAME`, which has no file.
  case abstract(SocketAddress)

  static let mode = Setting("mode", .mode, standard: "600", help: "the mode of the socket's file")

  /// Takes an address that has been read, as it was typed, and `mode=`.
  init(_ name: SocketAddress, typed address: [UInt8], _ settings: SettingValues) throws(UsageError) {
    guard address.first == UInt8(ascii: "@") else {
      self = .path(address, mode: settings.number(Self.mode) ?? 0)
      return
    }
    if let word = settings.word("mode") {
      throw UsageError(word, "has no effect: an abstract name has no file")
    }
    self = .abstract(name)
  }

  /// Opens a socket of that type and binds it here; `finish` may fail with an errno.
  ///
  /// The caller owns the descriptor; a path is published when its socket is finished, and removed with the last reference.
  func bound(
    type: Int32, finish: (Int32) -> Int32 = { _ in 0 }
  ) throws(SourceFailure) -> (descriptor: Int32, path: UnixPath?) {
    switch self {
    case .abstract(let address):
      do {
        return (try address.bound(type: type, finish: finish), nil)
      } catch {
        throw error.failure
      }
    case .path(let path, let mode):
      let endpoint = try UnixPath(path, mode: mode)
      let descriptor = upon_socket(AF_UNIX, type, 1)
      guard descriptor >= 0 else { throw SourceFailure(Word(path).text, errno: errno) }
      do throws(SourceFailure) {
        try endpoint.bind(descriptor)
        guard finish(descriptor) == 0 else { throw SourceFailure(Word(path).text, errno: errno) }
        try endpoint.publish()
        return (descriptor, endpoint)
      } catch {
        close(descriptor)
        throw error
      }
    }
  }
}
