/// One rule that has been added: its actions, and its sources as it sees them.
///
/// The session holds it until the last of its sources is closed.
final class Rule {
  let actions: ContiguousArray<Action>
  /// By the places of their sources in the rule; nil for one that was not opened.
  private(set) var bindings: [Binding?] = []
  /// Sources that are not closed yet.
  var openBindings = 0

  init(actions: [Action]) {
    self.actions = ContiguousArray(actions)
  }

  /// Takes note of a source, in the place of an earlier one that stood there.
  func bind(_ binding: Binding, at place: Int) {
    while bindings.count <= place { bindings.append(nil) }
    bindings[place] = binding
    openBindings += 1
  }

  /// Lets go of the actions: what they have begun goes on to its end.
  func retire() {
    for action in actions { action.retire() }
  }
}
