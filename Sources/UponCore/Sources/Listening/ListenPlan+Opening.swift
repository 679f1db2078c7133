import Platform

extension ListenPlan {
  /// Opens the place; a path appears when its socket listens.
  func open() throws(SourceFailure) -> (sockets: [ListeningSocket], path: UnixPath?) {
    switch place {
    case .tcp(let place):
      return (try ListeningSocket.open(place, backlog: backlog, reusesPort: reusesPort), nil)
    case .unix(let place):
      let (descriptor, path) = try place.bound(type: upon_stream_type()) { listen($0, backlog) }
      return ([ListeningSocket(owning: descriptor)], path)
    case .inherited(let activation):
      guard let number = activation.descriptor else { throw activation.absence }
      return ([try ListeningSocket(inherited: number)], nil)
    }
  }
}
