import JSON
import QdrantSchema
import ResourceModel

/// One thing in which the rows and the OpenAPI files disagree, for a run of versions.
struct Difference: Hashable, Comparable, CustomStringConvertible {
  /// `create hnsw_config.m`.
  var field: String
  /// `row`, `field`, `since`, `removed`, `types`, `values`, `bounds`, `required`, `index types`.
  var aspect: String
  var says: String
  var row: String
  /// First and last: `1.13.6…1.14.1`.
  var versions: String

  var description: String {
    "\(field): \(aspect): \(says), row \(row) (\(versions))"
  }

  static func < (left: Difference, right: Difference) -> Bool {
    left.description < right.description
  }
}

extension QdrantResources {
  /// All rows of kinds with rows.
  static var allRows: [(kind: ResourceKind, row: FieldSpec)] {
    ResourceKind.allCases.flatMap { kind in
      (schema.kinds[kind]?.rows ?? []).map { (kind, $0) }
    }
  }

  /// The paths of a row in the bodies of requests, as the tables name them.
  static func requestPaths(_ kind: ResourceKind, _ row: FieldSpec) -> [String] {
    let create = row.wire?.create.map(\.description)
    switch kind {
    case .index: return create.map { ["index field_schema.\($0)"] } ?? []
    case .shardKey: return create.map { ["shard-key \($0)"] } ?? []
    default: break
    }
    let update = row.wire?.update.map(\.description)
    return [create.map { "create \($0)" }, update.map { "update \($0)" }, vectorPath(row)]
      .compactMap { $0 }
  }

  /// The path in the request that makes a named vector, which takes its vector space only.
  private static func vectorPath(_ row: FieldSpec) -> String? {
    switch row.path.description {
    case "sparse_vectors.*.modifier": "vector sparse.modifier"
    case "sparse_vectors.*.index.datatype": "vector sparse.datatype"
    case let path where path.hasPrefix("vectors.*.") && row.mutability == .replace:
      "vector dense." + path.dropFirst("vectors.*.".count)
    default: nil
    }
  }
}

/// Compares every row with every version's OpenAPI file.
struct SchemaComparison {
  let table: OpenAPIFacts
  private let rows: [String: FieldSpec]

  init(_ table: OpenAPIFacts) {
    self.table = table
    var rows: [String: FieldSpec] = [:]
    for (kind, row) in QdrantResources.allRows {
      for path in QdrantResources.requestPaths(kind, row) { rows[path] = row }
    }
    self.rows = rows
  }

  func differences() -> [Difference] {
    let paths = Set(table.fields.map { "\($0.request.rawValue) \($0.path)" })
    let anonymous = table.fields.filter { isAnonymous($0.path) }
    var found = table.fields.flatMap { field -> [Difference] in
      let name = "\(field.request.rawValue) \(field.path)"
      if anonymous.contains(where: { $0.path == field.path }), field.request == .create {
        return paths.contains("create " + named(field.path))
          ? [] : [difference(field, "row", "present", "none", Array(field.facts.keys))]
      }
      if let element = elementRow(name) { return compare(field, element.row, element.type) }
      if let row = rows[name] { return compare(field, row, row.type) + lifetime(field, row) }
      let isContainer = paths.contains {
        $0.hasPrefix(name + ".") || $0.hasPrefix(name + "[]")
      }
      return isContainer
        ? [] : [difference(field, "row", "present", "none", Array(field.facts.keys))]
    }
    for path in rows.keys where !paths.contains(path) {
      found.append(
        Difference(field: path, aspect: "field", says: "none", row: "present", versions: "all"))
    }
    return found.sorted()
  }

  /// The form without a name: `vectors.size`.
  private func isAnonymous(_ path: String) -> Bool {
    path.hasPrefix("vectors.") && !path.hasPrefix("vectors.*")
  }

  private func named(_ path: String) -> String { "vectors.*." + path.dropFirst("vectors.".count) }

  private func elementRow(_ name: String) -> (row: FieldSpec, type: ValueType)? {
    guard name.hasSuffix("[]"), let row = rows[String(name.dropLast(2))],
      case .list(let element) = row.type
    else { return nil }
    return (row, element)
  }

  private func compare(
    _ field: RequestField, _ row: FieldSpec, _ type: ValueType
  ) -> [Difference] {
    var seen: [[String]: [String]] = [:]
    for (version, fact) in field.facts {
      guard let server = ServerVersion(version) else { continue }
      let isElement = field.path.hasSuffix("[]")
      let aspects: [(String, String, String)] = [
        ("types", text(fact.types), text(type.openAPITypes)),
        ("values", text(fact.values), text(type.openAPIValues(row, server))),
        ("bounds", fact.bounds(of: type), type.bounds),
        (
          "required", "\(fact.isRequired)",
          isElement ? "\(fact.isRequired)" : "\(row.presence == .required)"
        ),
        ("index types", text(fact.indexTypes), indexTypes(field, row)),
      ]
      for (aspect, says, own) in aspects where says != own {
        seen[[aspect, says, own], default: []].append(version)
      }
    }
    return seen.map { difference(field, $0.key[0], $0.key[1], $0.key[2], $0.value) }
  }

  private func indexTypes(_ field: RequestField, _ row: FieldSpec) -> String {
    guard field.request == .index else { return "" }
    let all = QdrantResources.schema.row(.index, FieldPath("type"))?.type
    guard row.appliesTo.isEmpty, case .oneOf(let words, _) = all else {
      return text(Set(row.appliesTo))
    }
    return text(Set(words))
  }

  /// Whether a row comes and goes with the field; a file stands for its line's last release, so a
  /// row may come with any release after the line before.
  private func lifetime(_ field: RequestField, _ row: FieldSpec) -> [Difference] {
    guard field.request != .vector else { return [] }
    let known = table.versions.filter { field.facts[$0] != nil }
    guard let first = known.first.flatMap(table.versions.firstIndex),
      let last = known.last.flatMap(table.versions.firstIndex)
    else { return [] }
    var found: [Difference] = []
    let comes = within(row.since, after: first - 1, upTo: first)
    if !(comes || (first == 0 && row.since == nil)) {
      found.append(
        difference(field, "since", known[0], row.since?.description ?? "always", known))
    }
    let isGone = last < table.versions.count - 1
    let goes = isGone ? within(row.removedIn, after: last, upTo: last + 1) : row.removedIn == nil
    if !goes {
      found.append(
        difference(
          field, "removed", "last in \(known[known.count - 1])",
          row.removedIn?.description ?? "never", known))
    }
    return found
  }

  private func within(_ version: ServerVersion?, after: Int, upTo: Int) -> Bool {
    guard let version, let upper = ServerVersion(table.versions[upTo]) else { return false }
    let lower = after >= 0 ? ServerVersion(table.versions[after]) : QdrantResources.oldestSupported
    return lower.map { $0 < version && version <= upper } ?? false
  }

  private func text(_ words: Set<String>) -> String { words.sorted().joined(separator: ",") }

  private func difference(
    _ field: RequestField, _ aspect: String, _ says: String, _ row: String,
    _ versions: [String]
  ) -> Difference {
    let run = table.versions.filter(versions.contains)
    return Difference(
      field: "\(field.request.rawValue) \(field.path)", aspect: aspect, says: says,
      row: row, versions: run.count == 1 ? run[0] : "\(run.first ?? "")…\(run.last ?? "")")
  }
}
