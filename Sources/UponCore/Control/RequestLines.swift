import Platform

/// Bytes as they came, taken out a line at a time.
struct RequestLines: ~Copyable {
  enum Line {
    /// Valid until the next change.
    case text(UnsafeRawBufferPointer)
    /// Longer than a request may be; what is left of it is dropped.
    case tooLong

    /// Whether there is nothing in it but blanks: it asks for nothing.
    var isBlank: Bool {
      guard case .text(let text) = self else { return false }
      return text.allSatisfy {
        $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
      }
    }
  }

  /// The longest request, in bytes.
  static let longest = 1 << 20

  private var queue = ByteQueue(capacity: 512)
  /// Up to here there is no line end.
  private var scanned = 0
  /// The length of the line that was given last, with its end.
  private var given = 0
  private var isSkipping = false

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    forgetGiven()
    queue.append(bytes)
  }

  /// The next line without its end, nil where there is none that is whole.
  mutating func next() -> Line? {
    forgetGiven()
    while true {
      let bytes = queue.bytes
      guard let base = bytes.baseAddress, bytes.count > scanned,
        let index = memchr(base + scanned, 10, bytes.count - scanned)
      else {
        return endless()
      }
      let length = UnsafeRawPointer(index) - base
      scanned = 0
      given = length + 1
      if isSkipping {
        isSkipping = false
        forgetGiven()
        continue
      }
      if length > Self.longest { return .tooLong }
      return .text(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    }
  }

  /// What stands behind the last line end, when nothing more comes.
  mutating func last() -> Line? {
    forgetGiven()
    guard !queue.isEmpty, !isSkipping else { return nil }
    given = queue.count
    return .text(queue.bytes)
  }

  private mutating func endless() -> Line? {
    scanned = queue.count
    if isSkipping {
      queue.removeAll()
      scanned = 0
      return nil
    }
    guard scanned > Self.longest else { return nil }
    isSkipping = true
    queue.removeAll()
    scanned = 0
    return .tooLong
  }

  private mutating func forgetGiven() {
    if given > 0 { queue.consume(given) }
    given = 0
  }
}
