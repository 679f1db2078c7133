import EventLoop
import Platform

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
    read: { (address, word) throws(UsageError) in
      let signals = try SignalName.list(word, address)
      let spelling = Array(signals.map(\.name).joined(separator: ",").utf8)
      return CheckedAddress(spelling) { (_) throws(UsageError) in SignalPlan(signals: signals) }
    })
}

struct SignalPlan: SourcePlan {
  let signals: [SignalName]

  func source(for port: Port, on services: Services) -> any Source {
    SignalSource(self, port, services)
  }
}

/// Offers an event for each signal delivered; real-time signals come one by one, standard ones merge in the kernel.
final class SignalSource: Source {
  private let plan: SignalPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event()
  /// What has come while a request paused the source, one entry a signal.
  private var kept: [(signal: SignalName, info: SignalInfo, count: UInt64)] = []

  init(_ plan: SignalPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  func arm() throws(SourceFailure) {
    for signal in plan.signals {
      do throws(LoopError) {
        try services.signals.watch([signal.number], owner: self, catches: true) { [unowned self] in
          received($0, signal)
        }
      } catch {
        throw SourceFailure("", errno: error.code)
      }
    }
  }

  func disarm() {
    services.signals.forget(owner: self)
  }

  func resume() {
    let waiting = kept
    kept = []
    for (signal, info, count) in waiting { offer(info, signal, count: count) }
  }

  func trigger(_ event: Event, _ offer: () -> Void) {
    add(plan.signals[0], to: event, offer)
  }

  private func received(_ info: SignalInfo, _ signal: SignalName) {
    if port.canTake { return offer(info, signal, count: 1) }
    if port.isOpen { keep(info, signal) }
  }

  private func offer(_ info: SignalInfo, _ signal: SignalName, count: UInt64) {
    event.begin(0, at: .now, count: count)
    add(signal, to: event) {
      if let pid = info.pid, let uid = info.uid {
        event.add("pid", .int(Int64(pid)))
        event.add("uid", .uint(UInt64(uid)))
      }
      port.offer(event)
    }
  }

  private func add(_ signal: SignalName, to event: Event, _ body: () -> Void) {
    var name = signal.name
    name.withUTF8 {
      event.add("signal", .bytes(UnsafeRawBufferPointer($0)))
      event.add("number", .int(Int64(signal.number)))
      body()
    }
  }

  @inline(never)
  private func keep(_ info: SignalInfo, _ signal: SignalName) {
    if let index = kept.firstIndex(where: { $0.signal.number == signal.number }) {
      kept[index].info = info
      kept[index].count += 1
    } else {
      kept.append((signal, info, 1))
    }
  }
}
