import JSON

/// How far background optimisation of a collection has come.
///
/// Work takes a time that follows from the bytes of its vectors; nothing happens in between, so
/// that the state at any moment follows from what was decided at the last update.
struct IndexingState: Sendable {
  /// Vectors in finished graphs.
  var indexed = 0
  /// Vectors that will be in graphs when the work is done.
  var target = 0
  /// When the work is done, in seconds since 1970.
  var busyUntil = 0.0
  /// The settings that each graph is built with.
  var built: JSONValue = [:]
  /// The operation after which this was decided.
  var operation: UInt64 = 0

  var document: JSONValue {
    [
      "indexed": .integer(indexed), "target": .integer(target),
      "busy_until": .double(busyUntil.isFinite ? busyUntil : 0), "built": built,
      "operation": .number(JSONNumber(text: String(operation))),
    ]
  }

  init() {}

  init(document: JSONValue?) {
    indexed = document?["indexed"]?.integer ?? 0
    target = document?["target"]?.integer ?? 0
    busyUntil = document?["busy_until"]?.double ?? 0
    built = document?["built"] ?? [:]
    operation = document?["operation"]?.number?.unsigned ?? 0
  }
}

extension Collection {
  /// Whether optimisation is switched off, so that work never gets done.
  var isStalled: Bool { config.optimizers["max_optimization_threads"]?.integer == 0 }

  /// Whether there is work at that moment.
  func isBusy(at now: Double) -> Bool {
    isStalled ? indexing.target != indexing.indexed : now < indexing.busyUntil
  }

  /// Vectors in graphs at that moment, and those of sparse vectors, which are always indexed.
  func indexedCount(at now: Double) -> Int {
    let dense = isBusy(at: now) ? indexing.indexed : max(indexing.indexed, indexing.target)
    return dense + sparseVectors.reduce(0) { $0 + points.count(ofVector: $1) }
  }

  private var sparseVectors: [String] { config.sparseVectors.keys }

  /// Decides anew what is to be done, after points or settings changed.
  mutating func planIndexing(at now: Double) {
    guard points.count > 0 else {
      indexing = IndexingState()
      indexing.operation = lastOperation
      return
    }
    if !isBusy(at: now) { indexing.indexed = indexing.target }
    var bytes = 0
    var target = 0
    var graphs = JSONObject()
    for member in config.denseVectors.members {
      let size = storedBytes(of: member.value)
      guard isIndexable(size) else { continue }
      let count = points.count(ofVector: member.key)
      guard count > 0 else { continue }
      bytes &+= size
      target += count
      graphs[member.key] = buildSettings(of: member.value)
    }
    let isChanged = graphs.members.contains { graph in
      indexing.built[graph.key].map { $0 != graph.value } ?? false
    }
    if isChanged || (target > indexing.indexed && now >= indexing.busyUntil) {
      indexing.busyUntil = now + Double(bytes) / 1_000_000
    }
    indexing.target = target
    indexing.indexed = min(indexing.indexed, target)
    indexing.built = .object(graphs)
    indexing.operation = lastOperation
  }

  private func storedBytes(of vector: JSONValue) -> Int {
    let each =
      switch vector["datatype"]?.string {
      case "uint8": 1
      case "float16": 2
      default: 4
      }
    let dimensions = vector["size"]?.integer ?? 0
    return dimensions.multipliedReportingOverflow(by: each).partialValue
      .multipliedReportingOverflow(by: points.count).partialValue
  }

  private func isIndexable(_ bytes: Int) -> Bool {
    let threshold = config.optimizers["indexing_threshold"]?.double ?? 0
    guard threshold > 0 else { return false }
    return Double(bytes) / Double(max(1, segmentCount)) >= threshold * 1024
  }

  /// The settings whose change means that the graph of a vector is built anew.
  private func buildSettings(of vector: JSONValue) -> JSONValue {
    var graph = config.hnsw
    graph["max_indexing_threads"] = nil
    return [
      "hnsw": .object(graph), "quantization": config.quantization ?? .null, "vector": vector,
      "on_disk_payload": config.params["on_disk_payload"] ?? .null,
    ]
  }
}
