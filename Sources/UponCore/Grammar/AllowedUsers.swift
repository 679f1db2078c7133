import Platform

/// Whose processes may connect to a unix socket: `USER,...` by name or number, or `any`.
public struct AllowedUsers: Sendable, Equatable {
  static let setting = Setting(
    "allow-user", .users,
    help: "only processes of these users, by name or number, are let in; any is everybody")
  static let expected = "users by name or number, such as www-data,1000, or any"

  let text: [UInt8]
  /// nil for everybody.
  private let ids: [UInt32]?

  /// Reads users with commas between them; names are looked up.
  init(_ text: [UInt8]) throws(ValueError) {
    self.text = text
    if text.elementsEqual("any".utf8) {
      ids = nil
      return
    }
    var ids: [UInt32] = []
    for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      if let number = Int(decimal: part), let id = UInt32(exactly: number) {
        ids.append(id)
      } else if !part.isEmpty, let entry = getpwnam(String(decoding: part, as: UTF8.self)) {
        ids.append(entry.pointee.pw_uid)
      } else if part.isEmpty {
        throw ValueError(message: "expected " + Self.expected)
      } else {
        throw ValueError(message: "there is no user '\(Word(Array(part)).text)'; expected " + Self.expected)
      }
    }
    self.ids = ids
  }

  private init(_ ids: [UInt32]) {
    text = []
    self.ids = ids
  }

  /// The user of upon, and root: who may connect to an abstract name, which has no mode that would say so.
  static var own: AllowedUsers { AllowedUsers([geteuid(), 0]) }

  func contains(_ user: UInt32) -> Bool {
    ids?.contains(user) ?? true
  }
}
