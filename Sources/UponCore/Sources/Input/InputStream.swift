import EventLoop
import Platform

/// The bytes of an inherited descriptor: all that come, or no more than the records that are wanted.
final class InputStream: ByteStream {
  private let descriptor: InheritedDescriptor
  private let bounded: BoundedReader?
  private unowned(unsafe) let port: Port
  private var watch: DescriptorWatch?
  private var edge: EdgeWatch?
  /// Where it is a terminal.
  private var rest: TerminalRest?
  /// Whether it is to be told when there is something to read.
  private var isWatched = true

  init(_ descriptor: InheritedDescriptor, _ framing: Framing, port: Port) {
    self.descriptor = descriptor
    self.port = port
    let isBounded = port.allowance != nil && descriptor.isPollable
    bounded = isBounded ? BoundedReader(descriptor, framing) : nil
  }

  var isAlwaysReady: Bool { !descriptor.isPollable }
  /// A pipe is emptied; of one that is read within bounds something may be left.
  var isEmptiedByShortReading: Bool { watch != nil }
  var sawNewBytes: Bool { bounded?.sawNewBytes ?? false }
  var isReady: Bool { descriptor.isReady(POLLIN) }

  func read(into buffer: UnsafeMutableRawPointer, _ count: Int, buffered: Int) -> InheritedDescriptor.Transfer
  {
    let transfer = take(into: buffer, count, buffered: buffered)
    guard transfer == .failed(EIO), let rest else { return transfer }
    let checked = rest.check(transfer) { take(into: buffer, count, buffered: buffered) }
    if rest.isResting { watch?.disable() }
    return checked
  }

  @inline(__always)
  private func take(
    into buffer: UnsafeMutableRawPointer, _ count: Int, buffered: Int
  ) -> InheritedDescriptor.Transfer {
    guard let bounded else { return descriptor.read(into: buffer, count) }
    return bounded.read(into: buffer, count, buffered: buffered, allowance: port.allowance ?? .max)
  }

  func open(on loop: EventLoop, _ handler: @escaping () -> Void) throws(LoopError) {
    if isAlwaysReady { return }
    rest = TerminalRest(descriptor, loop: loop, queue: .data) { [unowned self] in
      setWatched(isWatched)
      handler()
    }
    if bounded?.leavesBytes ?? false {
      // Bytes that are left in the descriptor would make a level-triggered watch spin.
      edge = try EdgeWatch(loop: loop, descriptor: descriptor.number, interest: .read, queue: .data) { _ in
        handler()
      }
    } else {
      watch = DescriptorWatch(
        loop: loop, descriptor: descriptor.number, interest: .read, queue: .data, handler: handler)
    }
    try watch?.enable()
  }

  func setWatched(_ isWatched: Bool) {
    self.isWatched = isWatched
    if isWatched, rest?.isResting != true { try? watch?.enable() } else { watch?.disable() }
  }

  func close() {
    watch?.disable()
    edge?.disable()
    rest?.cancel()
  }

  /// Whether the next reader can find what was read last.
  var canGiveBack: Bool { descriptor.isRegularFile }

  /// Gives back what was read last: the next reader begins where the last record taken ends.
  func giveBack(_ count: Int) {
    if canGiveBack, count > 0 { lseek(descriptor.number, off_t(-count), SEEK_CUR) }
  }
}
