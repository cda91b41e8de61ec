import JSON

extension SimulatedCluster {
  /// When a metadata call gives up without a `timeout` of its own.
  private static let usualTimeout = 10

  /// Puts an operation to the cluster for a client of a peer; what that is told.
  ///
  /// - Parameter isShared: whether it is answered only after all peers have applied it.
  mutating func propose(
    _ operation: ClusterOperation, _ call: Call, at peer: Int, isShared: Bool = false
  ) throws(Refusal) -> Reply {
    let timeout = Int(clamping: try call.unsigned("timeout") ?? UInt64(Self.usualTimeout))
    if peers[peer].stop != nil, peers[peer].members.count > 1 {
      throw .service("Channel closed: sending on a closed channel")
    }
    switch path(from: peer, timeout: timeout) {
    case .commit(let after):
      current.seconds += after + timing.commit
      applyLate()
      let reply = try commit(operation, at: peer, isShared: isShared)
      if isShared { waitForPeers(timeout) }
      return reply
    case .leaderWithoutQuorum:
      waiting.append(operation)
      throw giveUp(after: timeout)
    case .lostLeader:
      if isKeptForLater { waiting.append(operation) }
      throw giveUp(after: timeout)
    case .noLeader:
      current.seconds += Double(timeout)
      throw .service(
        "Failed to propose operation: leader is not established within \(timeout)s")
    }
  }

  private enum Path {
    case commit(after: Double)
    case leaderWithoutQuorum
    case lostLeader
    case noLeader
  }

  /// What becomes of a proposal at a peer.
  private func path(from peer: Int, timeout: Int) -> Path {
    guard !isStuck, peers[peer].stop == nil else { return .leaderWithoutQuorum }
    guard members.contains(peers[peer].id) else { return .noLeader }
    if let place = leadingPeer {
      if peers[place].isRunning { return hasQuorum ? .commit(after: 0) : .leaderWithoutQuorum }
      return .lostLeader
    }
    if hasQuorum, let due = electionDue, due - current.now < Double(timeout) {
      return .commit(after: max(0, due - current.now))
    }
    return .noLeader
  }

  private mutating func giveUp(after timeout: Int) -> Refusal {
    current.seconds += Double(timeout)
    return .service(
      "Waiting for consensus operation commit failed. Timeout set at: \(timeout) seconds")
  }

  /// Whether a proposal that a lost leader was sent comes to its end all the same.
  private var isKeptForLater: Bool {
    mutating get {
      switch lateApplication {
      case .asRecorded, .never: false
      case .always: true
      case .byChance: chance(of: 43, in: 50)
      }
    }
  }

  mutating func chance(of count: Int, in all: Int) -> Bool {
    Int.random(in: 0..<all, using: &random) < count
  }

  /// A peer that hangs is waited for by what all peers have to apply.
  private mutating func waitForPeers(_ timeout: Int) {
    guard peers.contains(where: { $0.process == .paused && members.contains($0.id) }) else {
      return
    }
    current.seconds += min(Double(timeout), timing.silence)
  }

  /// Appends an operation to the log and applies it where it shows at once.
  @discardableResult
  mutating func commit(
    _ operation: ClusterOperation, at peer: Int?, isShared: Bool = false
  ) throws(Refusal) -> Reply {
    if case .removePeer(let id) = operation { exclude(id) }
    append(operation, after: 0)
    if let place = leadingPeer, place != peer { deliver(to: place, upTo: log.count) }
    if isShared {
      for other in peers.indices where other != peer { deliver(to: other, upTo: log.count) }
    }
    guard let peer, isListening(peer) else { return .true }
    deliver(to: peer, upTo: log.count - 1)
    peers[peer].applied = log.count
    return try peers[peer].apply(operation)
  }

  /// Appends an operation that nobody waits for.
  mutating func commitUnattended(_ operation: ClusterOperation, after delay: Double) {
    append(operation, after: delay)
  }

  private mutating func append(_ operation: ClusterOperation, after delay: Double) {
    var visible: [UInt64: Double] = [:]
    for peer in peers {
      let isLate = chance(of: 1, in: 10) && timing.longLag.upperBound > timing.lag.upperBound
      let lag = Double.random(in: isLate ? timing.longLag : timing.lag, using: &random)
      visible[peer.id] = current.now + delay + lag
    }
    log.append(LogEntry(operation: operation, visible: visible))
  }

  /// Whether a peer gets entries of the log.
  func isListening(_ peer: Int) -> Bool {
    peers[peer].isRunning && peers[peer].stop == nil && !peers[peer].isLeftBehind
  }

  /// Takes a peer from those who vote; one that is alone then has to elect itself.
  private mutating func exclude(_ id: UInt64) {
    members.removeAll { $0 == id }
    for peer in peers.indices where peers[peer].id == id && !peers[peer].isRunning {
      peers[peer].isLeftBehind = true
    }
    for peer in peers.indices where peers[peer].id != id && peers[peer].id == leader {
      peers[peer].failures[id] = peers[peer].failures[id] ?? current.now
    }
    guard members.count == 1 || leader == id else { return }
    leader = nil
    electionDue = current.now + 2 * timing.election
  }

  /// Lets a peer apply the entries before a place in the log.
  mutating func deliver(to peer: Int, upTo end: Int) {
    while isListening(peer), peers[peer].applied < end {
      let operation = log[peers[peer].applied].operation
      peers[peer].applied += 1
      do throws(Refusal) { _ = try peers[peer].apply(operation) } catch {}
    }
  }

  /// Commits what waited for a quorum, as far as that lasts and chance keeps it.
  mutating func applyLate() {
    lateDue = nil
    let operations = waiting
    waiting = []
    for (place, operation) in operations.enumerated() {
      guard hasQuorum, let leading = leadingPeer, peers[leading].isRunning else {
        waiting = Array(operations[place...])
        return
      }
      let isKept =
        switch lateApplication {
        case .asRecorded, .always: true
        case .never: false
        case .byChance: chance(of: 43, in: 50)
        }
      if isKept { do throws(Refusal) { try commit(operation, at: leading) } catch {} }
    }
  }
}
