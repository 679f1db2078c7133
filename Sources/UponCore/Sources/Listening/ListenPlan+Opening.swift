import Platform

extension ListenPlan {
  /// Opens the place; a path appears when its socket listens.
  func open() throws(SourceFailure) -> (sockets: [ListeningSocket], path: UnixPath?) {
    switch endpoint {
    case .tcp(let address):
      return (try ListeningSocket.open(address, backlog: backlog, reusesPort: reusesPort), nil)
    case .unix(let address):
      let (descriptor, path) = try address.bound(type: upon_stream_type()) { listen($0, backlog) }
      return ([ListeningSocket(owning: descriptor)], path)
    case .inherited(let activation):
      guard let number = activation.descriptor else { throw activation.absence }
      return ([try ListeningSocket(inherited: number)], nil)
    }
  }
}
