import JSON

/// A filter over points, as far as the simulated server reads them.
struct PointFilter: Sendable {
  private let filter: JSONObject

  init(_ filter: JSONObject) { self.filter = filter }

  /// Whether a point passes.
  func passes(_ id: PointID, _ point: Point) -> Bool {
    let must = conditions("must").allSatisfy { holds($0, id, point) }
    let mustNot = conditions("must_not").allSatisfy { !holds($0, id, point) }
    let should = conditions("should")
    return must && mustNot && (should.isEmpty || should.contains { holds($0, id, point) })
  }

  private func conditions(_ key: String) -> [JSONValue] {
    guard let value = filter[key] else { return [] }
    return value.array ?? [value]
  }

  private func holds(_ condition: JSONValue, _ id: PointID, _ point: Point) -> Bool {
    if let ids = condition["has_id"]?.array { return ids.contains { PointID($0) == id } }
    if let vector = condition["has_vector"]?.string { return point.vectors[vector] != nil }
    if let nested = condition.object, nested["key"] == nil {
      return PointFilter(nested).passes(id, point)
    }
    guard let key = condition["key"]?.string, let path = FieldPath(key) else { return false }
    let values = path.values(in: point.payload)
    if let wanted = condition["match"]?["value"] {
      return values.contains { $0.isEquivalent(to: wanted) }
    }
    if let any = condition["match"]?["any"]?.array {
      return values.contains { value in any.contains { $0.isEquivalent(to: value) } }
    }
    if let range = condition["range"]?.object {
      return values.contains { $0.double.map { PointFilter.lies($0, in: range) } ?? false }
    }
    return false
  }

  private static func lies(_ value: Double, in range: JSONObject) -> Bool {
    range.members.allSatisfy { member in
      guard let bound = member.value.double else { return true }
      switch member.key {
      case "lt": return value < bound
      case "lte": return value <= bound
      case "gt": return value > bound
      case "gte": return value >= bound
      default: return true
      }
    }
  }

  /// The first field that is asked for and has no index, with the types that would do.
  func unindexed(in collection: Collection) -> (field: String, types: String)? {
    for condition in ["must", "should", "must_not"].flatMap(conditions) {
      guard let key = condition["key"]?.string else { continue }
      let types = PointFilter.types(of: condition)
      let path = FieldPath(key)?.text ?? key
      let fits = collection.index(of: path).map { types.contains(collection.indexes[$0].type) }
      if fits != true { return (path, types.joined(separator: ", ")) }
    }
    return nil
  }

  private static func types(of condition: JSONValue) -> [String] {
    switch condition["match"]?["value"] {
    case .bool: ["bool"]
    case .number: ["integer"]
    case .string: ["keyword"]
    default: condition["range"] != nil ? ["float", "integer"] : ["keyword"]
    }
  }
}
