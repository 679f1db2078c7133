import Platform

/// What a file is, as the system tells it.
///
/// The corresponding C function is `statx`.
struct FileFacts {
  private(set) var raw = upon_facts()

  /// Looks at `name` below `directory`, or at `directory` itself when the name is empty; nil and the `errno` when
  /// there is nothing.
  static func look(
    _ directory: Int32, _ name: UnsafePointer<CChar>, follow: Bool = false
  ) -> Result<FileFacts, FileErrno> {
    var facts = FileFacts()
    let code = upon_look(directory, name, follow ? 1 : 0, &facts.raw)
    return code == 0 ? .success(facts) : .failure(FileErrno(code: code))
  }

  var type: FileType {
    // The number of a directory entry is the same as that of the mode.
    FileType(entry: UInt8(raw.mode >> 12 & 15)) ?? .device
  }

  var identity: FileIdentity { FileIdentity(device: raw.device, inode: raw.inode) }

  /// Whether nothing has been written, replaced or changed between two looks.
  func isUnchanged(since other: FileFacts) -> Bool {
    raw.inode == other.raw.inode && raw.device == other.raw.device && raw.size == other.raw.size
      && raw.modified == other.raw.modified && raw.changed == other.raw.changed
  }
}

/// The `errno` of a call about a file.
struct FileErrno: Error {
  let code: Int32
}

/// Tells files of one moment apart; a freed inode may be given to the next file.
struct FileIdentity: Equatable {
  var device: UInt64
  var inode: UInt64
}

extension FileType {
  /// Makes a type of `d_type`; nil where the file system does not tell it there.
  init?(entry: UInt8) {
    switch entry {
    case 1: self = .fifo
    case 2, 6: self = .device
    case 4: self = .directory
    case 8: self = .file
    case 10: self = .symlink
    case 12: self = .socket
    default: return nil
    }
  }
}
