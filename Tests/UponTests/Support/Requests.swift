import Foundation

/// What upon has answered, in the order of the answers.
extension Finished {
  var replies: [Record] { records.filter { $0.event == "reply" } }
}

extension Running {
  var replies: [Record] { records.filter { $0.event == "reply" } }

  /// Sends a request on standard input and waits for the answer that has its `id`.
  func ask(_ request: String, id: String) -> Record? {
    send(request + "\n")
    _ = wait { replies.contains { $0.text("id") == id } }
    return replies.first { $0.text("id") == id }
  }
}

extension Record {
  var isOK: Bool { bool("ok") == true }
  var error: String { text("error") }

  func bool(_ field: String) -> Bool? { value(field) as? Bool }
  func list(_ field: String) -> [[String: Any]] { value(field) as? [[String: Any]] ?? [] }
  func texts(_ field: String) -> [String] { value(field) as? [String] ?? [] }
}
