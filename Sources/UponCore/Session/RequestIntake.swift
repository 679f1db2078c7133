/// The ways by which requests reach a session, as the session sees them.
protocol RequestIntake: AnyObject {
  /// Opens all of them; requests are read when the loop runs.
  func open(_ addresses: [ControlAddress], session: Session) throws(SourceFailure)
  /// Whether a request may still come, for whose sake the loop goes on.
  var keepsAlive: Bool { get }
  /// Reads no more requests, and answers those that have been carried out.
  func close()
  /// Lets those go that were still sent records.
  func letGo()
  /// Goes on where answers had found no room.
  func outputHasRoom()
}
