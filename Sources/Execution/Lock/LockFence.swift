import JSON
package import ResourceModel

/// What the holder of a lock asks before every step, and how it gives the lock back.
package enum LockFence {
  /// Whether the lock, as it was read just now, is still that holder's.
  ///
  /// The number alone would not do: an epoch that was created by somebody else while the answer to
  /// our creation was lost has the same.
  package static func holds(_ epoch: Int, nonce: String, in lock: LockState) -> Bool {
    lock.highest == epoch && lock.record?.state == .held && bears(nonce, lock.record)
  }

  /// What gives the lock back, in this order: the record is written over, `free` or `open`, and
  /// the epochs below are deleted, never the highest, because numbers must only grow.
  ///
  /// Nothing when the lock is not the holder's any more.
  package static func release(
    _ epoch: Int, writing record: LockRecord, in lock: LockState
  ) -> [ControlOperation] {
    guard holds(epoch, nonce: record.nonce, in: lock) else { return [] }
    let lower = lock.epochs.filter { $0 < epoch }
    return [.writeEpoch(epoch, record)] + lower.map(ControlOperation.deleteEpoch)
  }

  static func bears(_ nonce: String, _ record: LockRecord?) -> Bool {
    record?.nonce.hasSameBytes(as: nonce) ?? false
  }
}
