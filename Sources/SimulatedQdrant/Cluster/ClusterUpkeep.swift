import JSON

/// A transfer with the time when it ends.
struct RunningTransfer: Sendable {
  var collection: ExactString
  var way: ShardTransfer.Way
  var due: Double
}

extension Collection {
  /// Takes over the points of another peer's copy.
  fileprivate mutating func copyPoints(of other: Collection) {
    points = other.points
    parts = other.parts
    lastOperation = other.lastOperation
    indexing = other.indexing
  }
}

/// A write of points that hangs because a lost copy could not be declared dead.
struct HangingWrite: Sendable {
  var call: Call
  var peer: Int
  var isDone: Bool
  /// The copies that could not be reached.
  var lost: [ClusterOperation]
}

extension SimulatedCluster {
  /// Lets pass what time brings: elections, late operations, other peers' views and transfers.
  package mutating func settle(now: Double) {
    current.now = now
    noticeFailures(now: now)
    elect(now: now)
    if canCommit {
      if let due = lateDue, now >= due {
        current.now = due
        applyLate()
        current.now = now
      }
      if lateDue == nil { endHangingWrites() }
    }
    for peer in peers.indices {
      while isListening(peer), peers[peer].applied < log.count,
        log[peers[peer].applied].visible[peers[peer].id].map({ $0 <= now }) ?? true
      {
        deliver(to: peer, upTo: peers[peer].applied + 1)
      }
    }
    catchUp()
    keepUp(now: now)
  }

  /// Gives peers that were away the points that the others have by now.
  private mutating func catchUp() {
    let source = peers.indices.first { isListening($0) && !peers[$0].lacksPoints }
    for peer in peers.indices
    where isListening(peer) && peers[peer].lacksPoints && peers[peer].applied == log.count {
      peers[peer].lacksPoints = false
      guard let source else { continue }
      for (key, collection) in peers[source].view.collections
      where peers[peer].view.collections[key]?.uuid == collection.uuid {
        peers[peer].view.collections[key]?.copyPoints(of: collection)
      }
    }
  }

  /// Whether the leader and a majority are there.
  var canCommit: Bool {
    !isStuck && hasQuorum
      && leadingPeer.map { peers[$0].isRunning && peers[$0].stop == nil } ?? false
  }

  private mutating func elect(now: Double) {
    guard let due = electionDue, now >= due else { return }
    guard leadingPeer.map({ !peers[$0].isRunning }) ?? true else {
      electionDue = nil
      return
    }
    leader = nil
    guard hasQuorum else {
      electionDue = nil
      return
    }
    let able = peers.indices.filter { peers[$0].isRunning && members.contains(peers[$0].id) }
    guard let chosen = able.randomElement(using: &random) else { return }
    leader = peers[chosen].id
    term += 1
    electionDue = nil
    deliver(to: chosen, upTo: log.count)
  }

  /// Who sends messages to a peer that does not take them notes so.
  private mutating func noticeFailures(now: Double) {
    for peer in peers.indices where peers[peer].isRunning {
      for lost in peers where lost.process != .running && peers[peer].members.contains(lost.id) {
        let isTalking =
          leader == nil || leader == lost.id || leader == peers[peer].id
        if isTalking, now >= lost.lostSince + timing.failureNotice,
          peers[peer].failures[lost.id] == nil
        {
          peers[peer].failures[lost.id] = now
        }
      }
    }
  }

  /// What the leader does without being asked: it activates copies and lets them be recovered.
  private mutating func keepUp(now: Double) {
    guard canCommit, let leading = leadingPeer else { return }
    finishTransfers(now: now)
    for (key, collection) in peers[leading].view.collections.sorted(by: { $0.key < $1.key }) {
      guard let layout = collection.layout else { continue }
      for shard in layout.shards {
        for replica in shard.replicas where isReachable(replica.peer) {
          keepUp(key, layout, shard, replica, now: now)
        }
      }
    }
  }

  private mutating func keepUp(
    _ key: ExactString, _ layout: ShardLayout, _ shard: Shard, _ replica: Shard.Replica,
    now: Double
  ) {
    switch replica.state {
    case .initializing:
      carryOut(.setReplica(key, shard: shard.id, peer: replica.peer, .active))
    case .dead:
      let source = shard.replicas.first { $0.state == .active && isReachable($0.peer) }
      guard let source, !layout.transfers.contains(where: { $0.way.shard == shard.id }) else {
        return
      }
      let way = ShardTransfer.Way(shard: shard.id, from: source.peer, to: replica.peer)
      carryOut(
        .startTransfer(key, ShardTransfer(way: way, keepsSource: true, method: "wal_delta")))
      transferEnds.append(RunningTransfer(collection: key, way: way, due: now + timing.transfer))
    default: break
    }
  }

  /// Commits an operation of the cluster itself, shown by all peers at once.
  mutating func carryOut(_ operation: ClusterOperation) {
    do throws(Refusal) { try commit(operation, at: nil, isShared: true) } catch {}
  }

  /// Whether the others can talk to the peer of that identifier.
  func isReachable(_ id: UInt64) -> Bool { peers.contains { $0.id == id && $0.isRunning } }

  private mutating func finishTransfers(now: Double) {
    guard let leading = leadingPeer else { return }
    for transfer in transferEnds where transfer.due <= now {
      let layout = peers[leading].layout(of: transfer.collection)
      guard layout?.transfers.contains(where: { $0.way == transfer.way }) ?? false else { continue }
      guard layout?.resharding == nil, isReachable(transfer.way.from), isReachable(transfer.way.to)
      else { continue }
      carryOut(.finishTransfer(transfer.collection, transfer.way))
    }
    let view = peers[leading].view
    transferEnds.removeAll { transfer in
      let all = view.collections[transfer.collection]?.layout?.transfers ?? []
      return !all.contains { $0.way == transfer.way }
    }
  }

  /// Brings writes of points to their end that waited for a quorum.
  private mutating func endHangingWrites() {
    let writes = hanging
    hanging = []
    for write in writes {
      if !write.isDone { writeEverywhere(write.call) }
      for operation in write.lost { carryOut(operation) }
    }
  }
}
