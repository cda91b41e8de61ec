import JSON

extension SimulatedServer {
  /// What every machine has outside the folder for snapshots.
  private static let otherFiles = [
    "/etc/passwd", SnapshotFolder.root + "/log", SnapshotFolder.root + "/config/config.yaml",
  ]

  /// `PUT /collections/{name}/snapshots/recover`; its names are checked less than new ones.
  mutating func recoverCollection(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let body = try call.body(Shapes.recoverCollection, settings: configuration)
    return try waiting(call) { (server) throws(Refusal) in
      let location = body["location"]?.string ?? ""
      let bytes = try server.fetch(location, for: name)
      try server.check(bytes, checksum: body["checksum"]?.string)
      let path = ResourceAddress(location).map { "/" + SimulatedServer.parts(of: $0.path) } ?? ""
      try server.recover(name, from: Archive(bytes: bytes, path: path), now: call.now)
      return .true
    }
  }

  /// `PUT /collections/{name}/shards/{id}/snapshots/recover`.
  mutating func recoverShard(
    _ call: Call, _ name: String, _ shard: String
  ) throws(Refusal) -> Reply {
    let body = try call.body(Shapes.recoverShard, settings: configuration)
    return try waiting(call) { (server) throws(Refusal) in
      try server.checkShard(shard, of: name)
      let key = try server.resolve(name)
      let location = body["location"]?.string ?? ""
      let folder = SnapshotFolder.shard(shard, of: key)
      if let address = ResourceAddress(location) {
        guard address.scheme != "file" else {
          throw .wrongInput(
            "Invalid snapshot URL \(location): URLs with file scheme are not supported")
        }
        _ = try server.fetch(location, for: name)
      }
      guard let file = server.snapshot(location, folder) else {
        throw .notFound("Snapshot \"\(folder.text)/\(location)\" not found")
      }
      try server.check(file.bytes, checksum: body["checksum"]?.string)
      let archive = Archive(bytes: file.bytes, path: folder.text + "/" + file.name)
      try server.restoreShard(shard, of: key, from: archive, now: call.now)
      return .true
    }
  }

  private func check(_ bytes: [UInt8], checksum: String?) throws(Refusal) {
    guard let checksum else { return }
    let found = SnapshotFile.checksum(of: bytes)
    guard checksum.lowercased() == found else {
      throw .wrongInput("Snapshot checksum mismatch: expected \(checksum), got \(found)")
    }
  }

  /// The bytes at a location: a file in the folder for snapshots or an address of this server.
  func fetch(_ location: String, for name: String) throws(Refusal) -> [UInt8] {
    guard let address = ResourceAddress(location) else { return [] }
    switch address.scheme {
    case "file": return try file(address)
    case "http", "https": return try response(location, address)
    default:
      let word = configuration.behaviours.schemeWord
      throw .badRequest("URL \(location) with \(word) \(address.scheme) is not supported")
    }
  }

  private func file(_ address: ResourceAddress) throws(Refusal) -> [UInt8] {
    guard address.host.isEmpty || address.host == "localhost" else {
      throw .badRequest("Invalid snapshot URI, file path must be absolute or on localhost")
    }
    let normal = "/" + SimulatedServer.parts(of: address.path)
    let parts = normal.split(separator: "/").map(String.init)
    let root = SnapshotFolder.storage.text
    guard normal.hasPrefix(root) else {
      guard SimulatedServer.otherFiles.contains(normal) else {
        throw .badRequest("Snapshot file \"\(address.path)\" does not exist")
      }
      guard configuration.behaviours.confinesSnapshots else { return Array("other".utf8) }
      throw .forbidden("Snapshot file path must be inside the snapshots directory \"\(root)\"")
    }
    let folder = SnapshotFolder(
      path: String(("/" + parts.dropLast().joined(separator: "/")).dropFirst(root.count)))
    if let found = snapshot(parts.last ?? "", folder) { return found.bytes }
    let asFolder = SnapshotFolder(path: String(normal.dropFirst(root.count)))
    guard snapshots[asFolder] != nil else {
      throw .badRequest("Snapshot file \"\(address.path)\" does not exist")
    }
    return Array("folder".utf8)
  }

  /// A path without steps to the same or the upper folder, and without its first slash.
  private static func parts(of path: String) -> String {
    var parts: [String] = []
    for part in Target(path).segments where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  private func response(
    _ location: String, _ address: ResourceAddress
  ) throws(Refusal) -> [UInt8] {
    guard configuration.fetchesSnapshots else {
      throw .forbidden("Snapshot recovery from remote URLs is disabled in the configuration")
    }
    let port = configuration.value("service", "http_port")?.integer ?? 6333
    guard ["127.0.0.1", "localhost"].contains(where: { address.host == "\($0):\(port)" }) else {
      throw .service("Http request error: error sending request for url (\(location))")
    }
    var other = self
    let answer = other.handle(
      SimulatedRequest(
        method: "GET", target: address.path,
        headers: configuration.apiKey.map { [("api-key", $0)] } ?? []), now: 0)
    guard answer.status == 200 else {
      let reason = answer.status == 404 ? "404 Not Found" : "\(answer.status)"
      let thing = configuration.behaviours.fetchedThing
      throw .wrongInput("Failed to download \(thing) from \(location): status - \(reason)")
    }
    guard SnapshotFile.document(in: answer.body) != nil else {
      guard configuration.behaviours.unpacksOnArrival else {
        let path = SnapshotFolder.root + "/temp/tmp/XXXXXX.download"
        throw .service(configuration.behaviours.malformedArchive(at: path))
      }
      throw .service(
        "Failed to unpack tar archive: Malformed tar archive, reached unknown entry")
    }
    return answer.body
  }

  /// Makes a collection, or replaces its points, from the bytes of a snapshot.
  mutating func recover(_ name: String, from archive: Archive, now: Double) throws(Refusal) {
    let key = aliases[ExactString(name)] ?? ExactString(name)
    let saved = try restored(archive, name)
    if let present = collections[key] {
      try checkCompatible(present, saved)
      try checkSparseVectors(key, present, saved)
      collections[key]?.takePoints(of: saved)
    } else {
      var fresh = saved
      fresh.config.params["read_fan_out_factor"] = Optional.none
      fresh.config.params["read_fan_out_delay_ms"] = Optional.none
      fresh.config.quantization = fresh.config.quantization ?? configuration.quantization
      if let underlying = configuration.firstStrictMode {
        fresh.config.strictMode = underlying.merged(
          with: fresh.config.strictMode.map { .object($0) })
      }
      collections[key] = fresh
    }
    collections[key]?.planIndexing(at: now)
    noteChange()
  }

  func restored(_ archive: Archive, _ name: String) throws(Refusal) -> Collection {
    let bytes = archive.bytes
    guard !bytes.isEmpty else {
      let folder = SnapshotFolder.root + "/temp/tmp/col-\(name)-recovery-XXXXXX"
      let reason = configuration.behaviours.failure(
        to: "open file `\(folder)/config.json`", "No such file or directory (os error 2)")
      throw .service("File IO error: " + reason)
    }
    let malformed = Refusal.service(configuration.behaviours.malformedArchive(at: archive.path))
    guard let document = SnapshotFile.document(in: bytes) else { throw malformed }
    do throws(SimulatedStateError) { return try Collection(document: document) } catch {
      throw malformed
    }
  }

  private func checkCompatible(_ present: Collection, _ saved: Collection) throws(Refusal) {
    let start = "Snapshot is not compatible with existing collection: "
    let left = RustDebug.vectors(present.config.params, configuration.behaviours)
    let right = RustDebug.vectors(saved.config.params, configuration.behaviours)
    guard left == right else {
      throw .wrongInput(start + "Collection vectors: \(left) Snapshot Vectors: \(right)")
    }
    let counts = [present, saved].map { $0.config.params["shard_number"]?.integer ?? 1 }
    guard counts[0] == counts[1] else {
      throw .wrongInput(
        start + "Collection shard number: \(counts[0]) Snapshot shard number: \(counts[1])")
    }
  }

  private mutating func checkSparseVectors(
    _ key: ExactString, _ present: Collection, _ saved: Collection
  ) throws(Refusal) {
    guard configuration.behaviours.needsSparseVectorsOfSnapshot else { return }
    let names = [present, saved].map { collection in
      (collection.config.denseVectors.keys.filter { !$0.isEmpty }
        + collection.config.sparseVectors.keys).joined(separator: ", ")
    }
    guard names[0] != names[1] else { return }
    collections[key]?.failure = "Failed to restore local replica"
    noteChange()
    throw .wrongInput(
      "Vectors configuration is not compatible: origin collection have vectors [\(names[0])], "
        + "while other vectors [\(names[1])]")
  }

  /// Replaces the points of one shard.
  mutating func restoreShard(
    _ shard: String, of key: ExactString, from archive: Archive, now: Double
  ) throws(Refusal) {
    let saved = try restored(archive, key.string)
    let count = min(collections[key]?.config.shardCount ?? 1, 10_000)
    let ring = ShardRing(shardCount: count)
    for id in collections[key]?.points.ids ?? [] where String(ring.shard(of: id)) == shard {
      collections[key]?.points[id] = nil
    }
    for id in saved.points.ids { collections[key]?.points[id] = saved.points[id] }
    collections[key]?.planIndexing(at: now)
    noteChange()
  }
}

/// The bytes of a snapshot and where they lie.
struct Archive {
  var bytes: [UInt8]
  var path: String
}

extension Collection {
  /// Takes over points; an index that was dropped since comes back, others keep their form.
  mutating func takePoints(of saved: Collection) {
    points = saved.points
    lastOperation = saved.lastOperation
    for index in saved.indexes where self.index(of: index.field) == nil { indexes.append(index) }
  }
}
