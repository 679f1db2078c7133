/// Entries of a table by the time at which something is to be done about them, the earliest first.
struct DueQueue {
  struct Item {
    let due: Int64
    let reference: Reference
  }

  private var heap: ContiguousArray<Item> = []

  var next: Int64 { heap.first?.due ?? .max }

  mutating func insert(_ reference: Reference, due: Int64) {
    heap.append(Item(due: due, reference: reference))
    var index = heap.count - 1
    while index > 0, heap[index].due < heap[(index - 1) / 2].due {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Takes out the earliest if it is due.
  mutating func pop(_ now: Int64) -> Reference? {
    guard let first = heap.first, first.due <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      guard least != index else { break }
      heap.swapAt(index, least)
      index = least
    }
    return first.reference
  }
}

/// An entry of a table that may have gone, and its index with it, to another.
struct Reference {
  let index: Int32
  let serial: UInt32
}

extension NameTable {
  func reference(_ index: Int32) -> Reference { Reference(index: index, serial: serial(index)) }

  func isThere(_ reference: Reference) -> Bool {
    reference.index < bound && isUsed(reference.index) && serial(reference.index) == reference.serial
  }
}

/// A line in which what comes first goes first, without moving the rest.
struct Line<Element> {
  private var elements: ContiguousArray<Element> = []
  private var head = 0

  var isEmpty: Bool { head == elements.count }
  var first: Element? { isEmpty ? nil : elements[head] }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    head += 1
    let element = elements[head - 1]
    if head == elements.count {
      elements.removeAll(keepingCapacity: elements.count <= 1024)
      head = 0
    } else if head >= 1024 && head * 2 >= elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  mutating func removeAll() {
    elements = []
    head = 0
  }
}
