import Platform

/// Job control: upon and what it runs are stopped and go on together.
extension Session {
  /// Stops the groups of all commands and then upon, until it is continued.
  ///
  /// In a group that nobody could continue (an orphaned one, and as process 1) the kernel stops nothing.
  func suspend() {
    outputs.flush()
    let terminal = services.existing(Terminal.self)
    terminal?.withhold()
    signalCommands(SIGTSTP)
    services.signals.raise(SIGTSTP)
    terminal?.giveAgain()
    // Once, and behind that: a second one would take back a stop that has come since.
    signalCommands(SIGCONT)
  }

  private func signalCommands(_ number: Int32) {
    commands.signal(number, for: nil, group: true)
    for feed in feeds.inOrder + lingering where feed.plan.runsCommand { feed.signalCommand(number) }
  }
}
