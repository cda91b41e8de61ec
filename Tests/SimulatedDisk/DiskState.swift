internal import Execution
internal import Glibc

/// What becomes of one unflushed change when the power goes.
package enum Fate: Sendable, Hashable {
  case kept
  case dropped
  /// Only that many bytes of a write are there; any other change is dropped.
  case torn(Int)
}

/// The disk, what the system shows of it, and the script of its faults.
struct DiskState {
  struct Fault {
    /// Nil counts every operation.
    var operation: FileFailure.Operation?
    /// How many such operations still succeed.
    var remaining: Int
    var code: Int32
    /// Bytes of a failing write that are there all the same.
    var written: Int
    /// Whether the process is dead from then on.
    var isKill: Bool
  }

  /// What programs see.
  var live = DiskTree()
  /// What a loss of power leaves.
  var durable = DiskTree()
  /// Changes of `live` that are not in `durable`, in their order.
  var pending: [DiskTree.Change] = []
  var statuses: [Int: FileStatus] = [:]
  var open: [Int32: Int] = [:]
  var locks: [Int: Int32] = [:]
  var faults: [Fault] = []
  var readOnly: [String] = []
  var losesRenames = false
  /// Whether somebody else makes the next folder just before we do.
  var isOvertaken = false
  var operations: [FileFailure.Operation] = []
  private var nextNode = 1

  /// Counts an operation and fails it when the script says so; `partial` gets the bytes of a write
  /// that are there all the same.
  mutating func begin(
    _ operation: FileFailure.Operation, _ path: String,
    partial: (inout DiskState, Int) -> Void = {
      _, _ in
    }
  ) throws(FileFailure) {
    operations.append(operation)
    for index in faults.indices
    where faults[index].operation == nil || faults[index].operation == operation {
      guard faults[index].remaining == 0 else {
        faults[index].remaining -= 1
        continue
      }
      let fault = faults[index]
      faults[index].written = 0
      if !fault.isKill { faults.remove(at: index) }
      if fault.written > 0 { partial(&self, fault.written) }
      throw FileFailure(operation, path, code: fault.code)
    }
  }

  mutating func change(_ change: DiskTree.Change) {
    live.apply(change)
    pending.append(change)
  }

  /// A node without a name yet; being there costs nothing, its name and content must be flushed.
  mutating func makeNode(_ node: DiskTree.Node, _ status: FileStatus) -> Int {
    defer { nextNode += 1 }
    live.nodes[nextNode] = node
    durable.nodes[nextNode] = node
    statuses[nextNode] = status
    return nextNode
  }

  /// The lowest number that is free, as systems give them: one used too long is another file's.
  mutating func openDescriptor(_ node: Int) -> Int32 {
    var descriptor: Int32 = 3
    while open[descriptor] != nil { descriptor += 1 }
    open[descriptor] = node
    return descriptor
  }

  mutating func flush(_ node: Int) {
    for change in pending where change.node == node {
      if losesRenames, case .rename = change { continue }
      durable.apply(change)
    }
    pending.removeAll { $0.node == node }
  }

  /// The system takes what it could not write for written, as Linux does after a failed `fsync`.
  mutating func forget(_ node: Int) { pending.removeAll { $0.node == node } }

  mutating func endProcesses() {
    open = [:]
    locks = [:]
    faults = []
  }

  mutating func losePower(_ fates: [Fate]) {
    for (index, change) in pending.enumerated() {
      switch (index < fates.count ? fates[index] : .dropped, change) {
      case (.kept, .rename) where losesRenames: break
      case (.kept, _): durable.apply(change)
      case (.torn(let count), .write(let file, let offset, let bytes)):
        durable.apply(.write(file: file, offset: offset, bytes: Array(bytes.prefix(count))))
      case (.torn, _), (.dropped, _): break
      }
    }
    pending = []
    live = durable
    endProcesses()
  }
}
