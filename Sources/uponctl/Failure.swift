import Platform
import UponCore

/// Why a request was not carried out, with the exit status that says so.
struct Failure: Error, CustomStringConvertible {
  let description: String
  let status: Int32

  init(_ message: String, status: Int32) {
    description = message
    self.status = status
  }

  init(usage message: String) {
    self.init(message, status: OwnStatus.usage)
  }

  /// Tells it in one line, with control characters escaped.
  func report() {
    Output.write(Array("uponctl: \(Word(description).escaped)\n".utf8), to: 2)
  }

  func exit() -> Never {
    report()
    Platform.exit(status)
  }
}

extension Failure {
  /// The system's text for an error number.
  static func text(of code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
