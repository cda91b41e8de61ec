import JSON

extension SimulatedServer {
  /// `GET /collections/{name}/optimizations`.
  func collectionOptimizations(_ call: Call, _ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    _ = try call.unsigned("completed_limit")
    guard configuration.behaviours.summarisesOptimizations else {
      let key = try resolve(name)
      return .result(["ongoing": .array(collections[key]?.ongoing(at: call.now) ?? [])])
    }
    let parts = (call.target.value("with") ?? "").split(separator: ",").map(String.init)
    let known = ["queued", "completed", "idle_segments"]
    if let unknown = parts.first(where: { !known.contains($0) }) {
      throw .wrongInput("Unknown field in 'with' parameter: \(unknown)")
    }
    let key = try resolve(name)
    guard let collection = collections[key] else { throw .noCollection(name) }
    return .result(collection.optimizations(with: parts, at: call.now))
  }

  /// `GET /collections/{name}/memory`.
  func collectionMemory(_ name: String) throws(Refusal) -> Reply {
    try NameRule.checkCollection(name, configuration.behaviours)
    let key = try resolve(name)
    return .result(collections[key]?.memory ?? .null)
  }
}

extension Collection {
  fileprivate func optimizations(with parts: [String], at now: Double) -> JSONValue {
    let isBusy = isBusy(at: now)
    let isWaiting = isBusy && isStalled
    let segments = segmentCount
    // Beside the one that is worked on there is always one that takes new points.
    let idle = isBusy ? max(isWaiting ? 0 : 1, segments - 1) : segments
    var result: JSONObject = [
      "summary": [
        "queued_optimizations": .integer(isWaiting ? 1 : 0),
        "queued_segments": .integer(isWaiting ? 1 : 0),
        "queued_points": .integer(isWaiting ? points.count : 0), "idle_segments": .integer(idle),
      ],
      "running": isBusy && !isWaiting ? [optimization(status: "optimizing")] : [],
    ]
    if parts.contains("queued") {
      let queued: JSONValue = [
        "optimizer": "indexing",
        "segments": [["uuid": uuid(of: 0), "points_count": .integer(points.count)]],
      ]
      result["queued"] = isWaiting ? [queued] : []
    }
    if parts.contains("completed") {
      result["completed"] =
        !isBusy && indexing.busyUntil > 0 ? [optimization(status: "completed")] : []
    }
    if parts.contains("idle_segments") {
      let listed = (0..<min(idle, 1000)).map { segment -> JSONValue in
        let count = segment == 0 ? points.count : 0
        return ["uuid": uuid(of: segment), "points_count": .integer(count)]
      }
      result["idle_segments"] = .array(listed)
    }
    return .object(result)
  }

  /// What is being optimised.
  fileprivate func ongoing(at now: Double) -> [JSONValue] {
    guard isBusy(at: now), !isStalled else { return [] }
    return [optimization(status: "optimizing")["progress"] ?? .null]
  }

  private func uuid(of segment: Int) -> JSONValue {
    let digits = String(segment, radix: 16)
    let padded = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    return .string("00000000-0000-4000-8000-" + padded)
  }

  /// The last optimisation, or the present one.
  private func optimization(status: String) -> JSONValue {
    let end = JSONValue.string(ClockText.rfc3339(indexing.busyUntil))
    let step: JSONValue = [
      "name": "indexing", "started_at": end, "finished_at": end, "duration_sec": 0.1,
    ]
    var progress = step.object ?? JSONObject()
    progress["name"] = "Segment Optimizing"
    progress["children"] = [step]
    return [
      "uuid": uuid(of: 0), "optimizer": "indexing", "status": .string(status),
      "segments": [["uuid": uuid(of: 0), "points_count": .integer(points.count)]],
      "progress": .object(progress),
    ]
  }

  /// Figures of the size that a real server reports; none of them is exact there either.
  fileprivate var memory: JSONValue {
    func figures(_ bytes: Int) -> JSONValue {
      [
        "disk_bytes": .integer(bytes), "ram_bytes": 0, "cached_bytes": .integer(bytes),
        "expected_cache_bytes": .integer(bytes),
      ]
    }
    func vector(_ name: String, _ bytes: Int) -> JSONValue {
      ["name": .string(name), "storage": figures(bytes), "index": figures(0)]
    }
    let dense = config.denseVectors.members.map { member -> JSONValue in
      let size = member.value["size"]?.integer ?? 0
      return vector(
        member.key, points.count.multipliedReportingOverflow(by: size).partialValue)
    }
    let names = indexes.filter(\.isBuilt).map { index -> JSONValue in
      ["name": .string(index.field), "index": figures(0)]
    }
    return [
      "total": figures(0), "vectors": .array(dense),
      "sparse_vectors": .array(config.sparseVectors.keys.map { vector($0, 0) }),
      "payload": figures(0), "payload_index": .array(names),
      "other": ["id_tracker": figures(0)],
    ]
  }
}
