import Platform

/// Knows the file systems whose changes the kernel does not tell, or only those made on this machine.
enum FileSystem {
  /// How often they are looked at, in nanoseconds.
  static let pollInterval: Int64 = 1_000_000_000

  /// The magic numbers of statfs(2).
  private static let silent: [UInt64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x0102_1997: "9p",
    0x6573_5546: "FUSE or virtiofs", 0x9FA0: "/proc", 0x6265_6572: "sysfs", 0x00C3_6400: "Ceph",
    0x5346_414F: "AFS",
    0x7461_636F: "OCFS2", 0x0116_1970: "GFS2",
  ]

  /// Those on which a directory has two links and one for each directory in it: ext, XFS, tmpfs. Where a directory may
  /// have more of them than links, it has one link.
  private static let counting: Set<UInt64> = [0xEF53, 0x5846_5342, 0x0102_1994]

  /// Whether the links of the directory that `descriptor` stands for count the directories in it.
  static func countsDirectories(_ descriptor: Int32) -> Bool {
    counting.contains(upon_file_system(descriptor))
  }

  /// The file system of the nearest thing that is there, if its changes are not told.
  static func silent(at path: [UInt8]) -> (name: String, number: UInt64)? {
    var rest = path[...]
    while true {
      let name = rest.isEmpty ? Array(path.first == 0x2F ? "/".utf8 : ".".utf8)[...] : rest
      if let file = name.withCString({ try? OpenFile(openHandle($0)) }) {
        let number = upon_file_system(file.number)
        return silent[number].map { ($0, number) }
      }
      guard !rest.isEmpty else { return nil }
      rest = rest[..<(rest.lastIndex(of: 0x2F) ?? rest.startIndex)]
    }
  }

  /// Follows links, and opens no device: a place only.
  private static func openHandle(_ path: UnsafePointer<CChar>) -> Int32 {
    let file = upon_open(path, upon_o_path() | O_CLOEXEC, 0)
    return file < 0 ? -errno : file
  }
}
