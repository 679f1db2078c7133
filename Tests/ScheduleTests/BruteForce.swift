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

  /// A program that tells the second at which the offset changes, which it looks for every quarter of an hour.
  private static let clock = """
    import sys, time
    def offset(now):
        return time.localtime(now).tm_gmtoff
    start, end = int(sys.argv[1]), int(sys.argv[2])
    print(start, offset(start))
    for now in range(start + 900, end, 900):
        if offset(now - 900) != offset(now):
            change = next(t for t in range(now - 899, now + 1) if offset(t) == offset(now))
            print(change, offset(now))
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

  /// The moments, in seconds, that a walk in steps of so many seconds finds.
  func walk(_ pattern: brute_pattern, from: Int64, to: Int64, step: Int64, limit: Int) -> [Int64] {
    withUnsafePointer(to: pattern) { pattern in
      starts.withUnsafeBufferPointer { starts in
        offsets.withUnsafeBufferPointer { offsets in
          var zone = brute_zone(
            starts: starts.baseAddress!, offsets: offsets.baseAddress!, count: starts.count)
          return [Int64](unsafeUninitializedCapacity: limit) { buffer, count in
            count = brute_force(pattern, &zone, from, to, step, buffer.baseAddress!, limit)
            precondition(count <= limit)
          }
        }
      }
    }
  }
}

/// Holds a schedule to all moments, in seconds, that were found by walking through [from, to).
func compare(_ schedule: Schedule, with found: [Int64], from: Int64, to: Int64, _ random: inout Seeded) {
  let start = Moment(microseconds: from * 1_000_000 - 1)
  let end = Moment(seconds: to)
  func check(_ got: Moment?, _ expected: Int64?, _ what: String, _ from: Moment) {
    // What lies outside of the walk was not looked for.
    let inside = got.flatMap { $0 > start && $0 < end ? $0 : nil }
    let expected = expected.map { Moment(seconds: $0) }
    if inside == expected { return }
    let texts = [from, got, expected].map { $0.map(schedule.zone.text(of:)) ?? "nothing" }
    Issue.record(
      "\(schedule) in \(schedule.zone.name): \(what) \(texts[0]) is \(texts[1]), walked \(texts[2])")
  }
  let edge = 80
  var last = start
  for expected in found.prefix(edge) {
    check(schedule.next(after: last), expected, "next after", last)
    last = Moment(seconds: expected)
  }
  if found.count <= edge { check(schedule.next(after: last), nil, "next after", last) }
  last = end
  for expected in found.suffix(edge).reversed() {
    check(schedule.previous(before: last), expected, "previous before", last)
    last = Moment(seconds: expected)
  }
  if found.count <= edge { check(schedule.previous(before: last), nil, "previous before", last) }

  for _ in 0..<10 {
    let probe = Moment(microseconds: Int64.random(in: start.microseconds...end.microseconds, using: &random))
    let index = place(of: probe.seconds, in: found)
    check(schedule.next(after: probe), index < found.count ? found[index] : nil, "next after", probe)
    let later = Moment(microseconds: probe.microseconds + 1)
    check(schedule.previous(before: later), index > 0 ? found[index - 1] : nil, "previous before", later)
    let count = schedule.count(after: start, through: probe)
    if count != index { Issue.record("\(schedule) counts \(count) and not \(index) to \(probe)") }
  }
  let count = schedule.count(after: start, through: Moment(microseconds: end.microseconds - 1))
  if count != found.count {
    Issue.record("\(schedule) in \(schedule.zone.name) counts \(count), not \(found.count)")
  }
}

/// How many of the moments, which ascend, are at or before `moment`.
private func place(of moment: Int64, in moments: [Int64]) -> Int {
  var low = 0
  var high = moments.count
  while low < high {
    let middle = (low + high) / 2
    if moments[middle] <= moment { low = middle + 1 } else { high = middle }
  }
  return low
}
