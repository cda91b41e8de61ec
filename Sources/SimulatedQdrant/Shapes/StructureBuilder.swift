import JSON

/// Puts the fields of one structure together, whatever they were read from.
struct StructureBuilder {
  let structure: Structure
  private let behaviours: Behaviours
  /// Those that the server line knows.
  let fields: [Field]
  var values: [JSONValue?]
  private var isSeen: [Bool]

  init(_ structure: Structure, _ behaviours: Behaviours) {
    self.structure = structure
    self.behaviours = behaviours
    fields = structure.fields(behaviours)
    values = Array(repeating: nil, count: fields.count)
    isSeen = Array(repeating: false, count: fields.count)
  }

  func index(of key: String) -> Int? { fields.firstIndex { $0.isCalled(key) } }

  /// Notes that a field is there, which it may be once only, under whichever of its names.
  mutating func announce(_ index: Int) throws(WireFailure) {
    guard !isSeen[index] else {
      throw WireFailure("duplicate field `\(fields[index].name)`")
    }
    isSeen[index] = true
  }

  func tooShort(_ count: Int) -> WireFailure {
    let size = fields.count
    let elements = size == 1 ? "1 element" : "\(size) elements"
    return WireFailure(
      "invalid length \(count), expected struct \(structure.name) with \(elements)")
  }

  /// The object as it is kept: known fields in their order, absent ones left out.
  mutating func finish(_ log: inout ViolationLog) throws(WireFailure) -> JSONValue {
    var object = JSONObject()
    for (index, field) in fields.enumerated() {
      guard let value = try value(at: index, field) else {
        if case .nullWhenAbsent = field.form {
          object.members.append(JSONObject.Member(key: field.name, value: .null))
        }
        continue
      }
      if field.checkCondition.map({ behaviours[keyPath: $0] }) ?? true {
        log.check(value, as: field.name, by: field.checks)
      }
      object.members.append(JSONObject.Member(key: field.name, value: value))
    }
    for (field, message) in structure.complaints(about: object, behaviours) {
      log.violations.append(Violation(path: log.path + [field], message: message))
    }
    return .object(object)
  }

  private func value(at index: Int, _ field: Field) throws(WireFailure) -> JSONValue? {
    guard let value = values[index] else {
      switch field.absence {
      case .required: throw WireFailure("missing field `\(field.name)`")
      case .absent: return nil
      case .defaulted(let value): return value
      }
    }
    if case .optional = field.shape, value.isNull { return nil }
    if case .absentWhenEmpty = field.form, value.object?.isEmpty == true { return nil }
    return value
  }
}

/// The entries of a map, sorted by the bytes of their names; of two with one name the later counts.
struct SortedEntries {
  private var members: [JSONObject.Member] = []

  mutating func add(_ key: String, _ value: JSONValue) {
    let index = members.firstIndex { !$0.key.precedes(key) } ?? members.count
    if index < members.count, members[index].key.hasSameBytes(as: key) {
      members[index].value = value
    } else {
      members.insert(JSONObject.Member(key: key, value: value), at: index)
    }
  }

  var value: JSONValue { .object(JSONObject(members)) }
}
