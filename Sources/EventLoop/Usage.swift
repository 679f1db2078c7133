import Platform

/// What the process takes of the machine.
public enum Usage {
  /// How often the thread of the loop has slept and been woken.
  ///
  /// The corresponding C function is `getrusage` with `RUSAGE_THREAD`.
  public static var wakeups: UInt64 { UInt64(max(upon_wakeups(), 0)) }

  /// The memory that is resident, in bytes; 0 where the system does not tell.
  public static var resident: UInt64 {
    let file = upon_open("/proc/self/statm", O_RDONLY | O_CLOEXEC, 0)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      let columns = buffer[..<max(count, 0)].split(separator: UInt8(ascii: " "))
      guard columns.count > 1 else { return 0 }
      return number(columns[1]) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }
  }

  private static func number(_ digits: Slice<UnsafeMutableRawBufferPointer>) -> UInt64 {
    digits.reduce(0) { $0 &* 10 &+ UInt64($1 &- UInt8(ascii: "0")) }
  }
}
