import Platform

/// Whom a command is run by, `NAME[:GROUP]`: names or numbers that the system knows.
struct UserName {
  let user: ArraySlice<UInt8>
  /// nil for the group of the user.
  let group: ArraySlice<UInt8>?

  /// Takes the parts apart; nil where one is empty or there are too many.
  init?(_ text: [UInt8]) {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    if parts.count > 2 || parts.contains(where: \.isEmpty) { return nil }
    user = parts[0]
    group = parts.count > 1 ? parts[1] : nil
  }

  /// Refuses names that nobody has.
  func check() throws(ValueError) {
    if entry == nil { throw ValueError(message: "there is no user '\(Word(Array(user)).text)'") }
    if let group, Self.id(ofGroup: group) == nil {
      throw ValueError(message: "there is no group '\(Word(Array(group)).text)'")
    }
  }

  /// What the system knows of the user, valid until it is asked for another; nil where there is none.
  ///
  /// The corresponding C functions are `getpwnam` and `getpwuid`.
  var entry: UnsafeMutablePointer<passwd>? {
    getpwnam(Self.typed(user)) ?? Int(decimal: user).flatMap { uid_t(exactly: $0) }.flatMap { getpwuid($0) }
  }

  /// The number of a group; a number may stand for a group without a name.
  ///
  /// The corresponding C function is `getgrnam`.
  static func id(ofGroup name: ArraySlice<UInt8>) -> gid_t? {
    if let entry = getgrnam(typed(name)) { return entry.pointee.gr_gid }
    return Int(decimal: name).flatMap { gid_t(exactly: $0) }
  }

  private static func typed(_ name: ArraySlice<UInt8>) -> [CChar] {
    name.map { CChar(bitPattern: $0) } + [0]
  }
}
