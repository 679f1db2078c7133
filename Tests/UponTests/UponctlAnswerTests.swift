import Testing

/// Answers to uponctl that do not come in one piece.
@Suite struct UponctlAnswerTests {
  /// Sends each part when uponctl has read the one before.
  private static let server = """
    import array, fcntl, socket, sys, termios, time
    listener = socket.socket(socket.AF_UNIX); listener.bind("other"); listener.listen()
    client = listener.accept()[0]
    client.recv(1 << 16)
    def unread():
        count = array.array("i", [0])
        fcntl.ioctl(client, termios.TIOCOUTQ, count)
        return count[0]
    for part in sys.argv[1:]:
        client.sendall(part.replace(";", "\\n").encode())
        while unread(): time.sleep(0.005)
    """

  /// The parts of what is answered, `;` for a line end, and the status.
  private static let answers: [(parts: [String], status: Int32)] = [
    ([#"{"ok":fal"#, #"se,"error":"x"};"#], 1),
    ([#"{"ok":false,"error":"x"}"#, ";"], 1),
    (["{", #""ok":false"#, ",", #""error":"x"};"#, #"{"ok":true,"id":1};"#], 1),
    ([#"{"ok":true,"id":1};{"ok":f"#, #"alse,"error":"x"};"#], 1),
    ([#"{"ok":tr"#, #"ue,"id":1};"#], 0),
  ]

  @Test(arguments: 0..<answers.count)
  func `a refusal that comes in two reads counts`(place: Int) throws {
    let (parts, status) = Self.answers[place]
    let directory = try TemporaryDirectory()
    try directory.write(Self.server.utf8, to: "server.py")
    let run = try Shell.run(
      """
      python3 server.py "$@" & until test -S other; do sleep 0.02; done
      printf '{"list":true,"id":1}\\n' | uponctl other -
      """, in: "bash", arguments: parts, directory: directory)
    #expect(run.status == .exited(status), "\(run)")
    #expect(run.text == parts.joined().replacing(";", with: "\n"), "\(run)")
  }
}
