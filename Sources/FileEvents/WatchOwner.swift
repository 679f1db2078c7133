/// One change as the kernel tells it, to one owner of the watch.
///
/// The name belongs to the caller.
struct RawChange {
  let mask: WatchMask
  /// Joins the two halves of a move; otherwise 0.
  let cookie: UInt32
  /// Empty where the change is of what is watched itself.
  let name: UnsafeRawBufferPointer
}

/// Owns watches, and is told of their changes in the order of the kernel.
protocol WatchOwner: AnyObject {
  /// Where the owner is told that everything has been consumed that was queued at a certain time; `max` for never.
  var horizon: UInt64 { get }

  func receive(_ change: RawChange, tag: Int32)
  /// All changes before `position` have been told.
  func reach(_ position: UInt64)
  /// What one reading has brought has been told; when `drained`, nothing was left.
  func endBatch(drained: Bool)
  /// Changes have been lost, and everything that was queued has been told.
  func recover()
}
