/// A JSON document as a value: number text and key order are kept, duplicate keys too.
///
/// Foundation's readers lose all three, and a reconciler needs them: a server tells `1` from `1.0`,
/// and a duplicate key in a manifest or an answer is something to report, not to swallow.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// The Boolean, when this is one.
  package var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The text, when this is a string.
  package var string: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The number, when this is one.
  package var number: JSONNumber? {
    if case .number(let value) = self { return value }
    return nil
  }

  /// The value of an integer literal that fits; `4.0` is none.
  package var integer: Int? { number?.integer }

  /// The number as a double, when this is a number.
  package var double: Double? { number?.double }

  /// The elements, when this is an array.
  package var array: [JSONValue]? {
    if case .array(let value) = self { return value }
    return nil
  }

  /// The members, when this is an object.
  package var object: JSONObject? {
    if case .object(let value) = self { return value }
    return nil
  }

  /// Whether this is `null`.
  package var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The member of that name, when this is an object that has it; the last one of duplicates.
  package subscript(key: String) -> JSONValue? { object?[key] }

  /// The value at that chain of member names, when every one of them is there.
  package subscript(path keys: [String]) -> JSONValue? {
    var current = self
    for key in keys {
      guard let next = current[key] else { return nil }
      current = next
    }
    return current
  }
}

extension JSONValue: Hashable {
  /// Exact equality: the same number text, the same bytes in strings, the same order of members.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hasher.combine(ExactString(value))
    case .array(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    }
  }

  /// Equality by meaning: `1` equals `1.0`, and the order of members does not count.
  package func isEquivalent(to other: JSONValue) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)):
      return left.isEquivalent(to: right)
    case (.array(let left), .array(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      return left.members.allSatisfy { member in
        right[member.key]?.isEquivalent(to: member.value) ?? false
      }
    default:
      return self == other
    }
  }
}

/// Not by `nil`: an absent value and `null` are two things, and a literal for both would hide
/// which.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
  package init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
  }

  /// An integer.
  package static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

  /// A floating-point number, written as a server writes it (`1.0`, never `1`).
  package static func double(_ value: Double) -> JSONValue { .number(JSONNumber(value)) }
}
