import CSystem
import EventLoop
import Glibc

extension ListenPlan {
  /// Opens the place; a path is published under its name when its socket listens.
  func open() throws(SourceFailure) -> (sockets: [ListeningSocket], path: UnixPath?) {
    switch place {
    case .tcp(let place):
      return (try ListeningSocket.open(place, backlog: backlog, reusesPort: reusesPort), nil)
    case .abstract(let address):
      do {
        return ([try ListeningSocket.open(address, backlog: backlog)], nil)
      } catch {
        throw error.failure
      }
    case .unix(let path, let mode): return try open(path, mode)
    case .inherited(let activation):
      guard let number = activation.descriptor else { throw activation.absence }
      return ([try ListeningSocket(inherited: number)], nil)
    }
  }

  private func open(
    _ path: [UInt8], _ mode: Int
  ) throws(SourceFailure) -> (sockets: [ListeningSocket], path: UnixPath?) {
    let place = try UnixPath(path, mode: mode)
    let descriptor = upon_socket(AF_UNIX, upon_stream_type(), 1)
    guard descriptor >= 0 else { throw SourceFailure(Word(path).text, errno: errno) }
    let socket = ListeningSocket(owning: descriptor)
    try place.bind(descriptor)
    guard listen(descriptor, backlog) == 0 else { throw SourceFailure(Word(path).text, errno: errno) }
    try place.publish()
    return ([socket], place)
  }
}
