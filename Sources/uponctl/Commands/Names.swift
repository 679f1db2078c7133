import ArgumentParser

/// For the completions: what `remove` and its like take, one a line.
struct Names: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "names", shouldDisplay: false)

  @ParentCommand var control: Uponctl

  @Flag(help: "What send and close take: connections, and the sources that have some.")
  var receivers = false

  func run() throws {
    let answer = try control.connect().ask(["list": .bool(true)])
    var names: [String] = []
    for key in receivers ? ["conn", "name"] : ["name"] {
      guard case .array(let rows)? = answer[receivers ? "connections" : "sources"] else { continue }
      for name in rows.compactMap({ $0[key]?.shown }) {
        // A name with a line end in it cannot be offered.
        if !names.contains(name), !name.unicodeScalars.contains(where: { $0 < " " }) { names.append(name) }
      }
    }
    Output.write(Array(names.map { $0 + "\n" }.joined().utf8))
  }
}
