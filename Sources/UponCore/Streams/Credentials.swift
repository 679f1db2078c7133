import Platform

/// The process at the other end of a unix socket when it connected.
struct Credentials {
  private(set) var pid: Int32 = 0
  private(set) var uid: UInt32 = 0
  private(set) var gid: UInt32 = 0

  /// Asks the kernel; nil where it does not know.
  init?(of descriptor: Int32) {
    guard upon_peer_credentials(descriptor, &pid, &uid, &gid) == 0 else { return nil }
  }

  func add(to event: Event) {
    event.add("pid", .int(Int64(pid)))
    event.add("uid", .uint(UInt64(uid)))
    event.add("gid", .uint(UInt64(gid)))
  }
}
