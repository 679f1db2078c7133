import JSON
import Platform
import UponCore

/// The records of a running upon on their way to standard output.
struct Subscription {
  private let control: Control
  /// A line whose end has not come.
  private var part: [UInt8] = []

  init(to control: Control) {
    self.control = control
  }

  /// Prints records until upon ends; throws when it cuts this reader off.
  func run() throws {
    var subscription = self
    try subscription.take(control.takeRest())
    while true {
      // Nothing is asked of standard output but whether anybody reads it still.
      var ready = [
        pollfd(fd: control.socket, events: Int16(POLLIN), revents: 0), pollfd(fd: 1, events: 0, revents: 0),
      ]
      _ = try Control.poll(&ready, until: .max)
      if ready[1].revents & Int16(POLLERR) != 0 { return }
      let bytes = try control.receive()
      if bytes.isEmpty {
        if subscription.part.isEmpty { return }
        throw control.unreachable("the connection was closed in the middle of a record")
      }
      try subscription.take(bytes)
    }
  }

  /// Prints the lines that are whole.
  private mutating func take(_ bytes: [UInt8]) throws {
    part += bytes
    guard let end = part.lastIndex(of: UInt8(ascii: "\n")) else { return }
    let lines = part[...end]
    part = Array(part[(end + 1)...])
    guard let index = lines.firstRange(of: Self.refusal) else { return Output.write(Array(lines)) }
    Output.write(Array(lines[..<index.lowerBound]))
    let answer = Array(lines[index.lowerBound...].dropLast()).withUnsafeBytes { try? JSONValue(reading: $0) }
    throw control.refused(answer?["error"]?.shown ?? "cut off")
  }

  /// What no record begins with: strings in records have their quotes escaped.
  private static let refusal = Array("{\"ok\":false".utf8)
}
