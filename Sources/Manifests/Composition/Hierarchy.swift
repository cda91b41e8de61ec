import Diagnostics
package import JSON
package import ResourceModel

/// A naming hierarchy with its leaves: how paths of documents become places on servers.
package struct Hierarchy: Sendable {
  /// What happens to live names that fit no level.
  package enum Enforcement: String, Sendable, CaseIterable { case off, warn, error }

  /// One collection of the tree.
  struct Leaf: Sendable {
    /// By the place of the level.
    var values: [Int: String]
    var collection: String
    var alias: String?
  }

  /// A rename that the manifest declares.
  struct Move: Sendable {
    var from: String
    var to: String
    var span: SourceSpan
  }

  package var name: String
  var span: SourceSpan
  var levels: [HierarchyLevel] = []
  var collection: NameTemplate?
  var alias: NameTemplate?
  package var enforce = Enforcement.off
  var moved: [Move] = []
  var leaves: [Leaf] = []

  /// Whether one of its levels says on which cluster a document lives.
  package var hasClusterLevel: Bool { levels.contains { $0.place == .cluster } }

  /// Where documents of one path live.
  package struct Location: Sendable, Hashable {
    package var clusters: [String]
    package var collection: String
    package var alias: String?
    package var shardKey: JSONValue?
    package var filter: JSONValue?
  }

  /// Why a path is none.
  package struct Problem: Error {
    package var message: String
  }

  /// The place of a path: the values of the levels in order, joined by `/`.
  ///
  /// Levels that are no part of a name and no cluster may be left out at the end.
  package func locate(
    _ path: String, clusters: [ClusterDeclaration]
  ) throws(Problem) -> Location {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let shape = levels.map(\.name).joined(separator: "/")
    let needed = (levels.lastIndex { $0.place == .cluster || $0.place == .name } ?? -1) + 1
    guard (needed...max(needed, levels.count)).contains(parts.count) else {
      throw Problem(message: "a path of '\(name)' has the form \(shape)")
    }
    var names: [Int: String] = [:]
    var location = Location(clusters: [], collection: "")
    var must: [JSONValue] = []
    var placing: ClusterSelection?
    for (index, part) in parts.enumerated() {
      let level = levels[index]
      guard level.accepts(part) else {
        throw Problem(
          message: "the level '\(level.name)' does not take '\(part)'" + level.expectation)
      }
      switch level.place {
      case .name: names[index] = part
      case .cluster: placing = level.selection(part)
      case .payload:
        must.append(["key": .string(level.field ?? ""), "match": ["value": .string(part)]])
      case .shardKey: location.shardKey = level.key(part)
      }
    }
    guard let leaf = leaves.first(where: { $0.values == names }) else {
      let node = names.sorted { $0.key < $1.key }.map(\.value).joined(separator: "/")
      throw Problem(message: "the tree of '\(name)' has no node \(node)")
    }
    location.collection = leaf.collection
    location.alias = leaf.alias
    if !must.isEmpty { location.filter = ["must": .array(must)] }
    location.clusters = placing.map { $0.names(among: clusters) } ?? []
    return location
  }

  /// Whether a name is one that the template could make.
  package func fits(_ name: String) -> Bool {
    guard let parts = collection?.parts else { return false }
    return HierarchyNames.values(of: name, parts: parts[...], levels: levels)
  }

  /// Whether it says something about the names on a cluster.
  package func isPlaced(on cluster: String, among clusters: [ClusterDeclaration]) -> Bool {
    guard let level = levels.first(where: { $0.place == .cluster }) else { return true }
    return (level.values ?? []).contains { value in
      level.selection(value.text).names(among: clusters).contains { $0.hasSameBytes(as: cluster) }
    }
  }

  /// The paths that a collection, or its alias, serves, `*` for what is not in the name.
  package func path(of collection: String) -> String? {
    guard
      let leaf = leaves.first(where: {
        $0.collection.hasSameBytes(as: collection)
          || $0.alias?.hasSameBytes(as: collection) ?? false
      })
    else { return nil }
    return levels.indices.map { leaf.values[$0] ?? "*" }.joined(separator: "/")
  }

  /// The whole mapping, for applications to read.
  package func mapping(_ clusters: [ClusterDeclaration]) -> JSONValue {
    [
      "hierarchy": .string(name),
      "levels": .array(
        levels.map { level in
          var object: JSONObject = [
            "name": .string(level.name), "place": .string(level.place.rawValue),
          ]
          if let field = level.field { object["field"] = .string(field) }
          if let values = level.values {
            object["values"] = .array(values.map { level.key($0.text) })
          }
          if !level.patternText.isEmpty { object["pattern"] = .string(level.patternText) }
          if level.place == .cluster {
            object["clusters"] = .object(
              JSONObject(
                (level.values ?? []).map { value in
                  JSONObject.Member(
                    key: value.text,
                    value: .array(
                      level.selection(value.text).names(among: clusters).map { .string($0) }))
                }))
          }
          return .object(object)
        }),
      "collections": .array(
        leaves.map { leaf in
          [
            "path": .array(
              levels.indices.map { leaf.values[$0].map { .string($0) } ?? .null }),
            "collection": .string(leaf.collection),
            "alias": leaf.alias.map { .string($0) } ?? .null,
          ]
        }),
    ]
  }
}

extension HierarchyLevel {
  /// What it takes, as the end of a sentence.
  var expectation: String {
    if let values {
      return "; it takes " + Messages.list(values.map(\.text))
    }
    return patternText.isEmpty ? "" : "; it takes what fits \(patternText)"
  }

  /// The clusters that a value stands for.
  func selection(_ value: String) -> ClusterSelection {
    if let said = clusters[value] { return said }
    let span = values?.first { $0.text == value }?.value.span ?? span
    return .names([(value, span)])
  }

  /// A value as a shard key: a number stays one.
  func key(_ text: String) -> JSONValue {
    guard place == .shardKey, let written = values?.first(where: { $0.text == text })?.value,
      case .scalar(_, isPlain: true) = written.content, let number = Int(text), number >= 0,
      String(number) == text
    else { return .string(text) }
    return .integer(number)
  }
}

extension ClusterSelection {
  /// The names of the clusters that are selected, those that are there.
  func names(among clusters: [ClusterDeclaration]) -> [String] {
    switch self {
    case .unsaid, .wrong: []
    case .names(let wanted):
      wanted.map(\.name).filter { name in clusters.contains { $0.name.hasSameBytes(as: name) } }
    case .labels(let labels, _): clusters.filter { $0.has(labels) }.map(\.name)
    case .several(let parts): parts.flatMap { $0.names(among: clusters) }
    }
  }
}

extension ClusterDeclaration {
  /// Whether it has all of those labels.
  func has(_ wanted: [String: String]) -> Bool {
    wanted.allSatisfy { labels[$0.key]?.hasSameBytes(as: $0.value) ?? false }
  }
}
