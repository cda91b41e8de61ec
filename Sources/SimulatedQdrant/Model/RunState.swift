import JSON

/// What a server knows of its present run only: it is not exported and ends with the process.
struct RunState: Sendable {
  /// The level that logging was set to since the start.
  var logLevel: String?
  /// Entries of the audit log, oldest first.
  var audit: [JSONValue] = []
  var requests = RequestCounts()

  /// Adds to the audit log, which keeps as many entries as a request may ask for.
  mutating func log(_ entry: JSONValue) {
    if audit.count >= 10_000 { audit.removeFirst() }
    audit.append(entry)
  }
}

/// How often which route was answered with which status.
struct RequestCounts: Sendable {
  typealias Statuses = [Int: Int]

  private(set) var all: [String: Statuses] = [:]
  private(set) var byCollection: [ExactString: [String: Statuses]] = [:]

  /// Whether points of a collection were read or written, or an index was.
  func hasUsage(of collection: ExactString) -> Bool {
    byCollection[collection]?.keys.contains { $0.contains("/points") || $0.contains("/index") }
      ?? false
  }

  mutating func count(_ route: String, _ collection: String?, _ status: Int) {
    all[route, default: [:]][status, default: 0] += 1
    guard let collection else { return }
    byCollection[ExactString(collection), default: [:]][route, default: [:]][status, default: 0] +=
      1
  }
}

extension Call {
  /// What stands in a route for the name that comes after a word.
  private static let placeholders: [String: String] = [
    "index": "{field_name}", "vectors": "{vector_name}", "snapshots": "{snapshot_name}",
    "peer": "{peer_id}", "keys": "{key}", "shards": "{shard}",
  ]
  private static let fixedWords: Set<String> = ["recover", "upload", "delete"]

  /// The route of a request as statistics call it; nil when nothing was answered there.
  func routePattern(_ behaviours: Behaviours) -> String? {
    let segments = target.segments
    guard let first = segments.first else { return request.method + " /" }
    var parts = segments
    if first == "collections", segments.count > 1, !isAliasChange {
      parts[1] = "{\(behaviours.nameParameter)}"
    }
    for index in segments.indices.dropFirst(first == "collections" ? 3 : 1)
    where !Call.fixedWords.contains(segments[index]) {
      if let name = Call.placeholders[segments[index - 1]], parts[index - 1] == segments[index - 1]
      {
        parts[index] = name
      } else if segments[index - 1] == "points", isMethod("GET") {
        parts[index] = "{id}"
      }
    }
    return request.method + " /" + parts.joined(separator: "/")
  }

  /// The collection that is named in the path.
  var pathCollection: String? {
    guard target.segments.count > 1, target.segments[0] == "collections", !isAliasChange else {
      return nil
    }
    return target.segments[1]
  }

  private var isAliasChange: Bool {
    isMethod("POST") && target.segments.count == 2 && target.segments[1] == "aliases"
  }
}
