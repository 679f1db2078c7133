import ArgumentParser
import JSON
import UponCore

/// A connection by its number, or all connections of a source by its name.
struct Receiver: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The number of a connection, or the name of a source for all of its.", valueName: "CONN|NAME"))
  var receiver: String

  var value: JSONValue {
    let isNumber = receiver.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    return isNumber ? Int(receiver).map(JSONValue.integer) ?? .text(receiver) : .text(receiver)
  }
}

struct Send: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a line, or what comes on standard input, to a connection.",
    usage: "uponctl PATH send [-n] CONN|NAME [TEXT]")

  @ParentCommand var control: Uponctl
  @OptionGroup var receiver: Receiver

  @Flag(name: [.customShort("n"), .long], help: "Send TEXT without a line end.")
  var noNewline = false

  @Argument(help: ArgumentHelp("The line; without it, the bytes of standard input.", valueName: "TEXT"))
  var text: String?

  func validate() throws {
    if noNewline, text == nil { throw Failure(usage: "-n is for TEXT; standard input is sent as it is") }
  }

  func run() throws {
    let control = try control.connect()
    if let text { return try send(Array((text + (noNewline ? "" : "\n")).utf8), by: control) }
    while true {
      let bytes = try StandardInput.read()
      if bytes.isEmpty { return }
      try send(bytes, by: control)
    }
  }

  /// Bytes always travel in base64: they need not be text, and a part of a text need not be one.
  private func send(_ bytes: [UInt8], by control: Control) throws {
    try control.ask(["send_base64": .text(Base64.encode(bytes)), "to": receiver.value])
  }
}

struct Close: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close connections.",
    usage: "uponctl PATH close CONN|NAME")

  @ParentCommand var control: Uponctl
  @OptionGroup var receiver: Receiver

  func run() throws { try control.connect().ask(["close": receiver.value]) }
}
