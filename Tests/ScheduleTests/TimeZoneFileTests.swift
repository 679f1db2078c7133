import Foundation
import Testing

@testable import Schedule

@Suite struct TimeZoneFileTests {
  static let berlin = [UInt8](FileManager.default.contents(atPath: "/usr/share/zoneinfo/Europe/Berlin")!)

  static func bytes(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * (width - 1 - $0))) }
  }

  /// A block as `zic` writes it: its times, the index of the type after each, and the offsets of the types.
  static func block(
    _ version: Character, _ times: [Int], _ indices: [Int], _ offsets: [Int], width: Int, leaps: Int = 0
  ) -> [UInt8] {
    let counts = [0, 0, leaps, times.count, offsets.count, 4]
    let header =
      Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap { bytes($0, 4) }
    return header + times.flatMap { bytes($0, width) } + indices.flatMap { bytes($0, 1) }
      + offsets.flatMap { bytes($0, 4) + [0, 0] } + Array("ABC\0".utf8)
      + [UInt8](repeating: 0, count: leaps * (width + 4))
  }

  @Test func `a file of version 1 has 32-bit times and no rule`() throws {
    let file = Self.block("\0", [-1000, 1000], [1, 0], [3600, -7200], width: 4)
    let zone = try TimeZoneFile.decode(file, name: "x")
    #expect(
      [-1001, -1000, 999, 1000, 4_000_000_000].map { zone.offset(at: Moment(seconds: $0)) } == [
        3600, -7200, -7200, 3600, 3600,
      ])
  }

  @Test(arguments: ["2", "3", "4"] as [Character])
  func `a later version has 64-bit times and a rule for what comes after them`(version: Character) throws {
    let file =
      Self.block(version, [5], [0], [99], width: 4)
      + Self.block(version, [-10_000_000_000, 1_700_000_000], [1, 0], [3600, 7200], width: 8)
      + Array("\nXXX-1YYY-2,M3.5.0,M10.5.0/3\n".utf8)
    let zone = try TimeZoneFile.decode(file, name: "x")
    let july = moment("2150-07-01T00:00:00Z").seconds
    let december = moment("2150-12-01T00:00:00Z").seconds
    #expect(
      [-10_000_000_001, -10_000_000_000, 1_699_999_999, 1_700_000_000, december, july].map {
        zone.offset(at: Moment(seconds: $0))
      } == [3600, 7200, 7200, 3600, 3600, 7200])
  }

  @Test func `what is damaged is refused`() {
    func decode(_ bytes: [UInt8]) throws { _ = try TimeZoneFile.decode(bytes, name: "x") }
    for length in 0..<Self.berlin.count {
      #expect(throws: TimeZoneFile.Failure.notTimeZone) { try decode(Array(Self.berlin.prefix(length))) }
    }
    let rule = Array("\nnonsense\n".utf8)
    let first = Self.block("2", [], [], [0], width: 4)
    #expect(throws: TimeZoneFile.Failure.notTimeZone) {
      try decode(first + Self.block("2", [], [], [0], width: 8) + rule)
    }
    #expect(throws: TimeZoneFile.Failure.notTimeZone) {
      try decode(Self.block("\0", [2, 1], [0, 0], [0], width: 4))
    }
    #expect(throws: TimeZoneFile.Failure.notTimeZone) {
      try decode(Self.block("\0", [2], [1], [0], width: 4))
    }
    #expect(throws: TimeZoneFile.Failure.notTimeZone) {
      try decode(Self.block("\0", [], [], [93_600], width: 4))
    }
    #expect(throws: TimeZoneFile.Failure.notTimeZone) { try decode(Self.block("\0", [], [], [], width: 4)) }
    #expect(throws: TimeZoneFile.Failure.countsLeapSeconds) {
      try decode(Self.block("\0", [], [], [0], width: 4, leaps: 1))
    }
  }

  @Test func `a zone below right, which counts leap seconds, is refused with its path`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zones-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "right/X")
    let below = file.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
    try Data(Self.block("\0", [], [], [3600], width: 4, leaps: 27)).write(to: file)
    try Data(Self.block("\0", [], [], [3600], width: 4)).write(to: folder.appending(path: "Y"))
    let database = TimeZoneDatabase(directory: folder.path)
    let error = #expect(throws: ScheduleError.self) { try database.zone(named: "right/X") }
    #expect(error?.description.hasSuffix("counts leap seconds, which the clock does not") == true)
    #expect(try database.zone(named: "Y").offset(at: Moment(seconds: 0)) == 3600)
    #expect(database.names() == ["Y"])
  }

  @Test func `bytes that were changed at random never crash the reader`() {
    var random = Seeded(3)
    for _ in 0..<3000 {
      var bytes = Self.berlin
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let zone = try? TimeZoneFile.decode(bytes, name: "x") else { continue }
      let schedule = try? Schedule(cron: "30 2 * * *", in: zone, now: Moment(seconds: 0))
      if let schedule {
        var last = Moment(seconds: 1_700_000_000)
        for _ in 0..<10 {
          guard let next = schedule.next(after: last) else { break }
          #expect(next > last)
          last = next
        }
      }
    }
  }
}
