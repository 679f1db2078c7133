import Platform

/// The last resort where there is no memory left: one line on standard error and status 125.
enum Memory {
  /// So many bytes are there whenever anything is: a smaller piece is not asked for beforehand.
  private static let small = 1 << 16

  /// Ends the process where so many bytes could not be had now.
  ///
  /// An allocation of Swift that fails ends in a trap, with nothing that a user could read; so a large one is asked
  /// for first (`mmap`). There is one thread, and nothing is allocated in between.
  @inline(never)
  static func ensure(_ count: Int) {
    guard count > small else { return }
    if upon_has_memory(count) == 0 { exhausted() }
  }

  /// Ends the process without an allocation.
  static func exhausted() -> Never {
    let text: StaticString = "upon: out of memory\n"
    write(2, text.utf8Start, text.utf8CodeUnitCount)
    _exit(OwnStatus.failed)
  }
}
