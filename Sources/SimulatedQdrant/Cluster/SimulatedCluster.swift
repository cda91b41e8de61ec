/// Several Qdrant servers that agree by consensus, in memory.
///
/// A value without clock or I/O: what it answers is a function of its state, the request and the
/// time given, and chance comes from the seed. A copy is a cheap snapshot.
///
///     var cluster = SimulatedCluster(settings: SimulatedSettings(), peers: [1, 2, 3], seed: 7)
///     let exchange = cluster.exchange(request, at: 0, now: 0)   // `delay`: how long it took
///     cluster.kill(2, now: 1)       // connections are refused; the lack of a quorum follows
///     cluster.restart(2, now: 9)    // on its storage; it catches up with the log
///     cluster.settle(now: 12)       // lets pass what time brings: elections, late operations, …
///
/// Peers are named by their place, the first one leads at first. Every request and event carries
/// its time, in seconds since 1970; time never goes back. An answer that comes late (500 after the
/// `timeout`) says so in `delay`, and the caller lets that time pass. Other peers show a change as
/// late as `timing` says; without a quorum nothing is committed, and `lateApplication` decides what
/// becomes of what was proposed meanwhile.
package struct SimulatedCluster: Sendable {
  package let settings: SimulatedSettings
  package var timing = ClusterTiming()
  package var lateApplication = LateApplication.asRecorded

  var peers: [ClusterPeer]
  /// What is committed.
  var log: [LogEntry] = []
  /// What the leader took without a quorum.
  var waiting: [ClusterOperation] = []
  /// Writes of points that hang until there is a quorum: by whom, and whether they are done yet.
  var hanging: [HangingWrite] = []
  /// The identifiers of those who vote.
  var members: [UInt64]
  /// The leader, also when it is cut off from the others; nil when no peer believes in one.
  var leader: UInt64?
  var term = 1
  /// When the others elect, since a leader was lost.
  var electionDue: Double?
  /// When what waited for a quorum is applied, since that is back.
  var lateDue: Double?
  /// Whether nothing is committed any more for another reason than a quorum.
  var isStuck = false
  /// When the transfers that are under way end.
  var transferEnds: [RunningTransfer] = []
  var random: ClusterRandom
  /// The exchange that is under way.
  var current = CurrentExchange()

  /// An entry of the log with the times when peers show it.
  struct LogEntry: Sendable {
    var operation: ClusterOperation
    var visible: [UInt64: Double]
  }

  /// What an exchange has come to.
  struct CurrentExchange: Sendable {
    var seconds = 0.0
    /// What becomes of it when it is not answered.
    var outcome: FaultedExchange.Outcome?
    /// Seconds since 1970 at its beginning.
    var now = 0.0
  }

  /// - Parameter peers: identifiers, at most 2^53.
  package init(settings: SimulatedSettings, peers: [UInt64], seed: UInt64) {
    precondition(!peers.isEmpty, "a cluster has at least one peer")
    self.settings = settings
    members = peers
    leader = peers.first
    random = ClusterRandom(seed)
    self.peers = peers.enumerated().map { place, id in
      var view = SimulatedServer(settings: settings)
      view.peerID = id
      return ClusterPeer(
        id: id, address: "http://127.0.0.1:\(6335 + 10 * place)", view: view, members: peers)
    }
  }

  /// How many peers there are, lost ones included.
  package var peerCount: Int { peers.count }

  /// Puts a request to a peer.
  ///
  /// - Parameter partialLimit: the fault hook of `SimulatedServer.handle`.
  package mutating func exchange(
    _ request: SimulatedRequest, at peer: Int, now: Double, partialLimit: Int? = nil
  ) -> FaultedExchange {
    settle(now: now)
    switch peers[peer].process {
    case .running: break
    case .ended: return FaultedExchange(outcome: .refused)
    case .paused: return FaultedExchange(outcome: .silence)
    }
    current = CurrentExchange(now: now)
    var call = Call(
      request: request, target: Target(request.target), now: now, partialLimit: partialLimit)
    if let refusal = peers[peer].view.admit(&call) {
      return FaultedExchange(outcome: .answered(refusal, .whole))
    }
    let reply: Reply
    if let refusal = peers[peer].view.forbidden(call) {
      reply = refusal
    } else {
      do throws(Refusal) { reply = try route(call, at: peer) } catch { reply = .refusal(error) }
    }
    let response = peers[peer].view.answer(call, reply)
    settle(now: now)
    return FaultedExchange(
      outcome: current.outcome ?? .answered(response, .whole), delay: current.seconds)
  }

  /// Answers a request at a peer; one that gets no answer gets status 0.
  package mutating func handle(
    _ request: SimulatedRequest, at peer: Int, now: Double, partialLimit: Int? = nil
  ) -> (response: SimulatedResponse, seconds: Double) {
    let exchange = exchange(request, at: peer, now: now, partialLimit: partialLimit)
    guard case .answered(let response, _) = exchange.outcome else {
      return (SimulatedResponse(status: 0), exchange.delay)
    }
    return (response, exchange.delay)
  }
}

// MARK: - Events

extension SimulatedCluster {
  /// Ends the process of a peer, whose storage stays.
  package mutating func kill(_ peer: Int, now: Double) { lose(peer, .ended, now: now) }

  /// Lets a peer accept connections and answer nothing.
  package mutating func pause(_ peer: Int, now: Double) { lose(peer, .paused, now: now) }

  /// Lets a paused peer go on.
  package mutating func resume(_ peer: Int, now: Double) {
    if peers[peer].process == .paused { restart(peer, now: now) }
  }

  /// Starts a peer on its storage; it catches up with the log if it still belongs to the cluster.
  package mutating func restart(_ peer: Int, now: Double) {
    settle(now: now)
    let hadQuorum = hasQuorum
    if peers[peer].process == .ended { peers[peer].view.run = RunState() }
    peers[peer].process = .running
    let id = peers[peer].id
    for other in peers.indices where members.contains(id) { peers[other].failures[id] = nil }
    peers[peer].failures = [:]
    if leader == id { electionDue = nil }
    if hasQuorum, !hadQuorum {
      if leader == nil { electionDue = now + timing.election }
      lateDue = now + Double.random(in: 0.1...2.6, using: &random)
    }
    for transfer in transferEnds.indices { transferEnds[transfer].due = now + timing.transfer }
    settle(now: now)
  }

  /// Ends as many peers as it takes that the rest has no majority; their places.
  @discardableResult
  package mutating func loseQuorum(keeping peer: Int, now: Double) -> [Int] {
    let lost = peers.indices.filter { $0 != peer && peers[$0].isRunning }
    for peer in lost { kill(peer, now: now) }
    return lost
  }

  private mutating func lose(_ peer: Int, _ process: ClusterPeer.Process, now: Double) {
    settle(now: now)
    guard peers[peer].isRunning else { return }
    peers[peer].process = process
    peers[peer].lostSince = now
    peers[peer].lacksPoints = true
    if leader == peers[peer].id { electionDue = now + timing.election }
  }
}

// MARK: - What tests look at

extension SimulatedCluster {
  /// The identifier of a peer.
  package func identifier(of peer: Int) -> UInt64 { peers[peer].id }

  /// Where the others reach a peer.
  package func address(of peer: Int) -> String { peers[peer].address }

  /// What a peer knows, as a server by itself.
  package func view(of peer: Int) -> SimulatedServer { peers[peer].view }

  /// The place of the leader, also when it is cut off.
  package var leadingPeer: Int? { leader.flatMap { id in peers.firstIndex { $0.id == id } } }

  /// Whether a majority of the peers runs.
  package var hasQuorum: Bool {
    2 * peers.count { $0.isRunning && members.contains($0.id) } > members.count
  }

  /// How many operations wait for a quorum.
  package var waitingOperations: Int { waiting.count }

  /// Whether nothing will change by time alone.
  package var isAtRest: Bool {
    let leading = leadingPeer.map { peers[$0] }
    let isUnderWay = leading?.view.collections.values.contains { collection in
      guard let layout = collection.layout else { return false }
      return !layout.transfers.isEmpty
        || layout.shards.contains { $0.replicas.contains { $0.state != .active } }
    }
    return electionDue == nil && lateDue == nil && isUnderWay == false
      && peers.allSatisfy { !$0.isRunning || $0.stop != nil || $0.applied == log.count }
  }
}
