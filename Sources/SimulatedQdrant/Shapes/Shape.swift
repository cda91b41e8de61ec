import JSON

/// What a value on the wire may look like: one description drives reading, the texts of failures,
/// validation and the form in which the value is kept and shown.
indirect enum Shape: Sendable {
  case boolean
  case integer(IntegerKind)
  case float32
  case float64
  case string
  /// A string that has a form of its own; the canonical form or the reason of its refusal.
  case parsed(expecting: String, @Sendable (String) -> Result<String, WireFailure>)
  case choice(Choice)
  /// `null` means absent.
  case optional(Shape)
  case structure(Structure)
  /// An object whose fields the server reads as a part named so: it is buffered first, and a
  /// failure has the place of its end.
  case flattened(Structure, part: String)
  case map(Shape, MapNaming)
  case list(Shape)
  /// A set of strings: sorted, each once.
  case set(Shape)
  case untagged(Untagged)
  /// Another one on each server line.
  case depending(@Sendable (Behaviours) -> Shape)
  /// Any JSON object.
  case anyObject
  /// Any JSON value.
  case anything
  /// Buffered first, then read by code; failures have no place of their own.
  case custom(@Sendable (JSONValue, inout BufferedDecoding) throws(WireFailure) -> JSONValue)
}

/// The integers that the server tells apart.
struct IntegerKind: Sendable {
  /// How a message calls it.
  var name: String
  var lowest: Int64
  var highest: UInt64

  static let u8 = IntegerKind(name: "u8", lowest: 0, highest: 255)
  static let u32 = IntegerKind(name: "u32", lowest: 0, highest: UInt64(UInt32.max))
  static let u64 = IntegerKind(name: "u64", lowest: 0, highest: UInt64.max)
  static let usize = IntegerKind(name: "usize", lowest: 0, highest: UInt64.max)
  static let i64 = IntegerKind(name: "i64", lowest: Int64.min, highest: UInt64(Int64.max))
  static let nonzero32 = IntegerKind(
    name: "a nonzero u32", lowest: 1, highest: UInt64(UInt32.max))
  static let nonzero64 = IntegerKind(name: "a nonzero u64", lowest: 1, highest: UInt64.max)
  static let nonzeroSize = IntegerKind(name: "a nonzero usize", lowest: 1, highest: UInt64.max)

  func contains(_ number: WireNumber) -> Bool {
    switch number {
    case .unsigned(let value): value <= highest && (lowest <= 0 || value >= UInt64(lowest))
    case .signed(let value): value >= lowest
    case .float: false
    }
  }
}

/// A fixed set of words.
struct Choice: Sendable {
  /// The words, canonical and in the order in which a message lists them.
  var variants: [String]
  /// Other writings of them.
  var aliases: [String: String] = [:]

  func canonical(_ text: String) -> String? {
    if let index = variants.firstIndex(of: text) { return variants[index] }
    return aliases[text]
  }

  func refusal(_ text: String) -> WireFailure {
    let quoted = variants.map { "`\($0)`" }
    let expected =
      switch quoted.count {
      case 1: quoted[0]
      case 2: "\(quoted[0]) or \(quoted[1])"
      default: "one of " + quoted.joined(separator: ", ")
      }
    return WireFailure("unknown variant `\(text)`, expected \(expected)")
  }
}

/// How the values of a map are called in the path of a validation error; never by their names.
enum MapNaming: Sendable {
  /// `?`, or `?[0]`, `?[1]` when several are wrong.
  case merged
  /// `[i]` with the position among all.
  case indexed
  /// `config[i]`: the map stands in place of the object that holds it.
  case flattened
}

/// A choice by form: the first variant that fits is taken.
final class Untagged: Sendable {
  let name: String
  let variants: [Shape]

  init(_ name: String, _ variants: [Shape]) {
    self.name = name
    self.variants = variants
  }

  var refusal: WireFailure {
    WireFailure("data did not match any variant of untagged enum \(name)")
  }
}

/// An object with known fields; unknown ones are passed over.
final class Structure: Sendable {
  typealias Rule = @Sendable (JSONObject) -> [(field: String, message: String)]

  let name: String
  private let allFields: [Field]
  /// Whether every server line knows the same fields.
  private let isTheSameEverywhere: Bool
  /// Rules over several fields: the fields to blame and what is said.
  private let rule: Rule?
  /// What a server line must have for the rule to count; nil: it always does.
  private let ruleCondition: Behaviours.Condition?

  init(
    _ name: String, _ fields: [Field],
    rule: Rule? = nil, ruleCondition: Behaviours.Condition? = nil
  ) {
    self.name = name
    allFields = fields
    isTheSameEverywhere = fields.allSatisfy { $0.condition == nil }
    self.rule = rule
    self.ruleCondition = ruleCondition
  }

  /// What is wrong with the fields together.
  func complaints(
    about object: JSONObject, _ behaviours: Behaviours
  ) -> [(field: String, message: String)] {
    guard let rule, ruleCondition.map({ behaviours[keyPath: $0] }) ?? true else { return [] }
    return rule(object)
  }

  /// The fields that a server line knows.
  func fields(_ behaviours: Behaviours) -> [Field] {
    guard !isTheSameEverywhere else { return allFields }
    return allFields.filter { field in field.condition.map { behaviours[keyPath: $0] } ?? true }
  }
}

/// A field of a structure.
struct Field: Sendable {
  /// What it means that a field is not there.
  enum Absence: Sendable {
    case required
    /// Absent, which a list in place of the object cannot say.
    case absent
    /// A value of its own, or absent, in a list too.
    case defaulted(JSONValue?)
  }

  /// How an absent or empty value is kept and shown.
  enum Form: Sendable {
    case plain
    /// As `null`.
    case nullWhenAbsent
    /// Not at all when it is an empty object.
    case absentWhenEmpty
  }

  var name: String
  var aliases: [String]
  var shape: Shape
  var absence: Absence
  var checks: [Check]
  var form: Form
  /// What a server line must have to know the field; nil: every one knows it.
  var condition: Behaviours.Condition?
  /// The same for its rules.
  var checkCondition: Behaviours.Condition?

  /// The same field, known only to the server lines that have that.
  func when(_ condition: Behaviours.Condition) -> Field {
    var field = self
    field.condition = condition
    return field
  }

  /// The same field, with rules that only the server lines have that have that.
  func checkedWhen(_ condition: Behaviours.Condition) -> Field {
    var field = self
    field.checkCondition = condition
    return field
  }

  func isCalled(_ key: String) -> Bool { name == key || aliases.contains(key) }

  /// A field that must be there.
  static func required(_ name: String, _ shape: Shape, _ checks: [Check] = []) -> Field {
    Field(
      name: name, aliases: [], shape: shape, absence: .required, checks: checks, form: .plain)
  }

  /// A field that may be missing or `null`.
  static func optional(
    _ name: String, _ shape: Shape, _ checks: [Check] = [], aliases: [String] = [],
    form: Form = .plain, defaulted: Bool = false
  ) -> Field {
    Field(
      name: name, aliases: aliases, shape: .optional(shape),
      absence: defaulted ? .defaulted(nil) : .absent, checks: checks, form: form)
  }

  /// A field that has a value when it is missing, and may not be `null`.
  static func defaulted(_ name: String, _ shape: Shape, _ value: JSONValue?) -> Field {
    Field(
      name: name, aliases: [], shape: shape, absence: .defaulted(value), checks: [], form: .plain)
  }
}
