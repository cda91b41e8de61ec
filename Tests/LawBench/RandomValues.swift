import JSON
import ResourceModel
import TestSupport

extension RandomCollections {
  /// A value that a row takes, often at a bound, that 1.18.3 takes as well.
  package mutating func value(_ type: ValueType, _ row: FieldSpec) -> JSONValue {
    switch type {
    case .bool: return .bool(random.chance(0.5))
    case .integer(let range):
      let spread = UInt64.random(in: 0...40, using: &random)
      let (sum, overflow) = range.lowerBound.addingReportingOverflow(
        random.chance(0.3) ? 0 : spread)
      let bounded = min(range.upperBound, overflow ? range.upperBound : sum)
      return .integer(Int(clamping: bounded))
    case .number(let range):
      let lower = max(range.lowerBound, 0)
      let upper = min(range.upperBound, lower + 4)
      let hundredths = Int.random(in: Int(lower * 100)...Int(upper * 100), using: &random)
      return .double(Double(hundredths) / 100)
    case .text: return .string(["x", "täg", "a b"].randomElement(using: &random) ?? "x")
    case .oneOf(let words, _):
      let known = words.filter { row.valuesSince[$0].map { $0 <= version } ?? true }
      return .string(known.randomElement(using: &random) ?? words[0])
    case .integerOr(let word, let range):
      return random.chance(0.4) ? .string(word) : value(.integer(range), row)
    case .word(let word): return .string(word)
    case .object: return [:]
    case .list(let element):
      return .array((0..<Int.random(in: 1...3, using: &random)).map { _ in value(element, row) })
    case .textOrInteger: return random.chance(0.5) ? "eu" : 7
    case .duration: return "5m"
    case .any: return anyValue(depth: 2)
    }
  }

  private mutating func anyValue(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
    case 0: return .bool(true)
    case 1: return .integer(Int.random(in: -5...9_000_000_000, using: &random))
    case 2: return .double(1.5)
    case 3: return "text ✓"
    case 4: return .array([anyValue(depth: depth - 1), .null])
    default: return ["k": anyValue(depth: depth - 1), "n": .null]
    }
  }

  /// Payload indexes with options of their type.
  package mutating func indexes(_ collection: ResourceAddress) -> [DesiredResource] {
    let rows = schema.kinds[.index]?.rows ?? []
    var indexes: [DesiredResource] = []
    for name in ["price", "tags[].name", "a.b", "city"] where random.chance(0.4) {
      var address = collection
      address.kind = .index
      address.name = ExactString(name)
      let types = ["keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid"]
      let type = types.randomElement(using: &random) ?? "keyword"
      var index = DesiredResource(address: address, span: RandomCollections.span)
      for (offset, row) in rows.enumerated() {
        guard row.since.map({ $0 <= version }) ?? true else { continue }
        if row.path.description == "type" {
          index.fields.append(field(FieldPath("type"), offset, .string(type)))
        } else if row.appliesTo.isEmpty || row.appliesTo.contains(type), random.chance(0.35),
          let path = row.path.fixedPath
        {
          index.fields.append(field(path, offset, value(row.type, row)))
        }
      }
      repair(&index)
      index.fields.sort { $0.path < $1.path }
      indexes.append(index)
    }
    return indexes
  }

  /// What servers refuse in combination.
  private mutating func repair(_ index: inout DesiredResource) {
    func has(_ path: String, _ value: JSONValue) -> Bool {
      index.field(FieldPath(path))?.value == value
    }
    if has("lookup", false), has("range", false) {
      index.fields.removeAll { $0.path == FieldPath("lookup") }
    }
    let hasLanguage = index.field(FieldPath("stemmer.language")) != nil
    let hasStemmer = index.field(FieldPath("stemmer.type")) != nil
    if hasLanguage != hasStemmer || has("stemmer.type", "none") {
      index.fields.removeAll { $0.path.isWithin(FieldPath("stemmer")) }
    }
  }

  /// Aliases of names that no other collection of the case has.
  package mutating func aliases(_ collection: ResourceAddress) -> [DesiredResource] {
    ["current", "\(collection.collection)-live"].filter { _ in random.chance(0.4) }
      .map { name in
        DesiredResource(
          address: .alias(ExactString(name), cluster: collection.cluster),
          span: RandomCollections.span)
      }
  }

  /// A limit on indexes that was set stays in the manifest, so that it fits the new indexes.
  package func keepLimit(of other: DesiredResource?, in collection: inout DesiredResource) {
    let path = FieldPath("strict_mode_config.max_payload_index_count")
    guard let limit = other?.field(path), collection.field(path) == nil else { return }
    collection.fields.append(limit)
    collection.fields.sort { $0.path < $1.path }
  }

  /// Takes out what a server would refuse, or the planner, in this combination.
  package mutating func makeConsistent(_ collection: inout DesiredResource, isChange: Bool) {
    let count = collection.children.filter { $0.address.kind == .index }.count
    for index in collection.fields.indices {
      let path = collection.fields[index].path.description
      switch path {
      case "strict_mode_config.max_payload_index_count":
        collection.fields[index].value = .integer(count + Int.random(in: 0...2, using: &random))
      case "strict_mode_config.read_rate_limit", "strict_mode_config.write_rate_limit":
        // So many a minute that no test comes to the limit: its clock stands still.
        let value = collection.fields[index].value.integer ?? 0
        collection.fields[index].value = .integer(10_000 + value % 1_000)
      case "shard_number" where !isChange:
        collection.fields[index].value = .integer(Int.random(in: 1...3, using: &random))
      case "sharding_method" where !isChange:
        collection.fields[index].value = random.chance(0.3) ? "custom" : "auto"
      default: break
      }
    }
    let isCustom = collection.field(FieldPath("sharding_method"))?.value == "custom"
    if isCustom, version < ServerVersion(1, 17, 0) {
      collection.children.removeAll { $0.address.kind == .index }
    }
  }
}
