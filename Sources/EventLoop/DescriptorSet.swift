import CLibevent
import Platform

/// Watches thousands of descriptors as one: an epoll descriptor of its own stands for them in the loop.
///
/// A member costs the loop no memory, and a batch of up to 64 members is one call of the loop. It does the same
/// under poll and select. The corresponding C functions are `epoll_create1`, `epoll_ctl` and `epoll_wait`.
public final class DescriptorSet {
  /// One descriptor; a subclass says what its readiness means.
  ///
  /// Unmanaged references are safe: a member leaves the set before it goes.
  open class Member {
    /// The descriptor, which the subclass owns.
    public final private(set) var descriptor: Int32
    fileprivate final var mask: UInt32 = 0
    fileprivate final var isAdded = false

    /// Makes a member that no set watches yet.
    public init(descriptor: Int32) {
      self.descriptor = descriptor
    }

    /// Handles what has come; returns how many bytes that was, which counts against the budget of the turn.
    open func ready(_ readiness: Readiness) -> Int { 0 }

    /// Forgets the descriptor, which has been given away or is about to be closed; it must have left its set.
    public final func forgetDescriptor() {
      descriptor = -1
    }
  }

  private static let perTurn = 64
  /// At most this much is handled in one turn, so that a flood on many members starves no other source.
  private static let budget = 1 << 18

  private let loop: EventLoop
  private let epoll: Descriptor
  private let registration: Registration
  private let batch: UnsafeMutablePointer<epoll_event>
  /// What of the last batch is still to be handled.
  private var next = 0
  private var end = 0

  /// Makes an empty set, in the queue for data.
  public init(loop: EventLoop) throws(LoopError) {
    self.loop = loop
    epoll = try Descriptor(epoll_create1(Int32(EPOLL_CLOEXEC)), "make an epoll descriptor")
    registration = Registration(loop: loop)
    batch = .allocate(capacity: Self.perTurn)
    registration.assign(
      descriptor: epoll.number, interest: EV_READ | EV_PERSIST, queue: .data,
      context: Unmanaged.passUnretained(self).toOpaque()
    ) { _, _, context in
      let set = Unmanaged<DescriptorSet>.fromOpaque(context!).takeUnretainedValue()
      set.fire()
    }
    let code = registration.add()
    guard code == 0 else { throw LoopError(code: code, operation: "watch an epoll descriptor") }
  }

  deinit {
    registration.remove()
    batch.deallocate()
  }

  /// Begins to watch the member, or changes what it waits for; without readiness only its end is told, once.
  ///
  /// The corresponding C function is `epoll_ctl`.
  public func watch(_ member: Member, for readiness: Readiness) throws(LoopError) {
    // Level-triggered, a hang-up would be told in every turn to a member that waits for nothing.
    let mask = readiness.isEmpty ? EPOLLET.rawValue : readiness.rawValue
    if member.isAdded, member.mask == mask { return }
    var event = epoll_event()
    event.events = mask
    event.data.ptr = Unmanaged.passUnretained(member).toOpaque()
    let operation = member.isAdded ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
    guard epoll_ctl(epoll.number, operation, member.descriptor, &event) == 0 else {
      let code = errno
      throw LoopError(code: code, operation: "watch descriptor \(member.descriptor)")
    }
    member.mask = mask
    member.isAdded = true
  }

  /// Stops watching the member, whose descriptor is closed next; also when it is ready in this very turn.
  ///
  /// Closing takes a descriptor out of the kernel's set, if it has no duplicate.
  public func forget(_ member: Member) {
    guard member.isAdded else { return }
    member.isAdded = false
    let pointer = Unmanaged.passUnretained(member).toOpaque()
    for index in next..<end where batch[index].data.ptr == pointer { batch[index].data.ptr = nil }
  }

  /// Forgets a member whose descriptor another member has taken over, which is watched in its place.
  public func move(from old: Member, to new: Member) {
    new.isAdded = old.isAdded
    // No mask: the kernel must be told of the new one whatever it waits for.
    new.mask = .max
    forget(old)
  }

  private func fire() {
    // What was left of a batch comes first: the kernel has moved it to the end of its line.
    if next == end {
      let count = epoll_wait(epoll.number, batch, Int32(Self.perTurn), 0)
      (next, end) = (0, max(Int(count), 0))
    }
    var budget = Self.budget
    while next < end, budget > 0 {
      let event = batch[next]
      next += 1
      guard let pointer = event.data.ptr else { continue }
      let member = Unmanaged<Member>.fromOpaque(pointer).takeUnretainedValue()
      budget -= member.ready(Readiness(rawValue: event.events))
    }
    loop.turnEnded()
  }
}
