/// How long what takes in a simulated cluster, in seconds; the defaults are what was measured on
/// three real peers.
package struct ClusterTiming: Sendable {
  /// From a proposal to its commit, and with it the answer.
  package var commit = 0.08
  /// After the commit, until the other peers show a change that is not synchronised with them.
  package var lag: ClosedRange<Double> = 0.003...0.025
  /// How late every tenth of these changes is shown.
  package var longLag: ClosedRange<Double> = 0.025...0.3
  /// From the loss of a leader until the others no longer believe in it and have another one.
  package var election = 2.0
  /// Until a peer notices that another one does not take its messages.
  package var failureNotice = 0.3
  /// How long a peer that was told to end still takes.
  package var shutdown = 1.0
  /// How long a shard travels to another peer.
  package var transfer = 0.3
  /// Until the new shards of a key are active when there are several of them or of their copies.
  package var activation = 1.2
  /// How long an answer is waited for from a peer that accepts connections and stays silent.
  package var silence = 9.4

  package init() {}
}

/// What becomes of operations that were proposed while there was no quorum.
package enum LateApplication: Sendable, Equatable {
  /// Those that the leader took are applied, those that were sent to a lost leader are lost.
  case asRecorded
  /// 43 of 50, by chance: measured over both kinds.
  case byChance
  case always
  case never
}
