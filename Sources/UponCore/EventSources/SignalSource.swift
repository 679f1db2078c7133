import CSystem
import EventLoop

extension Kind {
  /// `signal:NAME[,NAME...]`: signals that the process receives.
  static let signal = Kind(
    "signal", address: "NAME[,NAME...]", help: "the process receives one of these signals",
    events: [EventKind("signal", .principal, busy: .merge, help: "a signal was received")],
    fields: [
      FieldKind("signal", "text", help: "its name, without SIG"),
      FieldKind("number", "integer", help: "its number on this system"),
      FieldKind("pid", "integer", help: "the process that sent it, where the kernel tells"),
      FieldKind("uid", "integer", help: "the user who sent it, where the kernel tells"),
    ],
    canonical: { (word, address) throws(UsageError) in
      try SignalName.list(word, address).map(\.name).joined(separator: ",").utf8.map { $0 }
    },
    plan: { (address, _) throws(UsageError) in
      SignalPlan(signals: try SignalName.list(Word(address), address))
    })
}

struct SignalPlan: SourcePlan {
  let signals: [SignalName]
  let principal = 0
  let available = EventSet(0)

  func source(for feed: Feed, on services: Services) -> any Source {
    SignalSource(self, feed, services)
  }
}

/// Offers an event for each signal delivered; real-time signals come one by one, standard ones merge in the kernel.
final class SignalSource: Source {
  private let plan: SignalPlan
  private unowned(unsafe) let feed: Feed
  private let services: Services
  private let event = Event()

  init(_ plan: SignalPlan, _ feed: Feed, _ services: Services) {
    self.plan = plan
    self.feed = feed
    self.services = services
  }

  func arm() throws(SourceFailure) {
    for signal in plan.signals {
      do throws(LoopError) {
        try services.signals.watch(signal.number, owner: self) { [unowned self] in received($0, signal) }
      } catch {
        throw SourceFailure("", errno: error.code)
      }
    }
  }

  func disarm() {
    services.signals.forget(owner: self)
  }

  private func received(_ info: SignalInfo, _ signal: SignalName) {
    guard feed.canTake else { return }
    event.begin(0, at: .now)
    var name = signal.name
    name.withUTF8 {
      event.add("signal", .bytes(UnsafeRawBufferPointer($0)))
      event.add("number", .int(Int64(signal.number)))
      if let pid = info.pid, let uid = info.uid {
        event.add("pid", .int(Int64(pid)))
        event.add("uid", .uint(UInt64(uid)))
      }
      feed.offer(event)
    }
  }
}
