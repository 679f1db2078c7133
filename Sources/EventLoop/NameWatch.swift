import Platform

/// Tells when a name appears in a folder or goes from it.
///
/// One watch stands for any number of names. The corresponding C functions are `inotify_init1`, `inotify_add_watch` and
/// `inotify_rm_watch`.
public final class NameWatch {
  /// A name that is waited for; it is told nothing more once it is let go of.
  public final class Arrival {
    fileprivate let name: [UInt8]
    fileprivate let handler: () -> Void
    fileprivate weak var watch: NameWatch?
    fileprivate let folder: Int32

    fileprivate init(
      _ name: [UInt8], in folder: Int32, _ watch: NameWatch, _ handler: @escaping () -> Void
    ) {
      self.name = name
      self.folder = folder
      self.watch = watch
      self.handler = handler
    }

    /// Whether it can still be told; not when the folder is gone.
    public var isActive: Bool { watch != nil }

    deinit {
      watch?.forget(self)
    }
  }

  private static let room = 1 << 14

  private let inotify: Descriptor
  private var watch: DescriptorWatch?
  /// Those who wait, by the number that the kernel has given to their folder. An arrival takes itself out.
  private var waiting: [Int32: [Unmanaged<Arrival>]] = [:]

  /// Makes a watch that waits for nothing yet; it is called in the queue for data.
  public init(loop: EventLoop) throws(LoopError) {
    inotify = try Descriptor(inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)), "watch folders")
    watch = DescriptorWatch(loop: loop, descriptor: inotify.number, interest: .read, queue: .data) {
      [unowned self] in takeEvents()
    }
    try watch?.enable()
  }

  deinit {
    // Before the descriptor is closed and its number is somebody else's.
    watch?.disable()
  }

  /// Calls the handler whenever the last part of the path appears or goes; nil where its folder cannot be watched.
  public func wait(for path: [UInt8], _ handler: @escaping () -> Void) -> Arrival? {
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { Array(path[...$0]) } ?? [UInt8(ascii: ".")]
    let name = Array(path[(slash.map { $0 + 1 } ?? 0)...])
    let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR)
    let number = inotify_add_watch(inotify.number, (folder + [0]).map { CChar(bitPattern: $0) }, events)
    guard number >= 0, !name.isEmpty else { return nil }
    let arrival = Arrival(name, in: number, self, handler)
    waiting[number, default: []].append(.passUnretained(arrival))
    return arrival
  }

  private func forget(_ arrival: Arrival) {
    let offset = Unmanaged.passUnretained(arrival).toOpaque()
    waiting[arrival.folder]?.removeAll { $0.toOpaque() == offset }
    guard waiting[arrival.folder]?.isEmpty ?? false else { return }
    waiting[arrival.folder] = nil
    inotify_rm_watch(inotify.number, arrival.folder)
  }

  private func takeEvents() {
    withUnsafeTemporaryAllocation(byteCount: Self.room, alignment: MemoryLayout<inotify_event>.alignment) {
      let count = read(inotify.number, $0.baseAddress, Self.room)
      var offset = 0
      while offset < count {
        let event = $0.load(fromByteOffset: offset, as: inotify_event.self)
        offset += MemoryLayout<inotify_event>.size
        let name = $0[offset..<(offset + Int(event.len))].prefix { $0 != 0 }
        offset += Int(event.len)
        take(event, name)
      }
    }
  }

  private func take(_ event: inotify_event, _ name: Slice<UnsafeMutableRawBufferPointer>) {
    let isGone = event.mask & UInt32(IN_IGNORED) != 0
    let told = waiting[event.wd]?.map { $0.takeUnretainedValue() } ?? []
    if isGone {
      waiting[event.wd] = nil
      for arrival in told { arrival.watch = nil }
    }
    for arrival in told where isGone || arrival.name.elementsEqual(name) { arrival.handler() }
  }
}
