import EventLoop
import Platform

/// Looks up names as the system does, hosts file and all, without stopping the loop.
///
/// The look-ups wait in a few threads of the C layer, which start with the first name. Whoever asks for a name that
/// is being looked up shares the answer.
final class Resolver: Facility {
  enum Answer {
    case addresses([SocketAddress])
    case failed(String)
  }

  /// A question; nobody is told the answer once it has been cancelled or let go of.
  final class Query {
    fileprivate let handler: (Answer) -> Void
    fileprivate weak var lookUp: LookUp?

    fileprivate init(_ lookUp: LookUp, _ handler: @escaping (Answer) -> Void) {
      self.lookUp = lookUp
      self.handler = handler
    }

    func cancel() {
      lookUp?.drop(self)
      lookUp = nil
    }

    deinit {
      cancel()
    }
  }

  fileprivate final class LookUp {
    let id: UInt64
    let host: [UInt8]
    unowned let resolver: Resolver
    /// A query takes itself out before it goes.
    var queries: [Unmanaged<Query>] = []

    init(id: UInt64, host: [UInt8], resolver: Resolver) {
      self.id = id
      self.host = host
      self.resolver = resolver
    }

    func drop(_ query: Query) {
      queries.removeAll { $0.toOpaque() == Unmanaged.passUnretained(query).toOpaque() }
      if queries.isEmpty { resolver.forget(self) }
    }
  }

  private let handle: OpaquePointer
  private var watch: DescriptorWatch?
  private var lookUps: [UInt64: LookUp] = [:]
  private var ids: [[UInt8]: UInt64] = [:]
  private var lastID: UInt64 = 0

  /// Makes a resolver; no thread is started.
  init(loop: EventLoop) throws(LoopError) {
    var descriptor: Int32 = -1
    guard let handle = upon_resolver_create(&descriptor) else {
      let code = errno
      throw LoopError(code: code, operation: "look up names")
    }
    self.handle = handle
    watch = DescriptorWatch(loop: loop, descriptor: descriptor, interest: .read, queue: .urgent) {
      [unowned self] in takeAnswers()
    }
    try watch?.enable()
  }

  deinit {
    watch?.disable()
    upon_resolver_destroy(handle)
  }

  /// Asks for the addresses of a name, which come in the order of the system's preference, with port 0.
  func lookUp(_ host: [UInt8], _ handler: @escaping (Answer) -> Void) throws(LoopError) -> Query {
    let lookUp = if let id = ids[host], let found = lookUps[id] { found } else { try start(host) }
    let query = Query(lookUp, handler)
    lookUp.queries.append(.passUnretained(query))
    return query
  }

  private func start(_ host: [UInt8]) throws(LoopError) -> LookUp {
    lastID += 1
    let code = (host + [0]).withUnsafeBytes {
      upon_resolver_ask(handle, lastID, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    guard code == 0 else { throw LoopError(code: code, operation: "look up a name") }
    let lookUp = LookUp(id: lastID, host: host, resolver: self)
    lookUps[lastID] = lookUp
    ids[host] = lastID
    return lookUp
  }

  private func forget(_ lookUp: LookUp) {
    guard lookUps.removeValue(forKey: lookUp.id) != nil else { return }
    ids[lookUp.host] = nil
    upon_resolver_forget(handle, lookUp.id)
  }

  private func takeAnswers() {
    while let answer = upon_resolver_take(handle) {
      defer { free(answer) }
      guard let lookUp = lookUps.removeValue(forKey: answer.pointee.id) else { continue }
      ids[lookUp.host] = nil
      let told = Answer(answer)
      lookUp.queries.reverse()
      // A handler may cancel another query of the same name.
      while let query = lookUp.queries.popLast()?.takeUnretainedValue() {
        query.lookUp = nil
        query.handler(told)
      }
    }
  }
}

extension Resolver {
  /// Looks up a name before anything runs that would have to wait for it.
  static func wait(for host: [UInt8]) throws(SourceFailure) -> [SocketAddress] {
    let answer = UnsafeMutablePointer<upon_answer>.allocate(capacity: 1)
    answer.initialize(to: upon_answer())
    defer { answer.deallocate() }
    (host + [0]).withUnsafeBytes {
      upon_look_up($0.baseAddress?.assumingMemoryBound(to: CChar.self), answer)
    }
    switch Answer(answer) {
    case .addresses(let addresses): return addresses
    case .failed(let reason): throw SourceFailure("\(Word(host).text): \(reason)")
    }
  }
}

extension Resolver.Answer {
  fileprivate init(_ answer: UnsafeMutablePointer<upon_answer>) {
    guard answer.pointee.code == 0 else {
      let code = answer.pointee.code
      self = .failed(
        code == EAI_SYSTEM ? systemError(answer.pointee.reason) : String(cString: gai_strerror(code)))
      return
    }
    var addresses: [SocketAddress] = []
    for index in 0..<answer.pointee.count {
      guard
        let address = SocketAddress(
          copying: upon_answer_address(answer, index), length: upon_answer_length(answer, index))
      else { continue }
      // A hosts file may name an address twice.
      if !addresses.contains(address) { addresses.append(address) }
    }
    self = .addresses(addresses)
  }
}
