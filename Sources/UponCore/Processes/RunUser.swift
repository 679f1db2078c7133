import EventLoop
import Platform

/// The user that `user=NAME[:GROUP]` names: ids, supplementary groups, and what the environment says of it.
struct RunUser {
  /// What the process becomes; nil where upon is that user already.
  let identity: SpawnRequest.Identity?
  let name: [UInt8]
  let home: [UInt8]

  private static let mostGroups: Int32 = 65_536

  /// Looks the user up, by its name or its number; throws where there is none, and where upon may not become it.
  ///
  /// The corresponding C functions are `getpwnam`, `getgrnam` and `getgrouplist`.
  init(_ text: [UInt8]) throws(SourceFailure) {
    let title = "user=\(Word(text).text)"
    guard let typed = UserName(text), let entry = typed.entry else {
      throw SourceFailure("\(title): there is no such user any more")
    }
    let user = entry.pointee
    name = Array(cString: user.pw_name)
    home = Array(cString: user.pw_dir)
    var group = user.pw_gid
    let groups: [gid_t]
    if let name = typed.group {
      guard let id = UserName.id(ofGroup: name) else {
        throw SourceFailure("\(title): there is no such group any more")
      }
      group = id
      groups = [id]
    } else {
      groups = Self.groups(of: user)
    }
    if user.pw_uid == geteuid(), group == getegid() {
      identity = nil
    } else if geteuid() != 0 {
      throw SourceFailure(title, errno: EPERM)
    } else {
      identity = SpawnRequest.Identity(user: user.pw_uid, group: group, groups: groups)
    }
  }

  private static func groups(of user: passwd) -> [gid_t] {
    var count: Int32 = 64
    while true {
      var groups = [gid_t](repeating: 0, count: Int(count))
      let room = count
      if getgrouplist(user.pw_name, user.pw_gid, &groups, &count) >= 0 { return Array(groups[..<Int(count)]) }
      if count <= room || count > mostGroups { return [user.pw_gid] }
    }
  }
}

extension [UInt8] {
  fileprivate init(cString: UnsafePointer<CChar>) {
    self.init(UnsafeRawBufferPointer(start: cString, count: strlen(cString)))
  }
}
