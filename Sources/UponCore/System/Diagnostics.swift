import EventLoop
import Platform

/// The one way to standard error: lines that begin with `upon: `.
///
/// A standard error that nobody reads must not stop the loop, so lines that find no room are kept up to a bound and
/// written with the next one; those beyond it are counted, and the count is told when there is room again.
final class Diagnostics {
  private let isVerbose: Bool
  private let descriptor: InheritedDescriptor?
  private var queue = ByteQueue()
  /// Lines that have found no room.
  private var dropped = 0
  private static let bound = 1 << 16
  /// The longest message, in bytes; what is longer is cut.
  private static let longest = 4096

  init(verbose: Bool) {
    isVerbose = verbose
    descriptor = try? InheritedDescriptor(2, for: .writing)
  }

  /// Tells what went wrong.
  func report(_ text: String) {
    write(Self.line(text))
  }

  /// Tells what happens in the life of a source, if asked to with `-v`.
  func life(_ text: @autoclosure () -> String) {
    if isVerbose { report(text()) }
  }

  /// Writes a line that is not a message.
  func write(_ line: String) {
    if queue.count + line.utf8.count > Self.bound { flush() }
    if queue.count + line.utf8.count <= Self.bound {
      tellDropped()
      queue.append(line)
    } else {
      dropped += 1
    }
    flush()
  }

  private func tellDropped() {
    guard dropped > 0 else { return }
    queue.append(Self.line("\(dropped) messages before this one found no room on standard error"))
    dropped = 0
  }

  /// Passes bytes of a command on as they are.
  func pass(_ bytes: UnsafeRawBufferPointer) {
    if queue.count + bytes.count <= Self.bound { queue.append(bytes) }
    flush()
  }

  /// Writes what goes without waiting.
  func flush() {
    guard let descriptor else { return queue.removeAll() }
    while let base = queue.bytes.baseAddress, !queue.isEmpty {
      switch descriptor.write(base, queue.count) {
      case .bytes(let count): queue.consume(count)
      case .wouldBlock: return
      case .end, .failed: return queue.removeAll()
      }
    }
  }

  /// Writes one line without a session, for errors before there is one; waits for a slow reader.
  static func report(_ text: String) {
    _ = WaitingOutput.write(Array(line(text).utf8), to: 2)
  }

  /// A message as a line, in one piece whatever is in it.
  private static func line(_ text: String) -> String {
    var text = Word(text).escaped
    if text.utf8.count > longest {
      text = String(text.prefix(longest))
      while text.utf8.count > longest - 3 { text.removeLast() }
      text += "..."
    }
    return "upon: \(text)\n"
  }
}
