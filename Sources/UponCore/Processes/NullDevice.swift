import EventLoop
import Platform

/// `/dev/null`, for commands that are to read nothing or whose output goes nowhere.
final class NullDevice {
  private let file: Descriptor
  /// Negative where it could not be opened.
  var number: Int32 { file.number }

  init() {
    file = Descriptor(owning: upon_open("/dev/null", O_RDWR | O_CLOEXEC, 0))
  }
}
