/// Where requests come from while the loop runs: `stdin`, `fd:N` or `unix:PATH`.
public struct ControlAddress: Sendable, Equatable {
  enum Endpoint: Sendable, Equatable {
    /// A descriptor of the caller.
    case descriptor(Int32)
    /// A socket of upon's own, under a path or, with `@` in front, an abstract name.
    case socket([UInt8])
  }

  let endpoint: Endpoint

  /// Reads the address; the reason is the error.
  init(_ bytes: [UInt8]) throws(ValueError) {
    if bytes.elementsEqual("stdin".utf8) {
      endpoint = .descriptor(0)
    } else if bytes.starts(with: "fd:".utf8), let number = Int(decimal: bytes[3...]), number <= Int32.max {
      endpoint = .descriptor(Int32(number))
    } else if bytes.starts(with: "unix:".utf8), bytes.count > 5 {
      let path = Array(bytes[5...])
      do {
        _ = try SocketAddress(unix: path, in: Word(bytes))
      } catch {
        let prefix = "'\(Word(bytes).text)': "
        throw ValueError(message: String(error.message.dropFirst(prefix.count)))
      }
      endpoint = .socket(path)
    } else {
      throw ValueError(message: "expected " + Self.expected)
    }
  }

  static let expected = "stdin, fd:N or unix:PATH"

  /// The address as it is typed.
  var text: [UInt8] {
    switch endpoint {
    case .descriptor(0): Array("stdin".utf8)
    case .descriptor(let number): Array("fd:\(number)".utf8)
    case .socket(let path): Array("unix:".utf8) + path
    }
  }

  /// The descriptor of the caller that it reads.
  var inherited: Int32? {
    if case .descriptor(let number) = endpoint { number } else { nil }
  }
}
