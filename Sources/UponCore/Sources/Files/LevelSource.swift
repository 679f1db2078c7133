import EventLoop
import FileEvents

/// Fires when a path is there, or when it is not: at once if so, and again each time that it becomes so.
final class LevelSource: Source {
  private let plan: PathPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private var watch: ExistenceWatch?
  private var names: NameOffer

  init(_ plan: PathPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
    names = NameOffer(end: plan.details.end)
  }

  func arm() throws(SourceFailure) {
    let watch = ExistenceWatch(
      path: plan.path, settle: plan.details.settle, poll: plan.details.poll,
      watches: try services.fileWatches(),
      handlers: ExistenceWatch.Handlers(
        onChange: { [unowned self] type in changed(type) },
        onTrouble: { [unowned self] trouble in told(trouble) }))
    if let reason = watch.pollingReason { services.diagnostics.life("\(port.title): polled: \(reason)") }
    self.watch = watch
  }

  func disarm() {
    watch?.close()
  }

  func pause() {
    watch?.pause()
  }

  func resume() {
    watch?.resume()
  }

  private func changed(_ type: FileType?) {
    let index = type == nil ? PathEvent.absent : PathEvent.exists
    plan.path.withUnsafeBytes { names.offer($0, index, nil, type, to: port) }
  }

  private func told(_ trouble: FileTrouble) {
    services.diagnostics.report("\(port.title): \(trouble)")
  }
}
