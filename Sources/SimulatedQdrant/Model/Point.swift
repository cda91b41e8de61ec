import JSON

/// The identifier of a point; numbers come before UUIDs.
enum PointID: Sendable, Hashable, Comparable {
  case number(UInt64)
  /// In lower case with hyphens.
  case uuid(String)

  var json: JSONValue {
    switch self {
    case .number(let value): .number(JSONNumber(text: String(value)))
    case .uuid(let text): .string(text)
    }
  }

  init?(_ json: JSONValue) {
    if let number = json.number?.unsigned {
      self = .number(number)
    } else if let text = json.string, let id = UUIDText.canonical(text) {
      self = .uuid(id)
    } else {
      return nil
    }
  }

  static func < (left: PointID, right: PointID) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left < right
    case (.uuid(let left), .uuid(let right)): left.precedes(right)
    case (.number, .uuid): true
    case (.uuid, .number): false
    }
  }
}

/// A point as it is stored.
struct Point: Sendable {
  /// The operation that wrote it last.
  var version: UInt64
  var payload: JSONObject
  /// Vectors by name, in their stored form.
  var vectors: NamedVectors
}

/// The points of a collection, sorted by identifier.
struct PointStore: Sendable {
  private(set) var ids: [PointID] = []
  private var points: [PointID: Point] = [:]
  /// How many points have a vector of a name, kept so that an update need not look at all points.
  private var vectorCounts: [ExactString: Int] = [:]

  var count: Int { ids.count }

  subscript(id: PointID) -> Point? {
    get { points[id] }
    set {
      let old: Point?
      if let newValue {
        old = points.updateValue(newValue, forKey: id)
        if old == nil { ids.insert(id, at: place(of: id)) }
        tally(newValue, 1)
      } else {
        old = points.removeValue(forKey: id)
        if old != nil { ids.remove(at: place(of: id)) }
      }
      if let old { tally(old, -1) }
    }
  }

  /// How many points have a vector of that name.
  func count(ofVector name: String) -> Int { vectorCounts[ExactString(name)] ?? 0 }

  private mutating func tally(_ point: Point, _ step: Int) {
    for member in point.vectors.members {
      vectorCounts[ExactString(member.name), default: 0] += step
    }
  }

  /// How many identifiers come before this one.
  func place(of id: PointID) -> Int {
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Takes the vector of a name from every point that has it.
  mutating func dropVector(_ name: String) {
    guard count(ofVector: name) > 0 else { return }
    for id in ids { points[id]?.vectors[name] = Optional.none }
    vectorCounts[ExactString(name)] = nil
  }
}
