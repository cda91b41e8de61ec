import JSON

/// A vector as a segment keeps it: plain floats side by side, so that a search reads them fast.
enum VectorValue: Sendable, Equatable {
  case dense([Float])
  /// Rows of one width, one after another.
  case rows([Float], width: Int)
  /// Sorted by index.
  case sparse(SparseVector)

  /// The vector in a checked request or in exported state.
  init(_ json: JSONValue) {
    if let elements = json.array {
      if let first = elements.first?.array {
        self = .rows(
          elements.flatMap { VectorValue.floats($0.array ?? []) }, width: first.count)
      } else {
        self = .dense(VectorValue.floats(elements))
      }
    } else {
      self = .sparse(SparseVector(json))
    }
  }

  /// Numbers as 32 bits keep them.
  static func floats(_ elements: [JSONValue]) -> [Float] {
    elements.map { element in
      if let text = element.string { return Float(text) ?? 0 }
      guard let number = element.number else { return 0 }
      return Float(number.double)
    }
  }

  /// As it is shown; what is not finite is `null`.
  var json: JSONValue { json { _ in .null } }

  /// As it is exported: what is not finite is a text, so that it is read back.
  var exported: JSONValue { json { .string($0.description) } }

  private func json(_ odd: (Float) -> JSONValue) -> JSONValue {
    func list(_ values: some Sequence<Float>) -> JSONValue {
      .array(
        values.map { value in
          value.isFinite
            ? .number(JSONNumber(text: WireNumber.text(of: value))) : odd(value)
        })
    }
    switch self {
    case .dense(let values): return list(values)
    case .rows(let values, let width):
      guard width > 0 else { return [] }
      return .array(
        stride(from: 0, to: values.count, by: width).map { list(values[$0..<$0 + width]) })
    case .sparse(let vector):
      return [
        "indices": .array(vector.indices.map { .integer(Int($0)) }),
        "values": list(vector.values),
      ]
    }
  }
}

/// A vector of which only some places are named.
struct SparseVector: Sendable, Equatable {
  /// Rising.
  private(set) var indices: [UInt32] = []
  private(set) var values: [Float] = []

  init(_ json: JSONValue) {
    let indices = (json["indices"]?.array ?? []).map { UInt32(clamping: $0.integer ?? 0) }
    let values = VectorValue.floats(json["values"]?.array ?? [])
    self.init(zip(indices, values).map { ($0, $1) })
  }

  /// Takes pairs in any order.
  init(_ pairs: [(UInt32, Float)]) {
    for (index, value) in pairs.sorted(by: { $0.0 < $1.0 }) {
      indices.append(index)
      values.append(value)
    }
  }

  /// The product with another; nil when they share no index.
  func product(_ other: SparseVector) -> Float? {
    var (left, right) = (0, 0)
    var sum: Float?
    while left < indices.count, right < other.indices.count {
      if indices[left] == other.indices[right] {
        sum = (sum ?? 0) + values[left] * other.values[right]
        left += 1
        right += 1
      } else if indices[left] < other.indices[right] {
        left += 1
      } else {
        right += 1
      }
    }
    return sum
  }

  /// What `combine` makes of the values at every index that either has, absent ones being zero.
  func combined(_ other: SparseVector, _ combine: (Float, Float) -> Float) -> SparseVector {
    var sums: [UInt32: (Float, Float)] = [:]
    for (index, value) in zip(indices, values) { sums[index, default: (0, 0)].0 = value }
    for (index, value) in zip(other.indices, other.values) {
      sums[index, default: (0, 0)].1 = value
    }
    return SparseVector(sums.map { ($0.key, combine($0.value.0, $0.value.1)) })
  }

  /// The same with each value changed.
  func mapped(_ change: (UInt32, Float) -> Float) -> SparseVector {
    SparseVector(zip(indices, values).map { ($0, change($0, $1)) })
  }
}

/// The vectors of a point by name, in the order in which they came.
struct NamedVectors: Sendable {
  private(set) var members: [(name: String, value: VectorValue)] = []

  var count: Int { members.count }

  subscript(name: String) -> VectorValue? {
    get { members.first { $0.name.hasSameBytes(as: name) }?.value }
    set {
      let place = members.firstIndex { $0.name.hasSameBytes(as: name) }
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append((name, value))
      case (nil, nil): break
      }
    }
  }

  /// These with others laid over them.
  func merged(with others: NamedVectors) -> NamedVectors {
    others.members.reduce(into: self) { $0[$1.name] = $1.value }
  }

  /// As they are shown: one without a name stands alone.
  var shown: JSONValue {
    if count == 1, let only = self[""] { return only.json }
    return shown { _ in true }
  }

  /// Those of some names.
  func shown(_ isWanted: (String) -> Bool) -> JSONValue {
    .object(
      JSONObject(
        members.filter { isWanted($0.name) }
          .map { JSONObject.Member(key: $0.name, value: $0.value.json) }))
  }

  /// The vectors as a part of the exported state.
  var document: JSONValue {
    .object(
      JSONObject(members.map { JSONObject.Member(key: $0.name, value: $0.value.exported) }))
  }

  init() {}

  init(document: JSONValue?) {
    for member in document?.object?.members ?? [] {
      members.append((member.key, VectorValue(member.value)))
    }
  }
}
