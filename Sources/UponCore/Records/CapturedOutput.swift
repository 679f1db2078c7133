/// The beginning of what a command has written, up to a limit.
struct CapturedOutput: ~Copyable {
  private var queue = ByteQueue(capacity: 256)
  private let limit: Int
  private(set) var isTruncated = false

  init(limit: Int) {
    self.limit = limit
  }

  var bytes: UnsafeRawBufferPointer { queue.bytes }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if isTruncated { return }
    let room = limit - queue.count
    guard bytes.count > room else { return queue.append(bytes) }
    queue.append(UnsafeRawBufferPointer(rebasing: bytes[..<room]))
    isTruncated = true
    queue.dropCutSequence()
  }
}
