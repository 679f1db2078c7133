import Platform

/// A path that reaches a name in a folder in few bytes, however long the folder's own path is.
///
/// The address of a unix socket holds less than a path. It is valid as long as the value, which holds the folder open.
public struct ShortPath: ~Copyable {
  private let folder: Descriptor
  /// The bytes of the path.
  public let bytes: [UInt8]

  /// Opens the folder, whose path ends in a zero; throws where that fails.
  ///
  /// The corresponding C function is `open` with `O_PATH`.
  public init(to name: [UInt8], in folder: [CChar]) throws(LoopError) {
    let descriptor = upon_open(folder, Int32(upon_o_path()) | O_DIRECTORY | O_CLOEXEC, 0)
    self.folder = try Descriptor(descriptor, "open a folder")
    bytes = Array("/proc/self/fd/\(descriptor)/".utf8) + name
  }
}
