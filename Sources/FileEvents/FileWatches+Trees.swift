extension FileWatches {
  /// Watches a path, and as `options` say what lies below it.
  ///
  /// The bytes are the path as it was typed; it need not be there, and may not have a zero in it. The tree is watched
  /// until it is closed; the handlers are called in turns of the loop, except for trouble with the path itself, which is
  /// told before the call returns.
  /// With `poll`, and by itself where the kernel does not tell all changes, everything is looked at every so many
  /// nanoseconds.
  public func tree(
    path: [UInt8], options: TreeOptions, poll: Int64? = nil, handlers: TreeHandlers
  ) -> any WatchedTree {
    let silent = poll == nil ? FileSystem.silent(at: path)?.name : nil
    if poll != nil || silent != nil {
      return PolledTree(
        path: path, options: options, interval: poll ?? FileSystem.pollInterval,
        reason: silent.map { "changes on \($0) are not told by the kernel" } ?? "asked for", loop: loop,
        handlers: handlers)
    }
    return FileTree(path: path, options: options, watches: self, handlers: handlers)
  }
}
