import Platform

/// Why a source cannot be watched, or an output not be written: status 125.
struct SourceFailure: Error, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }

  init(_ what: String, errno code: Int32) {
    reason = what.isEmpty ? systemError(code) : "\(what): \(systemError(code))"
  }
}

/// The system's text for an error number (`strerror`).
func systemError(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "error \(code)" }
  return String(cString: text)
}
