import Platform

/// Every way by which requests reach a session.
final class Controls: RequestIntake {
  private var channels: [DescriptorControl] = []
  private var sockets: [SocketControl] = []
  /// What has been received stays here only until its channel has taken it.
  private(set) lazy var buffer: UnsafeMutableRawPointer = {
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: ControlChannel.bufferSize, alignment: 64)
    allocated = buffer
    return buffer
  }()
  private var allocated: UnsafeMutableRawPointer?

  deinit {
    allocated?.deallocate()
  }

  /// Opens all of them; requests are read when the loop runs.
  func open(_ addresses: [ControlAddress], session: Session) throws(SourceFailure) {
    for address in addresses {
      switch address.endpoint {
      case .descriptor(let number):
        channels.append(try DescriptorControl(number, name: address.text, session: session, buffer: buffer))
      case .socket(let path):
        sockets.append(try SocketControl(path, name: address.text, session: session, buffer: buffer))
      }
    }
    for channel in channels { try channel.start() }
  }

  /// Whether a request may still come, for whose sake the loop goes on.
  var keepsAlive: Bool { !channels.isEmpty || !sockets.isEmpty }

  /// Reads no more requests, answers those that have been carried out, and removes the sockets.
  func close() {
    for channel in channels { channel.close() }
    for channel in channels { channel.flush() }
    for socket in sockets {
      socket.flush()
      socket.close()
    }
  }

  /// Lets those go that were still sent records: there are no more.
  func letGo() {
    for channel in channels {
      channel.session.services.existing(Subscriptions.self)?.remove(channel)
      channel.flush()
    }
    for socket in sockets { socket.letGo() }
    channels = []
    sockets = []
  }

  /// Goes on where answers had found no room.
  func outputHasRoom() {
    for channel in channels { channel.proceed() }
  }
}

extension Session {
  /// Makes the loop and its services, with requests taken as `--control` says; no source is opened.
  public convenience init(_ invocation: Invocation, process: ProcessState) throws(StartFailure) {
    try self.init(invocation, process: process, intake: Controls())
  }
}
