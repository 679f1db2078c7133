import EventLoop
import Platform
import Schedule

extension Moment {
  /// The wall clock now.
  static var now: Moment { Moment(microseconds: WallClock.now()) }
}

extension TimeZoneDatabase {
  /// The database of the process: `TZDIR` says where it is, if it does.
  static var standard: TimeZoneDatabase {
    TimeZoneDatabase(directory: getenv("TZDIR").map { String(cString: $0) })
  }
}
