import Foundation

/// Numbers that look random and are the same in every run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var mixed = state ^ (state >> 33)
    mixed = mixed &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed >> 33)
  }
}

/// Runs a program to its end and returns its standard output.
func output(
  of program: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
) throws -> String {
  let directory = FileManager.default.temporaryDirectory.appending(path: "schedule-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  // Files and not pipes: neither side ever waits for the other.
  let files = ["input", "output"].map { directory.appending(path: $0) }
  try Data(input.utf8).write(to: files[0])
  try Data().write(to: files[1])
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [program] + arguments
  process.environment = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"].merging(environment) { $1 }
  process.standardInput = try FileHandle(forReadingFrom: files[0])
  let result = try FileHandle(forWritingTo: files[1])
  process.standardOutput = result
  process.standardError = result
  try process.run()
  process.waitUntilExit()
  return try String(contentsOf: files[1], encoding: .utf8)
}
