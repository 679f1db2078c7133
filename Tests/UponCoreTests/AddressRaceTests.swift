import CSystem
import EventLoop
import Testing

@testable import UponCore

@Suite struct AddressRaceTests {
  private static func addresses(_ hosts: [String], port: UInt16 = 80) -> [SocketAddress] {
    hosts.compactMap { SocketAddress(numeric: Array($0.utf8), port: port) }
  }

  @Test(arguments: [
    ([], []), (["::1"], ["::1"]), (["10.0.0.1", "10.0.0.2"], ["10.0.0.1", "10.0.0.2"]),
    (["::1", "::2", "::3", "10.0.0.1"], ["::1", "10.0.0.1", "::2", "::3"]),
    (["10.0.0.1", "::1", "10.0.0.2", "::2"], ["10.0.0.1", "::1", "10.0.0.2", "::2"]),
    (["10.0.0.1", "10.0.0.2", "::1"], ["10.0.0.1", "::1", "10.0.0.2"]),
  ])
  func `the families take turns, the preferred one first`(_ given: [String], _ order: [String]) {
    #expect(AddressRace.interleaved(Self.addresses(given)).map(\.host) == order)
  }

  /// The address of a listening socket of this test.
  private static func listener() throws -> (Int32, SocketAddress) {
    let socket = upon_socket(AF_INET, upon_stream_type(), 0)
    let any = try #require(SocketAddress(numeric: Array("127.0.0.1".utf8)))
    #expect(any.withSockaddr { upon_bind(socket, $0, $1) } == 0)
    #expect(listen(socket, 1) == 0)
    return (socket, try #require(SocketAddress(localOf: socket)))
  }

  private static func run(_ addresses: [SocketAddress], timeout: Interval) throws -> AddressRace.Outcome? {
    let loop = try EventLoop(verbose: false)
    var outcome: AddressRace.Outcome?
    let race = AddressRace(to: addresses, timeout: timeout, loop: loop) {
      outcome = $0
      loop.stop()
    }
    let start = Timer(loop: loop) { _ in race.start() }
    start.arm(at: 0)
    let deadline = Timer(loop: loop) { _ in loop.stop() }
    deadline.arm(at: Clock.monotonic() + 60_000_000_000)
    try loop.run()
    return outcome
  }

  @Test func `one that refuses costs nothing`() throws {
    let (socket, address) = try Self.listener()
    defer { close(socket) }
    let began = Clock.monotonic()
    let refusing = Self.addresses(["127.0.0.2", "127.0.0.3", "127.0.0.4"], port: address.port)
    guard case .connected(let descriptor, let winner)? = try Self.run(refusing + [address], timeout: .forever)
    else {
      Issue.record("not connected")
      return
    }
    #expect(winner == address)
    #expect(SocketAddress(peerOf: descriptor) == address)
    #expect(Clock.monotonic() - began < 5_000_000_000)
    close(descriptor)
  }

  @Test func `all that fail are told`() throws {
    let (socket, address) = try Self.listener()
    close(socket)
    let addresses = Self.addresses(["127.0.0.1", "127.0.0.2"], port: address.port)
    guard case .failed(let failures)? = try Self.run(addresses, timeout: .forever) else {
      Issue.record("connected")
      return
    }
    #expect(failures.map(\.address) == addresses)
    #expect(failures.map(\.code) == [ECONNREFUSED, ECONNREFUSED])
    #expect(ConnectFailure(failures).isDown)
    #expect(ConnectFailure(failures).reason == "Connection refused")
  }

  @Test func `no address is a failure at once`() throws {
    guard case .failed(let failures)? = try Self.run([], timeout: .forever) else {
      Issue.record("connected")
      return
    }
    #expect(failures.isEmpty)
    #expect(!ConnectFailure(failures).isDown)
  }

  @Test(arguments: [
    ([ECONNREFUSED], true), ([ETIMEDOUT, ECONNREFUSED], true), ([ENOENT], true), ([ENETUNREACH], false),
    ([ENETUNREACH, ECONNREFUSED], true), ([ECONNREFUSED, EMFILE], false), ([EACCES], false), ([], false),
  ])
  func `what is down is known by its errors`(_ codes: [Int32], _ isDown: Bool) throws {
    let address = try #require(Self.addresses(["::1"]).first)
    let failures = codes.map { AddressRace.Failure(address: address, code: $0) }
    #expect(ConnectFailure(failures).isDown == isDown)
  }
}
