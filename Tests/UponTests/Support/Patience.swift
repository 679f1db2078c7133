import Synchronization
import Testing

/// How long a test waits for what never comes: once for the whole of it, and after that only a moment for each
/// further thing, so that no test takes much longer than that to fail.
enum Patience {
  /// Longer than anything takes on a busy machine: a test that gets here has failed.
  private static let whole: Duration = .seconds(20)
  private static let rest: Duration = .seconds(1)

  private static let losers = Mutex<Set<Test.ID>>([])

  /// What is left of the patience of the test that runs.
  static var left: Duration {
    guard let test = Test.current else { return whole }
    return losers.withLock { $0.contains(test.id) } ? rest : whole
  }

  /// Takes note that the test that runs has waited in vain.
  static func isLost() {
    guard let test = Test.current else { return }
    losers.withLock { _ = $0.insert(test.id) }
  }
}
