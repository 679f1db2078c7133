import Platform

/// Paths are made of the names in the table, from the end to the start, and told.
extension FileTree {
  private static var slash: UInt8 { 0x2F }

  /// Writes the path of a name in a directory into `text`.
  func compose(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    if directory == holder {
      write(path)
      textDirectory = -1
      return
    }
    if textDirectory != directory {
      composeDirectory(directory)
      if text.count > 0, text.text[text.count - 1] != Self.slash { text.append(Self.slash) }
      textDirectory = directory
      textLength = text.count
    }
    text.truncate(textLength)
    text.append(name)
  }

  /// Writes the path of a directory into `text`.
  func composeDirectory(_ directory: Int32) {
    textDirectory = -1
    var length = path.count
    var node = directory
    let separates = path.last != Self.slash
    while directories.parent(node) != holder && directories.parent(node) >= 0 {
      length += directories.name(node).count + 1
      node = directories.parent(node)
    }
    if length > path.count && !separates { length -= 1 }
    text.resize(length)
    node = directory
    while directories.parent(node) != holder && directories.parent(node) >= 0 {
      let name = directories.name(node)
      length -= name.count
      text.put(name, at: length)
      if length > path.count {
        length -= 1
        text.put(Self.slash, at: length)
      }
      node = directories.parent(node)
    }
    path.withUnsafeBytes { text.put($0, at: 0) }
  }

  private func write(_ bytes: [UInt8]) {
    text.truncate(0)
    bytes.withUnsafeBytes { text.append($0) }
  }

  /// The part of the text that is relative to the root; empty for the root itself.
  var relativeText: UnsafeRawBufferPointer {
    var start = path.count
    if start < text.count, text.text[start] == Self.slash { start += 1 }
    return UnsafeRawBufferPointer(rebasing: text.text[min(start, text.count)...])
  }

  /// Whether something of this name in a directory is left out.
  func excludes(_ directory: Int32, _ name: UnsafeRawBufferPointer) -> Bool {
    if options.exclude.isEmpty || directory == holder { return false }
    compose(directory, name)
    return options.excludes(relativeText)
  }

  /// The file that a name stands for now; the path is in `text` afterwards.
  func look(_ directory: Int32, _ name: UnsafeRawBufferPointer) -> FileFacts? {
    compose(directory, name)
    return try? FileFacts.look(AT_FDCWD, text.cString, follow: directory == holder && isBehindLink).get()
  }

  /// Opens the file that a name stands for, for reading; the path is in `text` afterwards.
  func open(_ directory: Int32, _ name: UnsafeRawBufferPointer) throws(FileErrno) -> OpenFile {
    compose(directory, name)
    return try OpenFile(upon_open_file(AT_FDCWD, text.cString, directory == holder && isBehindLink ? 1 : 0))
  }

  func look(_ directory: Int32) -> FileFacts? {
    look(directories.parent(directory), directories.name(directory))
  }

  // MARK: Telling

  /// Tells of a name, unless nobody asked for it.
  func tell(
    _ kind: FileEvent.Kind, _ directory: Int32, _ name: UnsafeRawBufferPointer, _ type: FileType?,
    isFromScan: Bool = false
  ) {
    guard options.kinds.contains(kind), !isClosed else { return }
    compose(directory, name)
    // Directories that have gone are told all the same: what was in them has gone, too.
    let isChosen = (type == .directory && kind != .create) || directory == holder
    if !isChosen && !options.includes(relativeText) { return }
    deliver(
      FileEvent(kind: kind, path: text.text, source: nil, type: type, isFromScan: isFromScan))
  }

  func tell(_ kind: FileEvent.Kind, directory: Int32, isFromScan: Bool = false) {
    tell(
      kind, directories.parent(directory), directories.name(directory), .directory, isFromScan: isFromScan)
  }

  /// Tells of the root.
  func tellRoot(_ kind: FileEvent.Kind, _ type: FileType?) {
    guard options.kinds.contains(kind), !isClosed else { return }
    write(path)
    textDirectory = -1
    deliver(FileEvent(kind: kind, path: text.text, source: nil, type: type, isFromScan: false))
  }

  func tellOverflow() { tellRoot(.overflow, nil) }

  /// Tells of a move; where only one end is one of the files to tell, it is gone, or has come.
  func tellMove(
    from: Int32, _ fromName: UnsafeRawBufferPointer, to: Int32, _ name: UnsafeRawBufferPointer,
    _ type: FileType?
  ) {
    guard !isClosed else { return }
    compose(from, fromName)
    sourceText.truncate(0)
    sourceText.append(text.text)
    let tellsSource = type == .directory || options.includes(relativeText)
    compose(to, name)
    let tellsTarget = type == .directory || options.includes(relativeText)
    if tellsSource && tellsTarget && options.kinds.contains(.move) {
      deliver(
        FileEvent(kind: .move, path: text.text, source: sourceText.text, type: type, isFromScan: false))
    } else if tellsSource && !tellsTarget && options.kinds.contains(.delete) {
      deliver(FileEvent(kind: .delete, path: sourceText.text, source: nil, type: type, isFromScan: false))
    } else if tellsTarget && !tellsSource {
      tell(.create, to, name, type)
    }
  }

  private func deliver(_ event: borrowing FileEvent) {
    if let paused { return paused.add(event) }
    handlers.onEvent(event)
  }
}
