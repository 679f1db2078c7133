/// What a watch tells, and what an event of it says.
///
/// The values are those of `<sys/inotify.h>`.
struct WatchMask: OptionSet {
  let rawValue: UInt32

  static let modified = WatchMask(rawValue: 0x2)
  static let attributes = WatchMask(rawValue: 0x4)
  static let closed = WatchMask(rawValue: 0x8)
  static let movedFrom = WatchMask(rawValue: 0x40)
  static let movedTo = WatchMask(rawValue: 0x80)
  static let created = WatchMask(rawValue: 0x100)
  static let deleted = WatchMask(rawValue: 0x200)
  static let unmounted = WatchMask(rawValue: 0x2000)
  static let overflow = WatchMask(rawValue: 0x4000)
  static let ignored = WatchMask(rawValue: 0x8000)
  static let isDirectory = WatchMask(rawValue: 0x4000_0000)

  /// Without it a file that has no name any more is still told of under the name that it had.
  static let linkedOnly = WatchMask(rawValue: 0x0400_0000)
  static let onlyDirectories = WatchMask(rawValue: 0x0100_0000)

  /// All changes of names. With fewer, create-delete-create of one name would be one event.
  static let names: WatchMask = [.created, .deleted, .movedFrom, .movedTo, .linkedOnly, .onlyDirectories]
}
