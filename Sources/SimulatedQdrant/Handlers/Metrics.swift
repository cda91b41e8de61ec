import JSON

extension SimulatedServer {
  /// `GET /metrics` in the text form of Prometheus.
  func metricsText(_ call: Call) throws(Refusal) -> String {
    let isAnonymous = try call.flag("anonymize")
    _ = try call.flag("per_collection")
    try call.checkTimeout()
    var text = MetricsText()
    let listed = collections.sorted { $0.key < $1.key }.map { key, collection in
      (isAnonymous ? SipHash.anonymous(key.string) : key.string, collection)
    }
    func each(_ value: (Collection) -> Int) -> [(String, Int)] {
      listed.map { ("{id=\"\($0)\"}", value($1)) }
    }
    text.add(
      "app_info", "information about qdrant server",
      [("{name=\"qdrant\",version=\"\(configuration.behaviours.version)\"}", 1)])
    text.add(
      "app_status_recovery_mode", "features enabled in qdrant server",
      [("", configuration.recoveryMode == nil ? 0 : 1)])
    text.add("collections_total", "number of collections", [("", listed.count)])
    text.add(
      "collections_vector_total", "total number of vectors in all collections",
      [("", listed.reduce(0) { $0 + $1.1.vectorCount })])
    let behaviours = configuration.behaviours
    if behaviours.measuresCollections {
      addVectors(listed, isAnonymous, to: &text)
      addReplicas(each { $0.isBusy(at: call.now) ? 1 : 0 }, each { $0.points.count }, to: &text)
      addActivity(each { _ in 0 }, to: &text)
    }
    text.add("cluster_enabled", "is cluster support enabled", [("", 0)])
    if behaviours.measuresCollections { addHardware(isAnonymous, to: &text) }
    addRequests(to: &text)
    if !behaviours.measuresCollections { addHardware(isAnonymous, to: &text) }
    addProcess(to: &text)
    return text.output
  }

  private func addReplicas(
    _ busy: [(String, Int)], _ points: [(String, Int)], to text: inout MetricsText
  ) {
    for bound in ["min", "max"] {
      text.add(
        "collection_active_replicas_\(bound)",
        "\(bound)imum number of active replicas across all shards", [("", 1)])
    }
    text.add(
      "collection_running_optimizations",
      "number of currently running optimization tasks per collection",
      busy)
    text.add(
      "collection_points", "approximate amount of points per collection", points)
    text.add(
      "collection_dead_replicas", "total amount of shard replicas in non-active state", [("", 0)])
  }

  private func addVectors(
    _ listed: [(String, Collection)], _ isAnonymous: Bool, to text: inout MetricsText
  ) {
    func samples(_ label: String, _ value: (Collection, String) -> Int) -> [(String, Int)] {
      listed.flatMap { name, collection in
        collection.config.denseVectors.keys.map { vector in
          let shown = isAnonymous ? SipHash.anonymous(vector) : vector
          return (
            "{\(label)=\"\(name)\",vector=\"\(shown)\"}", value(collection, vector)
          )
        }
      }
    }
    text.add(
      "collection_vectors", "amount of vectors grouped by vector name",
      samples("collection") { collection, vector in
        collection.points.ids.count { collection.points[$0]?.vectors[vector] != nil }
      })
    text.add(
      "collection_indexed_only_excluded_points",
      "amount of points excluded in indexed_only requests", samples("id") { _, _ in 0 })
  }

  private func addActivity(_ idle: [(String, Int)], to text: inout MetricsText) {
    text.add(
      "snapshot_creation_running", "amount of snapshot creations that are currently running", idle)
    text.add(
      "snapshot_recovery_running", "amount of snapshot recovery operations currently running", idle
    )
    text.add("snapshot_created_total", "total amount of snapshots created", idle, "counter")
    for way in ["incoming", "outgoing"] {
      text.add(
        "collection_shard_transfer_\(way)", "amount of \(way) shard transfers currently running",
        idle)
    }
    guard configuration.behaviours.reportsUpdateQueue else { return }
    text.add("collection_update_queue_length", "amount of updates that wait", idle)
    text.add("collection_update_queue_deferred_points", "amount of points that wait", idle)
  }

  private func addHardware(_ isAnonymous: Bool, to text: inout MetricsText) {
    let used = collections.keys.filter { run.requests.hasUsage(of: $0) }.sorted().map {
      isAnonymous ? SipHash.anonymous($0.string) : $0.string
    }
    for name in [
      "cpu", "payload_io_read", "payload_io_write", "payload_index_io_read",
      "payload_index_io_write", "vector_io_read", "vector_io_write",
    ] {
      text.add(
        "collection_hardware_metric_\(name)",
        name == "cpu" ? "CPU measurements of a collection" : "hardware usage of a collection",
        used.map { ("{id=\"\($0)\"}", 0) }, "counter")
    }
  }

  private func addRequests(to text: inout MetricsText) {
    var samples: [(String, Int)] = []
    for (route, statuses) in run.requests.all.sorted(by: { $0.key.precedes($1.key) })
    where route.contains("/points") {
      let parts = route.split(separator: " ", maxSplits: 1).map(String.init)
      for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
        let labels = "method=\"\(parts[0])\",endpoint=\"\(parts.last ?? "")\",status=\"\(status)\""
        samples.append(("{\(labels)}", count))
      }
    }
    text.add("rest_responses_total", "total number of responses", samples, "counter")
    if configuration.behaviours.countsFailures {
      text.add(
        "rest_responses_fail_total", "total number of failed responses",
        samples.map { ($0.0, 0) }, "counter")
    }
    for (kind, word) in [("avg", "average"), ("min", "minimum"), ("max", "maximum")] {
      text.add(
        "rest_responses_\(kind)_duration_seconds", "\(word) response duration",
        samples.map { ($0.0, 0) })
    }
    text.addHistogram(
      "rest_responses_duration_seconds", "response duration histogram", samples,
      isComplete: configuration.behaviours.hasAllBuckets)
  }

  private func addProcess(to text: inout MetricsText) {
    let memory = [
      ("active", "Total number of bytes in active pages allocated by the application"),
      ("allocated", "Total number of bytes allocated by the application"),
      ("metadata", "Total number of bytes dedicated to metadata"),
      ("resident", "Maximum number of bytes in physically resident data pages mapped"),
      ("retained", "Total number of bytes in virtual memory mappings"),
    ]
    for (name, help) in memory {
      text.add("memory_\(name)_bytes", help, [("", 50_000_000)])
    }
    guard configuration.behaviours.measuresCollections else { return }
    text.add("process_threads", "count of active threads", [("", 20)])
    text.add("process_open_mmaps", "count of open memory maps", [("", 200)])
    text.add("system_max_mmaps", "limit of memory maps", [("", 65530)])
    text.add("process_open_fds", "count of open files", [("", 100)])
    text.add("process_max_fds", "limit of open files", [("", 65536)])
    text.add("process_minor_page_faults_total", "minor page faults", [("", 1000)], "counter")
    text.add("process_major_page_faults_total", "major page faults", [("", 0)], "counter")
  }
}

/// Lines of metrics; one without samples is left out.
private struct MetricsText {
  var output = ""

  mutating func add(
    _ name: String, _ help: String, _ samples: [(labels: String, value: Int)],
    _ type: String = "gauge"
  ) {
    guard !samples.isEmpty else { return }
    output += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for sample in samples { output += "\(name)\(sample.labels) \(sample.value)\n" }
  }

  /// Upper bounds of durations in seconds.
  private static let bounds = [
    "0.001", "0.005", "0.01", "0.02", "0.05", "0.1", "0.5", "1", "5", "10", "50", "+Inf",
  ]

  /// Durations, all of which are very short.
  mutating func addHistogram(
    _ name: String, _ help: String, _ samples: [(labels: String, value: Int)], isComplete: Bool
  ) {
    guard !samples.isEmpty else { return }
    let bounds = MetricsText.bounds
    let shown = isComplete ? bounds : Array(bounds.prefix(2) + bounds.suffix(1))
    output += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
    for sample in samples {
      for bound in shown {
        let labels = sample.labels.dropLast() + ",le=\"\(bound)\"}"
        output += "\(name)_bucket\(labels) \(sample.value)\n"
      }
      output += "\(name)_sum\(sample.labels) 0\n\(name)_count\(sample.labels) \(sample.value)\n"
    }
  }
}
