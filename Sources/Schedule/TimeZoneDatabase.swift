import Platform

/// The folder of compiled time zones, from which a zone is read when it is asked for.
public struct TimeZoneDatabase: Sendable {
  /// Where systems keep it; the first folder that has a zone is taken.
  private static let standard = [
    "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
  ]
  private static let longestName = 255
  /// The largest file that is read: those of the tz database have less than 4 KiB.
  private static let largestFile = 1 << 20

  let folders: [String]

  /// Names the folders; nothing is read. `directory` is what `TZDIR` says.
  public init(directory: String?) {
    folders = directory.map { $0.isEmpty ? Self.standard : [$0] } ?? Self.standard
  }

  /// Reads the zone of a name such as `Europe/Berlin`.
  public func zone(named name: String) throws(ScheduleError) -> TimeZone {
    guard Self.isName(name) else {
      throw ScheduleError(.zone, "\(ScheduleError.quote(name)) is not a time zone such as Europe/Berlin")
    }
    // UTC needs no database.
    if name == "UTC" { return .utc }
    if let zone = try file(named: name) { return zone }
    throw ScheduleError(.zone, missing(name))
  }

  /// Reads the zone that the variable `TZ` means: that of the system when it is not set.
  ///
  /// The value is a name, a path, or a rule such as `EST5EDT,M3.2.0,M11.1.0`, each with or without `:` in front;
  /// an empty one is UTC. The corresponding C function is `tzset`, which takes UTC for what is none of these.
  public func zone(ofVariable value: String?) throws(ScheduleError) -> TimeZone {
    guard let value else { return try Self.read("/etc/localtime", name: "") ?? .utc }
    let text = value.hasPrefix(":") ? String(value.dropFirst()) : value
    if text.isEmpty { return .utc }
    if text.hasPrefix("/") {
      if let zone = try Self.read(text, name: text) { return zone }
      throw ScheduleError(.zone, "there is no time zone in \(ScheduleError.quote(text))")
    }
    if text == "UTC" { return .utc }
    if Self.isName(text), let zone = try file(named: text) { return zone }
    if let rule = TimeZoneRule(text) {
      return TimeZone(name: text, transitions: [], offsets: [0], rule: rule)
    }
    throw ScheduleError(.zone, missing(text))
  }

  private func file(named name: String) throws(ScheduleError) -> TimeZone? {
    for folder in folders {
      if let zone = try Self.read("\(folder)/\(name)", name: name) { return zone }
    }
    return nil
  }

  /// Whether a name stays below the folder: no part of it is empty or begins with a dot.
  private static func isName(_ name: String) -> Bool {
    let fits = name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "/+-_.".utf8.contains($0) }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return fits && name.utf8.count <= longestName && parts.allSatisfy { !$0.isEmpty && $0.first != "." }
  }

  /// Reads a file; nil when there is none.
  private static func read(_ path: String, name: String) throws(ScheduleError) -> TimeZone? {
    guard let bytes = contents(path) else { return nil }
    do {
      return try TimeZoneFile.decode(bytes, name: name)
    } catch {
      throw ScheduleError(.zone, "\(ScheduleError.quote(path)) \(error.rawValue)")
    }
  }

  /// The bytes of a regular file.
  ///
  /// It is opened without waiting, because `TZ` could name a pipe, and judged once it is open.
  private static func contents(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= largestFile
    else {
      return nil
    }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Platform.read(descriptor, buffer.baseAddress! + count, size - count)
        guard got > 0 else { break }
        count += got
      }
    }
  }
}
