import EventLoop
import FileEvents

/// The one instance by which a session watches files: the system gives a user few of them.
final class WatchedFiles: Facility {
  private let loop: EventLoop
  private var made: FileWatches?

  init(loop: EventLoop) {
    self.loop = loop
  }

  /// Makes it with the first that needs it; a shortage may have passed by the next attempt.
  func watches() throws(SourceFailure) -> FileWatches {
    if let made { return made }
    do throws(FileTrouble) {
      let watches = try FileWatches(loop: loop)
      made = watches
      return watches
    } catch {
      throw SourceFailure(error.description)
    }
  }
}

extension Services {
  /// The instance by which files are watched.
  func fileWatches() throws(SourceFailure) -> FileWatches {
    let files: WatchedFiles
    do throws(LoopError) {
      files = try facility(WatchedFiles.self)
    } catch {
      throw SourceFailure(error.operation, errno: error.code)
    }
    return try files.watches()
  }
}
