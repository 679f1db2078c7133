import EventLoop
import Platform

/// Arguments as C strings with nil at their end, owned by this object (`argv`).
public final class ArgumentVector {
  /// The type of `argv` and `environ`.
  public typealias Strings = SpawnRequest.Strings

  private let buffer: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

  /// Valid as long as the object.
  var strings: Strings { buffer.baseAddress! }

  init(_ words: [[UInt8]]) {
    buffer = .allocate(capacity: words.count + 1)
    for (index, word) in words.enumerated() {
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
      for (position, byte) in word.enumerated() { copy[position] = CChar(bitPattern: byte) }
      copy[word.count] = 0
      buffer.initializeElement(at: index, to: copy)
    }
    buffer.initializeElement(at: words.count, to: nil)
  }

  deinit {
    for string in buffer { string?.deallocate() }
    buffer.deallocate()
  }
}

extension ArgumentVector {
  /// Returns the words behind the name of the program, byte for byte, from what C's `main` was given.
  public static func words(_ count: Int32, _ arguments: Strings) -> [Word] {
    (1..<max(Int(count), 1)).compactMap { index in
      arguments[index].map { Word(Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))) }
    }
  }
}
