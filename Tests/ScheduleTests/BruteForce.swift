import CBruteForce
import Testing

@testable import Schedule

/// A year of one zone as the C library knows it.
struct ZoneYear: Sendable {
  let zone: TimeZone
  let from: Int64
  let to: Int64
  let starts: [Int64]
  let offsets: [Int32]

  /// A program that tells when the offset changes, from minute to minute.
  private static let clock = """
    import sys, time
    start, end = int(sys.argv[1]), int(sys.argv[2])
    last = None
    for now in range(start, end, 60):
        offset = time.localtime(now).tm_gmtoff
        if offset != last:
            print(now, offset)
        last = offset
    """

  init(_ name: String, _ from: String, _ to: String) throws {
    zone = try database.zone(named: name)
    self.from = moment(from).seconds
    self.to = moment(to).seconds
    // The walk begins three days early.
    let arguments = ["-c", Self.clock, "\(self.from - 4 * 86400)", "\(self.to)"]
    let lines = try output(of: "python3", arguments, environment: ["TZ": name]).split(separator: "\n")
    let rows = lines.map { $0.split(separator: " ") }
    starts = rows.map { Int64($0[0])! }
    offsets = rows.map { Int32($0[1])! }
  }

  /// The moments that a walk in steps of so many seconds finds.
  func walk(_ pattern: brute_pattern, from: Int64, to: Int64, step: Int64, limit: Int) -> [Moment] {
    withUnsafePointer(to: pattern) { pattern in
      starts.withUnsafeBufferPointer { starts in
        offsets.withUnsafeBufferPointer { offsets in
          var zone = brute_zone(starts: starts.baseAddress!, offsets: offsets.baseAddress!, count: starts.count)
          let found = [Int64](unsafeUninitializedCapacity: limit) { buffer, count in
            count = brute_force(pattern, &zone, from, to, step, buffer.baseAddress!, limit)
            precondition(count <= limit)
          }
          return found.map { Moment(seconds: $0) }
        }
      }
    }
  }
}

/// Holds a schedule to all moments that were found by walking through [from, to).
func compare(_ schedule: Schedule, with found: [Moment], from: Int64, to: Int64, _ random: inout Seeded) {
  let start = Moment(microseconds: from * 1_000_000 - 1)
  let end = Moment(microseconds: to * 1_000_000)
  func check(_ got: Moment?, _ expected: Moment?, _ what: String) {
    // What lies outside of the walk was not looked for.
    let inside = got.flatMap { $0 > start && $0 < end ? $0 : nil }
    if inside != expected {
      let texts = [got, expected].map { $0.map(schedule.zone.text(of:)) ?? "nothing" }
      Issue.record("\(schedule) in \(schedule.zone.name): \(what) is \(texts[0]), walked \(texts[1])")
    }
  }
  var last = start
  for expected in found.prefix(150) {
    check(schedule.next(after: last), expected, "next after \(schedule.zone.text(of: last))")
    last = expected
  }
  if found.count <= 150 { check(schedule.next(after: last), nil, "the end") }
  last = end
  for expected in found.suffix(150).reversed() {
    check(schedule.previous(before: last), expected, "previous before \(schedule.zone.text(of: last))")
    last = expected
  }
  if found.count <= 150 { check(schedule.previous(before: last), nil, "the start") }

  for _ in 0..<20 {
    let probe = Moment(microseconds: Int64.random(in: start.microseconds...end.microseconds, using: &random))
    let index = place(of: probe, in: found)
    check(schedule.next(after: probe), index < found.count ? found[index] : nil, "next after \(probe)")
    let before = Moment(microseconds: probe.microseconds + 1)
    check(schedule.previous(before: before), index > 0 ? found[index - 1] : nil, "previous before \(before)")
    let count = schedule.count(after: start, through: probe)
    if count != index { Issue.record("\(schedule) counts \(count) and not \(index) to \(probe)") }
  }
  let count = schedule.count(after: start, through: Moment(microseconds: end.microseconds - 1))
  if count != found.count { Issue.record("\(schedule) in \(schedule.zone.name) counts \(count), not \(found.count)") }
}

/// How many of the moments, which ascend, are at or before `moment`.
private func place(of moment: Moment, in moments: [Moment]) -> Int {
  var low = 0
  var high = moments.count
  while low < high {
    let middle = (low + high) / 2
    if moments[middle] <= moment { low = middle + 1 } else { high = middle }
  }
  return low
}
