/// What runs, as lists and statistics have it.
extension RunAction {
  /// One run as a list of them shows it.
  struct Running {
    let name: [UInt8]
    let command: String
    let pid: Int32
    let began: Int64
  }

  var running: [Running] {
    runs.map { Running(name: $0.cause.port.name, command: file.title, pid: $0.pid, began: $0.began) }
  }

  /// Events that were dropped, and that merged into others.
  var unrun: (skipped: UInt64, merged: UInt64) { (line.skipped, line.merged) }
}
