extension FileWatches {
  /// Watches a path, and as `options` say what lies below it.
  ///
  /// The bytes are the path as it was typed; it need not be there, and may not have a zero in it. The tree is watched
  /// until it is closed; the handlers are called in turns of the loop, except for trouble with the path itself, which is
  /// told before the call returns.
  public func tree(path: [UInt8], options: TreeOptions, handlers: TreeHandlers) -> any WatchedTree {
    FileTree(path: path, options: options, watches: self, handlers: handlers)
  }
}
