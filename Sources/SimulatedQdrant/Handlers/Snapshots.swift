import JSON

extension SimulatedServer {
  private static let plainText = "text/plain; charset=utf-8"

  /// `/collections/{name}/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeSnapshots(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("GET", 0):
      try checkSnapshotName(name)
      return .result(list(.collection(try resolve(name))))
    case ("POST", 0):
      try checkSnapshotName(name)
      return try waiting(call) { (server) throws(Refusal) in
        try server.createSnapshot(call, name)
      }
    case ("PUT", 1) where rest[0] == "recover": return try recoverCollection(call, name)
    case ("POST", 1) where rest[0] == "upload": return try uploadSnapshot(call, name, shard: nil)
    case ("GET", 1):
      return download(rest[0]) { (server) throws(Refusal) in
        .collection(try server.resolve(name))
      }
    case ("DELETE", 1):
      return try waiting(call) { (server) throws(Refusal) in
        let key = try server.resolve(name)
        try server.checkFolder(.collection(key))
        guard server.removeSnapshot(rest[0], .collection(key)) else {
          throw .notFound("Snapshot \(rest[0]) not found")
        }
        return .true
      }
    default: return .noRoute
    }
  }

  private func checkSnapshotName(_ name: String) throws(Refusal) {
    guard configuration.behaviours.checksNamesForSnapshots else { return }
    try NameRule.checkCollection(name, configuration.behaviours)
  }

  /// `/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeStorageSnapshots(
    _ call: Call, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("GET", 0): return .result(list(.storage))
    case ("POST", 0):
      return try waiting(call) { (server) throws(Refusal) in
        let name = "full-snapshot-\(server.stamp(call.now)).snapshot"
        let file = SnapshotFile(
          name: name, created: call.now,
          bytes: SnapshotFile.bytes(of: server.contentOfSnapshot()))
        return server.store(file, .storage)
      }
    case ("GET", 1): return download(rest[0]) { _ in .storage }
    case ("DELETE", 1):
      return try waiting(call) { (server) throws(Refusal) in
        try server.checkFolder(.storage)
        guard server.removeSnapshot(rest[0], .storage) else {
          throw .notFound("Snapshot \(rest[0]) not found")
        }
        return .true
      }
    default: return .noRoute
    }
  }

  /// `/collections/{name}/shards/{id}/snapshots…`; `rest` begins after `snapshots`.
  mutating func routeShardSnapshots(
    _ call: Call, _ name: String, _ shard: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    switch (call.request.method, rest.count) {
    case ("GET", 0):
      try checkShard(shard, of: name)
      return .result(list(.shard(shard, of: try resolve(name))))
    case ("POST", 0):
      return try waiting(call) { (server) throws(Refusal) in
        try server.createShardSnapshot(call, name, shard)
      }
    case ("PUT", 1) where rest[0] == "recover": return try recoverShard(call, name, shard)
    case ("POST", 1) where rest[0] == "upload":
      return try uploadSnapshot(call, name, shard: shard)
    case ("GET", 1): return try downloadShard(rest[0], name, shard)
    case ("DELETE", 1):
      return try waiting(call) { (server) throws(Refusal) in
        try server.checkShard(shard, of: name)
        let folder = SnapshotFolder.shard(shard, of: try server.resolve(name))
        guard server.removeSnapshot(rest[0], folder) else {
          throw .notFound("Snapshot \"\(folder.text)/\(rest[0])\" not found")
        }
        return .true
      }
    default: return .noRoute
    }
  }

  /// Answers at once with 202 when the caller does not wait, whatever comes of it.
  mutating func waiting(
    _ call: Call, _ work: (inout SimulatedServer) throws(Refusal) -> Reply
  ) throws(Refusal) -> Reply {
    guard let wait = call.target.value("wait") else { return try work(&self) }
    guard wait == "true" || wait == "false" else {
      throw call.query("provided string was not `true` or `false`")
    }
    if wait == "true" { return try work(&self) }
    do throws(Refusal) { _ = try work(&self) } catch {}
    return .accepted
  }

  private func list(_ folder: SnapshotFolder) -> JSONValue {
    let files = (snapshots[folder] ?? []).sorted { $0.name.precedes($1.name) }
    return .array(files.map(\.description))
  }

  private func download(
    _ name: String, _ folder: (SimulatedServer) throws(Refusal) -> SnapshotFolder
  ) -> Reply {
    do throws(Refusal) {
      let folder = try folder(self)
      try checkFolder(folder)
      guard let file = snapshot(name, folder) else {
        throw .notFound("Snapshot \(name) not found")
      }
      return .bytes(status: 200, type: "application/octet-stream", body: file.bytes)
    } catch {
      return .plain(status: error.status, type: SimulatedServer.plainText, text: error.text)
    }
  }

  private func downloadShard(
    _ file: String, _ name: String, _ shard: String
  ) throws(Refusal) -> Reply {
    try checkShard(shard, of: name)
    guard let found = snapshot(file, .shard(shard, of: try resolve(name))) else {
      let text = "File not found: No such file or directory (os error 2)"
      return .plain(status: 404, type: nil, text: text)
    }
    return .bytes(status: 200, type: "application/octet-stream", body: found.bytes)
  }

  /// A folder is made with its first file and stays.
  private func checkFolder(_ folder: SnapshotFolder) throws(Refusal) {
    guard snapshots[folder] != nil else {
      throw .notFound("Snapshot directory: \(folder.text) not found")
    }
  }

  func snapshot(_ name: String, _ folder: SnapshotFolder) -> SnapshotFile? {
    snapshots[folder]?.first { $0.name.hasSameBytes(as: name) }
  }

  mutating func store(_ file: SnapshotFile, _ folder: SnapshotFolder) -> Reply {
    snapshots[folder, default: []].removeAll { $0.name.hasSameBytes(as: file.name) }
    snapshots[folder, default: []].append(file)
    noteChange()
    return .result(file.description)
  }

  private mutating func removeSnapshot(_ name: String, _ folder: SnapshotFolder) -> Bool {
    let place = snapshots[folder]?.firstIndex { $0.name.hasSameBytes(as: name) }
    guard let place else { return false }
    snapshots[folder]?.remove(at: place)
    noteChange()
    return true
  }

  /// A moment as names of snapshots have it.
  private func stamp(_ now: Double) -> String {
    String(
      ClockText.rfc3339(now).prefix(19).map { $0 == "T" || $0 == ":" ? "-" : $0 })
  }

  private mutating func createSnapshot(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    let key = try resolve(name)
    guard let collection = collections[key] else { throw .noCollection(name) }
    let file = SnapshotFile(
      name: "\(key.string)-\(peerID)-\(stamp(call.now)).snapshot", created: call.now,
      bytes: SnapshotFile.bytes(of: .object(collection.document)))
    return store(file, .collection(key))
  }

  private mutating func createShardSnapshot(
    _ call: Call, _ name: String, _ shard: String
  ) throws(Refusal) -> Reply {
    try checkShard(shard, of: name)
    let key = try resolve(name)
    let file = SnapshotFile(
      name: "shard_\(shard)-\(stamp(call.now)).snapshot", created: call.now,
      bytes: SnapshotFile.bytes(of: shardDocument(key, shard)))
    return store(file, .shard(shard, of: key))
  }

  /// A collection with the points of one shard only.
  func shardDocument(_ key: ExactString, _ shard: String) -> JSONValue {
    guard var part = collections[key] else { return .null }
    if part.layout != nil {
      part.keep { String($0.id) == shard }
      return .object(part.document)
    }
    let ring = ShardRing(shardCount: min(part.config.shardCount, 10_000))
    for id in part.points.ids where String(ring.shard(of: id)) != shard { part.points[id] = nil }
    return .object(part.document)
  }
}
