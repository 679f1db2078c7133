import Foundation
import Testing

@testable import EventLoop

@Suite struct NameWatchTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop(verbose: false)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  private func make(_ name: String) {
    #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil))
  }

  /// Runs the loop until somebody stops it; a deadline that only a failure reaches.
  private func run() throws {
    let deadline = Timer(loop: loop) { _ in Issue.record("nothing was told") }
    deadline.arm(at: Clock.monotonic() + 60_000_000_000)
    try loop.run()
  }

  @Test func `a name that appears or goes is told, others are not`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let watch = try NameWatch(loop: loop)
    var told: [String] = []
    let loop = loop
    let first = watch.wait(for: Array("\(folder)/first".utf8)) { told.append("first") }
    let forgotten = watch.wait(for: Array("\(folder)/second".utf8)) { told.append("forgotten") }
    let last = watch.wait(for: Array("\(folder)/last".utf8)) {
      told.append("last")
      loop.stop()
    }
    #expect(first?.isActive == true && forgotten != nil && last != nil)
    _ = consume forgotten
    for name in ["other", "first", "second", "last"] { make(name) }
    try run()
    #expect(told == ["first", "last"])
    try FileManager.default.removeItem(atPath: "\(folder)/first")
    try FileManager.default.removeItem(atPath: "\(folder)/last")
    try run()
    #expect(told == ["first", "last", "first", "last"])
  }

  @Test func `the end of the folder is told, and one that is not there cannot be watched`() throws {
    let watch = try NameWatch(loop: loop)
    let loop = loop
    let arrival = watch.wait(for: Array("\(folder)/name".utf8)) { loop.stop() }
    try FileManager.default.removeItem(atPath: folder)
    try run()
    #expect(arrival?.isActive == false)
    #expect(watch.wait(for: Array("\(folder)/name".utf8)) {} == nil)
  }
}
