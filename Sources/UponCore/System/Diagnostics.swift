import Platform

/// The one way to standard error: lines that begin with `upon: `.
///
/// A standard error that nobody reads must not stop the loop, so lines that find no room are kept up to a bound and
/// written with the next one.
final class Diagnostics {
  private let isVerbose: Bool
  private let descriptor: InheritedDescriptor?
  private var queue = ByteQueue()
  private static let bound = 1 << 16

  init(verbose: Bool) {
    isVerbose = verbose
    descriptor = try? InheritedDescriptor(2, for: .writing)
  }

  /// Tells what went wrong.
  func report(_ text: String) {
    write("upon: \(Word(text).text)\n")
  }

  /// Tells what happens in the life of a source, if asked to with `-v`.
  func life(_ text: @autoclosure () -> String) {
    if isVerbose { report(text()) }
  }

  /// Writes a line that is not a message.
  func write(_ line: String) {
    if queue.count + line.utf8.count <= Self.bound { queue.append(line) }
    flush()
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

  /// Writes one line without a session, for errors before there is one.
  static func report(_ text: String) {
    Diagnostics(verbose: false).report(text)
  }
}
